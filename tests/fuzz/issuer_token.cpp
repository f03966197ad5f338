// SPDX-License-Identifier: Apache-2.0
// Another issuer's token: believed only with a signature of its key, and read as somebody only if
// its claims say so. The input is a token; or, where it has a line end, a header and a payload that
// are signed with the issuer's secret, so that what lies behind the signature is reached too.
#include "auth/issuer_token.hpp"

#include <array>
#include <string>

#include "auth/compact_jws.hpp"
#include "auth/jws.hpp"
#include "crypto/base64url.hpp"
#include "crypto/bytes.hpp"
#include "crypto/hmac.hpp"
#include "fuzz/property.hpp"

namespace scoreboard::fuzz {
namespace {

using auth::Algorithm;
using auth::VerificationKeys;

// RFC 7515 A.1, A.2 and A.3, RFC 8037 A.2.
constexpr std::string_view secret_set =
    R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4h)"
    R"(cgUuTwjAzZr1Z9CAow"})";
constexpr std::string_view public_set =
    R"({"keys":[{"kty":"RSA","kid":"rsa","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k)"
    R"(0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b3)"
    R"(2690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2C)"
    R"(apHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q)"
    R"(2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"},{"kty":"EC","crv":"P-256","kid":"ec)"
    R"(","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pC)"
    R"(yStikYjKIWI5a0"},{"kty":"OKP","crv":"Ed25519","kid":"ed","x":"11qYAYKxCrfVS_7TyWQHOg7h)"
    R"(cvPapiMlrwIaaPcHURo"}]})";

VerificationKeys parsed(std::string_view text, std::span<const Algorithm> wanted) {
  auto keys = VerificationKeys::parse(text, wanted);
  must(static_cast<bool>(keys), "the RFCs' keys are good");
  return *std::move(keys);
}

const VerificationKeys& secret_keys() {
  static const VerificationKeys keys = parsed(secret_set, std::array{Algorithm::hs256});
  return keys;
}

const VerificationKeys& public_keys() {
  static const VerificationKeys keys =
      parsed(public_set, std::array{Algorithm::rs256, Algorithm::es256, Algorithm::eddsa});
  return keys;
}

const crypto::Secret& secret() {
  return std::get<crypto::Secret>(secret_keys().all().front().material);
}

std::string signed_by_the_issuer(std::string_view header, std::string_view payload) {
  std::string token = crypto::base64url(crypto::bytes_of(header)) + "." +
                      crypto::base64url(crypto::bytes_of(payload));
  return token + "." + crypto::base64url(crypto::hmac_sha256(secret().bytes(), token));
}

void taken_apart_as_it_was_put_together(std::string_view token) {
  const auto jws = auth::read_compact_jws(token);
  if (!jws) return;
  must(token.size() <= auth::token_bytes_max, "a token has its length");
  must(token.starts_with(jws->signed_text), "the signed text is the token's beginning");
  const std::string signature = crypto::base64url(crypto::bytes_of(jws->signature));
  must(std::string(jws->signed_text) + "." + signature == token, "each part has one spelling");
}

void believed_only_with_its_signature(const VerificationKeys& keys, std::string_view token) {
  const auto content = auth::verify_jws(keys, token);
  const auto caller = auth::verify_issuer_token(
      keys, {.issuer = "joe", .audience = "a", .username_claim = "name"}, token, Timestamp{});
  must(content || !caller, "claims are believed only if the token is");
  if (caller) {
    must(caller->issuer == "joe", "the issuer is the one that was asked for");
    must(!caller->subject.empty() && caller->subject.size() <= 255, "a subject is somebody");
    const auto claimed = auth::claimed_issuer(token);
    must(claimed && *claimed == caller->issuer, "the issuer is the one that is claimed");
  }
  if (!content) return;
  const auto jws = auth::read_compact_jws(token);
  must(static_cast<bool>(jws) && jws->payload == content->payload,
       "the payload is what was signed");
  const auth::VerificationKey* const key = keys.find(jws->key_id);
  must(key != nullptr && auth::name_of(key->algorithm) == jws->algorithm,
       "the algorithm is the key's");
  must(key->verify(jws->signed_text, jws->signature), "the signature is that key's");
  must(!auth::verify_jws(keys, with_another_signature(token)), "a changed token is not believed");
}

}  // namespace
}  // namespace scoreboard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace scoreboard::fuzz;
  const std::string_view text = text_of(data, size);
  const auto line_end = text.find('\n');
  if (line_end != std::string_view::npos) {
    const std::string token =
        signed_by_the_issuer(text.substr(0, line_end), text.substr(line_end + 1));
    believed_only_with_its_signature(secret_keys(), token);
    return 0;
  }
  taken_apart_as_it_was_put_together(text);
  believed_only_with_its_signature(secret_keys(), text);
  believed_only_with_its_signature(public_keys(), text);
  return 0;
}
