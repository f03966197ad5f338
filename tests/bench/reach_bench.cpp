// SPDX-License-Identifier: Apache-2.0
// How soon other processes know what was committed, and what telling them costs. Starts `processes`
// that follow the journal, writes from this one, and prints one JSON line: the time from the answer
// to the writer until a follower's ranks hold the entry, over all entries and followers.
//
//   reach-bench --uri URI --players N --rate 2000 --seconds 10 --processes 3 [--poll-ms 25]
//   reach-bench ... --listen        followers wait for NOTIFY on the channel "journal" instead
//   reach-bench ... --rate 0        as fast as it goes
//   reach-bench ... --idle          nobody writes: what following costs
#include <fmt/core.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "exact_percentiles.hpp"
#include "ops/clock.hpp"
#include "store/commit_queue.hpp"
#include "store/journal_follower.hpp"
#include "store/open.hpp"

using namespace scoreboard;
using bench::ExactPercentiles;
using Steady = std::chrono::steady_clock;  // one clock for all processes of a machine

namespace {

constexpr int callers = 64;

struct Wanted {
  std::string uri;
  int players = 1000;
  int processes = 3;
  double rate = 2000;
  double seconds = 10;
  int poll_ms = 25;
  bool listen = false;
  bool idle = false;
};

struct Known {
  std::int64_t at_ns = 0;
  std::int64_t seq = 0;
};

std::int64_t now_ns() {
  return std::chrono::nanoseconds(Steady::now().time_since_epoch()).count();
}

double cpu_seconds(const rusage& usage) {
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void write_all(int to, const void* bytes, std::size_t size) {
  const auto* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t written = write(to, at, size);
    if (written <= 0) std::_Exit(1);
    at += written;
    size -= static_cast<std::size_t>(written);
  }
}

bool read_all(int from, void* bytes, std::size_t size) {
  auto* at = static_cast<char*>(bytes);
  while (size > 0) {
    const ssize_t got = read(from, at, size);
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

// The prototype of the other way: a session that waits. Ends when `end` becomes readable.
template <class News>
void follow_by_listening(const Wanted& wanted, Store& store, int end, News news) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> session(PQconnectdb(wanted.uri.c_str()),
                                                             PQfinish);
  PQclear(PQexec(session.get(), "LISTEN journal"));
  for (;;) {
    pollfd watched[] = {{PQsocket(session.get()), POLLIN, 0}, {end, POLLIN, 0}};
    poll(watched, 2, 1000);
    if (watched[1].revents != 0) return;
    PQconsumeInput(session.get());
    bool told = false;
    while (PGnotify* one = PQnotifies(session.get())) {
      told = true;
      PQfreemem(one);
    }
    if (!told) continue;
    if (const auto seq = store.follow()) news(*seq);
  }
}

// A process of another host: says when it began, and at its end what it knew when.
[[noreturn]] void follow(const Wanted& wanted, int end, int out) {
  auto store = open_store({.uri = wanted.uri, .committers = 1, .readers = 1});
  if (!store) std::_Exit(1);
  std::vector<Known> known;
  known.reserve(1 << 20);
  const auto news = [&](JournalSeq seq) { known.push_back({now_ns(), seq.value()}); };
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  write_all(out, "r", 1);
  if (wanted.listen) {
    follow_by_listening(wanted, **store, end, news);
  } else {
    const JournalFollower follower(**store, std::chrono::milliseconds{wanted.poll_ms}, news);
    pollfd watched{end, POLLIN, 0};
    poll(&watched, 1, -1);
  }
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  const double cpu = cpu_seconds(after) - cpu_seconds(before);
  const std::size_t count = known.size();
  write_all(out, &cpu, sizeof cpu);
  write_all(out, &count, sizeof count);
  write_all(out, known.data(), count * sizeof(Known));
  std::_Exit(0);
}

struct Follower {
  pid_t process = 0;
  int end = -1;  // closed: it shall end
  int in = -1;
};

std::vector<Follower> start_followers(const Wanted& wanted) {
  std::vector<Follower> followers;
  for (int i = 0; i < wanted.processes; ++i) {
    int end[2];
    int out[2];
    if (pipe(end) != 0 || pipe(out) != 0) std::_Exit(1);
    const pid_t process = fork();
    if (process == 0) {
      close(end[1]);
      for (const Follower& other : followers) close(other.end);
      follow(wanted, end[0], out[1]);
    }
    close(end[0]);
    close(out[1]);
    followers.push_back({process, end[1], out[0]});
    char ready = 0;
    if (!read_all(out[0], &ready, 1)) std::_Exit(1);
  }
  return followers;
}

struct Written {
  std::map<std::int64_t, std::int64_t> answered;  // entry -> when the first of its callers was
  std::vector<double> times_ms;
  std::atomic<long> failed = 0;
  double seconds = 0;
};

std::string digits(const char* format, int number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

void write_awards(const Wanted& wanted, Written& written) {
  auto store = open_store({.uri = wanted.uri, .committers = 2, .readers = 1});
  if (!store) std::_Exit(1);
  const SystemClock clock;
  CommitQueue queue(**store, clock,
                    {.committers = 2, .bounds = {.rules = {.limit = 1'000'000'000}}}, [] {});
  const std::string run = std::to_string(to_micros(clock.now()));
  std::mutex mutex;
  const auto period = std::chrono::nanoseconds(
      wanted.rate > 0 ? static_cast<std::int64_t>(1e9 * callers / wanted.rate) : 0);
  const auto began = Steady::now();
  const auto counted_from = began + std::chrono::seconds{1};
  const auto end = counted_from + std::chrono::duration_cast<Steady::duration>(
                                      std::chrono::duration<double>(wanted.seconds));
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&, caller] {
      std::minstd_rand random(static_cast<unsigned>(caller) + 1);
      auto next = began + period * caller / callers;
      for (long action = 0; next < end && Steady::now() < end; ++action) {
        std::this_thread::sleep_until(next);
        next = std::max(next + period, Steady::now() - period);
        const int player = static_cast<int>(random() % static_cast<unsigned>(wanted.players)) + 1;
        const auto asked = Steady::now();
        auto outcome = queue.submit(
            {.user = UserId{digits("00000000-0000-4000-8000-%012d", player)},
             .session = SessionId{digits("%032d", player)},
             .action = ActionId{run + "-" + std::to_string(caller) + "-" + std::to_string(action)},
             .contract = Contract::increment,
             .payload = "increment 5",
             .points = Points{action % 10 + 1},
             .request = RequestId{run}});
        const std::int64_t at = now_ns();
        if (!outcome || outcome->verdict != Verdict::awarded) {
          ++written.failed;
        } else if (asked >= counted_from) {
          const std::lock_guard lock(mutex);
          auto& first = written.answered.try_emplace(outcome->receipt.reached.seq().value(), at)
                            .first->second;
          first = std::min(first, at);
          written.times_ms.push_back(
              std::chrono::duration<double, std::milli>(Steady::now() - asked).count());
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  written.seconds = std::chrono::duration<double>(Steady::now() - counted_from).count();
}

std::string percentiles(const char* name, std::vector<double> times) {
  const ExactPercentiles of(std::move(times));
  return fmt::format("\"{0}_p50_ms\":{1:.3f},\"{0}_p99_ms\":{2:.3f},\"{0}_max_ms\":{3:.3f}", name,
                     of.at(500), of.at(990), of.max());
}

int run(const Wanted& wanted) {
  const auto followers = start_followers(wanted);
  Written written;
  if (wanted.idle) {
    std::this_thread::sleep_for(std::chrono::duration<double>(wanted.seconds));
    written.seconds = wanted.seconds;
  } else {
    write_awards(wanted, written);
    std::this_thread::sleep_for(std::chrono::milliseconds{200 + wanted.poll_ms});
  }
  double cpu = 0;
  long unheard = 0;
  std::vector<double> delays;
  for (const Follower& follower : followers) {
    close(follower.end);
    double its_cpu = 0;
    std::size_t count = 0;
    if (!read_all(follower.in, &its_cpu, sizeof its_cpu)) return 1;
    if (!read_all(follower.in, &count, sizeof count)) return 1;
    std::vector<Known> known(count);
    if (!read_all(follower.in, known.data(), count * sizeof(Known))) return 1;
    waitpid(follower.process, nullptr, 0);
    cpu += its_cpu;
    for (const auto& [seq, at] : written.answered) {
      const auto heard = std::lower_bound(known.begin(), known.end(), seq,
                                          [](const Known& k, std::int64_t s) { return k.seq < s; });
      if (heard == known.end()) {
        ++unheard;
      } else {
        delays.push_back(static_cast<double>(std::max<std::int64_t>(heard->at_ns - at, 0)) / 1e6);
      }
    }
  }
  fmt::print(
      "{{\"per_second\":{:.1f},\"entries\":{},{},{},\"unheard\":{},\"failed\":{},"
      "\"followers_cpu\":{:.5f}}}\n",
      static_cast<double>(written.times_ms.size()) / written.seconds, written.answered.size(),
      percentiles("commit", written.times_ms), percentiles("reach", std::move(delays)), unheard,
      written.failed.load(), cpu / written.seconds);
  return written.failed > 0 || unheard > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  Wanted wanted;
  CLI::App app("How soon other processes know what was committed");
  app.add_option("--uri", wanted.uri)->required();
  app.add_option("--players", wanted.players);
  app.add_option("--processes", wanted.processes);
  app.add_option("--rate", wanted.rate, "updates a second; 0: as many as possible");
  app.add_option("--seconds", wanted.seconds);
  app.add_option("--poll-ms", wanted.poll_ms);
  app.add_flag("--listen", wanted.listen);
  app.add_flag("--idle", wanted.idle);
  CLI11_PARSE(app, argc, argv);
  return run(wanted);
}
