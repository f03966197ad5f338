// SPDX-License-Identifier: Apache-2.0
// What the workers of one host share through files: the election, the nudge, a user's connections.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>
#include <vector>

#include "publish/connection_registry.hpp"
#include "publish/election.hpp"
#include "publish/nudge_socket.hpp"
#include "publish/used_tokens.hpp"
#include "publish/user_file.hpp"
#include "unit/publish/scratch_directory.hpp"

using namespace scoreboard;
using namespace scoreboard::publish;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(host_files)

BOOST_AUTO_TEST_CASE(one_is_elected_and_its_end_elects_another) {
  tests::ScratchDirectory scratch;
  const auto file = scratch.path / "lock";
  BOOST_CHECK(!Election::is_held(file));
  Election second(file);
  {
    Election first(file);
    BOOST_CHECK(first.try_win());
    BOOST_CHECK(first.try_win());
    BOOST_CHECK(!second.try_win());
    BOOST_CHECK(Election::is_held(file));
    BOOST_CHECK(!first.remembered());
    first.remember(300);
    first.remember(7);
  }
  BOOST_CHECK(!Election::is_held(file));
  BOOST_CHECK(second.try_win());
  BOOST_CHECK(second.remembered() == 7);
}

BOOST_AUTO_TEST_CASE(a_token_is_used_once_whoever_tries) {
  tests::ScratchDirectory scratch;
  UsedTokens one(scratch.path / "used");
  UsedTokens other(scratch.path / "used");  // another process's
  std::atomic<int> first = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] { first += (i % 2 == 0 ? one : other).use("a", 60s) ? 1 : 0; });
  }
  threads.clear();
  BOOST_CHECK_EQUAL(first, 1);
  BOOST_CHECK(one.use("a", 60s).error().code == ErrorCode::unauthenticated);
  BOOST_CHECK(one.use("b", 60s));
}

BOOST_AUTO_TEST_CASE(used_tokens_are_forgotten_when_they_are_good_for_nothing) {
  tests::ScratchDirectory scratch;
  const auto directory = scratch.path / "used";
  BOOST_REQUIRE(UsedTokens(directory).use("old", 60s));
  BOOST_REQUIRE(UsedTokens(directory).use("young", 60s));
  const auto now = std::filesystem::file_time_type::clock::now();
  std::filesystem::last_write_time(directory / "old", now - 61s);
  std::filesystem::last_write_time(directory / "young", now - 58s);
  BOOST_REQUIRE(UsedTokens(directory).use("new", 60s));
  BOOST_CHECK(!std::filesystem::exists(directory / "old"));
  BOOST_CHECK(std::filesystem::exists(directory / "young"));
}

BOOST_AUTO_TEST_CASE(a_shorter_life_forgets_no_token_of_the_longer_one) {
  tests::ScratchDirectory scratch;
  const auto directory = scratch.path / "used";
  UsedTokens tokens(directory);
  BOOST_REQUIRE(tokens.use("old", 3600s));
  std::filesystem::last_write_time(directory / "old",
                                   std::filesystem::file_time_type::clock::now() - 61s);
  BOOST_REQUIRE(tokens.use("new", 60s));
  BOOST_CHECK(tokens.use("old", 60s).error().code == ErrorCode::unauthenticated);
}

BOOST_AUTO_TEST_CASE(without_its_directory_no_token_is_believed) {
  UsedTokens nowhere("/proc/nowhere");
  BOOST_CHECK(nowhere.use("a", 60s).error().code == ErrorCode::unavailable);
}

BOOST_AUTO_TEST_CASE(a_nudge_wakes_and_none_is_needed) {
  tests::ScratchDirectory scratch;
  const auto path = scratch.path / "nudge.sock";
  NudgeSender sender(path);
  sender.send();  // nobody listens: nothing happens
  NudgeReceiver receiver(path);
  BOOST_CHECK(!receiver.wait(1ms).any);
  for (int i = 0; i < 1000; ++i) sender.send();  // never blocks
  BOOST_CHECK(receiver.wait(1000ms).any);
  BOOST_CHECK(!receiver.wait(1ms).any);
  NudgeReceiver successor(path);  // takes the place of one that was killed
  sender.send();
  BOOST_CHECK(successor.wait(1000ms).any);
}

