// SPDX-License-Identifier: Apache-2.0
#include "ops/trace_context.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace scoreboard;
using trace::parse_traceparent;

BOOST_AUTO_TEST_SUITE(trace_context)

namespace {

const std::string trace_id = "0af7651916cd43dd8448eb211c80319c";
const std::string span_id = "b7ad6b7169203331";
const std::string good = "00-" + trace_id + "-" + span_id + "-01";

}  // namespace

BOOST_AUTO_TEST_CASE(the_example_of_the_specification_is_read_and_written) {
  const auto context = parse_traceparent(good);
  BOOST_REQUIRE(context);
  BOOST_TEST(context->trace_id == trace_id);
  BOOST_TEST(context->span_id == span_id);
  BOOST_TEST(context->sampled);
  BOOST_TEST(trace::to_traceparent(*context) == good);
}

BOOST_AUTO_TEST_CASE(only_the_lowest_flag_says_that_a_trace_is_recorded) {
  const std::string start = "00-" + trace_id + "-" + span_id;
  for (const char* flags : {"-00", "-02", "-fe"}) {
    BOOST_TEST(!parse_traceparent(start + flags)->sampled, flags);
  }
  BOOST_TEST(parse_traceparent(start + "-03")->sampled);
  BOOST_TEST(parse_traceparent(start + "-ff")->sampled);
  BOOST_TEST(trace::to_traceparent(*parse_traceparent(start + "-02")) == start + "-00");
}

BOOST_AUTO_TEST_CASE(what_is_no_traceparent_is_as_if_none_was_sent) {
  const std::vector<std::string> bad{
      "",
      "00",
      good.substr(0, 54),
      good + "x",
      good + "-",
      good + "-what-the-future",  // version 00 has nothing behind
      "ff" + good.substr(2),
      "0x" + good.substr(2),
      "00-" + std::string(32, '0') + "-" + span_id + "-01",
      "00-" + trace_id + "-" + std::string(16, '0') + "-01",
      "00-0AF7651916CD43DD8448EB211C80319C-" + span_id + "-01",
      "00-" + trace_id + "-B7AD6B7169203331-01",
      "00-" + trace_id + "-" + span_id + "-0g",
      "00_" + trace_id + "-" + span_id + "-01",
      "00-" + trace_id + "_" + span_id + "-01",
      "00-" + trace_id + "-" + span_id + "_01",
      good + ", " + good,  // two fields: which one?
      " " + good,
  };
  for (const std::string& field : bad) BOOST_TEST(!parse_traceparent(field), field);
}

BOOST_AUTO_TEST_CASE(of_a_later_version_what_is_known_is_read) {
  const std::string later = "cc" + good.substr(2);
  BOOST_TEST((parse_traceparent(later) == parse_traceparent(good)));
  BOOST_TEST((parse_traceparent(later + "-what-the-future") == parse_traceparent(good)));
  BOOST_TEST(!parse_traceparent(later + ".what-the-future"));
}

BOOST_AUTO_TEST_CASE(new_span_ids_are_ids_and_differ) {
  const std::string one = trace::new_span_id();
  const std::string other = trace::new_span_id();
  BOOST_TEST(one != other);
  BOOST_TEST(parse_traceparent("00-" + trace_id + "-" + one + "-01").has_value());
}

BOOST_AUTO_TEST_CASE(the_wanted_part_of_all_traces_is_chosen) {
  int chosen = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string id = trace::new_span_id() + trace::new_span_id();
    BOOST_REQUIRE(trace::chosen(id, 1000));
    BOOST_REQUIRE(!trace::chosen(id, 0));
    BOOST_REQUIRE(trace::chosen(id, 100) <= trace::chosen(id, 200));
    chosen += trace::chosen(id, 100);
  }
  BOOST_TEST(chosen > 120);  // of 200 expected: six standard deviations
  BOOST_TEST(chosen < 280);
}

BOOST_AUTO_TEST_SUITE_END()
