// SPDX-License-Identifier: Apache-2.0
// The two signatures of an action, and the grammar that makes the first one unambiguous.
//
// A signs action_id + action_type + timestamp without separators (the specification's format; the
// flaw is that of AWS signature version 1). Grammar heals it: an action id is [a-z0-9-], a type
// starts with the first capital letter, a timestamp with the first digit after it, so no two
// different triples give the same bytes. B signs lines:
//   v1 \n userId \n actionId \n delta \n nonce \n timestamp
// and writes its value as "v1=" + hex. Hex digits in either case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "outcome/result.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::auth {

struct UpdateFields {
  std::string_view action_id;
  std::string_view action_type;
  std::string_view timestamp;  // the bytes that were sent
};
struct IncrementFields {
  std::string_view user_id;
  std::string_view action_id;
  std::int64_t delta;
  std::string_view nonce;
  std::string_view timestamp;  // x-request-timestamp, the bytes that were sent
};

std::string signed_bytes(const UpdateFields& fields);
std::string signed_bytes(const IncrementFields& fields);

// Constant time. bad_signature on any mismatch, also of form.
Result<void> check_signature(std::string_view action_secret_key, const UpdateFields& fields,
                             std::string_view signature);
Result<void> check_signature(std::string_view action_secret_key, const IncrementFields& fields,
                             std::string_view signature);

// malformed, with the field's wire name. action_id: [a-z0-9-]{8,64}; type: [A-Z][A-Z_]{0,49}.
Result<void> check_action_id(std::string_view action_id, std::string_view field);
Result<void> check_action_type(std::string_view action_type, std::string_view field);

// A: RFC 3339 in UTC ("2026-02-02T10:30:00Z", up to 9 fraction digits). B additionally takes Unix
// seconds (10 digits) or milliseconds (13 digits). malformed otherwise.
Result<Timestamp> parse_update_timestamp(std::string_view text, std::string_view field);
Result<Timestamp> parse_increment_timestamp(std::string_view text, std::string_view field);

// stale_timestamp unless |now - at| <= window.
Result<void> check_window(Timestamp at, Timestamp now, std::chrono::seconds window);
// stale_action_id if the id carries a time (UUIDv7, RFC 9562; ULID in lower case) that is outside
// the window; other ids pass.
Result<void> check_action_id_time(std::string_view action_id, Timestamp now,
                                  std::chrono::seconds window);

}  // namespace scoreboard::auth
