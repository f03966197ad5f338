// SPDX-License-Identifier: Apache-2.0
#include "fanout/told.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "exact_percentiles.hpp"

namespace scoreboard::bench {
namespace {

std::string percentiles(std::vector<double> ms) {
  if (ms.empty()) return R"("p50_ms":null,"p95_ms":null,"p99_ms":null,"last_ms":null)";
  const ExactPercentiles of(std::move(ms));
  return fmt::format(R"("p50_ms":{:.3f},"p95_ms":{:.3f},"p99_ms":{:.3f},"last_ms":{:.3f})",
                     of.at(500), of.at(950), of.at(990), of.max());
}

struct Changes {
  std::vector<std::string> each;
  std::vector<double> all;   // every receipt
  std::vector<double> last;  // of each change
  std::vector<double> answers;
  std::size_t missing = 0;
  std::size_t merged = 0;
};

Changes told_of_changes(const Receipts& receipts, const std::vector<Change>& changes) {
  Changes told;
  for (const Change& change : changes) {
    if (change.answered == 0) continue;
    const Spread spread = receipts.of(change);
    told.missing += spread.missing;
    told.merged += spread.merged ? 1 : 0;
    told.all.insert(told.all.end(), spread.ms.begin(), spread.ms.end());
    if (!spread.ms.empty()) told.last.push_back(spread.ms.back());
    told.answers.push_back(static_cast<double>(change.answered - change.began) / 1e6);
    told.each.push_back(fmt::format(R"({{"mark":{},"answer_ms":{:.3f},{},"missing":{}}})",
                                    change.mark, told.answers.back(), percentiles(spread.ms),
                                    spread.missing));
  }
  return told;
}

std::string median(std::vector<double> ms) {
  return ms.empty() ? "null" : fmt::format("{:.3f}", ExactPercentiles(std::move(ms)).at(500));
}

// From the first cut to each one's being current again.
std::string told_of_returns(const std::vector<Crowd::Return>& returns) {
  if (returns.empty()) return "null";
  Nanos first = returns.front().cut;
  for (const auto& one : returns) first = std::min(first, one.cut);
  std::vector<double> ms;
  std::size_t away = 0;
  for (const auto& one : returns) {
    if (one.current == 0) {
      ++away;
    } else {
      ms.push_back(static_cast<double>(one.current - first) / 1e6);
    }
  }
  return fmt::format(R"({{"watchers":{},"away":{},"first_cut_s":{:.6f},{}}})", returns.size(), away,
                     static_cast<double>(first) / 1e9, percentiles(std::move(ms)));
}

}  // namespace

std::string told_of(const Crowd& crowd, const std::vector<Change>& changes,
                    const std::vector<int>& refusals) {
  const Changes told = told_of_changes(crowd.receipts(), changes);
  const Crowd::Told all = crowd.told();
  const std::string course = fmt::format(
      R"("changes":{},{},"last_ms_median":{},"answer_ms_median":{},"missing":{},"merged":{})",
      told.each.size(), percentiles(told.all), median(told.last), median(told.answers),
      told.missing, told.merged);
  const std::string crowd_now = fmt::format(
      R"("up":{},"cut":{},"attempts_refused":{},"messages":{},"fell":{},"deaf_dropped":{})", all.up,
      all.cut, all.refused, all.messages, all.fell, all.deaf_dropped);
  return fmt::format(R"({{{},"refused":[{}],{},"returns":{},"each":[{}]}})", course,
                     fmt::join(refusals, ","), crowd_now, told_of_returns(all.returns),
                     fmt::join(told.each, ","));
}

void write_versions(const std::string& file, const Crowd& crowd) {
  std::ofstream out(file);
  for (std::size_t i = 0; i < crowd.versions().size(); ++i) {
    out << i << fmt::format(" {}\n", fmt::join(crowd.versions()[i], " "));
  }
}

}  // namespace scoreboard::bench
