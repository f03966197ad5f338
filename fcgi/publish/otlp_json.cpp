// SPDX-License-Identifier: Apache-2.0
#include "publish/otlp_json.hpp"

#include <map>

#include "json/writer.hpp"

namespace scoreboard::publish {
namespace {

constexpr std::int64_t status_error = 2;  // Status.StatusCode

std::string nanoseconds(Timestamp at) {
  return std::to_string(to_micros(at) * 1000);
}

void attribute(json::Writer& writer, std::string_view key,
               const std::variant<std::string, std::int64_t>& value) {
  writer.begin_object().key("key").string(key).key("value").begin_object();
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    writer.key("intValue").string(std::to_string(*number));
  } else {
    writer.key("stringValue").string(std::get<std::string>(value));
  }
  writer.end_object().end_object();
}

void span_json(json::Writer& writer, const trace::Span& span) {
  writer.begin_object();
  writer.key("traceId").string(span.trace_id);
  writer.key("spanId").string(span.span_id);
  if (!span.parent_id.empty()) writer.key("parentSpanId").string(span.parent_id);
  writer.key("name").string(span.name);
  writer.key("kind").number(static_cast<std::int64_t>(span.kind));
  writer.key("startTimeUnixNano").string(nanoseconds(span.began));
  writer.key("endTimeUnixNano").string(nanoseconds(span.ended));
  writer.key("attributes").begin_array();
  for (const auto& [key, value] : span.attributes) attribute(writer, key, value);
  writer.end_array();
  writer.key("status").begin_object();
  if (span.failed) writer.key("code").number(status_error);
  writer.end_object();
  writer.end_object();
}

}  // namespace

std::string otlp_json(const std::vector<trace::Span>& spans, const std::string& host,
                      const std::string& version) {
  std::map<std::string, std::vector<const trace::Span*>> by_service;
  for (const trace::Span& span : spans) by_service[span.service].push_back(&span);
  json::Writer writer;
  writer.begin_object().key("resourceSpans").begin_array();
  for (const auto& [service, its] : by_service) {
    writer.begin_object().key("resource").begin_object().key("attributes").begin_array();
    attribute(writer, "service.name", service);
    attribute(writer, "service.version", version);
    attribute(writer, "host.name", host);
    writer.end_array().end_object();
    writer.key("scopeSpans").begin_array().begin_object();
    writer.key("scope").begin_object().key("name").string("scoreboard").end_object();
    writer.key("spans").begin_array();
    for (const trace::Span* span : its) span_json(writer, *span);
    writer.end_array().end_object().end_array().end_object();
  }
  writer.end_array().end_object();
  return std::move(writer).take();
}

}  // namespace scoreboard::publish
