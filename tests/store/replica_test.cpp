// SPDX-License-Identifier: Apache-2.0
// When a replica is believed. A copy that was moved by export and import stands for one that fell
// behind: the same journal, up to a point. Real standbys are in tests/postgresql.
#include "store/replica.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "store/open.hpp"
#include "store/stores.hpp"
#include "store/transfers.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
using std::chrono_literals::operator""ms;
using Steady = std::chrono::steady_clock;

namespace {

std::string refusal(const StoreOptions& options) {
  auto opened = open_store(options);
  BOOST_REQUIRE(!opened);
  BOOST_TEST((opened.error().code == ErrorCode::malformed));
  return opened.error().log;
}

std::unique_ptr<Store> open_with_replica(const TestDatabase& primary, const std::string& replica) {
  auto opened = open_store({.uri = primary.uri, .replica_uri = replica, .readers = 2});
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  return *std::move(opened);
}

// The first player's score as both ways of reading show it.
std::int64_t recent_score(Store& store) {
  const auto around = store.recent().around(Period{}, user_id(1), 0);
  BOOST_REQUIRE_MESSAGE(around && around->size() == 1, why(around));
  const auto view = store.recent().top(Period{}, players);
  BOOST_REQUIRE_MESSAGE(view, why(view));
  for (const Standing& standing : view->standings) {
    if (standing.user != user_id(1)) continue;
    BOOST_TEST(standing.score.value() == around->front().score.value());
  }
  return around->front().score.value();
}

void add_points(Store& store, const std::string& action) {
  const Award one = award(1, action, 100);
  const auto outcomes = store.commit(std::span(&one, 1), AwardRules{.limit = 1000},
                                     start() + std::chrono::minutes{50});
  BOOST_REQUIRE_MESSAGE(outcomes, why(outcomes));
  BOOST_REQUIRE((outcomes->front().verdict == Verdict::awarded));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(replica)

BOOST_AUTO_TEST_CASE(a_replica_uri_is_refused_for_the_same_reasons_as_the_uri) {
  const std::string good = "postgresql:///scoreboard?host=/nowhere";
  const std::string key = "database.replica_uri";
  BOOST_TEST(refusal({.uri = good, .replica_uri = "postgresql://u:secret@db/scoreboard"})
                 .starts_with(key + ": the database URI must not hold a password"));
  BOOST_TEST(refusal({.uri = good, .replica_uri = "postgresql://db/?nonsense=1"})
                 .starts_with(key + ": the database URI is not one"));
  BOOST_TEST(refusal({.uri = good, .replica_uri = "mysql://db/scoreboard"})
                 .starts_with(key + ": the database URI must be"));
  const std::string no_sqlite = key + " is for PostgreSQL: SQLite has no replicas";
  BOOST_TEST(refusal({.uri = good, .replica_uri = "sqlite:///tmp/x"}) == no_sqlite);
  BOOST_TEST(refusal({.uri = "sqlite:///tmp/x", .replica_uri = good}) == no_sqlite);
}

BOOST_AUTO_TEST_CASE(a_replica_that_is_away_is_done_without) {
  const auto board = played_board(Engine::postgresql);
  const auto store =
      open_with_replica(*board.database, "postgresql:///scoreboard?host=/nowhere&user=scoreboard");
  BOOST_TEST(recent_score(*store) == 8);
  add_points(*store, "later");
  BOOST_TEST(recent_score(*store) == 108);
}

BOOST_AUTO_TEST_CASE(a_replica_is_read_while_it_is_a_moment_behind_and_left_when_it_is_more) {
  const auto board = played_board(Engine::postgresql);
  const TemporaryDirectory directory;
  TestDatabase copy(Engine::postgresql);
  const auto imported =
      import_into(copy, export_to(board, directory.path() / "export", ExportFormat::jsonl));
  BOOST_REQUIRE_MESSAGE(imported, why(imported));
  const auto store = open_with_replica(*board.database, copy.uri);
  BOOST_TEST(recent_score(*store) == 8);
  add_points(*store, "later");
  const auto began = Steady::now();
  BOOST_TEST(recent_score(*store) == 8);
  BOOST_TEST((*store->standing(user_id(1)))->score.value() == 108);
  while (recent_score(*store) == 8) {
    BOOST_REQUIRE((Steady::now() - began < store::Replica::age_max + 2000ms));
    std::this_thread::sleep_for(20ms);
  }
  BOOST_TEST((Steady::now() - began > 500ms));
  BOOST_TEST(recent_score(*store) == 108);
  // After a pause nothing is known of the primary: it is asked at once, not a second later.
  std::this_thread::sleep_for(store::Replica::age_max + 200ms);
  BOOST_TEST(recent_score(*store) == 108);
}

BOOST_AUTO_TEST_CASE(a_database_with_another_history_is_not_believed) {
  const auto board = played_board(Engine::postgresql);
  const auto other = played_board(Engine::postgresql);  // references are random: other hashes
  add_points(*other.store, "elsewhere");
  const auto store = open_with_replica(*board.database, other.database->uri);
  BOOST_TEST(recent_score(*store) == 8);
}

BOOST_AUTO_TEST_SUITE_END()
