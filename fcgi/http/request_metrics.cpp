// SPDX-License-Identifier: Apache-2.0
#include "http/request_metrics.hpp"

#include <algorithm>
#include <mutex>
#include <string_view>

namespace scoreboard::http {
namespace {

// Those that the workers answer with; all others are one.
constexpr std::array<int, 14> statuses = {200, 201, 204, 400, 401, 403, 404,
                                          405, 409, 413, 415, 429, 503, 500};

std::size_t index_of(int status) {
  const auto* const found = std::find(statuses.begin(), statuses.end(), status);
  return static_cast<std::size_t>(found - statuses.begin());
}

constexpr std::array<std::string_view, 6> timed_alone = {
    "/api/scores/update", "/api/scores/increment", "/api/scores/me",
    "/api/auth/login",    "/api/auth/refresh",     "/internal/live/connect"};

std::string duration_label(std::string_view path) {
  const bool alone = std::find(timed_alone.begin(), timed_alone.end(), path) != timed_alone.end();
  return std::string(alone ? path : "others");
}

}  // namespace

struct RequestMetrics::Codes {
  static constexpr std::size_t count = statuses.size() + 1;
  std::array<std::once_flag, count> made;
  std::array<metrics::Counter, count> counters;
};

RequestMetrics::RequestMetrics(metrics::Registry* registry) : registry_(registry) {
  add("unknown");
}

std::size_t RequestMetrics::add(const std::string& path) {
  for (std::size_t at = 0; at < slots_.size(); ++at) {
    if (slots_[at].path == path) return at;
  }
  slots_.push_back({.path = path, .codes = std::make_shared<Codes>(), .duration = {}});
  if (registry_) {
    slots_.back().duration = registry_->histogram(
        "scoreboard_http_request_duration_seconds",
        "Time from a request's last byte at the worker to its answer, in seconds. Routes that"
        " have no histogram of their own are together in \"others\".",
        metrics::seconds_bounds, {{"route", duration_label(path)}});
  }
  return slots_.size() - 1;
}

void RequestMetrics::answered(std::size_t slot, int status,
                              std::chrono::steady_clock::duration took) const {
  if (!registry_) return;
  const Slot& one = slots_[slot];
  const std::size_t index = index_of(status);
  std::call_once(one.codes->made[index], [&] {
    const bool known = index < statuses.size();
    one.codes->counters[index] = registry_->counter(
        "scoreboard_http_requests_total", "Requests that the worker answered, by route and status.",
        {{"route", one.path}, {"code", known ? std::to_string(status) : "other"}});
  });
  one.codes->counters[index].add();
  one.duration.observe(took);
}

}  // namespace scoreboard::http
