// SPDX-License-Identifier: Apache-2.0
#include "publish/nchan_status.hpp"

#include <boost/test/unit_test.hpp>

using scoreboard::publish::parse_nchan_status;

BOOST_AUTO_TEST_CASE(the_page_of_nchan_1_3_is_read) {
  const auto status = parse_nchan_status(
      "total published messages: 1906\nstored messages: 1249\nshared memory used: 1824K\n"
      "shared memory limit: 65536K\nchannels: 80\nsubscribers: 90\nredis pending commands: 0\n"
      "nchan version: 1.3.6\n");
  BOOST_REQUIRE(status);
  BOOST_TEST(status->published == 1906);
  BOOST_TEST(status->messages == 1249);
  BOOST_TEST(status->memory_bytes == 1824 * 1024);
  BOOST_TEST(status->memory_bytes_max == 65536 * 1024);
  BOOST_TEST(status->channels == 80);
  BOOST_TEST(status->subscribers == 90);
}

BOOST_AUTO_TEST_CASE(a_text_of_something_else_is_no_status) {
  for (const char* text : {"", "\n\n", "404 Not Found", "<html>: 3", "subscribers 3"}) {
    BOOST_TEST(!parse_nchan_status(text));
  }
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_are_0_and_huge_ones_are_bounded) {
  BOOST_TEST(parse_nchan_status("subscribers: many")->subscribers == 0);
  BOOST_TEST(parse_nchan_status("subscribers: -4")->subscribers == 0);
  BOOST_TEST(parse_nchan_status("subscribers: 99999999999999999999")->subscribers == 0);
  BOOST_TEST(parse_nchan_status("shared memory used: 9223372036854775807K")->memory_bytes > 0);
  BOOST_TEST(parse_nchan_status("subscribers: 7")->subscribers == 7);
}
