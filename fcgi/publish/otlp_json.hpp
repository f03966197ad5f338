// SPDX-License-Identifier: Apache-2.0
// Spans as the body of OTLP/HTTP's POST /v1/traces in JSON (opentelemetry-proto 1.x, "JSON Protobuf
// Encoding": ids are hexadecimal, 64-bit integers are strings, enumerations are numbers).
#pragma once

#include <string>
#include <vector>

#include "ops/spans.hpp"

namespace scoreboard::publish {

// One ExportTraceServiceRequest. `host` and `version` describe who reports.
std::string otlp_json(const std::vector<trace::Span>& spans, const std::string& host,
                      const std::string& version);

}  // namespace scoreboard::publish
