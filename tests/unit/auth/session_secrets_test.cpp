// SPDX-License-Identifier: Apache-2.0
#include "auth/session_secrets.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "auth/text_form.hpp"
#include "crypto/base64url.hpp"
#include "crypto/hex.hpp"
#include "unit/auth/forged_token.hpp"
#include "unit/auth/vector_file.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
using namespace scoreboard::auth::test;

BOOST_AUTO_TEST_SUITE(session_secrets)

BOOST_AUTO_TEST_CASE(derives_the_golden_vectors) {
  for (const json::Value& vector : vector_cases("session_secrets.json")) {
    const Key master{"master",
                     crypto::Secret(crypto::parse_hex(text_of(vector, "master_key")).value())};
    const auto secrets = derive_session_secrets(master, SessionId(text_of(vector, "session_id")));
    BOOST_TEST(secrets.action_secret_key == text_of(vector, "action_secret_key"));
    BOOST_TEST(secrets.nonce == text_of(vector, "nonce"));
  }
}

BOOST_AUTO_TEST_CASE(every_session_and_every_master_key_has_its_own) {
  const auto keys = two_keys();
  const SessionId one(std::string(32, '1'));
  const SessionId two(std::string(31, '1') + "2");
  std::set<std::string> seen;
  for (const Key& master : keys.all()) {
    for (const SessionId& session : {one, two}) {
      const auto secrets = derive_session_secrets(master, session);
      BOOST_TEST(is_lower_hex(secrets.action_secret_key, 64));
      BOOST_TEST(is_lower_hex(secrets.nonce, 32));
      // The nonce is public and must not be a piece of the key.
      BOOST_TEST(secrets.action_secret_key.find(secrets.nonce) == std::string::npos);
      seen.insert({secrets.action_secret_key, secrets.nonce});
    }
  }
  BOOST_TEST(seen.size() == 8U);
}

BOOST_AUTO_TEST_CASE(the_same_session_gets_the_same_secrets_again) {
  const auto keys = two_keys();
  const SessionId session(std::string(32, 'a'));
  const auto first = derive_session_secrets(keys.first(), session);
  const auto second = derive_session_secrets(keys.first(), session);
  BOOST_TEST(first.action_secret_key == second.action_secret_key);
  BOOST_TEST(first.nonce == second.nonce);
}

BOOST_AUTO_TEST_CASE(hashes_refresh_tokens_as_the_golden_vectors) {
  for (const json::Value& vector : vector_cases("refresh_hashes.json")) {
    BOOST_TEST(refresh_token_hash(text_of(vector, "token")) == text_of(vector, "hash"));
  }
}

BOOST_AUTO_TEST_CASE(derives_refresh_successors_and_csrf_tokens_as_the_golden_vectors) {
  for (const json::Value& vector : vector_cases("refresh_successors.json")) {
    const Key master{"master",
                     crypto::Secret(crypto::parse_hex(text_of(vector, "master_key")).value())};
    BOOST_TEST(refresh_successor(master, text_of(vector, "token")) == text_of(vector, "successor"));
  }
  for (const json::Value& vector : vector_cases("csrf_tokens.json")) {
    const Key master{"master",
                     crypto::Secret(crypto::parse_hex(text_of(vector, "master_key")).value())};
    BOOST_TEST(csrf_token(master, SessionId(text_of(vector, "session_id"))) ==
               text_of(vector, "csrf_token"));
  }
}

BOOST_AUTO_TEST_CASE(what_is_derived_differs_by_key_by_input_and_by_purpose) {
  const auto keys = two_keys();
  std::set<std::string> seen;
  for (const Key& master : keys.all()) {
    for (const char* text : {"", "one", "two"}) {
      seen.insert({refresh_successor(master, text), csrf_token(master, SessionId(text)),
                   login_digest(master, text)});
    }
  }
  BOOST_TEST(seen.size() == 18U);
  const Key& master = keys.first();
  BOOST_TEST(login_digest(master, "ADA.Lovelace@") == login_digest(master, "ada.lovelace@"));
}

BOOST_AUTO_TEST_CASE(new_ids_have_their_form_and_never_come_twice) {
  std::set<std::string> seen;
  for (int i = 0; i < 500; ++i) {
    const auto session = new_session_id().str();
    const auto user = new_user_id().str();
    const auto token = new_refresh_token();
    BOOST_TEST_REQUIRE(is_session_id(session));
    BOOST_TEST_REQUIRE(is_uuid(user));
    BOOST_TEST_REQUIRE(user[14] == '4');
    BOOST_TEST_REQUIRE(std::string("89ab").find(user[19]) != std::string::npos);
    BOOST_TEST_REQUIRE(token.size() == 43U);
    BOOST_TEST_REQUIRE(crypto::parse_base64url(token).value().size() == 32U);
    seen.insert({session, user, token});
  }
  BOOST_TEST(seen.size() == 1500U);
}

BOOST_AUTO_TEST_SUITE_END()
