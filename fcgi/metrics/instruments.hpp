// SPDX-License-Identifier: Apache-2.0
// What is counted and measured: handles of instruments that a registry (registry.hpp) made and
// owns. One that no registry made counts for nobody, so that whatever counts needs no registry to
// be tested or to run in a command. Cheap to copy, thread-safe; no look-up and no lock but a
// histogram's own.
#pragma once

#include <chrono>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace scoreboard::metrics {

// Only rises, from 0 at the start of the process.
class Counter {
 public:
  Counter() = default;
  explicit Counter(prometheus::Counter& counts) : counts_(&counts) {}

  void add(double more = 1) const;
  // Up to a total that somebody else keeps. One thread at a time: before a scrape.
  void raise_to(double total) const;

 private:
  prometheus::Counter* counts_ = nullptr;
};

class Gauge {
 public:
  Gauge() = default;
  explicit Gauge(prometheus::Gauge& shows) : shows_(&shows) {}

  void set(double value) const;

 private:
  prometheus::Gauge* shows_ = nullptr;
};

class Histogram {
 public:
  Histogram() = default;
  explicit Histogram(prometheus::Histogram& collects) : collects_(&collects) {}

  void observe(double value) const;
  void observe(std::chrono::duration<double> took) const { observe(took.count()); }

 private:
  prometheus::Histogram* collects_ = nullptr;
};

}  // namespace scoreboard::metrics
