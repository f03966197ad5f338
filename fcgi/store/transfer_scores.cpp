// SPDX-License-Identifier: Apache-2.0
#include "store/transfer_scores.hpp"

#include "board/score_counts.hpp"
#include "crypto/random.hpp"
#include "json/value.hpp"
#include "store/award_reads.hpp"
#include "store/identity.hpp"
#include "store/journal.hpp"
#include "store/transfer_load.hpp"
#include "store/transfer_target.hpp"

namespace scoreboard::store {
namespace {

constexpr std::size_t batch_max = 256;
constexpr std::size_t top_size = 10;
constexpr long long score_max = 1'000'000'000'000'000;  // sums stay exact in every JSON reader
constexpr std::int64_t tell_every = 4096;

struct ListedPlayer {
  std::string username;
  std::string email;
  long long score = 0;
  std::int64_t line = 0;
};

class ScoreList {
 public:
  explicit ScoreList(LineReader& lines) : lines_(lines), records_(lines) {
    std::string first;
    lines_.next(first);
    json_ = first.starts_with('{');
    if (json_) lines_.again(std::move(first));
  }

  bool next(ListedPlayer& player) {
    if (!(json_ ? next_object(player) : next_record(player))) return false;
    if (player.score < 0 || player.score > score_max) {
      refuse(lines_.where(player.line), "the score must be from 0 to " + std::to_string(score_max));
    }
    return true;
  }

 private:
  bool next_object(ListedPlayer& player) {
    if (!lines_.next(text_)) return false;
    player.line = lines_.number();
    const auto object = json::parse_object(text_);
    if (!object) refuse(lines_.where(), "is not one whole JSON object");
    const auto username = object->find("username");
    const auto email = object->find("email");
    const auto score = object->find("score");
    if (!username || !username->is_string() || !email || !email->is_string() || !score ||
        !score->is_integer()) {
      refuse(lines_.where(), R"(must have "username", "email" and, as a whole number, "score")");
    }
    player.username = username->string();
    player.email = email->string();
    player.score = score->integer();
    return true;
  }

  bool next_record(ListedPlayer& player) {
    if (!records_.next(fields_)) return false;
    player.line = records_.line();
    const auto score = fields_.size() == 3 ? whole_number(fields_[2]) : std::nullopt;
    if (!score) refuse(lines_.where(player.line), "must be a user name, a mail address, a score");
    player.username = std::move(fields_[0]);
    player.email = std::move(fields_[1]);
    player.score = *score;
    return true;
  }

  LineReader& lines_;
  CsvReader records_;
  bool json_ = false;
  std::string text_;
  std::vector<std::string> fields_;
};

Cell number(long long value) {
  return {.number = value, .text = {}};
}
Cell text(std::string value) {
  return {.number = 0, .text = std::move(value)};
}

class ScoresImport {
 public:
  ScoresImport(Connection& connection, LineReader& lines, const ScoreListRules& rules)
      : connection_(connection),
        rules_(rules),
        lines_(lines),
        months_(connection),
        users_(connection, moved_table("users"), lines.name()),
        players_(connection, moved_table("players"), lines.name()),
        scores_(connection, moved_table("scores"), lines.name()),
        events_(connection, moved_table("events"), lines.name()),
        journal_(connection, moved_table("journal"), lines.name()) {}

  void add(const ListedPlayer& player) {
    if (auto good = rules_.check(player.username, player.email); !good) {
      const Error& error = good.error();
      refuse(lines_.where(player.line), error.field + " " + error.reason);
    }
    const UserId id = rules_.new_user_id();
    std::string reference = crypto::random_hex(16);
    ++count_;
    // No password hash: no password opens it.
    users_.add({number(count_), text(id.str()), text(reference), text(player.username),
                text(folded(player.username)), text(player.email), text(folded(player.email)),
                text(player.username), text(""), text("import"), number(to_micros(rules_.now))},
               player.line);
    players_.add({number(count_), number(player.score > 0 ? 1 : 0)}, player.line);
    if (player.score > 0) count_action(player, id, std::move(reference));
  }

