// SPDX-License-Identifier: Apache-2.0
// Load on the store without HTTP. Prints one JSON line; scripts/bench puts the figures beside
// others of the same machine and the same minutes.
//
//   store-bench --uri URI award    --players N --callers 64 --seconds 10 [--direct] [--zipf] ...
//   store-bench --uri URI standing --players N --seconds 5
//   store-bench --uri URI load
#include <fmt/core.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <random>
#include <thread>

#include "exact_percentiles.hpp"
#include "ops/clock.hpp"
#include "store/commit_queue.hpp"
#include "store/database.hpp"
#include "store/open.hpp"
#include "store/pool.hpp"

using namespace scoreboard;
using bench::ExactPercentiles;
using Steady = std::chrono::steady_clock;

namespace {

struct Wanted {
  std::string uri;
  int players = 1000;
  int callers = 64;
  double seconds = 10;
  int committers = 2;
  int batch_max = 256;
  bool direct = false;  // one transaction per action, by each caller
  bool zipf = false;
  bool serializable = false;
  std::string boards = "";
};

std::string digits(const char* format, int number) {
  char text[64];
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  std::snprintf(text, sizeof text, format, number);
  return text;
}

// As scripts/lib/bench/fill.py names them.
UserId user_of(int number) {
  return UserId{digits("00000000-0000-4000-8000-%012d", number)};
}
SessionId session_of(int number) {
  return SessionId{digits("%032d", number)};
}

// Players as unequal as words in a text (G. K. Zipf): the first is met players/ln(players) times as
// often as the average. By inversion of the continuous distribution of exponent 1.
class Players {
 public:
  Players(int count, bool zipf, unsigned seed) : count_(count), zipf_(zipf), random_(seed) {}
  int next() {
    if (!zipf_) return static_cast<int>(random_() % static_cast<unsigned>(count_)) + 1;
    const double u = std::uniform_real_distribution<double>(0, 1)(random_);
    return std::min(count_, static_cast<int>(std::exp(u * std::log(count_ + 1.0))));
  }

