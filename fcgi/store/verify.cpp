// SPDX-License-Identifier: Apache-2.0
#include "store/verify.hpp"

#include "store/fault.hpp"
#include "store/journal.hpp"
#include "store/migrations.hpp"
#include "store/replay.hpp"
#include "store/sqlite_connection.hpp"

namespace scoreboard {
namespace {

using store::Connection;
using store::JournalChange;

constexpr std::size_t findings_max = 1000;
constexpr std::size_t top_size = 10;

struct EventRow {
  std::string user;
  std::string reference;
  std::string action_id;
  long long number = 0;
  long long points = 0;
  long long previous = 0;
  long long current = 0;
  long long rank = 0;
  long long reached = 0;
  long long accepted_at = 0;
};

// What the events say of one journal entry.
struct DerivedEntry {
  std::int64_t seq = 0;
  std::vector<JournalChange> changes = {};
  bool top_changed = false;
  std::int64_t accepted_at = 0;
};

class Verifier {
 public:
  explicit Verifier(Connection& connection) : connection_(connection) {}

  VerifyReport run() {
    replay_events();
    compare_head();
    compare_scores();
    compare_event_numbers();
    report_.players = static_cast<std::int64_t>(replay_.players().size());
    return std::move(report_);
  }

 private:
  void find(const std::string& finding) {
    if (report_.findings.size() < findings_max) report_.findings.push_back(finding);
  }

  void compare(const std::string& what, std::int64_t stored, std::int64_t derived) {
    if (stored == derived) return;
    find(what + " is " + std::to_string(stored) + ", the events say " + std::to_string(derived));
  }

  void check_event(const EventRow& row) {
    ++report_.events;
    const Reached reached{row.reached};
    const std::string which = "event " + row.action_id + " of " + row.user;
    if (reached.seq().value() != entry_.seq) {
      compare_entry();
      entry_ = {.seq = reached.seq().value()};
    }
    const auto step = replay_.award(UserId{row.user}, Points{row.points}, reached);
    compare(which + ": number", row.number, step.number);
    compare(which + ": previous score", row.previous, step.previous.value());
    compare(which + ": score", row.current, step.current.value());
    compare(which + ": rank", row.rank, step.rank.value());

    compare(which + ": position", reached.position(),
            static_cast<std::int64_t>(entry_.changes.size()));
    if (entry_.changes.empty()) entry_.accepted_at = row.accepted_at;
    compare(which + ": time", row.accepted_at, entry_.accepted_at);
    entry_.changes.push_back({.reference = row.reference,
                              .number = row.number,
                              .action_id = row.action_id,
                              .points = Points{row.points},
                              .previous = Score{row.previous},
                              .current = Score{row.current}});
    entry_.top_changed = entry_.top_changed || step.rank.value() <= static_cast<int>(top_size);
  }

  void replay_events() {
    EventRow row;
    connection_
        .query(
            "SELECT u.public_id, u.reference, e.action_id, e.number, e.points,"
            " e.previous_score, e.current_score, e.rank, e.reached, e.accepted_at"
            " FROM events e JOIN users u ON u.id = e.user_id ORDER BY e.reached")
        .into(row.user)
        .into(row.reference)
        .into(row.action_id)
        .into(row.number)
        .into(row.points)
        .into(row.previous)
        .into(row.current)
        .into(row.rank)
        .into(row.reached)
        .into(row.accepted_at)
        .each([&] { check_event(row); });
    compare_entry();
  }

  // The entry whose last event was just replayed, against the journal's row.
  void compare_entry() {
    if (entry_.seq == 0) return;
    const std::string which = "journal entry " + std::to_string(entry_.seq);
    if (entry_.seq != ++report_.entries) {
      find(which + " follows " + std::to_string(report_.entries - 1));
      report_.entries = entry_.seq;
    }
    long long committed_at = 0;
    std::string changes;
    std::string top;
    std::string previous_hash;
    std::string hash;
    const bool found = connection_
                           .query(
                               "SELECT committed_at, changes, coalesce(top, ''), previous_hash,"
                               " hash FROM journal WHERE seq = :seq")
                           .use(entry_.seq)
                           .into(committed_at)
                           .into(changes)
                           .into(top)
                           .into(previous_hash)
                           .into(hash)
                           .one();
    if (!found) return find(which + " is missing");
    if (previous_hash != chain_) find(which + ": the chain is broken before it");
    if (hash != store::entry_hash(JournalSeq{entry_.seq}, from_micros(committed_at), previous_hash,
                                  changes)) {
      find(which + ": its hash is not that of its bytes");
    }
    chain_ = hash;
    if (changes != store::changes_json(entry_.changes)) {
      find(which + ": its changes are not those of the events");
    }
    compare(which + ": time", committed_at, entry_.accepted_at);
    const std::string wanted = entry_.top_changed ? store::top_json(replay_.top(top_size)) : "";
    if (top != wanted) find(which + ": its top ten is not that of the events");
  }

  void compare_head() {
    long long seq = 0;
    std::string hash;
    connection_.query("SELECT seq, hash FROM journal_head WHERE id = 1").into(seq).into(hash).one();
    compare("the journal's head", seq, report_.entries);
    if (hash != chain_) find("the journal's head has another hash than its last entry");
    long long rows = 0;
    connection_.query("SELECT count(*) FROM journal").into(rows).one();
    compare("the number of journal entries", rows, report_.entries);
  }

  void compare_scores() {
    std::string user;
    long long score = 0;
    long long reached = 0;
    std::size_t rows = 0;
    connection_
        .query(
            "SELECT u.public_id, s.score, s.reached FROM scores s JOIN users u"
            " ON u.id = s.user_id WHERE s.board_id = 1 AND s.period_start = 0")
        .into(user)
        .into(score)
        .into(reached)
        .each([&] {
          ++rows;
          const auto player = replay_.players().find(UserId{user});
          if (player == replay_.players().end()) return find("a score without events: " + user);
          compare("score of " + user, score, player->second.score.value());
          compare("reached of " + user, reached, player->second.reached.value());
        });
    if (rows < replay_.players().size()) find("there are players with events and without a score");
  }

  void compare_event_numbers() {
    std::string user;
    long long number = 0;
    connection_.query("SELECT public_id, event_number FROM users")
        .into(user)
        .into(number)
        .each([&] {
          const auto player = replay_.players().find(UserId{user});
          compare("event number of " + user, number,
                  player == replay_.players().end() ? 0 : player->second.events);
        });
  }

  Connection& connection_;
  store::Replay replay_;
  DerivedEntry entry_;
  std::string chain_ = std::string(64, '0');
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> verify(const std::string& uri) {
  auto file = store::sqlite_file(uri);
  if (!file) return std::move(file).error();
  try {
    const auto connection = store::connect_sqlite(*file);
    if (auto known = store::check_schema(*connection); !known) return std::move(known).error();
    connection->execute("BEGIN");  // one snapshot for all that follows
    VerifyReport report = Verifier(*connection).run();
    connection->execute("ROLLBACK");
    return report;
  } catch (const store::DriverFault& fault) {
    return fault.error();
  } catch (const soci::soci_error& fault) {
    return store::cannot_connect(fault);
  }
}

}  // namespace scoreboard
