// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "server/fcgi_server.hpp"

namespace scoreboard::server {
namespace {

constexpr int first_passed = 3;  // SD_LISTEN_FDS_START

bool is_listening(int descriptor) {
  int listening = 0;
  socklen_t size = sizeof listening;
  return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 &&
         listening != 0;
}

// -1 when absent or no number.
long environment_number(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): asked once, before there are threads.
  const char* const value = std::getenv(name);
  if (value == nullptr) return -1;
  const std::string_view text = value;
  long number = -1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc{} && end == text.data() + text.size() ? number : -1;
}

Error none(const char* why) {
  return {.code = ErrorCode::unavailable, .log = why};
}

}  // namespace

Result<int> inherited_listener() {
  // LISTEN_PID tells whose sockets they are: the variables may have been meant for a parent.
  if (environment_number("LISTEN_PID") == getpid() && environment_number("LISTEN_FDS") > 0) {
    if (environment_number("LISTEN_FDS") > 1) {
      return none("LISTEN_FDS passes several sockets; a worker serves exactly one");
    }
    if (!is_listening(first_passed)) {
      return none("LISTEN_FDS is set, but descriptor 3 is not a listening socket");
    }
    fcntl(first_passed, F_SETFD, FD_CLOEXEC);
    return first_passed;
  }
  if (is_listening(STDIN_FILENO)) return STDIN_FILENO;
  return none(
      "no listening socket was handed over: start the worker from its .socket unit or from "
      "scripts/run, which pass one as LISTEN_FDS or as standard input");
}

}  // namespace scoreboard::server
