// SPDX-License-Identifier: Apache-2.0
#include "auth/action_signature.hpp"

#include <algorithm>
#include <optional>

#include "crypto/bytes.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/hex.hpp"
#include "crypto/hmac.hpp"

namespace scoreboard::auth {
namespace {

constexpr std::size_t signature_digits = 64;
constexpr std::string_view increment_version = "v1=";

Error wrong(std::string_view field, const char* reason) {
  return {.code = ErrorCode::malformed,
          .log = std::string(field) + " " + reason,
          .field = std::string(field),
          .reason = reason};
}

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

// The key is the text that the client holds, not the bytes its hex digits stand for. The MACs are
// compared as bytes, so that upper-case hex digits are as good as lower-case ones.
Result<void> check_mac(std::string_view key, const std::string& message, std::string_view digits) {
  const auto given = digits.size() == signature_digits ? crypto::parse_hex(digits) : std::nullopt;
  if (!given) {
    return Error{.code = ErrorCode::bad_signature, .log = "signature is not 64 hex digits"};
  }
  const auto expected = crypto::hmac_sha256(crypto::bytes_of(key), message);
  if (!crypto::constant_time_equal(crypto::text_of(*given), crypto::text_of(expected))) {
    return Error{.code = ErrorCode::bad_signature, .log = "signature does not match"};
  }
  return {};
}

}  // namespace

std::string signed_bytes(const UpdateFields& fields) {
  std::string bytes(fields.action_id);
  bytes += fields.action_type;
  bytes += fields.timestamp;
  return bytes;
}

std::string signed_bytes(const IncrementFields& fields) {
  std::string bytes = "v1\n";
  bytes.append(fields.user_id).append("\n");
  bytes.append(fields.action_id).append("\n");
  bytes.append(std::to_string(fields.delta)).append("\n");
  bytes.append(fields.nonce).append("\n");
  bytes.append(fields.timestamp);
  return bytes;
}

Result<void> check_signature(std::string_view action_secret_key, const UpdateFields& fields,
                             std::string_view signature) {
  return check_mac(action_secret_key, signed_bytes(fields), signature);
}

Result<void> check_signature(std::string_view action_secret_key, const IncrementFields& fields,
                             std::string_view signature) {
  if (!signature.starts_with(increment_version)) {
    return Error{.code = ErrorCode::bad_signature, .log = "signature does not begin with v1="};
  }
  signature.remove_prefix(increment_version.size());
  return check_mac(action_secret_key, signed_bytes(fields), signature);
}

Result<void> check_action_id(std::string_view action_id, std::string_view field) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (action_id.size() < 8 || action_id.size() > 64 || !std::ranges::all_of(action_id, allowed)) {
    return wrong(field, "must be 8 to 64 characters of a-z, 0-9 and -");
  }
  return {};
}

Result<void> check_action_type(std::string_view action_type, std::string_view field) {
  const auto allowed = [](char c) { return is_capital(c) || c == '_'; };
  if (action_type.empty() || action_type.size() > 50 || !is_capital(action_type.front()) ||
      !std::ranges::all_of(action_type, allowed)) {
    return wrong(field, "must be 1 to 50 characters of A-Z and _, a letter first");
  }
  return {};
}

}  // namespace scoreboard::auth
