// SPDX-License-Identifier: Apache-2.0
#include "auth/auth_failures.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <thread>
#include <vector>

using namespace scoreboard;
using namespace std::chrono_literals;
using auth::AuthFailures;
using By = auth::SecurityEvent::By;

namespace {

constexpr AuthFailures::Options options{.repeated = 3, .window = 10s, .known_max = 4};
constexpr AuthFailure forged = AuthFailure::bad_signature;
const Timestamp begin{1h};

// The counts of the events that `times` failures of one address make, `apart` from each other.
std::vector<std::int64_t> told(AuthFailures& failures, int times, Timestamp from,
                               std::chrono::microseconds apart = 0s,
                               const std::string& address = "203.0.113.0") {
  std::vector<std::int64_t> counts;
  for (int i = 0; i < times; ++i) {
    if (const auto event = failures.add(forged, address, "", from + i * apart)) {
      counts.push_back(event->count);
    }
  }
  return counts;
}

using Counts = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_failures)

BOOST_AUTO_TEST_CASE(one_less_than_enough_is_no_event) {
  AuthFailures failures(options);
  BOOST_CHECK(told(failures, 2, begin).empty());
  BOOST_CHECK_EQUAL(failures.failures(forged), 2);
  BOOST_CHECK_EQUAL(failures.events(forged), 0);
}

BOOST_AUTO_TEST_CASE(the_failure_that_makes_it_enough_is_an_event_and_the_next_are_none) {
  AuthFailures failures(options);
  BOOST_CHECK(told(failures, 50, begin) == Counts{3});
  BOOST_CHECK_EQUAL(failures.failures(forged), 50);
  BOOST_CHECK_EQUAL(failures.events(forged), 1);
}

BOOST_AUTO_TEST_CASE(failures_that_are_spread_wide_are_no_event) {
  AuthFailures failures(options);
  BOOST_CHECK(told(failures, 50, begin, 5s).empty());
}

BOOST_AUTO_TEST_CASE(the_last_moment_of_a_window_still_counts) {
  AuthFailures failures(options);
  BOOST_CHECK(told(failures, 2, begin).empty());
  BOOST_CHECK(told(failures, 1, begin + 10s - 1us) == Counts{3});
  AuthFailures later(options);
  BOOST_CHECK(told(later, 2, begin).empty());
  BOOST_CHECK(told(later, 1, begin + 10s).empty());
}

BOOST_AUTO_TEST_CASE(a_flood_is_told_once_a_window_with_what_came_since) {
  AuthFailures failures(options);
  // Three at 0, 1, 2 s; then a line each ten seconds with ten of them.
  BOOST_CHECK((told(failures, 35, begin, 1s) == Counts{3, 10, 10, 10}));
}

BOOST_AUTO_TEST_CASE(a_flood_that_dies_down_begins_anew_when_it_comes_back) {
  AuthFailures failures(options);
  BOOST_CHECK(told(failures, 4, begin) == Counts{3});
  BOOST_CHECK(told(failures, 1, begin + 11s).empty());
  BOOST_CHECK(told(failures, 2, begin + 12s) == Counts{3});
  // After silence nothing of before is added.
  BOOST_CHECK(told(failures, 2, begin + 13s).empty());
  BOOST_CHECK(told(failures, 3, begin + 60s) == Counts{3});
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_neither_hides_nor_invents_a_flood) {
  AuthFailures failures(options);
  BOOST_CHECK(told(failures, 2, begin).empty());
  BOOST_CHECK(told(failures, 1, begin - 30min) == Counts{3});
}

BOOST_AUTO_TEST_CASE(addresses_and_kinds_are_counted_apart) {
  AuthFailures failures(options);
  BOOST_CHECK(told(failures, 2, begin).empty());
  BOOST_CHECK(told(failures, 2, begin, 0s, "198.51.100.0").empty());
  BOOST_CHECK(!failures.add(AuthFailure::csrf, "203.0.113.0", "", begin));
  BOOST_CHECK_EQUAL(failures.failures(AuthFailure::csrf), 1);
  BOOST_CHECK_EQUAL(failures.failures(forged), 4);
}

