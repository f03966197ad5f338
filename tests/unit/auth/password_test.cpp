// SPDX-License-Identifier: Apache-2.0
#include "auth/password.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <ctime>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace scoreboard;
using namespace scoreboard::auth;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(password)

namespace {

const std::string known_password = "correct horse battery";

// Of the processor, which is the same however busy the machine is.
std::clock_t median_time(const std::function<void()>& call) {
  std::array<std::clock_t, 7> times{};
  for (auto& time : times) {
    const std::clock_t begin = std::clock();
    call();
    time = std::clock() - begin;
  }
  std::ranges::nth_element(times, times.begin() + 3);
  return times[3];
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_right_password_matches_and_no_other) {
  Passwords passwords({.cost = 1});
  const auto hash = passwords.hash(known_password);
  BOOST_TEST_REQUIRE(bool(hash));
  BOOST_TEST(hash->starts_with("$y$"));
  BOOST_TEST(*passwords.verify(known_password, *hash));
  for (const std::string& wrong :
       {std::string(), known_password + " ", known_password.substr(1), " " + known_password,
        std::string("Correct horse battery"), known_password + std::string(1, '\0'),
        known_password + std::string("\0x", 2), std::string(512, 'a'), std::string(100'000, 'a')}) {
    BOOST_TEST(!*passwords.verify(wrong, *hash));
  }
}

BOOST_AUTO_TEST_CASE(each_hash_has_its_own_salt) {
  Passwords passwords({.cost = 1});
  BOOST_TEST(*passwords.hash(known_password) != *passwords.hash(known_password));
}

BOOST_AUTO_TEST_CASE(takes_characters_of_every_width) {
  Passwords passwords({.cost = 1});
  const std::string wide = "pässwörd 東京 😀";
  const auto hash = passwords.hash(wide);
  BOOST_TEST(*passwords.verify(wide, *hash));
  BOOST_TEST(!*passwords.verify("passwörd 東京 😀", *hash));
}

BOOST_AUTO_TEST_CASE(hashes_made_at_another_cost_stay_good) {
  Passwords cheap({.cost = 1});
  Passwords dearer({.cost = 2});
  const auto hash = cheap.hash(known_password);
  BOOST_TEST(*dearer.verify(known_password, *hash));
  BOOST_TEST(cheap.hash(known_password)->substr(0, 7) != dearer.hash(known_password)->substr(0, 7));
}

// The first vectors are crypt_blowfish's and jBCrypt's own; PHP and OpenBSD write "$2y$" and "$2b$"
// for the same.
BOOST_AUTO_TEST_CASE(takes_bcrypt_hashes_of_an_older_site) {
  Passwords passwords({.cost = 1});
  const std::string tail = "$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  for (const auto& [hash, password] : std::map<std::string, std::string>{
           {"$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i", "abc"},
           {"$2a" + tail, "U*U"},
           {"$2b" + tail, "U*U"},
           {"$2y" + tail, "U*U"}}) {
    BOOST_TEST(*passwords.verify(password, hash));
    BOOST_TEST(!*passwords.verify(password + " ", hash));
    BOOST_TEST(passwords.is_outdated(hash));
  }
}

BOOST_AUTO_TEST_CASE(other_methods_and_endless_costs_are_faults) {
  Passwords passwords({.cost = 1});
  for (const char* refused :
       {"$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/", "$6$saltsalt$abc", "rl.3StKT.4T8M",
        "$2x$04$RD6NCfjNNR9uPQyFKToxMeoPS4dEzhxNROfzvMHJFDxYwn.KJESiK",
        "$2b$17$RD6NCfjNNR9uPQyFKToxMeoPS4dEzhxNROfzvMHJFDxYwn.KJESiK", "$2b$"}) {
    const auto result = passwords.verify("password", refused);
    BOOST_TEST_REQUIRE(!result, refused);
    BOOST_TEST((result.error().code == ErrorCode::internal));
  }
}

BOOST_AUTO_TEST_CASE(a_hash_is_outdated_if_it_cost_less_than_a_new_one) {
  Passwords passwords({.cost = 3});
  for (int cost = 1; cost <= 5; ++cost) {
    const std::string hash = *Passwords({.cost = cost}).hash(known_password);
    BOOST_TEST(passwords.is_outdated(hash) == (cost < 3), hash);
  }
  BOOST_TEST(passwords.is_outdated("$y$j1T$somebody's own parameters"));
}

BOOST_AUTO_TEST_CASE(the_cost_is_debian_s_by_default) {
  Passwords passwords({});
  BOOST_TEST(passwords.hash(known_password)->starts_with("$y$j9T$"));
}

BOOST_AUTO_TEST_CASE(an_unknown_user_s_password_never_matches) {
  Passwords passwords({.cost = 1});
  for (const char* guess : {"", "nobody's password", "password"}) {
    BOOST_TEST(!*passwords.verify(guess, ""));
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_user_takes_as_long_as_a_wrong_password) {
  Passwords passwords({.cost = 5});
  const auto hash = *passwords.hash(known_password);
  const auto wrong = median_time([&] { BOOST_TEST(!*passwords.verify("a wrong one", hash)); });
  const auto unknown = median_time([&] { BOOST_TEST(!*passwords.verify("a wrong one", "")); });
  const auto unreadable =
      median_time([&] { BOOST_TEST(!*passwords.verify(std::string(600, 'a'), hash)); });
  // Without the work the ratio is a thousand.
  BOOST_TEST((unknown > wrong / 2 && unknown < wrong * 2));
  BOOST_TEST((unreadable > wrong / 2 && unreadable < wrong * 2));
}

BOOST_AUTO_TEST_CASE(a_damaged_record_is_a_fault_and_not_a_wrong_password) {
  Passwords passwords({.cost = 1});
  for (const char* damaged : {"*", "*0", "*1", "$y$", "$y$j75", "$zz$abc$def", "!", "x"}) {
    const auto result = passwords.verify(known_password, damaged);
    BOOST_TEST_REQUIRE(!result, damaged);
    BOOST_TEST((result.error().code == ErrorCode::internal));
  }
}

BOOST_AUTO_TEST_CASE(hashes_511_bytes_and_refuses_what_it_would_cut) {
  Passwords passwords({.cost = 1});
  const std::string longest(511, 'a');
  const auto hash = passwords.hash(longest);
  BOOST_TEST_REQUIRE(bool(hash));
  BOOST_TEST(*passwords.verify(longest, *hash));
  BOOST_TEST(!*passwords.verify(longest.substr(1), *hash));
  for (const std::string& refused : {longest + "a", std::string("a\0b", 3)}) {
    const auto result = passwords.hash(refused);
    BOOST_TEST_REQUIRE(!result);
    BOOST_TEST((result.error().code == ErrorCode::malformed));
    BOOST_TEST(result.error().field == "password");
  }
}

BOOST_AUTO_TEST_CASE(options_outside_their_range_are_refused_at_the_start) {
  BOOST_CHECK_THROW(Passwords({.cost = 0}), std::invalid_argument);
  BOOST_CHECK_THROW(Passwords({.cost = 12}), std::invalid_argument);
  BOOST_CHECK_THROW(Passwords({.cost = 1, .concurrency = 0}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(who_finds_no_place_in_time_is_sent_away_and_told_when_to_come_back) {
  // A hash takes some 200 ms; a thread that is free takes the next within the wait.
  Passwords passwords({.cost = 8, .concurrency = 1, .wait_max = milliseconds{25}});
  std::atomic<int> served = 0;
  std::atomic<int> sent_away = 0;
  std::atomic<int> other = 0;
  std::barrier together(4);
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      together.arrive_and_wait();
      const auto result = passwords.hash(known_password);
      if (result) {
        ++served;
      } else if (result.error().code == ErrorCode::unavailable && result.error().retry_after) {
        ++sent_away;
      } else {
        ++other;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(served >= 1);
  BOOST_TEST(sent_away >= 1);
  BOOST_TEST(other == 0);
  BOOST_TEST(bool(passwords.hash(known_password)));  // The place is free again.
}

// A flood of logins held every request thread for two seconds each.
BOOST_AUTO_TEST_CASE(a_flood_waits_four_deep_and_the_rest_is_sent_away_at_once) {
  Passwords passwords({.cost = 8, .concurrency = 1, .wait_max = milliseconds{60'000}});
  std::atomic<int> served = 0;
  std::atomic<int> sent_away = 0;
  std::barrier together(12);
  std::vector<std::thread> threads;
  threads.reserve(12);
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      together.arrive_and_wait();
      const auto result = passwords.verify(known_password, "");
      if (result) {
        ++served;
      } else if (result.error().code == ErrorCode::unavailable && result.error().retry_after) {
        ++sent_away;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(served >= 5);  // One more, should the machine be slow to start the threads.
  BOOST_TEST(sent_away >= 1);
  BOOST_TEST(served + sent_away == 12);
}

BOOST_AUTO_TEST_CASE(many_threads_share_it) {
  Passwords passwords({.cost = 1, .concurrency = 2, .wait_max = milliseconds{60'000}});
  const auto hash = *passwords.hash(known_password);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 10; ++round) {
        const bool right = (i + round) % 2 == 0;
        const auto result = passwords.verify(right ? known_password : "a wrong one", hash);
        if (!result || *result != right) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
