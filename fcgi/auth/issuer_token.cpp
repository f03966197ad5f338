// SPDX-License-Identifier: Apache-2.0
#include "auth/issuer_token.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "auth/claims.hpp"
#include "auth/compact_jws.hpp"
#include "auth/jws.hpp"
#include "json/value.hpp"

namespace scoreboard::auth {
namespace {

using std::chrono::seconds;

constexpr TimeRules time_rules{.lifetime_max = seconds{3600},
                               .expiry_leeway = seconds{60},
                               .issue_leeway = seconds{60},
                               .whole_seconds = false};
constexpr std::size_t subject_bytes_max = 255;  // OpenID Connect Core section 2

Error refused(std::string cause) {
  return {.code = ErrorCode::unauthenticated, .log = "token: " + std::move(cause)};
}

// A media type without "application/", in any case (RFC 7515 section 4.1.9). Tokens made for
// something else say so (logout+jwt, dpop+jwt, our own rt+jwt) and are not taken.
bool is_identity_type(std::string type) {
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  constexpr std::string_view prefix = "application/";
  if (type.starts_with(prefix)) type.erase(0, prefix.size());
  constexpr std::array<std::string_view, 3> taken{"", "jwt", "at+jwt"};
  return std::ranges::find(taken, type) != taken.end();
}

bool is_for(const json::Value& claims, const std::string& audience) {
  if (text_claim(claims, "aud") == audience) return true;
  const auto list = claims.find("aud");
  if (!list) return false;
  const auto elements = list->elements();
  const bool texts = std::ranges::all_of(elements, [](const auto& one) { return one.is_string(); });
  return texts &&
         std::ranges::any_of(elements, [&](const auto& one) { return one.string() == audience; });
}

bool is_subject(const std::string& text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return !text.empty() && text.size() <= subject_bytes_max &&
         std::ranges::none_of(text, is_control);
}

}  // namespace

Result<std::string> claimed_issuer(std::string_view token) {
  const auto jws = read_compact_jws(token);
  if (!jws) return jws.error();
  const auto claims = json::parse_object(jws->payload);
  if (!claims) return refused("claims: " + claims.error().log);
  auto issuer = text_claim(*claims, "iss");
  if (!issuer) return refused("iss is missing or no text");
  return *std::move(issuer);
}

Result<ForeignCaller> verify_issuer_token(const VerificationKeys& keys, const IssuerRules& rules,
                                          std::string_view token, Timestamp now) {
  auto content = verify_jws(keys, token);
  if (!content) return std::move(content).error();
  if (!is_identity_type(content->type)) return refused("typ is neither JWT nor at+jwt");
  const auto claims = json::parse_object(content->payload);
  if (!claims) return refused("claims: " + claims.error().log);
  if (text_claim(*claims, "iss") != rules.issuer) return refused("another issuer");
  if (!is_for(*claims, rules.audience)) return refused("another audience");
  if (const auto timely = check_times(*claims, time_rules, now); !timely) return timely.error();
  auto subject = text_claim(*claims, "sub");
  if (!subject || !is_subject(*subject)) return refused("sub is missing or no subject");
  std::string wish;
  if (!rules.username_claim.empty()) {
    wish = text_claim(*claims, rules.username_claim).value_or("");
  }
  return ForeignCaller{
      .issuer = rules.issuer, .subject = *std::move(subject), .username = std::move(wish)};
}

}  // namespace scoreboard::auth
