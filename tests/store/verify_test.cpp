// SPDX-License-Identifier: Apache-2.0
// Whoever changes a number in the database is found out.
#include "store/verify.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/stores.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;

namespace {

StoreUnderTest played_board() {
  auto under = make_store(Engine::sqlite);
  for (int player = 1; player <= 12; ++player) add_player(*under.store, player);
  for (int round = 0; round < 4; ++round) {
    std::vector<Award> batch;
    for (int player = 1; player <= 12; ++player) {
      batch.push_back(award(player, "action-" + std::to_string(round), player % 5 + 1));
    }
    BOOST_REQUIRE(under.store->commit(batch, {}, start() + std::chrono::seconds{round}));
  }
  return under;
}

const char* const tamperings[] = {
    "UPDATE scores SET score = score + 1 WHERE user_id = 3",
    "UPDATE scores SET reached = reached + 1 WHERE user_id = 3",
    "DELETE FROM scores WHERE user_id = 3",
    "UPDATE users SET event_number = 9 WHERE id = 3",
    "UPDATE users SET reference = 'somebody else' WHERE id = 3",
    "UPDATE journal SET changes = replace(changes, '\"p\":2', '\"p\":3') WHERE seq = 2",
    "UPDATE journal SET top = NULL WHERE seq = 2",
    "UPDATE journal SET committed_at = committed_at + 1 WHERE seq = 2",
    "UPDATE journal SET hash = lower(hex(randomblob(32))) WHERE seq = 3",
    "UPDATE journal SET previous_hash = lower(hex(randomblob(32))) WHERE seq = 3",
    "DELETE FROM journal WHERE seq = 4",
    "DELETE FROM journal WHERE seq = 2",
    "UPDATE journal_head SET seq = 5",
    "UPDATE journal_head SET hash = lower(hex(randomblob(32)))",
    "DELETE FROM events WHERE user_id = 3 AND number = 2",
    "DELETE FROM events WHERE reached >= 1024",
    "DROP TRIGGER events_are_kept_as_written; UPDATE events SET points = 9 WHERE reached = 256",
    "DROP TRIGGER events_are_kept_as_written; UPDATE events SET rank = 2 WHERE reached = 256",
    "DROP TRIGGER events_are_kept_as_written; UPDATE events SET previous_score = 1 WHERE reached = "
    "256",
    "DROP TRIGGER events_are_kept_as_written; UPDATE events SET accepted_at = 1 WHERE reached = "
    "256",
};

}  // namespace

BOOST_AUTO_TEST_SUITE(verifying)

BOOST_AUTO_TEST_CASE(an_honest_board_agrees) {
  const auto under = played_board();
  const auto report = verify(under.uri);
  BOOST_REQUIRE_MESSAGE(report, why(report));
  BOOST_CHECK_MESSAGE(report->findings.empty(), first_of(report->findings));
  BOOST_CHECK_EQUAL(report->events, 48);
  BOOST_CHECK_EQUAL(report->players, 12);
  BOOST_CHECK_EQUAL(report->entries, 4);
}

BOOST_DATA_TEST_CASE(each_tampering_is_found, boost::unit_test::data::make(tamperings), tampering) {
  const auto under = played_board();
  {
    soci::session raw(soci::sqlite3, "dbname=" + (under.directory->path() / "board.db").string());
    std::string statements = tampering;
    for (std::size_t at = 0; at != std::string::npos;) {
      const std::size_t end = statements.find(';', at);
      raw << statements.substr(at, end == std::string::npos ? end : end - at);
      at = end == std::string::npos ? end : end + 1;
    }
  }
  const auto report = verify(under.uri);
  BOOST_REQUIRE_MESSAGE(report, why(report));
  BOOST_CHECK_MESSAGE(!report->findings.empty(), "not found out: " << tampering);
}

BOOST_AUTO_TEST_CASE(events_cannot_be_changed) {
  const auto under = played_board();
  soci::session raw(soci::sqlite3, "dbname=" + (under.directory->path() / "board.db").string());
  BOOST_CHECK_THROW(raw << "UPDATE events SET points = 100", soci::soci_error);
}

BOOST_AUTO_TEST_SUITE_END()
