// SPDX-License-Identifier: Apache-2.0
#include "publish/otlp_json.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(otlp)

// The form of opentelemetry-proto's examples/trace.json.
BOOST_AUTO_TEST_CASE(a_span_is_written_as_the_protocol_wants_it) {
  const trace::Span span{.trace_id = "0af7651916cd43dd8448eb211c80319c",
                         .span_id = "b7ad6b7169203331",
                         .parent_id = "00f067aa0ba902b7",
                         .service = "scoreboard-worker",
                         .name = "POST \"x\"",
                         .kind = trace::Kind::server,
                         .began = from_micros(1790000000000001),
                         .ended = from_micros(1790000000001000),
                         .failed = true,
                         .attributes = {{"http.response.status_code", std::int64_t{503}},
                                        {"url.path", std::string("/api")}}};
  const trace::Span first{.trace_id = span.trace_id,
                          .span_id = "00f067aa0ba902b7",
                          .service = "scoreboard-edge",
                          .name = "POST"};
  BOOST_TEST(publish::otlp_json({span, first}, "host", "1.2") ==
             R"({"resourceSpans":[)"
             R"({"resource":{"attributes":[)"
             R"({"key":"service.name","value":{"stringValue":"scoreboard-edge"}},)"
             R"({"key":"service.version","value":{"stringValue":"1.2"}},)"
             R"({"key":"host.name","value":{"stringValue":"host"}}]},)"
             R"("scopeSpans":[{"scope":{"name":"scoreboard"},"spans":[)"
             R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b7",)"
             R"("name":"POST","kind":1,"startTimeUnixNano":"0","endTimeUnixNano":"0",)"
             R"("attributes":[],"status":{}}]}]},)"
             R"({"resource":{"attributes":[)"
             R"({"key":"service.name","value":{"stringValue":"scoreboard-worker"}},)"
             R"({"key":"service.version","value":{"stringValue":"1.2"}},)"
             R"({"key":"host.name","value":{"stringValue":"host"}}]},)"
             R"("scopeSpans":[{"scope":{"name":"scoreboard"},"spans":[)"
             R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",)"
             R"("parentSpanId":"00f067aa0ba902b7","name":"POST \"x\"","kind":2,)"
             R"("startTimeUnixNano":"1790000000000001000","endTimeUnixNano":"1790000000001000000",)"
             R"("attributes":[)"
             R"({"key":"http.response.status_code","value":{"intValue":"503"}},)"
             R"({"key":"url.path","value":{"stringValue":"/api"}}],)"
             R"("status":{"code":2}}]}]}]})");
}

BOOST_AUTO_TEST_SUITE_END()
