// SPDX-License-Identifier: Apache-2.0
// Which trace a piece of work belongs to: the traceparent field of W3C Trace Context (level 1,
// https://www.w3.org/TR/trace-context/). Ids are lower-case hexadecimal digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace scoreboard::trace {

struct Context {
  std::string trace_id = {};  // 32 digits, not all zero
  std::string span_id = {};   // 16 digits, not all zero: whoever comes next is its child
  bool sampled = false;

  bool operator==(const Context&) const = default;
};

// Nothing for what is no traceparent, as if none had been sent. Of a version above 00 what is known
// of version 00 is read.
std::optional<Context> parse_traceparent(std::string_view field);

// "00-<trace id>-<span id>-01", or 00 if not sampled.
std::string to_traceparent(const Context& context);

// Random; no secret. Thread-safe.
std::string new_span_id();

// Whether a trace belongs to the `permille` of all traces that are recorded: every process decides
// alike.
bool chosen(std::string_view trace_id, int permille);

}  // namespace scoreboard::trace
