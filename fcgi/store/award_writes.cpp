// SPDX-License-Identifier: Apache-2.0
#include "store/award_writes.hpp"

#include "store/journal.hpp"
#include "store/reads.hpp"
#include "store/rows.hpp"
#include "store/writes.hpp"

namespace scoreboard::store {
namespace {

constexpr auto text = Column::Type::text;
constexpr int top_size = 10;

// What the batch counted, and of each player the last of it: their rows are written once.
struct Counted {
  std::vector<std::size_t> awards;  // indices into the batch, in order
  std::map<UserId, const Decision*> last;
  bool top_changed = false;
};

Counted counted(std::span<const Award> batch, const std::vector<Decision>& decisions) {
  Counted all;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (decisions[i].verdict != Verdict::awarded) continue;
    all.awards.push_back(i);
    all.last[batch[i].user] = &decisions[i];
    // Scores only rise: the top ten changed if and only if somebody scored inside it.
    all.top_changed = all.top_changed || decisions[i].receipt.rank.value() <= top_size;
  }
  return all;
}

void add_events(Writes& writes, const Engine& engine, std::span<const Award> batch,
                const std::vector<Decision>& decisions, const BatchReads& reads,
                const Counted& all) {
  Rows rows;
  for (const std::size_t i : all.awards) {
    const Award& award = batch[i];
    const Receipt& receipt = decisions[i].receipt;
    rows.add().number("user_id", reads.rows.at(award.user).id);
    rows.text("action_id", award.action.str()).number("number", decisions[i].event_number);
    rows.text("contract", contract_name(award.contract)).text("payload", award.payload);
    rows.number("points", receipt.points.value());
    rows.number("previous_score", receipt.previous.value());
    rows.number("current_score", receipt.current.value()).number("rank", receipt.rank.value());
    rows.text("periods", periods_json(receipt.periods));
    rows.number("reached", receipt.reached.value());
    rows.number("accepted_at", to_micros(receipt.accepted_at));
    rows.text("session_id", award.session.str()).text("request_id", award.request.str());
    rows.text("address", award.provenance.address);
    rows.text("user_agent", award.provenance.user_agent);
    rows.text("device_id", award.provenance.device_id);
  }
  writes.add(
      "INSERT INTO events (user_id, action_id, number, contract, payload, points, previous_score,"
      " current_score, rank, periods, reached, accepted_at, session_id, request_id, address,"
      " user_agent, device_id) SELECT user_id, action_id, number, contract, payload, points,"
      " previous_score, current_score, rank, periods, reached, accepted_at, session_id, request_id,"
      " address, user_agent, device_id FROM " +
          engine.rows({{"user_id"},
                       {"action_id", text},
                       {"number"},
                       {"contract", text},
                       {"payload", text},
                       {"points"},
                       {"previous_score"},
                       {"current_score"},
                       {"rank"},
                       {"periods", text},
                       {"reached"},
                       {"accepted_at"},
                       {"session_id", text},
                       {"request_id", text},
                       {"address", text},
                       {"user_agent", text},
                       {"device_id", text}},
                      "events_r"),
      {std::move(rows).take()});
}

void add_scores(Writes& writes, const Engine& engine, const BatchReads& reads, const Counted& all) {
  Rows scores;
  Rows numbers;
  for (const auto& [user, decision] : all.last) {
    const std::int64_t row = reads.rows.at(user).id;
    numbers.add().number("player", row).number("event_number", decision->event_number);
    for (const Move& move : decision->moves) {
      scores.add().number("board", static_cast<int>(move.period.board));
      scores.number("start", to_micros(move.period.start)).number("player", row);
      scores.number("score", move.after.score.value());
      scores.number("reached", move.after.reached.value());
    }
  }
  writes.add(
      "INSERT INTO scores (board_id, period_start, user_id, score, reached)"
      " SELECT r.board, r.start, r.player, r.score, r.reached FROM " +
          engine.rows({{"board"}, {"start"}, {"player"}, {"score"}, {"reached"}}, "r") +
          // SQLite needs a WHERE to tell this ON from that of a join.
          " WHERE r.player > 0 ON CONFLICT (board_id, period_start, user_id)"
          " DO UPDATE SET score = excluded.score, reached = excluded.reached",
      {std::move(scores).take()});
  writes.add("UPDATE players SET event_number = n.event_number FROM " +
                 engine.rows({{"player"}, {"event_number"}}, "n") + " WHERE user_id = n.player",
             {std::move(numbers).take()});
}

// The entry and the new head. `top` is empty when the top ten did not change.
RankCounts::Head add_journal(Writes& writes, const RankCounts::Head& head, Timestamp now,
                             const std::string& changes, const std::string& top) {
  const JournalSeq seq{head.seq.value() + 1};
  std::string hash = entry_hash(seq, now, head.hash, changes);
  writes.add(
      "INSERT INTO journal (seq, committed_at, changes, top, previous_hash, hash)"
      " VALUES (:entry, :entry_at, :changes, nullif(:top, ''), :previous_hash, :entry_hash)",
      {seq.value(), to_micros(now), changes, top, head.hash, hash});
  writes.add(
      "UPDATE journal_head SET seq = :seq, committed_at = :committed_at, hash = :hash"
      " WHERE id = 1",
      {seq.value(), to_micros(now), hash});
  return {seq, std::move(hash)};
}

}  // namespace

