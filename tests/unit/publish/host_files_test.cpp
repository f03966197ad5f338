// SPDX-License-Identifier: Apache-2.0
// What the workers of one host share through files: the election, the nudge, a user's connections.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

#include "publish/connection_registry.hpp"
#include "publish/election.hpp"
#include "publish/nudge_socket.hpp"
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
  }
  BOOST_CHECK(!Election::is_held(file));
  BOOST_CHECK(second.try_win());
}

BOOST_AUTO_TEST_CASE(a_nudge_wakes_and_none_is_needed) {
  tests::ScratchDirectory scratch;
  const auto path = scratch.path / "nudge.sock";
  NudgeSender sender(path);
  sender.send();  // nobody listens: nothing happens
  NudgeReceiver receiver(path);
  BOOST_CHECK(!receiver.wait(1ms));
  for (int i = 0; i < 1000; ++i) sender.send();  // never blocks
  BOOST_CHECK(receiver.wait(1000ms));
  BOOST_CHECK(!receiver.wait(1ms));
  NudgeReceiver successor(path);  // takes the place of one that was killed
  sender.send();
  BOOST_CHECK(successor.wait(1000ms));
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
        connections.push_back({std::to_string(worker) + "-" + std::to_string(i), from_micros(i)});
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

BOOST_AUTO_TEST_CASE(a_removed_file_is_not_written_by_who_waited_for_it) {
  tests::ScratchDirectory scratch;
  const auto file = scratch.path / "user";
  std::atomic<bool> done = false;
  std::thread waiting;
  {
    UserFile first(file);
    first.write({{"old", from_micros(1)}});
    waiting = std::thread([&] {
      UserFile second(file);
      second.write({{"new", from_micros(2)}});
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
