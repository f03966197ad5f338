// SPDX-License-Identifier: Apache-2.0
// The contract of store.hpp about wrong passwords, on every store.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/database.hpp"
#include "store/stores.hpp"

namespace data = boost::unit_test::data;
using namespace scoreboard;
using namespace scoreboard::tests;
using namespace std::chrono_literals;

namespace {

const auto engines = data::make({Engine::memory, Engine::sqlite, Engine::postgresql});

const LoginAttempt from_home{.account = "ada", .place = "ada at home"};
const LoginAttempt from_elsewhere{.account = "ada", .place = "ada elsewhere"};

std::chrono::seconds begin(Store& store, Timestamp now,
                           const LoginAttempt& attempt = from_elsewhere) {
  return must(store.begin_login(attempt, LoginRules{}, now));
}

// The right password: session `number` begins.
void succeed(Store& store, int number, Timestamp now, const LoginAttempt& attempt) {
  BOOST_REQUIRE(store.add_session({.id = session_id(number),
                                   .user = user_id(1),
                                   .refresh_hash = "refresh " + std::to_string(number),
                                   .expires_at = now + 1h,
                                   .login = attempt},
                                  now));
}

long long rows(const StoreUnderTest& under) {
  auto database = store::Database::parse(under.database->uri);
  const auto connection = database->connect(store::Database::Use::serve);
  long long count = 0;
  connection->query("SELECT count(*) FROM login_attempts").into(count).one();
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(login_attempts)

BOOST_DATA_TEST_CASE(after_five_failures_each_try_waits_twice_as_long_and_at_most_a_minute, engines,
                     engine) {
  auto under = make_store(engine);
  Timestamp now = start();
  for (int i = 0; i < 5; ++i) BOOST_CHECK(begin(*under.store, now) == 0s);
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s}) {
    BOOST_CHECK(begin(*under.store, now) == wait);
    // Whoever does not wait lengthens nothing; what is left is rounded up.
    BOOST_CHECK(begin(*under.store, now + wait - 1us) == 1s);
    now += wait;
    BOOST_CHECK(begin(*under.store, now) == 0s);
  }
  BOOST_CHECK(begin(*under.store, now, {.account = "bob", .place = "bob"}) == 0s);
}

BOOST_DATA_TEST_CASE(failures_are_forgotten_after_a_quarter_of_an_hour_without_one, engines,
                     engine) {
  auto under = make_store(engine);
  for (int i = 0; i < 5; ++i) begin(*under.store, start());
  BOOST_CHECK(begin(*under.store, start() + 1s) == 0s);
  BOOST_CHECK(begin(*under.store, start() + 1s) == 2s);
  const Timestamp later = start() + 1s + 15min;
  for (int i = 0; i < 5; ++i) BOOST_CHECK(begin(*under.store, later) == 0s);
  BOOST_CHECK(begin(*under.store, later) == 1s);
}

BOOST_DATA_TEST_CASE(who_guesses_elsewhere_does_not_lock_the_player_out, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  BOOST_CHECK(begin(*under.store, start(), from_home) == 0s);
  succeed(*under.store, 10, start(), from_home);
  for (int i = 0; i < 5; ++i) begin(*under.store, start(), from_elsewhere);
  BOOST_CHECK(begin(*under.store, start(), from_elsewhere) == 1s);
  BOOST_CHECK(begin(*under.store, start(), from_home) == 0s);
  succeed(*under.store, 11, start(), from_home);
  // That frees nobody else.
  BOOST_CHECK(begin(*under.store, start(), from_elsewhere) == 1s);
  // A known place has an allowance of its own, not none; and is known for 90 days.
  for (int i = 0; i < 5; ++i) BOOST_CHECK(begin(*under.store, start(), from_home) == 0s);
  BOOST_CHECK(begin(*under.store, start(), from_home) == 1s);
  const Timestamp last_day = start() + 90 * 24h;
  for (const Timestamp now : {last_day - 1us, last_day}) {
    const LoginAttempt third{.account = "ada", .place = "a third place"};
    for (int i = 0; i < 5; ++i) begin(*under.store, now, third);
    BOOST_CHECK_EQUAL(begin(*under.store, now, from_home) == 0s, now < last_day);
  }
}

BOOST_DATA_TEST_CASE(the_right_password_from_a_new_place_clears_the_account, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  for (int i = 0; i < 4; ++i) begin(*under.store, start(), from_elsewhere);
  BOOST_CHECK(begin(*under.store, start(), from_home) == 0s);
  succeed(*under.store, 10, start(), from_home);
  for (int i = 0; i < 5; ++i) BOOST_CHECK(begin(*under.store, start(), from_elsewhere) == 0s);
  BOOST_CHECK(begin(*under.store, start(), from_elsewhere) == 1s);
}

BOOST_DATA_TEST_CASE(a_password_that_was_not_looked_at_does_not_count, engines, engine) {
  auto under = make_store(engine);
  for (int i = 0; i < 20; ++i) {
    BOOST_CHECK(begin(*under.store, start()) == 0s);
    BOOST_REQUIRE(under.store->withdraw_login(from_elsewhere, start()));
  }
}

BOOST_DATA_TEST_CASE(a_hash_is_replaced_only_if_it_is_still_the_old_one, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  const auto hash = [&] { return must(under.store->find_credential("player1"))->password_hash; };
  const std::string old_hash = hash();
  BOOST_REQUIRE(under.store->replace_password_hash(user_id(1), "another", "first"));
  BOOST_CHECK_EQUAL(hash(), old_hash);
  BOOST_REQUIRE(under.store->replace_password_hash(user_id(1), old_hash, "second"));
  BOOST_CHECK_EQUAL(hash(), "second");
}

BOOST_DATA_TEST_CASE(a_clock_that_was_set_back_locks_nobody_out, engines, engine) {
  auto under = make_store(engine);
  for (int i = 0; i < 5; ++i) BOOST_CHECK(begin(*under.store, start() + 1h) == 0s);
  BOOST_CHECK(begin(*under.store, start() + 1h - 2s) == 3s);  // clocks may differ by so much
  BOOST_CHECK(begin(*under.store, start()) == 0s);
  BOOST_CHECK(begin(*under.store, start()) == 2s);
}

// Anybody can make a row by trying a name that nobody has.
BOOST_AUTO_TEST_CASE(expired_rows_are_deleted_by_those_who_come_later) {
  for (const Engine engine : {Engine::sqlite, Engine::postgresql}) {
    auto under = make_store(engine);
    const auto try_names = [&](const std::string& stem, int count, Timestamp now) {
      for (int i = 0; i < count; ++i) {
        const std::string name = stem + std::to_string(i);
        BOOST_CHECK(begin(*under.store, now, {.account = name, .place = name}) == 0s);
      }
    };
    try_names("early", 40, start());
    try_names("late", 10, start() + 15min);
    BOOST_CHECK_EQUAL(rows(under), 10);
  }
}

BOOST_AUTO_TEST_SUITE_END()
