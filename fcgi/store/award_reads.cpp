// SPDX-License-Identifier: Apache-2.0
#include "store/award_reads.hpp"

namespace scoreboard::store {
namespace {

void read_player(Connection& connection, const UserId& user, BatchReads& reads) {
  long long id = 0;
  std::string reference;
  long long event_number = 0;
  long long score = 0;
  const bool known =
      connection
          .query(
              "SELECT u.id, u.reference, u.event_number, coalesce(s.score, 0)"
              " FROM users u LEFT JOIN scores s ON s.board_id = 1 AND s.period_start = 0"
              " AND s.user_id = u.id WHERE u.public_id = :user")
          .use(user.str())
          .into(id)
          .into(reference)
          .into(event_number)
          .into(score)
          .one();
  if (!known) return;
  reads.rows[user] = {id, reference};
  reads.state.players[user] = {event_number, Score{score}};
}

void read_session(Connection& connection, const SessionId& session, std::int64_t user_row,
                  const UserId& user, Timestamp now, BatchState& state) {
  const bool live = connection
                        .query(
                            "SELECT 1 FROM sessions WHERE id = :id AND user_id = :user"
                            " AND ended_at IS NULL AND expires_at > :now")
                        .use(session.str())
                        .use(user_row)
                        .use(to_micros(now))
                        .one();
  if (live) state.live_sessions.insert({session, user});
}

void read_event(Connection& connection, const Award& award, std::int64_t user_row,
                BatchState& state) {
  std::string contract;
  std::string payload;
  std::string request;
  long long points = 0;
  long long previous = 0;
  long long current = 0;
  long long rank = 0;
  long long reached = 0;
  long long accepted_at = 0;
  const bool found =
      connection
          .query(
              "SELECT contract, payload, request_id, points, previous_score, current_score,"
              " rank, reached, accepted_at FROM events"
              " WHERE user_id = :user AND action_id = :action")
          .use(user_row)
          .use(award.action.str())
          .into(contract)
          .into(payload)
          .into(request)
          .into(points)
          .into(previous)
          .into(current)
          .into(rank)
          .into(reached)
          .into(accepted_at)
          .one();
  if (!found) return;
  state.events[{award.user, award.action}] = {
      .contract = contract == "update" ? Contract::update : Contract::increment,
      .payload = payload,
      .request = RequestId{request},
      .receipt = {.user = award.user,
                  .points = Points{points},
                  .previous = Score{previous},
                  .current = Score{current},
                  .rank = Rank{rank},
                  .reached = Reached{reached},
                  .accepted_at = from_micros(accepted_at)}};
}

void read_window(Connection& connection, const UserId& user, std::int64_t user_row,
                 std::int64_t actions, const AwardRules& rules, BatchState& state) {
  const auto [first, last] =
      window_numbers(state.players.at(user).event_number, actions, rules.limit);
  if (first > last) return;
  long long number = 0;
  long long accepted_at = 0;
  connection
      .query(
          "SELECT number, accepted_at FROM events WHERE user_id = :user"
          " AND number >= :first AND number <= :last")
      .use(user_row)
      .use(first)
      .use(last)
      .into(number)
      .into(accepted_at)
      .each([&] {
        state.accepted[{user, number}] = from_micros(accepted_at);
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
  std::map<UserId, std::int64_t> actions;
  std::set<std::pair<SessionId, UserId>> sessions;
  for (const Award& award : batch) {
    if (++actions[award.user] == 1) read_player(connection, award.user, reads);
    const auto row = reads.rows.find(award.user);
    if (row == reads.rows.end()) continue;
    const std::int64_t user_row = row->second.id;
    if (sessions.insert({award.session, award.user}).second) {
      read_session(connection, award.session, user_row, award.user, now, reads.state);
    }
    if (!reads.state.events.contains({award.user, award.action})) {
      read_event(connection, award, user_row, reads.state);
    }
  }
  for (const auto& [user, row] : reads.rows) {
    read_window(connection, user, row.id, actions.at(user), rules, reads.state);
  }
  return reads;
}

std::vector<TopEntry> read_top_entries(Connection& connection, int limit) {
  std::vector<TopEntry> top;
  std::string user;
  long long score = 0;
  connection
      .query(
          "SELECT u.public_id, s.score FROM scores s JOIN users u ON u.id = s.user_id"
          " WHERE s.board_id = 1 AND s.period_start = 0"
          " ORDER BY s.score DESC, s.reached LIMIT :limit")
      .use(limit)
      .into(user)
      .into(score)
      .each([&] {
        top.push_back({UserId{user}, Score{score}});
      });
  return top;
}

std::vector<Standing> read_recorded_top(Connection& connection, JournalSeq seq) {
  std::string text;
  connection.query("SELECT coalesce(top, '') FROM journal WHERE seq = :seq")
      .use(seq.value())
      .into(text)
      .one();
  std::vector<Standing> top;
  if (text.empty()) return top;
  for (const TopEntry& entry : parse_top(text)) {
    Standing standing{.rank = Rank{static_cast<std::int64_t>(top.size()) + 1},
                      .user = entry.user,
                      .username = {},
                      .display_name = {},
                      .score = entry.score,
                      .reached = {},
                      .reached_at = {}};
    connection.query("SELECT username, display_name FROM users WHERE public_id = :user")
        .use(entry.user.str())
        .into(standing.username)
        .into(standing.display_name)
        .one();
    top.push_back(std::move(standing));
  }
  return top;
}

}  // namespace scoreboard::store
