// SPDX-License-Identifier: Apache-2.0
#include "auth/action_signature.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "unit/auth/vector_file.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
using namespace scoreboard::auth::test;

BOOST_AUTO_TEST_SUITE(action_signature)

namespace {

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

bool is_bad_signature(const Result<void>& result) {
  return !result && result.error().code == ErrorCode::bad_signature &&
         result.error().reason.empty();
}

// A golden vector that owns its texts.
struct UpdateCase {
  explicit UpdateCase(const json::Value& vector)
      : key(text_of(vector, "key")),
        action_id(text_of(vector, "action_id")),
        action_type(text_of(vector, "action_type")),
        timestamp(text_of(vector, "timestamp")),
        signed_text(text_of(vector, "signed")),
        signature(text_of(vector, "signature")) {}
  UpdateFields fields() const { return {action_id, action_type, timestamp}; }

  std::string key, action_id, action_type, timestamp, signed_text, signature;
};

struct IncrementCase {
  explicit IncrementCase(const json::Value& vector)
      : key(text_of(vector, "key")),
        user_id(text_of(vector, "user_id")),
        action_id(text_of(vector, "action_id")),
        delta(number_of(vector, "delta")),
        nonce(text_of(vector, "nonce")),
        timestamp(text_of(vector, "timestamp")),
        signed_text(text_of(vector, "signed")),
        signature(text_of(vector, "signature")) {}
  IncrementFields fields() const { return {user_id, action_id, delta, nonce, timestamp}; }

