// SPDX-License-Identifier: Apache-2.0
// The contract of store.hpp about sessions and refresh tokens, on every store.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/stores.hpp"

namespace data = boost::unit_test::data;
using namespace scoreboard;
using namespace scoreboard::tests;
using namespace std::chrono_literals;

namespace {

const auto engines = data::make({Engine::memory, Engine::sqlite, Engine::postgresql});

}  // namespace

BOOST_AUTO_TEST_SUITE(sessions)

BOOST_DATA_TEST_CASE(a_session_lives_until_it_expires_or_is_ended, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  BOOST_CHECK(*under.store->find_session(session_id(1), start() + 1h - 1us));
  BOOST_CHECK(!*under.store->find_session(session_id(1), start() + 1h));
  BOOST_CHECK(!*under.store->find_session(session_id(2), start()));
  BOOST_REQUIRE(under.store->end_session(session_id(1), start()));
  BOOST_CHECK(!*under.store->find_session(session_id(1), start()));
  const Award late = award(1, "action-1");
  const auto outcomes = must(under.store->commit(std::span(&late, 1), {}, start()));
  BOOST_CHECK(outcomes.front().verdict == Verdict::session_ended);
}

BOOST_DATA_TEST_CASE(a_refresh_token_is_good_once_and_its_reuse_ends_the_session, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  const auto use = [&](const char* presented, const char* successor, Timestamp now) {
    return must(under.store->rotate_refresh({presented, successor}, now));
  };
  BOOST_CHECK(use("unknown", "x", start()).verdict == RefreshVerdict::unknown);
  const auto rotated = use("refresh player1", "second", start());
  BOOST_CHECK(rotated.verdict == RefreshVerdict::rotated);
  BOOST_CHECK(rotated.session.user.id == user_id(1));
  BOOST_CHECK_EQUAL(rotated.successor_hash, "second");
  BOOST_CHECK(use("second", "third", start()).verdict == RefreshVerdict::rotated);
  // A grandparent, however soon.
  const auto reused = use("refresh player1", "fourth", start());
  BOOST_CHECK(reused.verdict == RefreshVerdict::reused);
  BOOST_CHECK(reused.session.id == session_id(1));
  BOOST_CHECK(reused.session.user.id == user_id(1));
  BOOST_CHECK(use("third", "fifth", start()).verdict == RefreshVerdict::unknown);
  BOOST_CHECK(use("refresh player1", "sixth", start()).verdict == RefreshVerdict::unknown);
  BOOST_CHECK(!*under.store->find_session(session_id(1), start()));
}

BOOST_DATA_TEST_CASE(a_refresh_that_names_another_session_changes_neither, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  add_player(*under.store, 2);
  const auto use = [&](const char* presented, int session) {
    return must(
        under.store->rotate_refresh({presented, "second", session_id(session)}, start() + 11s));
  };
  BOOST_CHECK(use("refresh player1", 2).verdict == RefreshVerdict::unknown);
  BOOST_CHECK(use("refresh player1", 3).verdict == RefreshVerdict::unknown);
  BOOST_CHECK(use("refresh player1", 1).verdict == RefreshVerdict::rotated);
  // Not even one that was used before.
  BOOST_CHECK(use("second", 2).verdict == RefreshVerdict::unknown);
  must(under.store->rotate_refresh({"second", "third"}, start() + 11s));
  must(under.store->rotate_refresh({"third", "fourth"}, start() + 11s));
  BOOST_CHECK(use("refresh player1", 2).verdict == RefreshVerdict::unknown);
  BOOST_CHECK(*under.store->find_session(session_id(1), start()));
  BOOST_CHECK(*under.store->find_session(session_id(2), start()));
  BOOST_CHECK(use("refresh player1", 1).verdict == RefreshVerdict::reused);
}

BOOST_DATA_TEST_CASE(a_lost_refresh_is_repeated_for_ten_seconds_with_one_successor, engines,
                     engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  const auto use = [&](const char* presented, const char* successor, Timestamp now) {
    return must(under.store->rotate_refresh({presented, successor}, now));
  };
  use("refresh player1", "second", start());
  for (const Timestamp now : {start(), start() + 10s}) {
    const auto repeated = use("refresh player1", "another", now);
    BOOST_CHECK(repeated.verdict == RefreshVerdict::repeated);
    BOOST_CHECK_EQUAL(repeated.successor_hash, "second");
    BOOST_CHECK(repeated.session.user.id == user_id(1));
  }
  BOOST_CHECK(use("another", "x", start()).verdict == RefreshVerdict::unknown);
  BOOST_CHECK(use("second", "third", start() + 10s).verdict == RefreshVerdict::rotated);
  BOOST_CHECK(use("second", "x", start() + 20s).verdict == RefreshVerdict::repeated);
  BOOST_CHECK(use("second", "x", start() + 20s + 1us).verdict == RefreshVerdict::reused);
  BOOST_CHECK(use("third", "x", start() + 21s).verdict == RefreshVerdict::unknown);
}

BOOST_DATA_TEST_CASE(no_refresh_prolongs_a_session_beyond_its_end, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  const auto rotated =
      must(under.store->rotate_refresh({"refresh player1", "second"}, start() + 1h - 1us));
  BOOST_CHECK(rotated.session.expires_at == start() + 1h);
  for (const char* presented : {"second", "refresh player1"}) {
    BOOST_CHECK(must(under.store->rotate_refresh({presented, "x"}, start() + 1h)).verdict ==
                RefreshVerdict::unknown);
  }
}

BOOST_DATA_TEST_CASE(ended_sessions_are_told_newest_first, engines, engine) {
  auto under = make_store(engine);
  for (const int player : {1, 2, 3, 4}) add_player(*under.store, player);
  BOOST_REQUIRE(under.store->end_session(session_id(1), start() + 1s));
  BOOST_REQUIRE(under.store->end_session(session_id(2), start() + 2s));
  must(under.store->rotate_refresh({"refresh player3", "second"}, start()));
  must(under.store->rotate_refresh({"second", "third"}, start()));
  must(under.store->rotate_refresh({"refresh player3", "x"}, start() + 3s));
  BOOST_REQUIRE(under.store->end_session(session_id(1), start() + 9s));  // it is over already
  const auto ended = must(under.store->sessions_ended_since(start() + 1s));
  BOOST_REQUIRE_EQUAL(ended.size(), 2U);
  BOOST_CHECK(ended[0].id == session_id(3));
  BOOST_CHECK(ended[0].user == user_id(3));
  BOOST_CHECK(ended[1].id == session_id(2));
  BOOST_CHECK(must(under.store->sessions_ended_since(start() + 3s)).empty());
}

BOOST_AUTO_TEST_SUITE_END()
