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

// What the batch counted, and of each player the first and the last of it: their rows are written
// once.
struct Counted {
  struct Ends {
    const Decision* first = nullptr;
    const Decision* last = nullptr;
  };
  std::vector<std::size_t> awards;  // indices into the batch, in order
  std::map<UserId, Ends> players;
  bool top_changed = false;
};

Counted counted(std::span<const Award> batch, const std::vector<Decision>& decisions) {
  Counted all;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (decisions[i].verdict != Verdict::awarded) continue;
    all.awards.push_back(i);
    Counted::Ends& player = all.players[batch[i].user];
    if (!player.first) player.first = &decisions[i];
    player.last = &decisions[i];
    // Scores only rise: the top ten changed if and only if somebody scored inside it.
    all.top_changed = all.top_changed || decisions[i].receipt.rank.value() <= top_size;
  }
  return all;
}

// Names of one or two letters: each row carries them all, and the server reads every byte.
void add_events(Writes& writes, const Engine& engine, std::span<const Award> batch,
                const std::vector<Decision>& decisions, const BatchReads& reads, const Counted& all,
                Timestamp now) {
  Rows rows;
  for (const std::size_t i : all.awards) {
    const Award& award = batch[i];
    const Receipt& receipt = decisions[i].receipt;
    rows.add().number("u", reads.rows.at(award.user).id).text("a", award.action.str());
    rows.number("n", decisions[i].event_number).text("c", contract_name(award.contract));
    rows.text("p", award.payload).number("pt", receipt.points.value());
    rows.number("ps", receipt.previous.value()).number("cs", receipt.current.value());
    rows.number("rk", receipt.rank.value()).text("pe", periods_json(receipt.periods));
    rows.number("re", receipt.reached.value()).text("s", award.session.str());
    rows.text("rq", award.request.str()).text("ad", award.provenance.address);
    rows.text("ua", award.provenance.user_agent).text("d", award.provenance.device_id);
  }
  writes.add(
      "INSERT INTO events (user_id, action_id, number, contract, payload, points, previous_score,"
      " current_score, rank, periods, reached, accepted_at, session_id, request_id, address,"
      " user_agent, device_id) SELECT e.u, e.a, e.n, e.c, e.p, e.pt, e.ps, e.cs, e.rk, e.pe, e.re,"
      " CAST(:accepted_at AS bigint), e.s, e.rq, e.ad, e.ua, e.d FROM " +
          engine.rows({{"u"},
                       {"a", text},
                       {"n"},
                       {"c", text},
                       {"p", text},
                       {"pt"},
                       {"ps"},
                       {"cs"},
                       {"rk"},
                       {"pe", text},
                       {"re"},
                       {"s", text},
                       {"rq", text},
                       {"ad", text},
                       {"ua", text},
                       {"d", text}},
                      "e"),
      {to_micros(now), std::move(rows).take()});
}

void add_scores(Writes& writes, const Engine& engine, const BatchReads& reads, const Counted& all) {
  Rows first_scores;
  Rows scores;
  Rows numbers;
  for (const auto& [user, ends] : all.players) {
    const std::int64_t row = reads.rows.at(user).id;
    numbers.add().number("u", row).number("n", ends.last->event_number);
    for (std::size_t i = 0; i < ends.last->moves.size(); ++i) {
      const Move& move = ends.last->moves[i];
      const bool first = ends.first->moves[i].before.score.value() == 0;
      Rows& rows = first ? first_scores : scores;
      rows.add().number("b", static_cast<int>(move.period.board));
      rows.number("p", to_micros(move.period.start)).number("u", row);
      rows.number("s", move.after.score.value()).number("r", move.after.reached.value());
    }
  }
  // The players' rows are locked: who has no score yet gets none from anybody else meanwhile.
  if (!first_scores.empty()) {
    writes.add(
        "INSERT INTO scores (board_id, period_start, user_id, score, reached)"
        " SELECT f.b, f.p, f.u, f.s, f.r FROM " +
            engine.rows({{"b"}, {"p"}, {"u"}, {"s"}, {"r"}}, "f"),
        {std::move(first_scores).take()});
  }
  if (!scores.empty()) {
    writes.add("UPDATE scores SET score = m.s, reached = m.r FROM " +
                   engine.rows({{"b"}, {"p"}, {"u"}, {"s"}, {"r"}}, "m") +
                   " WHERE board_id = m.b AND period_start = m.p AND user_id = m.u",
               {std::move(scores).take()});
  }
  writes.add("UPDATE players SET event_number = l.n FROM " + engine.rows({{"u"}, {"n"}}, "l") +
                 " WHERE user_id = l.u",
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
  add_events(writes, connection.engine(), batch, decisions, reads, all, now);
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
