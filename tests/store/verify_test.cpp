// SPDX-License-Identifier: Apache-2.0
// Whoever changes a number in the database is found out.
#include "store/verify.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/database.hpp"
#include "store/fault.hpp"
#include "store/stores.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;

namespace {

const auto engines = boost::unit_test::data::make({Engine::sqlite, Engine::postgresql});

StoreUnderTest played_board(Engine engine) {
  auto under = make_store(engine);
  for (int player = 1; player <= 12; ++player) add_player(*under.store, player);
  for (int round = 0; round < 4; ++round) {
    std::vector<Award> batch;
    for (int player = 1; player <= 12; ++player) {
      batch.push_back(award(player, "action-" + std::to_string(round), player % 5 + 1));
    }
    const AwardRules rules{.boards = {Board::day, Board::week, Board::month}};
    auto committed = under.store->commit(batch, rules, start() + std::chrono::minutes{15 * round});
    BOOST_REQUIRE_MESSAGE(committed, why(committed));
  }
  return under;
}

// ":trigger" stands for what lets the owner write to events.
const char* const tamperings[] = {
    "UPDATE scores SET score = score + 1 WHERE user_id = 3 AND board_id = 1",
    "UPDATE scores SET score = score + 1 WHERE user_id = 3 AND board_id = 3",
    "UPDATE scores SET reached = reached + 1 WHERE user_id = 3",
    "DELETE FROM scores WHERE user_id = 3 AND board_id = 2",
    "INSERT INTO scores (board_id, period_start, user_id, score, reached) VALUES (2, 5, 3, 1, 1)",
    "UPDATE players SET event_number = 9 WHERE user_id = 3",
    "UPDATE users SET reference = 'somebody else' WHERE id = 3",
    "UPDATE journal SET changes = replace(changes, '\"p\":2', '\"p\":3') WHERE seq = 2",
    "UPDATE journal SET top = NULL WHERE seq = 2",
    "UPDATE journal SET committed_at = committed_at + 1 WHERE seq = 2",
    "UPDATE journal SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 3",
    "UPDATE journal SET previous_hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 3",
    "DELETE FROM journal WHERE seq = 4",
    "DELETE FROM journal WHERE seq = 2",
    "UPDATE journal_head SET seq = 5",
    "UPDATE journal_head SET hash = replace(hash, substr(hash, 1, 1), 'x')",
    "DELETE FROM events WHERE user_id = 3 AND number = 2",
    "DELETE FROM events WHERE reached >= 1024",
    ":trigger; UPDATE events SET points = 9 WHERE reached = 256",
    ":trigger; UPDATE events SET rank = 2 WHERE reached = 256",
    ":trigger; UPDATE events SET previous_score = 1 WHERE reached = 256",
    ":trigger; UPDATE events SET accepted_at = accepted_at + 1 WHERE reached = 256",
    ":trigger; UPDATE events SET periods = '[]' WHERE reached = 256",
    ":trigger; UPDATE events SET reached = 99999 WHERE reached = 256",
};

void tamper(const StoreUnderTest& under, Engine engine, std::string statements) {
  const std::string placeholder = ":trigger";
  if (statements.starts_with(placeholder)) {
    statements.replace(0, placeholder.size(),
                       engine == Engine::sqlite
                           ? "DROP TRIGGER events_are_kept_as_written"
                           : "ALTER TABLE events DISABLE TRIGGER events_are_kept_as_written");
  }
  under.database->execute(statements);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verifying)

BOOST_DATA_TEST_CASE(an_honest_board_agrees, engines, engine) {
  const auto under = played_board(engine);
  for (const VerifyScope scope : {VerifyScope::everything, VerifyScope::journal}) {
    const auto report = verify(under.database->uri, scope);
    BOOST_REQUIRE_MESSAGE(report, why(report));
    BOOST_CHECK_MESSAGE(report->findings.empty(), first_of(report->findings));
    BOOST_CHECK_EQUAL(report->events, 48);
    BOOST_CHECK_EQUAL(report->players, 12);
    BOOST_CHECK_EQUAL(report->entries, 4);
  }
}

BOOST_DATA_TEST_CASE(each_tampering_is_found, engines* boost::unit_test::data::make(tamperings),
                     engine, tampering) {
  const auto under = played_board(engine);
  tamper(under, engine, tampering);
  const auto report = verify(under.database->uri);
  BOOST_REQUIRE_MESSAGE(report, why(report));
  BOOST_CHECK_MESSAGE(!report->findings.empty(), "not found out: " << tampering);
}

BOOST_DATA_TEST_CASE(events_cannot_be_changed, engines, engine) {
  const auto under = played_board(engine);
  BOOST_CHECK_THROW(under.database->execute("UPDATE events SET points = 100"), store::DriverFault);
}

BOOST_AUTO_TEST_CASE(the_workers_role_can_neither_change_nor_delete_what_happened) {
  const auto under = played_board(Engine::postgresql);
  auto database = store::Database::parse(under.database->uri);
  BOOST_REQUIRE(database);
  const auto connection = database->connect(store::Database::Use::inspect);
  for (const char* statement :
       {"UPDATE events SET points = 100", "DELETE FROM events", "TRUNCATE events",
        "UPDATE journal SET changes = ''", "DELETE FROM journal", "DELETE FROM scores",
        "DROP TABLE events", "DELETE FROM users", "UPDATE retention SET events_from = 1"}) {
    BOOST_CHECK_THROW(connection->execute(statement), store::DriverFault);
  }
}

BOOST_AUTO_TEST_SUITE_END()
