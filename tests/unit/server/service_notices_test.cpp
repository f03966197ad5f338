// SPDX-License-Identifier: Apache-2.0
#include "server/service_notices.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include "ops/descriptor.hpp"

using namespace std::chrono_literals;
using scoreboard::Descriptor;
using scoreboard::server::ServiceNotices;

namespace {

// The other side: the socket that systemd would listen at, and its variables.
class Listening {
 public:
  explicit Listening(const char* watchdog_us = nullptr)
      : path_(std::filesystem::temp_directory_path() / ("notify-" + std::to_string(getpid()))),
        socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    BOOST_REQUIRE(
        bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    setenv("NOTIFY_SOCKET", path_.c_str(), 1);
    if (watchdog_us != nullptr) setenv("WATCHDOG_USEC", watchdog_us, 1);
  }
  ~Listening() {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    std::filesystem::remove(path_);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  // The next datagram, or nothing within `limit`.
  std::string heard(std::chrono::milliseconds limit = 5s) const {
    pollfd readable{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (poll(&readable, 1, static_cast<int>(limit.count())) <= 0) return {};
    std::array<char, 256> datagram{};
    const ssize_t got = recv(socket_.get(), datagram.data(), datagram.size(), 0);
    return got > 0 ? std::string(datagram.data(), static_cast<std::size_t>(got)) : std::string();
  }

 private:
  std::filesystem::path path_;
  Descriptor socket_;
};

std::string all_move() {
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_service_manager, *boost::unit_test::timeout(60))

BOOST_AUTO_TEST_CASE(hears_each_state_with_a_word_for_people) {
  const Listening manager;
  ServiceNotices told(all_move);
  told.ready("Serving");
  BOOST_TEST(manager.heard() == "READY=1\nSTATUS=Serving");
  told.reloading();
  BOOST_TEST(manager.heard() == "RELOADING=1\nSTATUS=Reading its settings anew");
  told.ready("Serving");
  BOOST_TEST(manager.heard() == "READY=1\nSTATUS=Serving");
  told.stopping();
  BOOST_TEST(manager.heard() == "STOPPING=1\nSTATUS=Answering what has arrived");
}

BOOST_AUTO_TEST_CASE(that_sets_no_watchdog_hears_no_sign_of_life) {
  const Listening manager;
  ServiceNotices told(all_move);
  told.ready("Serving");
  BOOST_TEST(manager.heard() == "READY=1\nSTATUS=Serving");
  BOOST_TEST(manager.heard(200ms) == "");
}

BOOST_AUTO_TEST_CASE(that_is_not_there_is_not_missed) {
  ServiceNotices told(all_move);
  told.ready("Serving");
  told.reloading();
  told.stopping();
}

BOOST_AUTO_TEST_CASE(hears_that_the_worker_lives_more_than_once_in_each_interval) {
  const Listening manager("400000");
  ServiceNotices told(all_move);
  told.ready("Serving");
  BOOST_TEST(manager.heard() == "READY=1\nSTATUS=Serving");
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) BOOST_TEST(manager.heard(400ms) == "WATCHDOG=1");
  BOOST_TEST((std::chrono::steady_clock::now() - began < 800ms));
}

BOOST_AUTO_TEST_CASE(hears_nothing_while_a_part_of_the_worker_stands_still) {
  const Listening manager("100000");
  std::atomic<bool> hangs = true;
  ServiceNotices told([&] { return std::string(hangs ? "server" : ""); });
  told.ready("Serving");
  BOOST_TEST(manager.heard() == "READY=1\nSTATUS=Serving");
  BOOST_TEST(manager.heard(300ms) == "");
  hangs = false;
  BOOST_TEST(manager.heard() == "WATCHDOG=1");
}

BOOST_AUTO_TEST_SUITE_END()
