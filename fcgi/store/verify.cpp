// SPDX-License-Identifier: Apache-2.0
#include "store/verify.hpp"

#include <algorithm>
#include <unordered_map>

#include "store/database.hpp"
#include "store/fault.hpp"
#include "store/journal.hpp"
#include "store/migrations.hpp"
#include "store/replay.hpp"
#include "store/verify_reads.hpp"

namespace scoreboard {
namespace {

using store::Connection;
using store::EventRow;
using store::JournalChange;
using store::JournalRow;

constexpr std::size_t findings_max = 1000;
constexpr std::size_t top_size = 10;

// The longest that a period of this board can be: with an hour more when clocks are set back.
std::chrono::hours longest(Board board) {
  switch (board) {
    case Board::all:
      return std::chrono::hours::max();
    case Board::day:
      return std::chrono::hours{25};
    case Board::week:
      return std::chrono::hours{7 * 24 + 1};
    case Board::month:
      return std::chrono::hours{31 * 24 + 1};
  }
  return std::chrono::hours{0};
}

bool holds(const Period& period, Timestamp at) {
  if (period.board == Board::all) return period.start == Timestamp{};
  return at >= period.start && at - period.start < longest(period.board);
}

class Verifier {
 public:
  Verifier(Connection& connection, VerifyScope scope)
      : connection_(connection), events_(connection), scope_(scope) {}

  VerifyReport run() {
    kept_from_ = store::events_kept_from(connection_);
    store::each_player(connection_, [&](const store::PlayerNumber& player) {
      public_ids_[player.reference] = player.public_id;
    });
    store::each_journal_row(connection_, [&](const JournalRow& row) { check_entry(row); });
    compare_head();
    if (scope_ == VerifyScope::everything) {
      if (events_.front()) find("there are events that no journal entry has");
      compare_scores();
      compare_event_numbers();
    }
    report_.players = static_cast<std::int64_t>(replay_.event_numbers().size());
    return std::move(report_);
  }

 private:
  void find(const std::string& finding) {
    if (report_.findings.size() < findings_max) report_.findings.push_back(finding);
  }

  void compare(const std::string& what, std::int64_t stored, std::int64_t derived) {
    if (stored == derived) return;
    find(what + " is " + std::to_string(stored) + ", the journal says " + std::to_string(derived));
  }

  void check_entry(const JournalRow& row) {
    const std::string which = "journal entry " + std::to_string(row.seq);
    if (row.seq != ++report_.entries) {
      find(which + " follows " + std::to_string(report_.entries - 1));
      report_.entries = row.seq;
    }
    if (row.previous_hash != chain_) find(which + ": the chain is broken before it");
    if (row.hash != store::entry_hash(JournalSeq{row.seq}, from_micros(row.committed_at),
                                      row.previous_hash, row.changes)) {
      find(which + ": its hash is not that of its bytes");
    }
    chain_ = row.hash;
    auto changes = store::parse_changes(row.changes);
    if (!changes || store::changes_json(*changes) != row.changes) {
      return find(which + ": its changes are not written as docs/journal.md says");
    }
    bool top_changed = false;
    int position = 0;
    for (const JournalChange& change : *changes) {
      const Rank rank = check_change(row, change, Reached{JournalSeq{row.seq}, position++});
      top_changed = top_changed || rank.value() <= static_cast<std::int64_t>(top_size);
    }
    check_top(row, which, top_changed);
  }

  Rank check_change(const JournalRow& row, const JournalChange& change, Reached reached) {
    ++report_.events;
    const std::string which = "entry " + std::to_string(row.seq) + ", action " + change.action_id;
    std::vector<Period> periods;
    for (const store::JournalMove& move : change.moves) {
      periods.push_back(move.period);
      if (!holds(move.period, from_micros(row.committed_at))) {
        find(which + ": counted in a period that does not hold its time");
      }
    }
    if (periods.empty() || periods.front() != Period{}) {
      find(which + ": not counted on the all-time board");
      return Rank{top_size + 1};
    }
    const auto step = replay_.award(change.reference, change.points, reached, periods);
    compare(which + ": number", change.number, step.number);
    for (std::size_t i = 0; i < step.moves.size(); ++i) {
      const std::string where = which + ", board " + std::string(board_name(periods[i].board));
      const store::JournalMove& stored = change.moves[i];
      compare(where + ": score before", stored.before.score.value(),
              step.moves[i].before.score.value());
      compare(where + ": reached before", stored.before.reached.value(),
              step.moves[i].before.reached.value());
      compare(where + ": score", stored.after.value(), step.moves[i].after.score.value());
    }
    if (scope_ == VerifyScope::everything) check_event(row, change, reached, step);
    return step.moves.front().rank;
  }

