// SPDX-License-Identifier: Apache-2.0
#include "doctor/nginx_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard::doctor;

BOOST_AUTO_TEST_SUITE(nginx_text)

BOOST_AUTO_TEST_CASE(version_and_modules_are_read_from_what_nginx_says) {
  const std::string text =
      "nginx version: nginx/1.22.1\nbuilt with OpenSSL 3.0.8\nconfigure arguments: "
      "--prefix=/usr/share/nginx --modules-path=/usr/lib/nginx/modules --with-compat\n";
  BOOST_TEST(nginx_version(text) == "1.22.1");
  BOOST_TEST(nginx_modules(text) == "/usr/lib/nginx/modules");
  BOOST_TEST(nginx_version("nginx version: nginx/1.18.0 (Ubuntu)") == "1.18.0");
  BOOST_TEST(nginx_version("what?") == "");
  BOOST_TEST(nginx_modules("") == "");
}

BOOST_AUTO_TEST_CASE(versions_are_compared_number_by_number) {
  BOOST_TEST(older("1.9.15", "1.22.1"));
  BOOST_TEST(older("1.22.0", "1.22.1"));
  BOOST_TEST(older("1.22", "1.22.1"));
  BOOST_TEST(older("", "0.1"));
  for (const char* version : {"1.22.1", "1.22.2", "1.23", "2", "1.22.1.1"}) {
    BOOST_TEST(!older(version, "1.22.1"), version);
  }
  BOOST_TEST(!older("", ""));
}

BOOST_AUTO_TEST_CASE(directives_are_told_with_their_block) {
  const auto found = directives(
      "user www-data; # worker_processes 9;\nworker_processes auto;\n"
      "events {\n\tworker_connections 768;\n}\n"
      "http { server { listen 80; location / { return 200 \"a;b}\"; } } include 'x y';}\n");
  BOOST_REQUIRE(found.size() == 6U);
  BOOST_TEST(found[0].name == "user");
  BOOST_TEST(found[0].arguments.at(0) == "www-data");
  BOOST_TEST(found[1].name == "worker_processes");
  BOOST_TEST(found[1].block == "");
  BOOST_TEST(found[2].block == "events");
  BOOST_TEST(found[2].arguments.at(0) == "768");
  BOOST_TEST(found[3].block == "http server");
  BOOST_TEST(found[4].block == "http server location");
  BOOST_TEST(found[4].arguments.at(1) == "a;b}");
  BOOST_TEST(found[5].arguments.at(0) == "x y");
}

BOOST_AUTO_TEST_CASE(what_is_included_stands_where_it_is_included) {
  const auto found = directives("server unix:/a; } b { c; }", "http upstream");
  BOOST_REQUIRE(found.size() == 2U);
  BOOST_TEST(found[0].block == "http upstream");
  BOOST_TEST(found[1].block == "http upstream b");
}

BOOST_AUTO_TEST_CASE(what_is_no_configuration_does_no_harm) {
  for (const char* text :
       {"", ";", "}", "{", "}}}{{{;;", "\"", "'open", "#", "a", "a {", "\\", "\"\""}) {
    directives(text);
  }
  BOOST_TEST(directives("a").empty());
}

BOOST_AUTO_TEST_CASE(the_limit_of_open_files_is_read_from_proc) {
  BOOST_TEST(open_files_limit(
                 "Limit  Soft Limit  Hard Limit  Units\n"
                 "Max processes   1   2  processes\n"
                 "Max open files            1024                 524288     files\n") == 1024);
  BOOST_TEST(open_files_limit("Max open files            unlimited  unlimited  files\n") == -1);
  BOOST_TEST(open_files_limit("") == -1);
}

BOOST_AUTO_TEST_SUITE_END()
