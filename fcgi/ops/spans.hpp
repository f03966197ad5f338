// SPDX-License-Identifier: Apache-2.0
// Pieces of work of recorded traces, on their way to whoever exports them. Whoever works never
// waits for the exporter: when the buffer is full, spans are dropped and counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ops/trace_context.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::trace {

// As OpenTelemetry numbers them (opentelemetry/proto/trace/v1, Span.SpanKind).
enum class Kind : std::uint8_t { internal = 1, server = 2, client = 3, producer = 4 };

using Attribute = std::pair<std::string, std::variant<std::string, std::int64_t>>;

struct Span {
  std::string trace_id = {};
  std::string span_id = {};
  std::string parent_id = {};  // empty: the first of its trace
  std::string service = {};    // who did it: "scoreboard-worker", or the edge before it
  std::string name = {};
  Kind kind = Kind::internal;
  Timestamp began = {};
  Timestamp ended = {};
  bool failed = false;
  std::vector<Attribute> attributes = {};
};

class Spans {
 public:
  static constexpr std::size_t waiting_max = 4096;  // some two megabytes

  // Thread-safe, as is everything here.
  void add(Span span);

  struct Taken {
    std::vector<Span> spans;
    std::int64_t dropped = 0;  // since the last take()
  };
  Taken take();

 private:
  std::mutex mutex_;
  std::vector<Span> waiting_;
  std::int64_t dropped_ = 0;
};

}  // namespace scoreboard::trace