  std::string key, user_id, action_id;
  std::int64_t delta;
  std::string nonce, timestamp, signed_text, signature;
};

template <class Case>
std::vector<Case> golden(const std::string& file) {
  std::vector<Case> cases;
  for (const json::Value& vector : vector_cases(file)) cases.emplace_back(vector);
  return cases;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_update_is_signed_as_in_the_golden_vectors) {
  for (const auto& one : golden<UpdateCase>("update_signatures.json")) {
    // The vectors are themselves requests that we take.
    BOOST_TEST(bool(check_action_id(one.action_id, "action_id")));
    BOOST_TEST(bool(check_action_type(one.action_type, "action_type")));
    BOOST_TEST(bool(parse_update_timestamp(one.timestamp, "timestamp")));
    BOOST_TEST(signed_bytes(one.fields()) == one.signed_text);
    BOOST_TEST(bool(check_signature(one.key, one.fields(), one.signature)));
    BOOST_TEST(bool(check_signature(one.key, one.fields(), upper(one.signature))));
  }
}

BOOST_AUTO_TEST_CASE(an_increment_is_signed_as_in_the_golden_vectors) {
  for (const auto& one : golden<IncrementCase>("increment_signatures.json")) {
    BOOST_TEST(bool(check_action_id(one.action_id, "actionId")));
    BOOST_TEST(bool(parse_increment_timestamp(one.timestamp, "x-request-timestamp")));
    BOOST_TEST(signed_bytes(one.fields()) == one.signed_text);
    BOOST_TEST(bool(check_signature(one.key, one.fields(), one.signature)));
    BOOST_TEST(
        bool(check_signature(one.key, one.fields(), "v1=" + upper(one.signature.substr(3)))));
  }
}

BOOST_AUTO_TEST_CASE(a_signature_covers_each_field_of_an_update) {
  const auto one = golden<UpdateCase>("update_signatures.json").front();
  const auto rejects = [&](const UpdateFields& fields, std::string_view key) {
    return is_bad_signature(check_signature(key, fields, one.signature));
  };
  const auto fields = one.fields();
  BOOST_TEST(!rejects(fields, one.key));
  BOOST_TEST(rejects({"550e8400-e29b-41d4-a716-446655440001", fields.action_type, fields.timestamp},
                     one.key));
  BOOST_TEST(rejects({fields.action_id, "COMPLETE_TASKS", fields.timestamp}, one.key));
  BOOST_TEST(rejects({fields.action_id, fields.action_type, "2026-02-02T10:30:01Z"}, one.key));
  // Another spelling of the same moment is other bytes.
  BOOST_TEST(rejects({fields.action_id, fields.action_type, "2026-02-02T10:30:00.0Z"}, one.key));
  BOOST_TEST(rejects(fields, std::string(64, '0')));
  BOOST_TEST(rejects(fields, ""));
  // The key is the text, not the bytes that its digits stand for, and not the text in capitals.
  BOOST_TEST(rejects(fields, upper(one.key)));
}

BOOST_AUTO_TEST_CASE(a_signature_covers_each_field_of_an_increment) {
  const auto one = golden<IncrementCase>("increment_signatures.json").front();
  const auto rejects = [&](auto change) {
    IncrementFields fields = one.fields();
    change(fields);
    return is_bad_signature(check_signature(one.key, fields, one.signature));
  };
  BOOST_TEST(!rejects([](IncrementFields&) {}));
  BOOST_TEST(rejects([](auto& f) { f.user_id = "7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d18"; }));
  BOOST_TEST(rejects([](auto& f) { f.action_id = "550e8400-e29b-41d4-a716-446655440001"; }));
  BOOST_TEST(rejects([](auto& f) { f.delta = 2; }));
  BOOST_TEST(rejects([](auto& f) { f.delta = -1; }));
  BOOST_TEST(rejects([](auto& f) { f.nonce = "00112233445566778899aabbccddeefe"; }));
  BOOST_TEST(rejects([](auto& f) { f.nonce = ""; }));
  BOOST_TEST(rejects([](auto& f) { f.timestamp = "2026-02-02T10:30:01Z"; }));
}

BOOST_AUTO_TEST_CASE(a_signature_of_another_form_does_not_match) {
  const auto a = golden<UpdateCase>("update_signatures.json").front();
  const auto b = golden<IncrementCase>("increment_signatures.json").front();
  const std::string digits = b.signature.substr(3);
  for (const std::string& signature :
       {std::string(), std::string("0"), a.signature.substr(1), a.signature + "0",
        a.signature + "00", " " + a.signature, a.signature + "\n", "0x" + a.signature.substr(2),
        "v1=" + a.signature, "sha256=" + a.signature, std::string(64, '0'), std::string(64, 'g'),
        a.signature.substr(0, 63) + std::string(1, '\0'), std::string(100'000, 'a')}) {
    BOOST_TEST(is_bad_signature(check_signature(a.key, a.fields(), signature)), signature);
  }
  std::string one_after_the_other = b.signature;
  one_after_the_other.append(",").append(b.signature);
  for (const std::string& signature :
       {std::string(), digits, std::string("v1="), "v1=" + digits.substr(1), "v1=" + digits + "0",
        "V1=" + digits, "v2=" + digits, "v1 =" + digits, "v1=v1=" + digits, "v1=" + digits + "\n",
        "v1=" + std::string(64, '0'), one_after_the_other}) {
    BOOST_TEST(is_bad_signature(check_signature(b.key, b.fields(), signature)), signature);
  }
}

BOOST_AUTO_TEST_CASE(one_wrong_digit_anywhere_does_not_match) {
  const auto one = golden<UpdateCase>("update_signatures.json").front();
  for (std::size_t at = 0; at < one.signature.size(); ++at) {
    std::string signature = one.signature;
    signature[at] = signature[at] == '0' ? '1' : '0';
    BOOST_TEST(is_bad_signature(check_signature(one.key, one.fields(), signature)));
  }
}

BOOST_AUTO_TEST_CASE(an_action_id_has_8_to_64_characters) {
  const auto taken = [](std::string_view id) { return bool(check_action_id(id, "action_id")); };
  BOOST_TEST(!taken(""));
  BOOST_TEST(!taken(std::string(7, 'a')));
  BOOST_TEST(taken(std::string(8, 'a')));
  BOOST_TEST(taken(std::string(64, 'a')));
  BOOST_TEST(!taken(std::string(65, 'a')));
  BOOST_TEST(taken("abcdefghijklmnopqrstuvwxyz0123456789-"));
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    BOOST_TEST(taken(std::string("actions") + c) == allowed, "byte " << byte);
    BOOST_TEST(taken(c + std::string("actions")) == allowed, "byte " << byte);
  }
}

BOOST_AUTO_TEST_CASE(an_action_type_has_1_to_50_characters_and_a_letter_first) {
  const auto taken = [](std::string_view type) {
    return bool(check_action_type(type, "action_type"));
  };
  BOOST_TEST(!taken(""));
  BOOST_TEST(taken("A"));
  BOOST_TEST(taken("COMPLETE_TASK"));
  BOOST_TEST(taken("A_"));
  BOOST_TEST(taken(std::string(50, 'Z')));
  BOOST_TEST(!taken(std::string(51, 'Z')));
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool letter = c >= 'A' && c <= 'Z';
    BOOST_TEST(taken(std::string(1, c)) == letter, "byte " << byte);
    BOOST_TEST(taken(std::string("A") + c) == (letter || c == '_'), "byte " << byte);
  }
}

BOOST_AUTO_TEST_CASE(a_refused_field_is_named_as_on_the_wire) {
  const auto id = check_action_id("short", "actionId");
  BOOST_TEST_REQUIRE(!id);
  BOOST_TEST((id.error().code == ErrorCode::malformed));
  BOOST_TEST(id.error().field == "actionId");
  BOOST_TEST(id.error().reason == "must be 8 to 64 characters of a-z, 0-9 and -");
  const auto type = check_action_type("lower", "action_type");
  BOOST_TEST_REQUIRE(!type);
  BOOST_TEST((type.error().code == ErrorCode::malformed));
  BOOST_TEST(type.error().field == "action_type");
}

BOOST_AUTO_TEST_SUITE_END()
