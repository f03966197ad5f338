// SPDX-License-Identifier: Apache-2.0
#include "metrics/registry.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace scoreboard::metrics;

namespace {

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_CASE(instruments_are_told_with_their_help_and_labels) {
  Registry registry;
  registry.counter("eggs_total", "Eggs laid.", {{"colour", "white"}}).add(3);
  registry.gauge("hens", "Hens now.").set(2.5);
  const std::string text = registry.text();
  BOOST_TEST(has_line(text, "# HELP eggs_total Eggs laid."));
  BOOST_TEST(has_line(text, "# TYPE eggs_total counter"));
  BOOST_TEST(has_line(text, "eggs_total{colour=\"white\"} 3"));
  BOOST_TEST(has_line(text, "hens 2.5"));
}

BOOST_AUTO_TEST_CASE(the_same_name_and_labels_are_the_same_instrument) {
  Registry registry;
  registry.counter("eggs_total", "Eggs laid.", {{"colour", "white"}}).add();
  registry.counter("eggs_total", "Eggs laid.", {{"colour", "white"}}).add();
  registry.counter("eggs_total", "Eggs laid.", {{"colour", "brown"}}).add();
  const std::string text = registry.text();
  BOOST_TEST(has_line(text, "eggs_total{colour=\"white\"} 2"));
  BOOST_TEST(has_line(text, "eggs_total{colour=\"brown\"} 1"));
  BOOST_TEST(text.find("# HELP eggs_total") == text.rfind("# HELP eggs_total"));
}

BOOST_AUTO_TEST_CASE(a_bound_belongs_to_its_own_bucket) {
  Registry registry;
  const Histogram took = registry.histogram("took_seconds", "Took.", {.1, 1});
  took.observe(.1);
  took.observe(std::chrono::milliseconds{101});
  took.observe(7);
  const std::string text = registry.text();
  BOOST_TEST(has_line(text, "took_seconds_bucket{le=\"0.1\"} 1"));
  BOOST_TEST(has_line(text, "took_seconds_bucket{le=\"1\"} 2"));
  BOOST_TEST(has_line(text, "took_seconds_bucket{le=\"+Inf\"} 3"));
  BOOST_TEST(has_line(text, "took_seconds_count 3"));
}

BOOST_AUTO_TEST_CASE(a_counter_is_raised_to_a_total_and_never_falls) {
  Registry registry;
  const Counter eggs = registry.counter("eggs_total", "Eggs laid.");
  eggs.raise_to(5);
  eggs.raise_to(4);
  BOOST_TEST(has_line(registry.text(), "eggs_total 5"));
}

BOOST_AUTO_TEST_CASE(readers_look_before_every_scrape) {
  Registry registry;
  const Gauge looks = registry.gauge("looks", "Looks.");
  int count = 0;
  registry.before_scrape([&] { looks.set(++count); });
  BOOST_TEST(has_line(registry.text(), "looks 1"));
  BOOST_TEST(has_line(registry.text(), "looks 2"));
}

BOOST_AUTO_TEST_CASE(an_instrument_of_no_registry_counts_for_nobody) {
  Counter{}.add();
  Counter{}.raise_to(3);
  Gauge{}.set(1);
  Histogram{}.observe(1);
}

BOOST_AUTO_TEST_CASE(what_is_no_name_is_refused) {
  Registry registry;
  BOOST_CHECK_THROW(registry.counter("no name", "Help."), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(many_threads_lose_nothing) {
  Registry registry;
  const Counter eggs = registry.counter("eggs_total", "Eggs laid.");
  const Histogram took = registry.histogram("took_seconds", "Took.", {1});
  std::vector<std::thread> hens;
  for (int i = 0; i < 4; ++i) {
    hens.emplace_back([&] {
      for (int j = 0; j < 10000; ++j) {
        eggs.add();
        took.observe(.5);
      }
    });
  }
  for (std::thread& hen : hens) hen.join();
  BOOST_TEST(has_line(registry.text(), "eggs_total 40000"));
  BOOST_TEST(has_line(registry.text(), "took_seconds_count 40000"));
}
