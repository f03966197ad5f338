// SPDX-License-Identifier: Apache-2.0
#include "store/award_batch.hpp"

#include <algorithm>

#include "board/decide.hpp"
#include "store/award_reads.hpp"
#include "store/fault.hpp"
#include "store/journal.hpp"
#include "store/reads.hpp"

namespace scoreboard::store {
namespace {

constexpr int top_size = 10;

struct Head {
  JournalSeq seq;
  std::string hash;
};

Head read_head(Connection& connection) {
  long long seq = 0;
  Head head;
  connection.query("SELECT seq, hash FROM journal_head WHERE id = 1")
      .into(seq)
      .into(head.hash)
      .one();
  head.seq = JournalSeq{seq};
  return head;
}

void insert_event(Connection& connection, const Award& award, const Decision& decision,
                  std::int64_t user_row) {
  const Receipt& receipt = decision.receipt;
  connection
      .query(
          "INSERT INTO events (user_id, action_id, number, contract, payload, points,"
          " previous_score, current_score, rank, reached, accepted_at, session_id, request_id,"
          " address, user_agent, device_id) VALUES (:user_id, :action_id, :number, :contract,"
          " :payload, :points, :previous_score, :current_score, :rank, :reached, :accepted_at,"
          " :session_id, :request_id, :address, :user_agent, :device_id)")
      .use(user_row)
      .use(award.action.str())
      .use(decision.event_number)
      .use(contract_name(award.contract))
      .use(award.payload)
      .use(receipt.points.value())
      .use(receipt.previous.value())
      .use(receipt.current.value())
      .use(receipt.rank.value())
      .use(receipt.reached.value())
      .use(to_micros(receipt.accepted_at))
      .use(award.session.str())
      .use(award.request.str())
      .use(award.provenance.address)
      .use(award.provenance.user_agent)
      .use(award.provenance.device_id)
      .run();
}

void write_score(Connection& connection, const Decision& last, std::int64_t user_row) {
  connection
      .query(
          "INSERT INTO scores (board_id, period_start, user_id, score, reached)"
          " VALUES (1, 0, :user_id, :score, :reached)"
          " ON CONFLICT (board_id, period_start, user_id)"
          " DO UPDATE SET score = excluded.score, reached = excluded.reached")
      .use(user_row)
      .use(last.receipt.current.value())
      .use(last.receipt.reached.value())
      .run();
  connection.query("UPDATE users SET event_number = :number WHERE id = :id")
      .use(last.event_number)
      .use(user_row)
      .run();
}

// The entry and the new head. `top` is empty when the top ten did not change.
void write_journal(Connection& connection, const Head& head, Timestamp now,
                   const std::string& changes, const std::string& top) {
  const JournalSeq seq{head.seq.value() + 1};
  const std::string hash = entry_hash(seq, now, head.hash, changes);
  connection
      .query(
          "INSERT INTO journal (seq, committed_at, changes, top, previous_hash, hash)"
          " VALUES (:seq, :committed_at, :changes, nullif(:top, ''), :previous_hash, :hash)")
      .use(seq.value())
      .use(to_micros(now))
      .use(changes)
      .use(top)
      .use(head.hash)
      .use(hash)
      .run();
  connection
      .query(
          "UPDATE journal_head SET seq = :seq, committed_at = :committed_at, hash = :hash"
          " WHERE id = 1")
      .use(seq.value())
      .use(to_micros(now))
      .use(hash)
      .run();
}

// What all of this batch's awards left behind, in the transaction that decided them.
void write_awards(Connection& connection, std::span<const Award> batch,
                  const std::vector<Decision>& decisions, const BatchReads& reads, const Head& head,
                  Timestamp now) {
  std::vector<JournalChange> changes;
  std::map<UserId, const Decision*> last;  // each player's row is written once
  bool top_changed = false;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Decision& decision = decisions[i];
    if (decision.verdict != Verdict::awarded) continue;
    const PlayerRow& player = reads.rows.at(batch[i].user);
    insert_event(connection, batch[i], decision, player.id);
    changes.push_back({.reference = player.reference,
                       .number = decision.event_number,
                       .action_id = batch[i].action.str(),
                       .points = decision.receipt.points,
                       .previous = decision.receipt.previous,
                       .current = decision.receipt.current});
    last[batch[i].user] = &decision;
    // Scores only rise: the top ten changed if and only if somebody scored inside it.
    top_changed = top_changed || decision.receipt.rank.value() <= top_size;
  }
  for (const auto& [user, decision] : last) {
    write_score(connection, *decision, reads.rows.at(user).id);
  }
  std::string top;
  if (top_changed) top = top_json(read_top_entries(connection, top_size));
  write_journal(connection, head, now, changes_json(changes), top);
}

std::vector<AwardOutcome> outcomes_of(Connection& connection,
                                      const std::vector<Decision>& decisions) {
  std::map<std::int64_t, std::vector<Standing>> tops;  // by journal entry
  std::vector<AwardOutcome> outcomes;
  outcomes.reserve(decisions.size());
  for (const Decision& decision : decisions) {
    AwardOutcome outcome{.verdict = decision.verdict,
                         .receipt = decision.receipt,
                         .retry_after = decision.retry_after};
    const bool answered_with_top =
        decision.verdict == Verdict::awarded || decision.verdict == Verdict::replayed;
    if (answered_with_top && decision.receipt.rank.value() <= top_size) {
      const JournalSeq seq = decision.receipt.reached.seq();
      auto& top = tops[seq.value()];
      if (top.empty()) top = read_recorded_top(connection, seq);
      outcome.top = top;
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace

Result<std::vector<AwardOutcome>> commit_batch(Connection& connection, std::span<const Award> batch,
                                               const AwardRules& rules, Timestamp now) {
  Transaction transaction(connection);
  BatchReads reads = read_for_batch(connection, batch, rules, now);
  const Head head = read_head(connection);
  auto decisions = decide(batch, reads.state, rules, JournalSeq{head.seq.value() + 1}, now);
  const bool counted = std::any_of(decisions.begin(), decisions.end(),
                                   [](const Decision& d) { return d.verdict == Verdict::awarded; });
  if (!counted) return outcomes_of(connection, decisions);

  rank_awards(decisions, [&](Score score) { return count_at_or_above(connection, score); });
  write_awards(connection, batch, decisions, reads, head, now);
  auto outcomes = outcomes_of(connection, decisions);
  try {
    transaction.commit();
  } catch (const DriverFault& fault) {
    // Perhaps it was written before the fault: only the client's retry may ask again.
    throw DriverFault(Error{.code = ErrorCode::unavailable,
                            .log = "commit in doubt: " + fault.error().log,
                            .reason = "the database is unavailable",
                            .retry_after = std::chrono::seconds{1}});
  }
  return outcomes;
}

}  // namespace scoreboard::store
