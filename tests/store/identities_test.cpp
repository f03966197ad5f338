// SPDX-License-Identifier: Apache-2.0
// Users whom other issuers know: the contract of store.hpp, on every store.
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

Identity identity(int newcomer, const std::string& issuer, const std::string& subject,
                  const std::string& wished) {
  return {.issuer = issuer,
          .subject = subject,
          .newcomer = user_id(newcomer),
          .wished = Username{wished},
          .otherwise = Username{"made-up-" + std::to_string(newcomer)}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identities)

BOOST_DATA_TEST_CASE(an_issuer_s_subject_is_one_user_from_first_sight_on, engines, engine) {
  auto under = make_store(engine);
  const auto first = under.store->user_of_identity(identity(1, "https://a", "42", "ana"), start());
  BOOST_REQUIRE_MESSAGE(first, why(first));
  BOOST_CHECK(first->id == user_id(1));
  BOOST_CHECK_EQUAL(first->username.str(), "ana");
  BOOST_CHECK_EQUAL(first->display_name, "ana");
  // Neither a new wish nor a new id changes who that is.
  const auto again = under.store->user_of_identity(identity(2, "https://a", "42", "eva"), start());
  BOOST_REQUIRE_MESSAGE(again, why(again));
  BOOST_CHECK(again->id == user_id(1));
  BOOST_CHECK_EQUAL(again->username.str(), "ana");
}

BOOST_DATA_TEST_CASE(a_subject_means_nothing_without_its_issuer, engines, engine) {
  auto under = make_store(engine);
  const auto one = under.store->user_of_identity(identity(1, "https://a", "42", "ana"), start());
  const auto other = under.store->user_of_identity(identity(2, "https://b", "42", "eva"), start());
  const auto third = under.store->user_of_identity(identity(3, "https://a", "43", ""), start());
  BOOST_REQUIRE(one && other && third);
  BOOST_CHECK(other->id == user_id(2));
  BOOST_CHECK(third->id == user_id(3));
  BOOST_CHECK_EQUAL(third->username.str(), "made-up-3");
}

BOOST_DATA_TEST_CASE(a_wished_name_is_given_if_it_is_free, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  const auto user =
      under.store->user_of_identity(identity(2, "https://a", "42", "PLAYER1"), start());
  BOOST_REQUIRE_MESSAGE(user, why(user));
  BOOST_CHECK(user->id == user_id(2));
  BOOST_CHECK_EQUAL(user->username.str(), "made-up-2");
}

BOOST_DATA_TEST_CASE(a_foreign_user_has_no_password_and_can_play, engines, engine) {
  auto under = make_store(engine);
  BOOST_REQUIRE(under.store->user_of_identity(identity(1, "https://a", "42", "ana"), start()));
  BOOST_REQUIRE(under.store->user_of_identity(identity(2, "https://a", "43", "eva"), start()));
  const auto found = under.store->find_credential("ana");
  BOOST_REQUIRE(found && *found);
  BOOST_CHECK_EQUAL((*found)->password_hash, "");
  BOOST_CHECK(!*under.store->find_credential(""));  // no address is no address to log in by
  BOOST_REQUIRE(under.store->add_session({.id = session_id(1),
                                          .user = user_id(1),
                                          .refresh_hash = "refresh",
                                          .expires_at = start() + 1h},
                                         start()));
  const Award one = award(1, "action-1");
  const auto outcomes = under.store->commit(std::span(&one, 1), {}, start());
  BOOST_REQUIRE_MESSAGE(outcomes, why(outcomes));
  BOOST_CHECK(outcomes->front().verdict == Verdict::awarded);
}

BOOST_AUTO_TEST_SUITE_END()