Written write_awards(Connection& connection, std::span<const Award> batch,
                     const std::vector<Decision>& decisions, const BatchReads& reads,
                     const RankCounts::Head& head, Timestamp now) {
  const Counted all = counted(batch, decisions);
  Writes writes;
  add_scores(writes, connection.engine(), reads, all);
  Written written;
  std::vector<JournalChange> changes;
  for (const std::size_t i : all.awards) {
    JournalChange change{.reference = reads.rows.at(batch[i].user).reference,
                         .number = decisions[i].event_number,
                         .action_id = batch[i].action.str(),
                         .points = decisions[i].receipt.points,
                         .moves = {}};
    for (const Move& move : decisions[i].moves) {
      change.moves.push_back({move.period, move.before, move.after.score});
      written.entry.moves.push_back(move);
    }
    changes.push_back(std::move(change));
  }
  std::string top;
  if (all.top_changed) {  // to be read, it must be written first
    writes.run(connection);
    writes = {};
    written.top = read_first(connection, Period{}, top_size);
    top = top_json(written.top);
  }
  add_events(writes, connection.engine(), batch, decisions, reads, all);
  auto entry = add_journal(writes, head, now, changes_json(changes), top);
  writes.run(connection);
  written.entry.seq = entry.seq;
  written.entry.previous_hash = head.hash;
  written.entry.hash = std::move(entry.hash);
  return written;
}

std::vector<Standing> read_recorded_top(Connection& connection, JournalSeq seq) {
  std::string recorded;
  connection.query("SELECT coalesce(top, '') FROM journal WHERE seq = :seq")
      .use(seq.value())
      .into(recorded)
      .one();
  std::vector<Standing> top;
  if (recorded.empty()) return top;
  Rows rows;
  for (const TopEntry& entry : parse_top(recorded)) {
    const auto place = static_cast<std::int64_t>(top.size()) + 1;
    top.push_back({.rank = Rank{place},
                   .user = entry.user,
                   .username = {},
                   .display_name = {},
                   .score = entry.score,
                   .reached = {},
                   .reached_at = {}});
    rows.add().text("public_id", entry.user.str()).number("place", place);
  }
  long long place = 0;
  std::string username;
  std::string display_name;
  connection
      .query("SELECT r.place, u.username, u.display_name FROM " +
             connection.engine().rows({{"public_id", text}, {"place"}}, "r") +
             " JOIN users u ON u.public_id = r.public_id")
      .use(std::move(rows).take())
      .into(place)
      .into(username)
      .into(display_name)
      .each([&] {
        Standing& standing = top[static_cast<std::size_t>(place) - 1];
        standing.username = username;
        standing.display_name = display_name;
      });
  return top;
}

}  // namespace scoreboard::store
