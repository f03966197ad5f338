// SPDX-License-Identifier: Apache-2.0
#include "server/refusal_watch.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "ops/descriptor.hpp"
#include "ops/log.hpp"
#include "ops/masked_address.hpp"

namespace scoreboard::server {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

// How long a newcomer waits for the lock, a stop for the thread, and a released address at most.
constexpr std::chrono::milliseconds turn{250};
constexpr int turns_after_fault = 20;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

Descriptor listen_at(const fs::path& path) {
  Descriptor listener(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (!listener || name.size() >= sizeof address.sun_path) fail("refusals socket");
  std::memcpy(address.sun_path, name.data(), name.size());
  unlink(name.c_str());
  if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail("refusals socket");
  }
  chmod(name.c_str(), 0660);
  return listener;
}

// The blocks as Nginx sees them.
class BlockFiles {
 public:
  explicit BlockFiles(fs::path directory) : directory_(std::move(directory)) {
    fs::create_directories(directory_);
    fs::permissions(directory_, fs::perms::owner_all | fs::perms::group_exec);
  }
  // False if there was no room, for one; the next refusal tries again.
  bool block(const std::string& address) const {
    const Descriptor file(
        open((directory_ / address).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640));
    if (!file) {
      log::write(log::Level::error, "address_not_blocked",
                 {{"address", masked_address(address)},
                  {"reason", std::generic_category().message(errno)}});
      return false;
    }
    log::write(log::Level::warning, "address_blocked", {{"address", masked_address(address)}});
    return true;
  }
  // An administrator lets an address in by removing its file.
  bool has(const std::string& address) const {
    return access((directory_ / address).c_str(), F_OK) == 0;
  }
  void release(const std::string& address) const {
    std::error_code ignored;
    fs::remove(directory_ / address, ignored);
  }
  // An earlier process's; what is none of ours goes.
  void adopt(Refusals& refusals, Refusals::Time now) const {
    for (const auto& file : fs::directory_iterator(directory_)) {
      const std::string name = file.path().filename().string();
      const auto age = fs::file_time_type::clock::now() - file.last_write_time();
      if (refused_address(name)) {
        refusals.adopt(name, now - std::chrono::duration_cast<steady_clock::duration>(age));
      } else {
        release(name);
      }
    }
  }

 private:
  fs::path directory_;
};

void take_all(int socket, Refusals& refusals, const BlockFiles& files,
              const RefusalCounters& counters) {
  std::array<char, 512> datagram{};
  for (;;) {
    const ssize_t got = recv(socket, datagram.data(), datagram.size(), MSG_DONTWAIT);
    if (got <= 0) return;
    const auto address = refused_address({datagram.data(), static_cast<std::size_t>(got)});
    if (!address) continue;
    counters.refused.add();
    if (refusals.blocked(*address) && !files.has(*address)) refusals.forget(*address);
    if (!refusals.add(*address, steady_clock::now())) continue;
    if (files.block(*address)) {
      counters.blocked.add();
    } else {
      refusals.forget(*address);
    }
  }
}

void watch(const std::stop_token& stop, const fs::path& runtime_directory,
           const Current<Refusals::Options>& options, const RefusalCounters& counters) {
  const fs::path lock_file = runtime_directory / "refusals.lock";
  const Descriptor lock(open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!lock) fail("refusals lock");
  while (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (stop.stop_requested()) return;
    std::this_thread::sleep_for(turn);
  }
  const BlockFiles files(runtime_directory / "blocked");
  Refusals refusals(*options.get());
  files.adopt(refusals, steady_clock::now());
  const Descriptor socket = listen_at(runtime_directory / "refusals.sock");
  while (!stop.stop_requested()) {
    refusals.change(*options.get());
    pollfd readable{.fd = socket.get(), .events = POLLIN, .revents = 0};
    if (poll(&readable, 1, static_cast<int>(turn.count())) > 0) {
      take_all(socket.get(), refusals, files, counters);
    }
    for (const std::string& address : refusals.released(steady_clock::now())) {
      files.release(address);
    }
  }
}

}  // namespace

RefusalWatch::RefusalWatch(fs::path runtime_directory, Refusals::Options options,
                           RefusalCounters counters)
    : options_(std::make_shared<const Refusals::Options>(options)),
      counters_(counters),
      thread_([this, directory = std::move(runtime_directory)](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          try {
            watch(stop, directory, options_, counters_);
          } catch (const std::exception& fault) {
            log::write(log::Level::error, "no_address_blocks", {{"reason", fault.what()}});
            for (int i = 0; i < turns_after_fault && !stop.stop_requested(); ++i) {
              std::this_thread::sleep_for(turn);
            }
          }
        }
      }) {}

RefusalWatch::~RefusalWatch() = default;

void RefusalWatch::change(Refusals::Options options) {
  options_.set(std::make_shared<const Refusals::Options>(options));
}

std::optional<std::string> refused_address(std::string_view datagram) {
  // "<190>Nov 26 02:47:34 scoreboard: 203.0.113.9"
  std::string last(datagram.substr(datagram.rfind(' ') + 1));
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  if (inet_pton(AF_INET, last.c_str(), parsed.data()) != 1 &&
      inet_pton(AF_INET6, last.c_str(), parsed.data()) != 1) {
    return std::nullopt;
  }
  // inet_pton() reads up to a NUL.
  if (last.find('\0') != std::string::npos) return std::nullopt;
  return last;
}

}  // namespace scoreboard::server
