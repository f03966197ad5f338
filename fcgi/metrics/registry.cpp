// SPDX-License-Identifier: Apache-2.0
#include "metrics/registry.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace scoreboard::metrics {

struct Registry::State {
  prometheus::Registry registry;
  std::mutex scraping;
  std::vector<std::function<void()>> readers;
};

Registry::Registry() : state_(std::make_unique<State>()) {}

Registry::~Registry() = default;

Counter Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
  return Counter(family.Add(labels));
}

Gauge Registry::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
  return Gauge(family.Add(labels));
}

Histogram Registry::histogram(const std::string& name, const std::string& help,
                              const Bounds& bounds, const Labels& labels) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
  return Histogram(family.Add(labels, bounds));
}

void Registry::before_scrape(std::function<void()> read) {
  const std::lock_guard lock(state_->scraping);
  state_->readers.push_back(std::move(read));
}

std::string Registry::text() {
  const std::lock_guard lock(state_->scraping);
  for (const auto& read : state_->readers) read();
  return prometheus::TextSerializer{}.Serialize(state_->registry.Collect());
}

}  // namespace scoreboard::metrics
