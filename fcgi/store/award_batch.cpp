// SPDX-License-Identifier: Apache-2.0
#include "store/award_batch.hpp"

#include <algorithm>

#include "board/decide.hpp"
#include "store/award_reads.hpp"
#include "store/award_writes.hpp"
#include "store/fault.hpp"

namespace scoreboard::store {
namespace {

constexpr int top_size = 10;

struct LockedHead {
  RankCounts::Head head;
  Timestamp committed_at;
};

// The lock that orders everything. Read in a statement of its own, after the wait: what follows
// sees every entry up to it.
LockedHead lock_head(Connection& connection) {
  long long seq = 0;
  long long committed_at = 0;
  LockedHead locked;
  connection
      .query("SELECT h.seq, h.committed_at, h.hash FROM journal_head h WHERE h.id = 1" +
             connection.engine().lock_rows("h"))
      .into(seq)
      .into(committed_at)
      .into(locked.head.hash)
      .one();
  locked.head.seq = JournalSeq{seq};
  locked.committed_at = from_micros(committed_at);
  return locked;
}

Error ranks_unknown() {
  return {.code = ErrorCode::unavailable,
          .log = "the counts for ranks must be loaded again",
          .reason = "the ranks are being counted",
          .retry_after = std::chrono::seconds{1}};
}

// The counts at exactly `head`, with every period of the batch. Under the lock of journal_head.
Result<void> bring_to(RankCounts& counts, Connection& connection, const RankCounts::Head& head,
                      const std::vector<Period>& periods) {
  if (!counts.catch_up_locked(connection, head)) return ranks_unknown();
  for (const Period& period : periods) {
    // Only if a clock was set back into a finished period.
    if (!counts.knows(period) && !counts.load(connection, head, period)) return ranks_unknown();
  }
  return {};
}

std::vector<AwardOutcome> outcomes_of(Connection& connection,
                                      const std::vector<Decision>& decisions,
                                      const Written* written) {
  std::map<JournalSeq, std::vector<Standing>> tops;  // by journal entry
  if (written) tops[written->entry.seq] = written->top;
  std::vector<AwardOutcome> outcomes;
  outcomes.reserve(decisions.size());
  for (const Decision& decision : decisions) {
    AwardOutcome outcome{.verdict = decision.verdict,
                         .receipt = decision.receipt,
                         .retry_after = decision.retry_after,
                         .allowance = decision.allowance};
    const bool answered_with_top =
        decision.verdict == Verdict::awarded || decision.verdict == Verdict::replayed;
    if (answered_with_top && decision.receipt.rank.value() <= top_size) {
      const JournalSeq seq = decision.receipt.reached.seq();
      if (!tops.contains(seq)) tops[seq] = read_recorded_top(connection, seq);
      outcome.top = tops[seq];
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

// Of what is answered from what was stored before: the newest entry.
JournalSeq newest_repeat(const std::vector<Decision>& decisions) {
  JournalSeq newest{0};
  for (const Decision& decision : decisions) {
    const bool repeat =
        decision.verdict == Verdict::replayed || decision.verdict == Verdict::duplicate;
    if (repeat) newest = std::max(newest, decision.receipt.reached.seq());
  }
  return newest;
}

// A repeat is acknowledged by what is there to be seen. Where a COMMIT waits for a standby, that is
// not enough: what a COMMIT wrote is seen by everybody once its wait was cut short, by a crash of
// the server or the end of its session, and a primary that was left behind shows what its standby
// never got. So the repeat waits as the first time would have, by a COMMIT that changes nothing.
void confirm(Transaction& transaction, Connection& connection, JournalSeq entry) {
  if (entry <= connection.confirmed()) return;
  std::string standbys;
  connection.query(connection.engine().confirming()).into(standbys).one();
  if (standbys.empty()) return;
  long long head = 0;
  connection.query("UPDATE journal_head SET seq = seq WHERE id = 1 RETURNING seq").into(head).one();
  transaction.commit();
  connection.confirm(JournalSeq{head});
}

// Nothing was counted; there may be repeats.
std::vector<AwardOutcome> answer(Transaction& transaction, Connection& connection,
                                 const std::vector<Decision>& decisions) {
  auto outcomes = outcomes_of(connection, decisions, nullptr);
  confirm(transaction, connection, newest_repeat(decisions));
  return outcomes;
}

// COMMIT, with the entry announced to the other committers of this process meanwhile.
void commit(Transaction& transaction, Connection& connection, RankCounts& counts,
            RankCounts::Entry entry) {
  const JournalSeq seq = entry.seq;
  counts.announce(std::move(entry));
  try {
    transaction.commit();
  } catch (const DriverFault& fault) {
    counts.failed(seq);
    if (fault.kind() == FaultKind::transient) throw;  // the server says that it rolled back
    // Perhaps it was written before the fault: only the client's retry may ask again.
    throw DriverFault(Error{.code = ErrorCode::unavailable,
                            .log = "commit in doubt: " + fault.error().log,
                            .reason = "the database is unavailable",
                            .retry_after = std::chrono::seconds{1}},
                      FaultKind::connection);
  }
  counts.committed(seq);
  connection.confirm(seq);
}

}  // namespace

Result<std::vector<AwardOutcome>> commit_batch(Connection& connection, RankCounts& counts,
                                               std::span<const Award> batch,
                                               const AwardRules& rules, Timestamp now) {
  Transaction transaction(connection, Transaction::Kind::award);
  BatchReads reads = read_for_batch(connection, batch, rules, now);
  const bool all_known = std::all_of(batch.begin(), batch.end(), [&](const Award& award) {
    return reads.state.events.contains({award.user, award.action});
  });
  if (all_known) {  // repeats: answered without waiting for anybody's COMMIT
    const auto decisions = decide(batch, reads.state, rules, {}, now);
    return answer(transaction, connection, decisions);
  }
  read_places(connection, periods_at(*rules.calendar, rules.boards, now), reads);
  const auto [head, head_time] = lock_head(connection);
  const Timestamp at = entry_time(now, head_time);
  // Almost never: a period began between the two moments.
  auto periods = periods_at(*rules.calendar, rules.boards, at);
  if (periods != reads.state.periods) read_places(connection, std::move(periods), reads);
  auto decisions = decide(batch, reads.state, rules, JournalSeq{head.seq.value() + 1}, at);
  const bool counted = std::any_of(decisions.begin(), decisions.end(),
                                   [](const Decision& d) { return d.verdict == Verdict::awarded; });
  if (!counted) return answer(transaction, connection, decisions);

  if (auto good = bring_to(counts, connection, head, reads.state.periods); !good) {
    return std::move(good).error();
  }
  bool ranked = true;
  rank_awards(decisions, [&](Period period, Score score) {
    const auto count = counts.at_or_above(period, score, head.seq);
    ranked = ranked && count.has_value();
    return count.value_or(0);
  });
  if (!ranked) return ranks_unknown();
  Written written = write_awards(connection, batch, decisions, reads, head, at);
  auto outcomes = outcomes_of(connection, decisions, &written);
  commit(transaction, connection, counts, std::move(written.entry));
  return outcomes;
}

}  // namespace scoreboard::store
