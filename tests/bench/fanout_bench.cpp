// SPDX-License-Identifier: Apache-2.0
// Subscribers of a board, WebSocket and EventSource mixed, in one thread: from the beginning of the
// request that changes the board to each one's receipt. Prints one JSON line; says on standard
// error when everybody is connected. Works against any Nchan: what differs is how the board is
// changed.
//
//   fanout-bench --port 8080 --websocket 500 --eventsource 500
//                --access-keys FILE --action-keys FILE
//   fanout-bench --port 8081 --path /sub --websocket 1000 --publish /pub --message FILE
#include <fmt/core.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

#include "fanout/told.hpp"

using namespace scoreboard::bench;

namespace {

struct Wanted {
  std::string host = "127.0.0.1";
  int port = 8080;
  bool tls = false;
  std::string path = "/ws/leaderboard";
  std::size_t websocket = 0;
  std::size_t eventsource = 0;
  std::size_t deaf = 0;
  std::string access_keys;
  std::string action_keys;
  std::string publish;
  std::string message;
  std::string save_message;
  std::string received;
  double rate = 5;
  std::size_t changes = 0;
  double linger_s = 5;
  double gather_s = 120;
  bool reconnect = false;
  bool until_eof = false;
};

// Whoever started us closes our standard input when it has seen enough.
class StandardInput : public Ready {
 public:
  void ready(std::uint32_t /*events*/) override {
    char byte = 0;
    if (read(STDIN_FILENO, &byte, 1) <= 0) ended = true;
  }
  bool ended = false;
};

void allow_descriptors(std::size_t wanted) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  limit.rlim_max = std::max<rlim_t>(limit.rlim_max, wanted);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    throw std::runtime_error("not allowed that many descriptors: " + std::to_string(wanted));
  }
}

std::string contents(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

int run(const Wanted& wanted) {
  allow_descriptors(wanted.websocket + wanted.eventsource + wanted.deaf + 64);
  const TlsContext tls = wanted.tls ? make_tls_context() : nullptr;
  const Endpoint endpoint = endpoint_of(wanted.host, wanted.port);
  std::optional<SignedRequests> players;
  if (!wanted.access_keys.empty()) players.emplace(wanted.access_keys, wanted.action_keys);

  Loop loop;
  Crowd crowd(loop, {.target = {endpoint, tls.get(),
                                wanted.host + ":" + std::to_string(wanted.port), wanted.path},
                     .websocket = wanted.websocket,
                     .eventsource = wanted.eventsource,
                     .deaf = wanted.deaf,
                     .reconnect = wanted.reconnect,
                     .keep_receipts = wanted.changes > 0 && !wanted.reconnect,
                     .keep_versions = !wanted.received.empty()});
  Changer changer(loop, {.endpoint = endpoint,
                         .tls = tls.get(),
                         .players = players ? &*players : nullptr,
                         .publish = wanted.publish,
                         .message = wanted.message.empty() ? "" : contents(wanted.message)});
  Course course(loop, changer, wanted.rate, [&](Mark mark) { crowd.acknowledged(mark); });
  const auto in = [](double seconds) { return now() + static_cast<Nanos>(seconds * 1e9); };

  if (wanted.changes > 0 && !course.make_board(in(30))) {
    throw std::runtime_error("the board could not be changed");
  }
  const Nanos began = now();
  if (!crowd.gather(in(wanted.gather_s))) {
    throw std::runtime_error("not everybody could connect; up: " + std::to_string(crowd.told().up));
  }
  fmt::print(stderr, "up {} in {:.2f} s\n", crowd.told().up,
             static_cast<double>(now() - began) / 1e9);

  StandardInput input;
  if (wanted.until_eof) loop.watch(STDIN_FILENO, input, EPOLLIN);
  course.run(wanted.changes);
  constexpr double for_ever_s = 1e8;
  loop.run(in(for_ever_s), [&] {
    if (input.ended) course.stop();
    return course.over() && (!wanted.until_eof || input.ended);
  });
  loop.run(in(wanted.linger_s), [&] {
    if (wanted.reconnect) return crowd.all_current();
    return !course.changes().empty() && crowd.receipts().complete(course.changes().back().mark);
  });
  if (!wanted.save_message.empty()) std::ofstream(wanted.save_message) << crowd.last_message();
  if (!wanted.received.empty()) write_versions(wanted.received, crowd);
  fmt::print("{}\n", told_of(crowd, course.changes(), changer.refusals()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Wanted wanted;
  CLI::App app("From a change of the board to each subscriber's receipt of it");
  app.add_option("--host", wanted.host, "IPv4 address");
  app.add_option("--port", wanted.port);
  app.add_flag("--tls", wanted.tls);
  app.add_option("--path", wanted.path, "to subscribe to");
  app.add_option("--websocket", wanted.websocket, "so many of these");
  app.add_option("--eventsource", wanted.eventsource, "so many of these");
  app.add_option("--deaf", wanted.deaf, "so many who do not read, of both kinds");
  app.add_option("--access-keys", wanted.access_keys, "changes are actions of filled-in players");
  app.add_option("--action-keys", wanted.action_keys);
  app.add_option("--publish", wanted.publish, "changes are messages to this path instead");
  app.add_option("--message", wanted.message, "file: a board, to be published");
  app.add_option("--save-message", wanted.save_message, "file for the last board received");
  app.add_option("--received", wanted.received, "file for the versions each one received");
  app.add_option("--rate", wanted.rate, "changes a second")->check(CLI::PositiveNumber);
  app.add_option("--changes", wanted.changes, "so many of them");
  app.add_option("--linger", wanted.linger_s, "seconds to wait for what is missing");
  app.add_option("--gather", wanted.gather_s, "seconds in which all must be connected");
  app.add_flag("--reconnect", wanted.reconnect, "who is cut comes back as the page does");
  app.add_flag("--until-eof", wanted.until_eof, "go on until standard input ends");
  CLI11_PARSE(app, argc, argv);
  // A connection that the server has closed already is written to once more.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(wanted);
  } catch (const std::exception& fault) {
    fmt::print(stderr, "fanout-bench: {}\n", fault.what());
    return 1;
  }
}
