// SPDX-License-Identifier: Apache-2.0
#include "metrics/instruments.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace scoreboard::metrics {

void Counter::add(double more) const {
  if (counts_) counts_->Increment(more);
}

void Counter::raise_to(double total) const {
  if (counts_ && total > counts_->Value()) counts_->Increment(total - counts_->Value());
}

void Gauge::set(double value) const {
  if (shows_) shows_->Set(value);
}

void Histogram::observe(double value) const {
  if (collects_) collects_->Observe(value);
}

}  // namespace scoreboard::metrics
