// SPDX-License-Identifier: Apache-2.0
#include "store/award_reads.hpp"

#include "store/reads.hpp"
#include "store/rows.hpp"

namespace scoreboard::store {
namespace {

constexpr auto text = Column::Type::text;

// The batch's rows are told apart by `n`, the place of the first award that asked for them.

// Sessions are looked at in the same statement: one that is ended while this waits for a player's
// row was ended at the same time as the award, and the order "award, logout" is a true one.
void lock_players(Connection& connection, std::span<const Award> batch, Timestamp now,
                  BatchReads& reads) {
  Rows rows;
  std::set<std::pair<SessionId, UserId>> asked;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Award& award = batch[i];
    if (!asked.insert({award.session, award.user}).second) continue;
    rows.add().number("n", static_cast<std::int64_t>(i)).text("session_id", award.session.str());
    rows.text("public_id", award.user.str());
  }
  const Engine& engine = connection.engine();
  long long n = 0;
  long long id = 0;
  std::string reference;
  long long event_number = 0;
  long long live = 0;
  connection
      .query(
          "SELECT r.n, p.user_id, u.reference, p.event_number,"
          " CASE WHEN s.id IS NULL THEN 0 ELSE 1 END FROM " +
          engine.rows({{"n"}, {"session_id", text}, {"public_id", text}}, "r") +
          " JOIN users u ON u.public_id = r.public_id JOIN players p ON p.user_id = u.id"
          " LEFT JOIN sessions s ON s.id = r.session_id AND s.user_id = u.id"
          " AND s.ended_at IS NULL AND s.expires_at > :now"
          " ORDER BY p.user_id" +
          engine.lock_rows("p"))
      .use(std::move(rows).take())
      .use(to_micros(now))
      .into(n)
      .into(id)
      .into(reference)
      .into(event_number)
      .into(live)
      .each([&] {
        const Award& award = batch[static_cast<std::size_t>(n)];
        reads.rows[award.user] = {id, reference};
        reads.state.players[award.user] = {event_number};
        if (live != 0) reads.state.live_sessions.insert({award.session, award.user});
      });
}

void read_events(Connection& connection, std::span<const Award> batch, BatchReads& reads) {
  Rows rows;
  std::set<std::pair<UserId, ActionId>> asked;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Award& award = batch[i];
    const auto row = reads.rows.find(award.user);
    if (row == reads.rows.end() || !asked.insert({award.user, award.action}).second) continue;
    rows.add().number("n", static_cast<std::int64_t>(i)).number("user_row", row->second.id);
    rows.text("action_id", award.action.str());
  }
  if (rows.empty()) return;
  ReceiptRow receipt;
  long long n = 0;
  std::string contract;
  std::string payload;
  std::string request;
  auto query = connection.query(
      "SELECT " + receipt_columns + ", r.n, e.contract, e.payload, e.request_id FROM " +
      connection.engine().rows({{"n"}, {"user_row"}, {"action_id", text}}, "r") +
      " JOIN events e ON e.user_id = r.user_row AND e.action_id = r.action_id");
  query.use(std::move(rows).take());
  receipt.into(query).into(n).into(contract).into(payload).into(request).each([&] {
    const Award& award = batch[static_cast<std::size_t>(n)];
    reads.state.events[{award.user, award.action}] = {
        .contract =
            contract == contract_name(Contract::update) ? Contract::update : Contract::increment,
        .payload = payload,
        .request = RequestId{request},
        .receipt = receipt.of(award.user)};
  });
}

// Of each player, the events that tell when the sliding window opens again.
void read_windows(Connection& connection, std::span<const Award> batch, const AwardRules& rules,
                  BatchReads& reads) {
  std::map<UserId, std::int64_t> actions;
  for (const Award& award : batch) ++actions[award.user];
  std::vector<UserId> asked;
  Rows rows;
  for (const auto& [user, row] : reads.rows) {
    const auto [first, last] =
        window_numbers(reads.state.players.at(user).event_number, actions.at(user), rules.limit);
    if (first > last) continue;
    rows.add().number("n", static_cast<std::int64_t>(asked.size())).number("user_row", row.id);
    rows.number("first_number", first).number("last_number", last);
    asked.push_back(user);
  }
  if (rows.empty()) return;
  long long n = 0;
  long long number = 0;
  long long accepted_at = 0;
  connection
      .query(
          "SELECT r.n, e.number, e.accepted_at FROM " +
          connection.engine().rows({{"n"}, {"user_row"}, {"first_number"}, {"last_number"}}, "r") +
          " JOIN events e ON e.user_id = r.user_row AND e.number > 0"
          " AND e.number >= r.first_number"
          " AND e.number <= r.last_number")
      .use(std::move(rows).take())
      .into(n)
      .into(number)
      .into(accepted_at)
      .each([&] {
        reads.state.accepted[{asked[static_cast<std::size_t>(n)], number}] =
            from_micros(accepted_at);
      });
}

}  // namespace

std::string_view contract_name(Contract contract) {
  switch (contract) {
    case Contract::update:
      return "update";
    case Contract::increment:
      return "increment";
  }
  return "";
}

BatchReads read_for_batch(Connection& connection, std::span<const Award> batch,
                          const AwardRules& rules, Timestamp now) {
  BatchReads reads;
  lock_players(connection, batch, now, reads);
  read_events(connection, batch, reads);
  read_windows(connection, batch, rules, reads);
  return reads;
}

void read_places(Connection& connection, std::vector<Period> periods, BatchReads& reads) {
  reads.state.periods = std::move(periods);
  std::vector<PlayerState*> asked;
  Rows rows;
  for (auto& [user, player] : reads.state.players) {
    player.places.clear();
    for (const Period& period : reads.state.periods) {
      rows.add().number("n", static_cast<std::int64_t>(asked.size()));
      rows.number("user_row", reads.rows.at(user).id);
      rows.number("board", static_cast<int>(period.board));
      rows.number("start", to_micros(period.start));
    }
    asked.push_back(&player);
  }
  if (rows.empty()) return;
  long long n = 0;
  long long board = 0;
  long long start = 0;
  long long score = 0;
  long long reached = 0;
  connection
      .query("SELECT r.n, s.board_id, s.period_start, s.score, s.reached FROM " +
             connection.engine().rows({{"n"}, {"user_row"}, {"board"}, {"start"}}, "r") +
             " JOIN scores s ON s.board_id = r.board AND s.period_start = r.start"
             " AND s.user_id = r.user_row")
      .use(std::move(rows).take())
      .into(n)
      .into(board)
      .into(start)
      .into(score)
      .into(reached)
      .each([&] {
        const Period period{static_cast<Board>(board), from_micros(start)};
        asked[static_cast<std::size_t>(n)]->places[period] = {Score{score}, Reached{reached}};
      });
}

}  // namespace scoreboard::store
