// SPDX-License-Identifier: Apache-2.0
#include "store/award_reads.hpp"

#include "store/reads.hpp"
#include "store/rows.hpp"

namespace scoreboard::store {
namespace {

constexpr auto text = Column::Type::text;

void lock_players(Connection& connection, std::span<const Award> batch, BatchReads& reads) {
  Rows rows;
  std::set<UserId> asked;
  for (const Award& award : batch) {
    if (asked.insert(award.user).second) rows.add().text("public_id", award.user.str());
  }
  const Engine& engine = connection.engine();
  std::string user;
  long long id = 0;
  std::string reference;
  long long event_number = 0;
  connection
      .query("SELECT u.public_id, p.user_id, u.reference, p.event_number FROM " +
             engine.rows({{"public_id", text}}, "r") +
             " JOIN users u ON u.public_id = r.public_id JOIN players p ON p.user_id = u.id"
             " ORDER BY p.user_id" +
             engine.lock_rows("p"))
      .use(std::move(rows).take())
      .into(user)
      .into(id)
      .into(reference)
      .into(event_number)
      .each([&] {
        reads.rows[UserId{user}] = {id, reference};
        reads.state.players[UserId{user}] = {event_number};
      });
}

void read_sessions(Connection& connection, std::span<const Award> batch, Timestamp now,
                   BatchReads& reads) {
  Rows rows;
  std::set<std::pair<SessionId, UserId>> asked;
  for (const Award& award : batch) {
    const auto row = reads.rows.find(award.user);
    if (row == reads.rows.end() || !asked.insert({award.session, award.user}).second) continue;
    rows.add().text("id", award.session.str()).number("user_row", row->second.id);
    rows.text("public_id", award.user.str());
  }
  if (rows.empty()) return;
  std::string session;
  std::string user;
  connection
      .query("SELECT s.id, r.public_id FROM " +
             connection.engine().rows({{"id", text}, {"user_row"}, {"public_id", text}}, "r") +
             " JOIN sessions s ON s.id = r.id AND s.user_id = r.user_row"
             " WHERE s.ended_at IS NULL AND s.expires_at > :now")
      .use(std::move(rows).take())
      .use(to_micros(now))
      .into(session)
      .into(user)
      .each([&] {
        reads.state.live_sessions.insert({SessionId{session}, UserId{user}});
      });
}

void read_events(Connection& connection, std::span<const Award> batch, BatchReads& reads) {
  Rows rows;
  std::set<std::pair<UserId, ActionId>> asked;
  for (const Award& award : batch) {
    const auto row = reads.rows.find(award.user);
    if (row == reads.rows.end() || !asked.insert({award.user, award.action}).second) continue;
    rows.add().number("user_row", row->second.id).text("action_id", award.action.str());
    rows.text("public_id", award.user.str());
  }
  if (rows.empty()) return;
  ReceiptRow receipt;
  std::string user;
  std::string action;
  std::string contract;
  std::string payload;
  std::string request;
  auto query = connection.query(
      "SELECT " + receipt_columns +
      ", r.public_id, e.action_id, e.contract, e.payload, e.request_id FROM " +
      connection.engine().rows({{"user_row"}, {"action_id", text}, {"public_id", text}}, "r") +
      " JOIN events e ON e.user_id = r.user_row AND e.action_id = r.action_id");
  query.use(std::move(rows).take());
  receipt.into(query).into(user).into(action).into(contract).into(payload).into(request).each([&] {
    reads.state.events[{UserId{user}, ActionId{action}}] = {
        .contract =
            contract == contract_name(Contract::update) ? Contract::update : Contract::increment,
        .payload = payload,
        .request = RequestId{request},
        .receipt = receipt.of(UserId{user})};
  });
}

// Of each player, the events that tell when the sliding window opens again: those still in it at
// `now` (the decision's time is never earlier).
void read_windows(Connection& connection, std::span<const Award> batch, const AwardRules& rules,
                  Timestamp now, BatchReads& reads) {
  std::map<UserId, std::int64_t> actions;
  for (const Award& award : batch) ++actions[award.user];
  Rows rows;
  for (const auto& [user, row] : reads.rows) {
    const auto [first, last] =
        window_numbers(reads.state.players.at(user).event_number, actions.at(user), rules.limit);
    if (first > last) continue;
    rows.add().number("user_row", row.id).text("public_id", user.str());
    rows.number("first_number", first).number("last_number", last);
  }
  if (rows.empty()) return;
  std::string user;
  long long number = 0;
  long long accepted_at = 0;
  connection
      .query("SELECT r.public_id, e.number, e.accepted_at FROM " +
             connection.engine().rows(
                 {{"user_row"}, {"public_id", text}, {"first_number"}, {"last_number"}}, "r") +
             " JOIN events e ON e.user_id = r.user_row AND e.number > 0"
             " AND e.number >= r.first_number"
             " AND e.number <= r.last_number AND e.accepted_at > :closed")
      .use(std::move(rows).take())
      .use(to_micros(now - rules.window))
      .into(user)
      .into(number)
      .into(accepted_at)
      .each([&] {
        reads.state.accepted[{UserId{user}, number}] = from_micros(accepted_at);
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
  lock_players(connection, batch, reads);
  read_sessions(connection, batch, now, reads);
  read_events(connection, batch, reads);
  read_windows(connection, batch, rules, now, reads);
  return reads;
}

void read_places(Connection& connection, std::vector<Period> periods, BatchReads& reads) {
  reads.state.periods = std::move(periods);
  for (auto& [user, player] : reads.state.players) player.places.clear();
  Rows rows;
  for (const auto& [user, row] : reads.rows) {
    for (const Period& period : reads.state.periods) {
      rows.add().text("public_id", user.str()).number("user_row", row.id);
      rows.number("board", static_cast<int>(period.board));
      rows.number("start", to_micros(period.start));
    }
  }
  if (rows.empty()) return;
  std::string user;
  long long board = 0;
  long long start = 0;
  long long score = 0;
  long long reached = 0;
  connection
      .query(
          "SELECT r.public_id, s.board_id, s.period_start, s.score, s.reached FROM " +
          connection.engine().rows({{"public_id", text}, {"user_row"}, {"board"}, {"start"}}, "r") +
          " JOIN scores s ON s.board_id = r.board AND s.period_start = r.start"
          " AND s.user_id = r.user_row")
      .use(std::move(rows).take())
      .into(user)
      .into(board)
      .into(start)
      .into(score)
      .into(reached)
      .each([&] {
        const Period period{static_cast<Board>(board), from_micros(start)};
        reads.state.players.at(UserId{user}).places[period] = {Score{score}, Reached{reached}};
      });
}

}  // namespace scoreboard::store