  void finish() {
    write_entry();
    flush();
    connection_
        .query(
            "UPDATE journal_head SET seq = :seq, committed_at = :committed_at, hash = :hash"
            " WHERE id = 1 AND :entries > 0")
        .use(seq_)
        .use(to_micros(rules_.now))
        .use(hash_)
        .use(seq_)
        .run();
  }

  TransferReport report() const {
    return {{{"users", count_}, {"events", actions_}, {"journal", seq_}}};
  }

 private:
  // On the all-time board alone: an old score says nothing about the running day.
  void count_action(const ListedPlayer& player, const UserId& id, std::string reference) {
    const Score score{player.score};
    const Reached reached{JournalSeq{seq_ + 1}, static_cast<int>(changes_.size())};
    const std::string action = "import-" + std::to_string(count_);
    const std::int64_t rank = counts_.at_or_above(score) + 1;
    counts_.arrive(score, reached);
    if (rank <= static_cast<std::int64_t>(top_size)) {
      top_.insert(top_.begin() + (rank - 1), {id, score});
      if (top_.size() > top_size) top_.pop_back();
      top_changed_ = true;
    }
    scores_.add({number(static_cast<int>(Board::all)), number(0), number(count_),
                 number(player.score), number(reached.value())},
                player.line);
    const std::string points = std::to_string(player.score);
    months_.need(rules_.now);
    events_.add({number(reached.value()), number(count_), text(action), number(1),
                 text(std::string(contract_name(Contract::increment))), text("increment " + points),
                 number(player.score), number(0), number(player.score), number(rank),
                 text(periods_json({})), number(to_micros(rules_.now)), text(""), text("import"),
                 text(""), text("scoreboardctl import"), text("")},
                player.line);
    changes_.push_back({.reference = std::move(reference),
                        .number = 1,
                        .action_id = action,
                        .points = Points{player.score},
                        .moves = {{Period{}, {}, score}}});
    last_line_ = player.line;
    ++actions_;
    if (changes_.size() == batch_max) write_entry();
  }

  void write_entry() {
    if (changes_.empty()) return;
    ++seq_;
    std::string changes = changes_json(changes_);
    std::string hash = entry_hash(JournalSeq{seq_}, rules_.now, hash_, changes);
    Cell top = text(top_changed_ ? top_json(top_) : "");
    top.null = !top_changed_;
    journal_.add({number(seq_), number(to_micros(rules_.now)), text(std::move(changes)),
                  std::move(top), text(hash_), text(hash)},
                 last_line_);
    hash_ = std::move(hash);
    changes_.clear();
    top_changed_ = false;
    if (users_.full() || events_.full() || journal_.full()) flush();
  }

  void flush() {
    for (Load* const load : {&users_, &players_, &scores_, &events_, &journal_}) load->flush();
  }

  Connection& connection_;
  const ScoreListRules& rules_;
  const LineReader& lines_;
  MonthsMade months_;
  Load users_;
  Load players_;
  Load scores_;
  Load events_;
  Load journal_;
  long long count_ = 0;
  long long actions_ = 0;
  long long seq_ = 0;
  std::string hash_ = std::string(64, '0');
  std::vector<JournalChange> changes_;
  ScoreCounts counts_;
  std::vector<TopEntry> top_;  // best first
  bool top_changed_ = false;
  std::int64_t last_line_ = 0;
};

}  // namespace

bool is_score_list(const std::string& first_line) {
  if (first_line.starts_with('{')) {
    const auto object = json::parse_object(first_line);
    return object && object->find("username") && object->find("score");
  }
  return first_line == "username,email,score" || first_line == "username,email,score\r";
}

TransferReport import_scores(Connection& connection, LineReader& lines, const ScoreListRules& rules,
                             const TransferProgress& progress) {
  ScoresImport board(connection, lines, rules);
  ScoreList list(lines);
  ListedPlayer player;
  for (std::int64_t done = 0; list.next(player);) {
    board.add(player);
    if (++done % tell_every == 0) progress("players", done, 0);
  }
  board.finish();
  return board.report();
}

}  // namespace scoreboard::store
