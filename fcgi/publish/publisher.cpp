// SPDX-License-Identifier: Apache-2.0
#include "publish/publisher.hpp"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

#include "ops/clock.hpp"
#include "ops/heartbeat.hpp"
#include "ops/log.hpp"
#include "publish/board_follower.hpp"
#include "publish/election.hpp"
#include "publish/nudge_socket.hpp"

namespace scoreboard::publish {
namespace {

constexpr std::chrono::milliseconds candidate_interval{250};
constexpr std::chrono::milliseconds unnudged_interval{250};
constexpr std::chrono::milliseconds check_interval{1000};
constexpr std::chrono::milliseconds check_interval_hindered{250};

std::filesystem::path prepared(const std::filesystem::path& directory) {
  std::error_code ignored;  // what needs the directory will say so
  std::filesystem::create_directories(directory, ignored);
  return directory;
}

}  // namespace

struct Publisher::State {
  State(Store& the_store, Options the_options)
      : store(the_store),
        options(std::move(the_options)),
        lock_file(prepared(options.runtime_directory) / "publisher.lock"),
        nudge_path(options.runtime_directory / "publisher-nudge.sock"),
        sender(nudge_path) {}

  Store& store;
  Options options;
  std::filesystem::path lock_file;
  std::filesystem::path nudge_path;
  NudgeSender sender;

  mutable std::mutex mutex;
  std::condition_variable stopped;
  bool stopping = false;
  PublisherStatus status;
  std::thread thread;
  Heartbeat moving;

  bool rest(std::chrono::milliseconds limit) {
    moving.beat();
    std::unique_lock lock(mutex);
    return stopped.wait_for(lock, limit, [this] { return stopping; });
  }

  void run() {
    Election election(lock_file);
    while (!election.try_win()) {
      if (rest(candidate_interval)) return;
    }
    while (!rest(std::chrono::milliseconds{0})) {
      try {
        act(election);
      } catch (const std::exception& fault) {
        log::write(log::Level::error, "publisher_fault", {{"reason", fault.what()}});
        if (rest(candidate_interval)) return;
      }
    }
  }

  void record(const std::vector<std::string>& traces, Timestamp began) {
    const Timestamp ended = SystemClock{}.now();
    for (const std::string& traceparent : traces) {
      auto parent = trace::parse_traceparent(traceparent);
      if (!parent) continue;
      options.spans->add({.trace_id = std::move(parent->trace_id),
                          .span_id = trace::new_span_id(),
                          .parent_id = std::move(parent->span_id),
                          .service = "scoreboard-worker",
                          .name = "publish board",
                          .kind = trace::Kind::producer,
                          .began = began,
                          .ended = ended,
                          .attributes = {}});
    }
  }

  void act(const Election& election) {
    log::write(log::Level::info, "publisher_elected");
    NudgeReceiver nudges(nudge_path);
    std::optional<JournalSeq> told;
    if (const auto known = election.remembered()) told = JournalSeq{*known};
    const auto remember = [&](JournalSeq upto) { election.remember(upto.value()); };
    BoardFollower follower(store, options, {.before = told, .remember = remember});
    auto checked = std::chrono::steady_clock::now();
    auto snapshot_current_at = checked;
    bool first = true;
    for (;;) {
      NudgeReceiver::Nudges nudged;
      if (!first) nudged = nudges.wait(unnudged_interval);
      first = false;
      const Timestamp began = SystemClock{}.now();
      const bool published = follower.look();
      if (published && options.spans) record(nudged.traces, began);
      const auto now = std::chrono::steady_clock::now();
      const auto interval = follower.nchan_reachable() ? check_interval : check_interval_hindered;
      if (now - checked >= interval) {
        follower.check_nchan();
        options.each_second();
        checked = now;
      }
      if (follower.snapshot_current()) snapshot_current_at = now;
      {
        const std::lock_guard lock(mutex);
        status = {.acting = true,
                  .nchan_reachable = follower.nchan_reachable(),
                  .followed = follower.followed(),
                  .published = follower.published(),
                  .snapshot_current_at = snapshot_current_at,
                  .nchan = follower.nchan_status()};
      }
      // The first change goes out at once; those that follow within `spacing` go out together.
      if (rest(published ? options.spacing : std::chrono::milliseconds{0})) return;
    }
  }
};

Publisher::Publisher(Store& store, Options options)
    : state_(std::make_unique<State>(store, std::move(options))) {
  state_->thread = std::thread([this] { state_->run(); });
}

Publisher::~Publisher() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->stopped.notify_all();
  state_->sender.send();
  state_->thread.join();
}

void Publisher::nudge(std::string_view traceparent) {
  state_->sender.send(traceparent);
}

PublisherStatus Publisher::status() const {
  const std::lock_guard lock(state_->mutex);
  return state_->status;
}

std::chrono::milliseconds Publisher::still_for() const {
  return state_->moving.silent_for();
}

bool Publisher::elected_somewhere() const {
  return status().acting || Election::is_held(state_->lock_file);
}

}  // namespace scoreboard::publish
