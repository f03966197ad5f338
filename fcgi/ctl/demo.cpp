// SPDX-License-Identifier: Apache-2.0
// scoreboardctl demo: registers players and lets them play through the public API, so that a
// newcomer has a board that moves. It is a client like any other, with no right of its own.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <deque>
#include <random>
#include <thread>

#include "ctl/commands.hpp"
#include "ctl/demo_names.hpp"
#include "ctl/demo_player.hpp"
#include "ctl/http_client.hpp"

namespace scoreboard::ctl {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

struct Plan {
  std::string url = "http://127.0.0.1:8080";
  int players = 12;
  double rate = 1;  // actions a second, all players together
  int seconds = 0;  // 0: until Ctrl-C
};

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void note_interrupt(int) {
  interrupted = true;
}

class Demo {
 public:
  Demo(Plan plan, std::vector<std::string> action_types)
      : plan_(std::move(plan)),
        action_types_(std::move(action_types)),
        client_(plan_.url),
        end_(plan_.seconds == 0 ? Clock::time_point::max()
                                : Clock::now() + std::chrono::seconds{plan_.seconds}) {}

  int run() {
    fmt::print("Signing up {} players at {}\n", plan_.players, plan_.url);
    if (!sign_up_all()) return failure;
    if (!over()) fmt::print("Playing, about {:g} actions a second. Ctrl-C ends it.\n", plan_.rate);
    play();
    report(true);
    return counted_ > 0 || refused_ == 0 ? good : failure;
  }

 private:
  bool over() const { return interrupted || Clock::now() >= end_; }

  // In short naps, so that Ctrl-C is answered at once.
  void sleep_until(Clock::time_point moment) const {
    while (!over() && Clock::now() < moment) {
      std::this_thread::sleep_until(std::min(moment, Clock::now() + 50ms));
    }
  }

  bool sign_up_all() {
    while (!over() && static_cast<int>(players_.size()) < plan_.players) {
      DemoPlayer player(demo_name(random_), action_types_);
      Played entered;
      do {
        sleep_until(player.free_at());
        if (over()) return true;
        entered = player.sign_up(client_);
        // Nobody there at the very beginning is a wrong address; later it is a restart.
        if (entered.result == Played::Result::refused || (!entered.answered && players_.empty())) {
          fmt::print(stderr, "scoreboardctl: {}: {}\n", plan_.url, entered.trouble);
          return false;
        }
        if (entered.result == Played::Result::wait) note_wait(entered);
      } while (entered.result == Played::Result::wait);
      if (entered.result == Played::Result::done) {
        players_.push_back(std::move(player));
        // Some play more than others, which gives the board its shape.
        zeal_.push_back(1 + static_cast<int>(random_() % 5));
        report(false);
      }
    }
    return true;
  }

  // A player who need not wait, the zealous more often; null when all must.
  DemoPlayer* next_player() {
    std::vector<double> chances;
    for (std::size_t i = 0; i < players_.size(); ++i) {
      chances.push_back(players_[i].free_at() <= Clock::now() ? zeal_[i] : 0);
    }
    if (std::all_of(chances.begin(), chances.end(), [](double chance) { return chance == 0; })) {
      return nullptr;
    }
    return &players_[std::discrete_distribution<std::size_t>(chances.begin(),
                                                             chances.end())(random_)];
  }

  void play() {
    const auto spacing =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / plan_.rate));
    Clock::time_point due = Clock::now();
    while (!over()) {
      if (DemoPlayer* const player = next_player()) {
        const Played played = player->play(client_, random_);
        if (played.result == Played::Result::done) ++counted_;
        if (played.result == Played::Result::wait) note_wait(played);
        if (played.result == Played::Result::refused) {
          ++refused_;
          last_trouble_ = played.trouble;
        }
      }
      report(false);
      // What a slow server made late is not made up for in a burst.
      due = std::max(due + spacing, Clock::now() - 1s);
      sleep_until(due);
    }
  }

  void note_wait(const Played& played) {
    ++waits_;
    last_trouble_ = played.trouble;
  }

  // One line that renews itself on a terminal; in a pipe, one every few seconds.
  void report(bool last) {
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    if (!last && Clock::now() < reported_at_ + (terminal ? 100ms : 5000ms)) return;
    reported_at_ = Clock::now();
    std::string line = fmt::format("{} players, {} actions counted", players_.size(), counted_);
    if (waits_ > 0) line += fmt::format(", asked to wait {} times", waits_);
    if (refused_ > 0) line += fmt::format(", {} refused", refused_);
    const auto best =
        std::max_element(players_.begin(), players_.end(),
                         [](const auto& a, const auto& b) { return a.score() < b.score(); });
    if (best != players_.end() && best->score() > 0) {
      line +=
          fmt::format("; {} leads with {} (rank {})", best->name(), best->score(), best->rank());
    }
    if (!last_trouble_.empty()) line += fmt::format(" [{}]", last_trouble_);
    last_trouble_.clear();
    if (terminal) {
      fmt::print("\r\033[K{}{}", line, last ? "\n" : "");
    } else {
      fmt::print("{}\n", line);
    }
    std::fflush(stdout);
  }

  const Plan plan_;
  const std::vector<std::string> action_types_;
  std::mt19937_64 random_{std::random_device{}()};
  HttpClient client_;
  std::deque<DemoPlayer> players_;
  std::vector<int> zeal_;
  const Clock::time_point end_;
  Clock::time_point reported_at_ = Clock::now();
  std::int64_t counted_ = 0;
  std::int64_t waits_ = 0;
  std::int64_t refused_ = 0;
  std::string last_trouble_;
};

int demo(const Invocation& invocation, const Plan& plan) {
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  std::vector<std::string> action_types;
  for (const auto& [name, worth] : settings->points) action_types.push_back(name);
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, note_interrupt);
  return Demo(plan, std::move(action_types)).run();
}

}  // namespace

void add_demo(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("demo", "Let players play through the public API until Ctrl-C");
  auto plan = std::make_shared<Plan>();
  command->add_option("--url", plan->url, "Where the scoreboard is")->capture_default_str();
  command->add_option("--players", plan->players, "Players to register")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  command->add_option("--rate", plan->rate, "Actions a second, all players together")
      ->capture_default_str()
      ->check(CLI::Range(0.01, 1000.0));
  command->add_option("--seconds", plan->seconds, "End after this long; 0 for never")
      ->capture_default_str()
      ->check(CLI::Range(0, 365 * 24 * 3600));
  command->callback([&invocation, plan] {
    invocation.command = [&invocation, plan] { return demo(invocation, *plan); };
  });
}

}  // namespace scoreboard::ctl
