// SPDX-License-Identifier: Apache-2.0
#include "metrics/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard::metrics;

BOOST_AUTO_TEST_CASE(what_a_registry_tells_is_read_again) {
  Registry registry;
  registry.counter("eggs_total", "Eggs.", {{"colour", "white"}, {"size", "l"}}).add(3);
  registry.counter("eggs_total", "Eggs.", {{"colour", "brown"}, {"size", "l"}}).add(4);
  registry.gauge("hens", "Hens.", {{"name", "a \"b\"\\,\n}"}}).set(1.5);
  const Histogram took = registry.histogram("took_seconds", "Took.", {.1});
  took.observe(.05);
  took.observe(7);
  const Samples samples(registry.text());
  BOOST_TEST(samples.sum("eggs_total") == 7);
  BOOST_TEST(samples.sum("eggs_total", {{"colour", "brown"}}) == 4);
  BOOST_TEST(samples.sum("eggs_total", {{"colour", "blue"}}) == 0);
  BOOST_TEST(samples.sum("hens") == 1.5);
  BOOST_TEST(samples.label("hens", "name") == "a \"b\"\\,\n}");
  BOOST_TEST(samples.sum("took_seconds_bucket", {{"le", "0.1"}}) == 1);
  BOOST_TEST(samples.sum("took_seconds_count") == 2);
}

BOOST_AUTO_TEST_CASE(lines_that_are_no_samples_are_passed_over) {
  const Samples samples(
      "\n# HELP a b\na\na{\na{b\na{b=\na{b=\"c\na{b=\"c\"\na{b=\"c\"}\na x\na 1 2\na{} 5\nb 1e3");
  BOOST_TEST(samples.sum("a") == 5);
  BOOST_TEST(samples.sum("b") == 1000);
  BOOST_TEST(samples.label("a", "b").empty());
  BOOST_TEST(samples.label("c", "b").empty());
}