  // The event with its receipt, if it is kept.
  void check_event(const JournalRow& row, const JournalChange& change, Reached reached,
                   const store::Replay::Step& step) {
    const EventRow* event = events_.front();
    while (event && event->reached < reached.value()) {
      find("event " + event->action_id + " of " + event->public_id + " is in no journal entry");
      events_.pop();
      event = events_.front();
    }
    const std::string which = "event " + change.action_id;
    if (!event || event->reached != reached.value()) {
      if (row.committed_at >= kept_from_) find(which + " is missing");
      return;
    }
    if (event->action_id != change.action_id || event->reference != change.reference) {
      find(which + ": another user's or another action's");
    }
    std::vector<PeriodReceipt> periods;
    for (std::size_t i = 1; i < step.moves.size(); ++i) {
      const Move& move = step.moves[i];
      periods.push_back({move.period, move.before.score, move.after.score, move.rank});
    }
    compare(which + ": number", event->number, step.number);
    compare(which + ": points", event->points, change.points.value());
    compare(which + ": previous score", event->previous, step.moves.front().before.score.value());
    compare(which + ": score", event->current, step.moves.front().after.score.value());
    compare(which + ": rank", event->rank, step.moves.front().rank.value());
    compare(which + ": time", event->accepted_at, row.committed_at);
    if (event->periods != store::periods_json(periods)) {
      find(which + ": its receipt of the further boards is " + event->periods +
           ", the journal says " + store::periods_json(periods));
    }
    events_.pop();
  }

  void check_top(const JournalRow& row, const std::string& which, bool top_changed) {
    std::vector<store::TopEntry> wanted;
    if (top_changed) {
      for (const auto& [reference, score] : replay_.top(top_size)) {
        const auto known = public_ids_.find(reference);
        if (known == public_ids_.end()) return;  // an erased user
        wanted.push_back({UserId{known->second}, score});
      }
    }
    if (row.top != (top_changed ? store::top_json(wanted) : "")) {
      find(which + ": its top ten is not what the journal makes of it");
    }
  }

  void compare_head() {
    long long seq = 0;
    std::string hash;
    connection_.query("SELECT seq, hash FROM journal_head WHERE id = 1").into(seq).into(hash).one();
    compare("the journal's head", seq, report_.entries);
    if (hash != chain_) find("the journal's head has another hash than its last entry");
  }

  void compare_scores() {
    std::size_t rows = 0;
    store::each_score(connection_, [&](const store::ScoreRow& row) {
      ++rows;
      const Period period{static_cast<Board>(row.board), from_micros(row.start)};
      const std::string which = "score of user " + std::to_string(row.user) + ", board " +
                                std::string(board_name(period.board));
      const auto board = replay_.boards().find(period);
      if (board == replay_.boards().end()) return find(which + ": a period without actions");
      const auto place = board->second.find(row.reference);
      if (place == board->second.end()) return find(which + ": without actions");
      compare(which, row.score, place->second.score.value());
      compare(which + ": reached", row.reached, place->second.reached.value());
    });
    std::size_t wanted = 0;
    for (const auto& [period, players] : replay_.boards()) wanted += players.size();
    if (rows < wanted) find("there are players with points and without a score");
  }

  void compare_event_numbers() {
    store::each_player(connection_, [&](const store::PlayerNumber& player) {
      const auto known = replay_.event_numbers().find(player.reference);
      compare("event number of " + player.public_id, player.event_number,
              known == replay_.event_numbers().end() ? 0 : known->second);
    });
  }

  Connection& connection_;
  store::EventStream events_;
  VerifyScope scope_;
  long long kept_from_ = 0;
  std::unordered_map<std::string, std::string> public_ids_;  // by reference
  store::Replay replay_;
  std::string chain_ = std::string(64, '0');
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> verify(const std::string& uri, VerifyScope scope) {
  return store::on_database(
      uri, store::Database::Use::inspect, [&](Connection& connection) -> Result<VerifyReport> {
        if (auto known = store::check_schema(connection); !known) return std::move(known).error();
        // One snapshot for all that follows.
        const store::Transaction snapshot(connection, store::Transaction::Kind::snapshot);
        return Verifier(connection, scope).run();
      });
}

}  // namespace scoreboard