BOOST_AUTO_TEST_CASE(a_users_connections_survive_parallel_changes) {
  tests::ScratchDirectory scratch;
  const auto file = scratch.path / "user";
  std::vector<std::thread> workers;
  for (int worker = 0; worker < 4; ++worker) {
    workers.emplace_back([&, worker] {
      for (int i = 0; i < 25; ++i) {
        UserFile user(file);
        auto connections = user.read();
        connections.push_back({std::to_string(worker) + "-" + std::to_string(i), from_micros(i),
                               SessionId{"session"}});
        user.write(connections);
      }
    });
  }
  for (auto& worker : workers) worker.join();
  BOOST_CHECK_EQUAL(UserFile(file).read().size(), 100U);
  BOOST_CHECK(has_connections(scratch.path, UserId{"user"}));
  UserFile(file).write({});
  BOOST_CHECK(!has_connections(scratch.path, UserId{"user"}));
}

BOOST_AUTO_TEST_CASE(a_connection_keeps_the_session_that_opened_it) {
  tests::ScratchDirectory scratch;
  UserFile file(scratch.path / "user");
  file.write({{"a", from_micros(1), SessionId{"one"}}, {"b", from_micros(2), SessionId{"two"}}});
  const auto read = file.read();
  BOOST_REQUIRE_EQUAL(read.size(), 2U);
  BOOST_CHECK_EQUAL(read[0].session.str(), "one");
  BOOST_CHECK_EQUAL(read[1].session.str(), "two");
}

BOOST_AUTO_TEST_CASE(lines_without_a_session_are_read_too) {
  tests::ScratchDirectory scratch;
  std::ofstream(scratch.path / "user") << "a 1\nb 2 two\n";
  const auto read = UserFile(scratch.path / "user").read();
  BOOST_REQUIRE_EQUAL(read.size(), 2U);
  BOOST_CHECK_EQUAL(read[0].id, "a");
  BOOST_CHECK(read[0].session.empty());
  BOOST_CHECK_EQUAL(read[1].session.str(), "two");
}

// The logout ended the session and left its connections open.
BOOST_AUTO_TEST_CASE(the_end_of_a_session_takes_its_connections_and_no_others) {
  tests::ScratchDirectory scratch;
  const SystemClock clock;
  ConnectionRegistry registry(clock,
                              {.directory = scratch.path, .nchan_socket = scratch.path / "none"});
  const UserId user{"user"};
  BOOST_REQUIRE(registry.open(user, SessionId{"one"}, 3));
  const auto other = registry.open(user, SessionId{"two"}, 3);
  registry.close_session(user, SessionId{"one"});
  const auto left = UserFile(scratch.path / "user").read();
  BOOST_REQUIRE_EQUAL(left.size(), 1U);
  BOOST_CHECK_EQUAL(left.front().id, *other);
  registry.close_session(user, SessionId{"two"});
  registry.close_session(user, SessionId{"two"});
  BOOST_CHECK(!has_connections(scratch.path, user));
}

BOOST_AUTO_TEST_CASE(a_removed_file_is_not_written_by_who_waited_for_it) {
  tests::ScratchDirectory scratch;
  const auto file = scratch.path / "user";
  std::atomic<bool> done = false;
  std::thread waiting;
  {
    UserFile first(file);
    first.write({{"old", from_micros(1), SessionId{"a"}}});
    waiting = std::thread([&] {
      UserFile second(file);
      second.write({{"new", from_micros(2), SessionId{"b"}}});
      done = true;
    });
    std::this_thread::sleep_for(30ms);
    BOOST_CHECK(!done);
    first.write({});
  }
  waiting.join();
  const auto left = UserFile(file).read();
  BOOST_REQUIRE_EQUAL(left.size(), 1U);
  BOOST_CHECK_EQUAL(left.front().id, "new");
}

BOOST_AUTO_TEST_SUITE_END()
