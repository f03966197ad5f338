// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "auth/password.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;

BOOST_AUTO_TEST_SUITE(registration)

namespace {

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

bool is_taken(const Result<void>& result, std::string_view field) {
  if (result) return true;
  BOOST_TEST((result.error().code == ErrorCode::malformed));
  BOOST_TEST(result.error().field == field);
  BOOST_TEST(result.error().reason.starts_with("must "));
  return false;
}

bool username_taken(std::string_view text) {
  return is_taken(check_username(text), "username");
}
bool email_taken(std::string_view text) {
  return is_taken(check_email(text), "email");
}
bool password_taken(std::string_view text) {
  return is_taken(check_password(text), "password");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_username_has_3_to_50_characters) {
  BOOST_TEST(!username_taken(""));
  BOOST_TEST(!username_taken("ab"));
  BOOST_TEST(username_taken("ana"));
  BOOST_TEST(username_taken(std::string(50, 'a')));
  BOOST_TEST(!username_taken(std::string(51, 'a')));
}

BOOST_AUTO_TEST_CASE(a_username_has_letters_digits_and_three_marks) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    const bool mark = c == '.' || c == '-';
    BOOST_TEST(username_taken(std::string("an") + c) == (plain || mark), "byte " << byte);
    BOOST_TEST(username_taken(c + std::string("na")) == plain, "byte " << byte);
  }
  BOOST_TEST(!username_taken("aña"));
}

BOOST_AUTO_TEST_CASE(an_email_has_one_at_sign_and_a_dotted_domain) {
  for (const char* text :
       {"ana@example.org", "a@b.c", "ana+board@mail.example.co.uk", "ANA@EXAMPLE.ORG",
        "o'brien@example.org", "josé@exämple.org", "\"quoted\"@example.org", ".a@b.c"}) {
    BOOST_TEST(email_taken(text), text);
  }
  for (const char* text : {"",
                           "@",
                           "ana",
                           "ana@",
                           "@example.org",
                           "ana@example",
                           "ana@@example.org",
                           "ana@b@example.org",
                           "ana@.org",
                           "ana@example.",
                           "ana@exa..mple.org",
                           "ana@.",
                           "ana @example.org",
                           "ana@example.org ",
                           "ana@exam ple.org",
                           "ana@example.org\n",
                           "ana\t@example.org",
                           "ana\r\nBcc: x@example.org",
                           "ana\x7f@example.org",
                           "ana\u0085@example.org",
                           "ana\u00a0@example.org",
                           "ana\u2003@example.org",
                           "ana\u2028@example.org",
                           "ana\xFF@example.org",
                           "ana\xC3@example.org"}) {
    BOOST_TEST(!email_taken(text), text);
  }
  BOOST_TEST(!email_taken(std::string_view("a\0@b.c", 6)));
}

BOOST_AUTO_TEST_CASE(an_email_has_at_most_255_bytes) {
  const std::string domain = "@example.org";
  BOOST_TEST(email_taken(std::string(255 - domain.size(), 'a') + domain));
  BOOST_TEST(!email_taken(std::string(256 - domain.size(), 'a') + domain));
}

BOOST_AUTO_TEST_CASE(a_password_has_8_to_128_characters_not_bytes) {
  BOOST_TEST(!password_taken(""));
  BOOST_TEST(!password_taken(std::string(7, 'a')));
  BOOST_TEST(password_taken(std::string(8, 'a')));
  BOOST_TEST(password_taken(std::string(128, 'a')));
  BOOST_TEST(!password_taken(std::string(129, 'a')));
  BOOST_TEST(!password_taken(repeated("é", 7)));
  BOOST_TEST(password_taken(repeated("é", 8)));
  BOOST_TEST(password_taken(repeated("東", 128)));
  BOOST_TEST(!password_taken(repeated("東", 129)));
  // 127 of four bytes and one of three fill libxcrypt's 511; one byte more is refused.
  BOOST_TEST(password_taken(repeated("😀", 127) + "東"));
  BOOST_TEST(!password_taken(repeated("😀", 128)));
}

BOOST_AUTO_TEST_CASE(a_password_is_text_without_controls) {
  BOOST_TEST(password_taken("with spaces, \"quotes\" and 'more' \\ /"));
  for (const char* bad :
       {"\n", "\t", "\x01", "\x1f", "\x7f", "\u0080", "\u009f", "\xFF", "\xC3", "\xED\xA0\x80"}) {
    BOOST_TEST(!password_taken(std::string("password") + bad));
  }
  BOOST_TEST(!password_taken(std::string("pass\0word", 9)));
}

BOOST_AUTO_TEST_CASE(whatever_passes_can_be_hashed) {
  Passwords passwords({.cost = 1});
  for (const std::string& password :
       {std::string(8, 'a'), std::string(128, 'a'), repeated("😀", 127) + "東"}) {
    BOOST_TEST_REQUIRE(bool(check_password(password)));
    BOOST_TEST(bool(passwords.hash(password)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
