// SPDX-License-Identifier: Apache-2.0
#include "samples.hpp"

#include <fmt/core.h>

#include <map>
#include <ostream>

#include "exact_percentiles.hpp"

namespace scoreboard::bench {
namespace {

constexpr double series_step = 0.1;

bool good(int status) {
  return status >= 200 && status < 300;
}

std::string percentiles(const ExactPercentiles& of) {
  return fmt::format(R"("count":{},"p50_ms":{:.3f},"p90_ms":{:.3f},"p99_ms":{:.3f},)"
                     R"("p999_ms":{:.3f},"max_ms":{:.3f})",
                     of.count(), of.at(500), of.at(900), of.at(990), of.at(999), of.max());
}

struct Window {
  std::vector<double> good;
  std::vector<double> refused;
  long other = 0;
  long lost = 0;
};

}  // namespace

std::string Samples::summary(double from, double to) const {
  std::map<int, std::vector<double>> by_status;
  std::vector<double> all;
  std::vector<double> late;
  long without_retry_after = 0;
  long accepted = 0;
  for (const Sample& one : all_) {
    // A rate is of what was done in that time, also for those who had been waiting before.
    if (good(one.status) && one.ended >= from && one.ended < to) ++accepted;
    if (one.due < from || one.due >= to) continue;
    const double latency = (one.ended - one.due) * 1000;
    by_status[one.status].push_back(latency);
    all.push_back(latency);
    late.push_back((one.sent - one.due) * 1000);
    if ((one.status == 503 || one.status == 429) && !one.retry_after) ++without_retry_after;
  }
  const double seconds = to - from;
  std::string text = fmt::format(
      R"({{"seconds":{:.3f},"due_per_second":{:.1f},"per_second":{:.1f},)", seconds,
      static_cast<double>(all.size()) / seconds, static_cast<double>(accepted) / seconds);
  text += fmt::format(R"("broken":{},"timed_out":{},"without_retry_after":{},)",
                      by_status[Sample::broken].size(), by_status[Sample::timed_out].size(),
                      without_retry_after);
  text += fmt::format(R"("all":{{{}}},"sent_late":{{{}}},"status":{{)",
                      percentiles(ExactPercentiles(all)), percentiles(ExactPercentiles(late)));
  const char* between = "";
  for (auto& [status, latencies] : by_status) {
    if (status <= 0) continue;
    text += fmt::format(R"({}"{}":{{{}}})", between, status,
                        percentiles(ExactPercentiles(std::move(latencies))));
    between = ",";
  }
  return text + "}}";
}

void Samples::write_series(std::ostream& into) const {
  std::map<long, Window> windows;
  for (const Sample& one : all_) {
    Window& window = windows[static_cast<long>(one.due / series_step)];
    const double latency = (one.ended - one.due) * 1000;
    if (good(one.status)) {
      window.good.push_back(latency);
    } else if (one.status == 503) {
      window.refused.push_back(latency);
    } else {
      ++(one.status <= 0 ? window.lost : window.other);
    }
  }
  into << "second,due,ok,refused,other,lost,ok_p50_ms,ok_p99_ms,refused_p50_ms,refused_p99_ms\n";
  for (auto& [number, window] : windows) {
    const ExactPercentiles ok(std::move(window.good));
    const ExactPercentiles refused(std::move(window.refused));
    into << fmt::format(
        "{:.1f},{},{},{},{},{},{:.3f},{:.3f},{:.3f},{:.3f}\n",
        static_cast<double>(number) * series_step,
        static_cast<long>(ok.count() + refused.count()) + window.other + window.lost, ok.count(),
        refused.count(), window.other, window.lost, ok.at(500), ok.at(990), refused.at(500),
        refused.at(990));
  }
}

}  // namespace scoreboard::bench