BOOST_AUTO_TEST_CASE(a_user_who_is_attacked_from_everywhere_is_told_of) {
  AuthFailures failures(options);
  BOOST_CHECK(!failures.add(forged, "203.0.113.0", "ana", begin));
  BOOST_CHECK(!failures.add(forged, "198.51.100.0", "ana", begin));
  const auto event = failures.add(forged, "192.0.2.0", "ana", begin);
  BOOST_REQUIRE(event);
  BOOST_CHECK(event->by == By::user);
  BOOST_CHECK_EQUAL(event->count, 3);
}

BOOST_AUTO_TEST_CASE(an_address_that_tries_many_users_is_told_of) {
  AuthFailures failures(options);
  BOOST_CHECK(!failures.add(forged, "203.0.113.0", "ana", begin));
  BOOST_CHECK(!failures.add(forged, "203.0.113.0", "bob", begin));
  const auto event = failures.add(forged, "203.0.113.0", "eve", begin);
  BOOST_REQUIRE(event);
  BOOST_CHECK(event->by == By::address);
}

BOOST_AUTO_TEST_CASE(both_at_once_are_one_event) {
  AuthFailures failures(options);
  for (int i = 0; i < 2; ++i) BOOST_CHECK(!failures.add(forged, "203.0.113.0", "ana", begin));
  BOOST_CHECK(failures.add(forged, "203.0.113.0", "ana", begin)->by == By::user);
  BOOST_CHECK(!failures.add(forged, "203.0.113.0", "ana", begin));
  BOOST_CHECK_EQUAL(failures.events(forged), 1);
}

BOOST_AUTO_TEST_CASE(a_reused_refresh_token_is_an_event_at_once_and_then_once_a_window) {
  AuthFailures failures(options);
  const auto reuse = [&](Timestamp at) {
    return failures.add(AuthFailure::refresh_reused, "203.0.113.0", "ana", at).has_value();
  };
  BOOST_CHECK(reuse(begin));
  BOOST_CHECK(!reuse(begin + 1s));
  BOOST_CHECK(reuse(begin + 20s));
}

BOOST_AUTO_TEST_CASE(expired_tokens_are_counted_and_no_event) {
  AuthFailures failures(options);
  for (int i = 0; i < 50; ++i) {
    BOOST_CHECK(!failures.add(AuthFailure::expired_token, "203.0.113.0", "", begin));
  }
  BOOST_CHECK_EQUAL(failures.failures(AuthFailure::expired_token), 50);
}

BOOST_AUTO_TEST_CASE(memory_is_bounded_and_who_was_silent_longest_is_forgotten) {
  AuthFailures failures(options);
  for (const char* address : {"a", "b", "c", "d"}) {
    BOOST_CHECK(told(failures, 2, begin, 0s, address).empty());
  }
  BOOST_CHECK(told(failures, 1, begin, 0s, "a") == Counts{3});
  BOOST_CHECK(told(failures, 1, begin, 0s, "e").empty());       // in place of b
  BOOST_CHECK(told(failures, 1, begin, 0s, "c") == Counts{3});  // still known
  BOOST_CHECK(told(failures, 2, begin, 0s, "b").empty());       // anew, in place of d
  BOOST_CHECK(told(failures, 2, begin, 0s, "d").empty());
}

BOOST_AUTO_TEST_CASE(every_kind_has_a_name_and_a_counter_of_its_own) {
  AuthFailures failures(options);
  std::set<std::string_view> names;
  for (int i = 0; i < auth_failure_kinds; ++i) {
    const auto kind = static_cast<AuthFailure>(i);
    names.insert(auth::name_of(kind));
    failures.add(kind, "203.0.113.0", "", begin);
    BOOST_CHECK_EQUAL(failures.failures(kind), 1);
  }
  BOOST_CHECK_EQUAL(names.size(), static_cast<std::size_t>(auth_failure_kinds));
  BOOST_CHECK(!names.contains("unknown"));
}

BOOST_AUTO_TEST_CASE(threads_lose_no_failure) {
  AuthFailures failures(options);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 1000; ++i) {
        failures.add(forged, std::to_string(t * 1000 + i % 7), "", begin);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_CHECK_EQUAL(failures.failures(forged), 4000);
}

BOOST_AUTO_TEST_SUITE_END()
