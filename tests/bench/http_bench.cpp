// SPDX-License-Identifier: Apache-2.0
// Signed increments through Nginx over kept connections, one thread a connection. Prints one JSON
// line. Players and sessions are those of scripts/lib/bench/fill.py.
//
//   http-bench --port 8080 --access-keys FILE --action-keys FILE --players N --connections 64
//   http-bench --port 8080 --get /api/leaderboard --connections 64
#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <optional>
#include <random>
#include <thread>

#include "signed_requests.hpp"

using scoreboard::bench::SignedRequests;
using Steady = std::chrono::steady_clock;

namespace {

struct Wanted {
  int port = 8080;
  std::string access_keys;
  std::string action_keys;
  std::string get;
  int players = 1000;
  int connections = 64;
  double seconds = 10;
};

class Connection {
 public:
  explicit Connection(int port) : port_(port) { open(); }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The status, 0 if the connection broke. Nginx ends a kept connection after a thousand requests;
  // then the next one goes over a new one.
  int exchange(const std::string& request) {
    const int status = exchange_once(request);
    return status != 0 ? status : exchange_once(request);
  }

 private:
  int exchange_once(const std::string& request) {
    if (send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      return reopen();
    }
    buffer_.clear();
    for (;;) {
      char part[16384];
      const ssize_t got = recv(socket_, part, sizeof part, 0);
      if (got <= 0) return reopen();
      buffer_.append(part, static_cast<std::size_t>(got));
      const std::size_t head = buffer_.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const std::size_t length = buffer_.find("Content-Length: ");
      const bool whole =
          length < head ? buffer_.size() >= head + 4 + std::stoul(buffer_.substr(length + 16, 12))
                        : buffer_.ends_with("0\r\n\r\n");
      if (whole) return std::stoi(buffer_.substr(9, 3));
    }
  }

  void open() {
    socket_ = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      std::perror("connect");
    }
  }
  int reopen() {
    close(socket_);
    open();
    return 0;
  }

  int port_;
  int socket_ = -1;
  std::string buffer_;
};

int run(const Wanted& wanted) {
  const std::string get = "GET " + wanted.get + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::atomic<long> done = 0;
  std::atomic<long> failed = 0;
  std::atomic<bool> counting = false;
  std::atomic<bool> going = true;
  std::vector<std::vector<double>> times(static_cast<std::size_t>(wanted.connections));
  std::vector<std::thread> threads;
  for (int number = 0; number < wanted.connections; ++number) {
    threads.emplace_back([&, number] {
      Connection connection(wanted.port);
      std::minstd_rand random(static_cast<unsigned>(number) + 1);
      std::optional<SignedRequests> signer;
      if (wanted.get.empty()) signer.emplace(wanted.access_keys, wanted.action_keys);
      while (going) {
        const int player = static_cast<int>(random() % static_cast<unsigned>(wanted.players)) + 1;
        const std::string request = signer ? signer->increment(player) : get;
        const auto began = Steady::now();
        const bool good = connection.exchange(request) == 200;
        if (!good) {
          ++failed;
        } else if (counting) {
          ++done;
          times[static_cast<std::size_t>(number)].push_back(
              std::chrono::duration<double, std::milli>(Steady::now() - began).count());
        }
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(wanted.seconds / 4));
  counting = true;
  const auto began = Steady::now();
  std::this_thread::sleep_for(std::chrono::duration<double>(wanted.seconds));
  counting = false;
  const double took = std::chrono::duration<double>(Steady::now() - began).count();
  going = false;
  for (auto& thread : threads) thread.join();
  std::vector<double> all;
  for (auto& one : times) all.insert(all.end(), one.begin(), one.end());
  std::sort(all.begin(), all.end());
  const auto at = [&](double part) {
    return all.empty() ? 0.0
                       : all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))];
  };
  fmt::print("{{\"per_second\":{:.1f},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},\"failed\":{}}}\n",
             static_cast<double>(done.load()) / took, at(0.5), at(0.99), failed.load());
  return failed > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  Wanted wanted;
  CLI::App app("Signed increments, or one GET, over kept connections");
  app.add_option("--port", wanted.port);
  app.add_option("--access-keys", wanted.access_keys);
  app.add_option("--action-keys", wanted.action_keys);
  app.add_option("--get", wanted.get);
  app.add_option("--players", wanted.players);
  app.add_option("--connections", wanted.connections);
  app.add_option("--seconds", wanted.seconds);
  CLI11_PARSE(app, argc, argv);
  return run(wanted);
}
