// SPDX-License-Identifier: Apache-2.0
// How PostgreSQL finds rows in tables that are empty. Workers prepare their statements on a new
// board and keep the plans while it grows; one of then once looked each player up by reading all
// scores.
#include <boost/test/unit_test.hpp>

#include "store/database.hpp"
#include "store/reads.hpp"
#include "store/stores.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;

namespace {

// The plan of a statement without parameters, by a connection with the workers' settings.
std::string plan(const StoreUnderTest& under, const std::string& statement) {
  auto database = store::Database::parse(under.database->uri);
  const auto connection = database->connect(store::Database::Use::serve);
  std::string line;
  std::string lines;
  connection->query("EXPLAIN " + statement).into(line).each([&] { lines += line + "\n"; });
  return lines;
}

void check_finds(const std::string& found, const char* index) {
  BOOST_CHECK_MESSAGE(found.find(index) != std::string::npos, found);
  BOOST_CHECK_MESSAGE(found.find("Sort") == std::string::npos, found);
  BOOST_CHECK_MESSAGE(found.find("Seq Scan") == std::string::npos, found);
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  return text.replace(text.find(what), what.size(), with);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plans)

BOOST_AUTO_TEST_CASE(a_player_is_found_by_key_from_the_first_day) {
  const auto under = make_store(Engine::postgresql);
  check_finds(plan(under,
                   "SELECT s.score FROM jsonb_to_recordset(CAST('[]' AS jsonb)) AS r(player bigint,"
                   " board bigint, start bigint) JOIN scores s ON s.board_id = r.board"
                   " AND s.period_start = r.start AND s.user_id = r.player"),
              "scores_pkey");
}

BOOST_AUTO_TEST_CASE(a_players_events_are_found_by_key_from_the_first_day) {
  const auto under = make_store(Engine::postgresql);
  under.database->execute("SELECT make_event_partition(1770028200000000)");
  check_finds(
      plan(under,
           "SELECT e.rank FROM jsonb_to_recordset(CAST('[]' AS jsonb)) AS r(player bigint,"
           " action text) JOIN events e ON e.user_id = r.player AND e.action_id = r.action"),
      "events_2026_02_pkey");
}

BOOST_AUTO_TEST_CASE(ended_sessions_are_read_in_order_from_the_first_day) {
  const auto under = make_store(Engine::postgresql);
  check_finds(plan(under,
                   "SELECT s.id, u.public_id FROM sessions s JOIN users u ON u.id = s.user_id"
                   " WHERE s.ended_at > 1 ORDER BY s.ended_at DESC LIMIT 10000"),
              "sessions_by_end");
}

BOOST_AUTO_TEST_CASE(the_top_is_read_in_order_from_the_first_day) {
  const auto under = make_store(Engine::postgresql);
  std::string statement = store::select_standings("", "s.score DESC, s.reached");
  statement = replaced(statement, ":board", "1");
  statement = replaced(statement, ":start", "0");
  statement = replaced(statement, ":limit", "10");
  const std::string found = plan(under, statement);
  BOOST_CHECK_MESSAGE(found.find("Backward using scores_in_order") != std::string::npos, found);
}

BOOST_AUTO_TEST_SUITE_END()
