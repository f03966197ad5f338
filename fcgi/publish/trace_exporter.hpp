// SPDX-License-Identifier: Apache-2.0
// Sends recorded spans to an OpenTelemetry collector (OTLP/HTTP, JSON) from a thread of its own. A
// collector that is slow or away costs spans and nothing else: each batch is tried once, for two
// seconds at most.
#pragma once

#include <memory>
#include <string>

#include "ops/spans.hpp"

namespace scoreboard::publish {

class TraceExporter {
 public:
  struct Options {
    std::string endpoint;  // "http://127.0.0.1:4318/v1/traces"
    std::string version;   // ours
  };
  // Starts its thread. `spans` outlives the exporter.
  TraceExporter(trace::Spans& spans, Options options);
  ~TraceExporter();  // sends what waits, within two seconds
  TraceExporter(const TraceExporter&) = delete;
  TraceExporter& operator=(const TraceExporter&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scoreboard::publish
