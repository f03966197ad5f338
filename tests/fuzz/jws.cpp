// SPDX-License-Identifier: Apache-2.0
// No token is believed without the MAC of a key of ours. The input is a token; or, where it has a
// line end, a header and a payload that are signed with a good key, so that what lies behind the
// MAC is reached too.
#include <string>

#include "auth/access_token.hpp"
#include "auth/jws.hpp"
#include "crypto/base64url.hpp"
#include "crypto/bytes.hpp"
#include "crypto/hmac.hpp"
#include "fuzz/property.hpp"
#include "json/value.hpp"

namespace scoreboard::fuzz {
namespace {

using auth::KeySet;

const KeySet& keys() {
  static const KeySet set = *KeySet::parse(R"({"keys":[
    {"kty":"oct","kid":"new-key","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
    {"kty":"oct","kid":"old-key","k":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"}]})");
  return set;
}

std::string mac(const auth::Key& key, std::string_view signed_text) {
  return crypto::base64url(crypto::hmac_sha256(key.secret.bytes(), signed_text));
}

std::string signed_by_us(std::string_view header, std::string_view payload) {
  std::string token = crypto::base64url(crypto::bytes_of(header)) + "." +
                      crypto::base64url(crypto::bytes_of(payload));
  return token + "." + mac(keys().first(), token);
}

void believed_only_with_its_mac(std::string_view token) {
  const auto content = auth::verify_jws(keys(), token);
  for (const auth::TokenUse use : {auth::TokenUse::access, auth::TokenUse::realtime}) {
    const auto caller = auth::verify_token(keys(), {}, use, token, Timestamp{});
    must(content || !caller, "claims are believed only if the token is");
  }
  if (!content) return;

  const auto last = token.rfind('.');
  const std::string_view signed_text = token.substr(0, last);
  const std::string_view header_text = signed_text.substr(0, signed_text.find('.'));
  const std::string_view payload_text = signed_text.substr(signed_text.find('.') + 1);
  const auto header_bytes = crypto::parse_base64url(header_text);
  must(header_bytes.has_value(), "the header is base64url");
  const auto header = json::parse_object(crypto::text_of(*header_bytes));
  must(header && header->find("alg") && header->find("kid"), "the header names alg and kid");
  must(header->find("alg")->string() == "HS256", "the algorithm is the key's");
  must(!header->find("crit") && !header->find("jwk"), "the header asks for nothing");
  const auth::Key* const key = keys().find(header->find("kid")->string());
  must(key != nullptr, "the key is one of ours");
  must(mac(*key, signed_text) == token.substr(last + 1), "the MAC is that key's");
  must(crypto::base64url(crypto::bytes_of(content->payload)) == payload_text,
       "the payload is what was signed");

  // A believed token with one digit of its MAC changed is one that nobody signed.
  must(!auth::verify_jws(keys(), with_another_signature(token)), "a changed token is not believed");
}

}  // namespace
}  // namespace scoreboard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace scoreboard::fuzz;
  const std::string_view text = text_of(data, size);
  const auto line_end = text.find('\n');
  if (line_end == std::string_view::npos) {
    believed_only_with_its_mac(text);
  } else {
    believed_only_with_its_mac(signed_by_us(text.substr(0, line_end), text.substr(line_end + 1)));
  }
  return 0;
}