 private:
  int count_;
  bool zipf_;
  std::minstd_rand random_;
};

std::string percentiles(std::vector<double> times) {
  const ExactPercentiles of(std::move(times));
  return fmt::format("\"p50_ms\":{:.4f},\"p99_ms\":{:.4f},\"max_ms\":{:.4f}", of.at(500),
                     of.at(990), of.max());
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

AwardRules rules_of(const Wanted& wanted) {
  AwardRules rules{.limit = 1'000'000'000};
  for (const char* name : {"day", "week", "month"}) {
    if (wanted.boards.find(name) != std::string::npos) rules.boards.push_back(*board_named(name));
  }
  return rules;
}

int run_awards(Store& store, const Wanted& wanted) {
  const SystemClock clock;
  const AwardRules rules = rules_of(wanted);
  CommitQueue queue(
      store, clock,
      {.batch_max = static_cast<std::size_t>(wanted.batch_max),
       .committers = useful_committers({.uri = wanted.uri, .committers = wanted.committers}),
       .bounds = {.rules = rules}},
      [] {});
  const std::string run = std::to_string(to_micros(clock.now()));
  std::atomic<long> done = 0;
  std::atomic<long> failed = 0;
  std::atomic<bool> counting = false;
  std::atomic<bool> going = true;
  std::vector<std::vector<double>> times(static_cast<std::size_t>(wanted.callers));
  const auto caller = [&](int number) {
    Players players(wanted.players, wanted.zipf, static_cast<unsigned>(number) + 1);
    for (long action = 0; going; ++action) {
      const int player = players.next();
      Award award{
          .user = user_of(player),
          .session = session_of(player),
          .action = ActionId{run + "-" + std::to_string(number) + "-" + std::to_string(action)},
          .contract = Contract::increment,
          .payload = "increment 5",
          .points = Points{static_cast<std::int64_t>(action % 10 + 1)},
          .request = RequestId{run},
          .provenance = {.address = "192.0.2.0", .user_agent = "bench", .device_id = ""}};
      const auto began = Steady::now();
      bool good = false;
      if (wanted.direct) {
        const auto outcomes = store.commit(std::span(&award, 1), rules, clock.now());
        good = outcomes && outcomes->front().verdict == Verdict::awarded;
      } else {
        const auto outcome = queue.submit(std::move(award));
        good = outcome && outcome->verdict == Verdict::awarded;
        if (!outcome && failed == 0) fmt::print(stderr, "{}\n", outcome.error().log);
      }
      if (!good) {
        ++failed;
      } else if (counting) {
        ++done;
        times[static_cast<std::size_t>(number)].push_back(
            std::chrono::duration<double, std::milli>(Steady::now() - began).count());
      }
    }
  };
  std::vector<std::thread> threads;
  for (int number = 0; number < wanted.callers; ++number) threads.emplace_back(caller, number);
  std::this_thread::sleep_for(std::chrono::duration<double>(std::min(2.0, wanted.seconds / 4)));
  counting = true;
  const auto began = Steady::now();
  const double cpu = cpu_seconds();
  std::this_thread::sleep_for(std::chrono::duration<double>(wanted.seconds));
  counting = false;
  const double took = std::chrono::duration<double>(Steady::now() - began).count();
  const double used = cpu_seconds() - cpu;
  going = false;
  for (auto& thread : threads) thread.join();
  std::vector<double> all;
  for (auto& one : times) all.insert(all.end(), one.begin(), one.end());
  const auto count = static_cast<double>(done.load());
  fmt::print("{{\"per_second\":{:.1f},{},\"failed\":{},\"cpu_us\":{:.1f},\"resident_kib\":{}}}\n",
             count / took, percentiles(std::move(all)), failed.load(), used / count * 1e6,
             resident_kib());
  return failed > 0 ? 1 : 0;
}

// One caller after the other, as requests come to a worker that has time.
template <class Work>
std::string latency(double seconds, Work work) {
  std::vector<double> times;
  const auto end = Steady::now() + std::chrono::duration<double>(seconds);
  while (Steady::now() < end) {
    const auto began = Steady::now();
    if (!work()) return "";
    times.push_back(std::chrono::duration<double, std::milli>(Steady::now() - began).count());
  }
  return fmt::format("{{\"per_second\":{:.1f},{}}}", static_cast<double>(times.size()) / seconds,
                     percentiles(times));
}

int run_standings(Store& store, const Wanted& wanted) {
  Players players(wanted.players, false, 7);
  auto database = store::Database::parse(wanted.uri);
  store::Breaker breaker;
  store::Pool pool(
      1, [&] { return database->connect(store::Database::Use::serve); }, breaker);
  const auto select_one = [&] {
    long long one = 0;
    auto answer = pool.with(
        [&](store::Connection& c) -> Result<bool> { return c.query("SELECT 1").into(one).one(); });
    return static_cast<bool>(answer);
  };
  const auto standing = [&] {
    auto answer = store.standing(user_of(players.next()));
    return answer && *answer;
  };
  // Alternating, so that both see the same minutes; the first round only warms up.
  std::string base;
  std::string own;
  for (int round = 0; round < 2; ++round) {
    base = latency(wanted.seconds / 4, select_one);
    own = latency(wanted.seconds / 4, standing);
  }
  if (base.empty() || own.empty()) return 1;
  fmt::print("{{\"select_1\":{},\"standing\":{},\"resident_kib\":{}}}\n", base, own,
             resident_kib());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Wanted wanted;
  CLI::App app("Load on the store, without HTTP");
  app.add_option("--uri", wanted.uri)->required();
  app.require_subcommand(1);
  CLI::App* award = app.add_subcommand("award", "Awards through the commit queue");
  CLI::App* standing = app.add_subcommand("standing", "One's own rank against SELECT 1");
  CLI::App* load = app.add_subcommand("load", "How long the counts take to load, and their size");
  for (CLI::App* command : {award, standing}) {
    command->add_option("--players", wanted.players);
    command->add_option("--seconds", wanted.seconds);
  }
  award->add_option("--callers", wanted.callers);
  award->add_option("--committers", wanted.committers);
  award->add_option("--batch-max", wanted.batch_max);
  award->add_flag("--direct", wanted.direct);
  award->add_flag("--zipf", wanted.zipf);
  award->add_flag("--serializable", wanted.serializable);
  award->add_option("--boards", wanted.boards);
  CLI11_PARSE(app, argc, argv);

  const long before = resident_kib();
  const auto began = Steady::now();
  auto store = open_store({.uri = wanted.uri,
                           .committers = wanted.direct ? 16 : wanted.committers,
                           .readers = 2,
                           .serializable = wanted.serializable});
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().log);
    return 1;
  }
  const double opened = std::chrono::duration<double>(Steady::now() - began).count();
  if (load->parsed()) {
    fmt::print("{{\"seconds\":{:.3f},\"resident_kib\":{},\"grown_kib\":{}}}\n", opened,
               resident_kib(), resident_kib() - before);
    return 0;
  }
  return award->parsed() ? run_awards(**store, wanted) : run_standings(**store, wanted);
}
