// SPDX-License-Identifier: Apache-2.0
#include "signed_requests.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "auth/access_token.hpp"
#include "auth/action_signature.hpp"
#include "crypto/hmac.hpp"
#include "ops/clock.hpp"

namespace scoreboard::bench {
namespace {

// Who plays again and again is remembered; a million players who play once are not.
constexpr std::size_t remembered_max = 100'000;

auth::KeySet load(const std::string& file) {
  auto keys = auth::KeySet::load(file);
  if (!keys) throw std::runtime_error(file + ": " + keys.error().log);
  return *std::move(keys);
}

}  // namespace

SignedRequests::SignedRequests(const std::string& access_keys, const std::string& action_keys)
    : access_(load(access_keys)),
      action_(load(action_keys)),
      run_(std::to_string(to_micros(SystemClock{}.now()))) {}

std::string SignedRequests::increment(int player) {
  return request(credentials(player), next_action(), false);
}

std::string SignedRequests::increment(int player, std::string_view action_id) {
  return request(credentials(player), action_id, false);
}

std::string SignedRequests::forged(int player) {
  return request(credentials(player), next_action(), true);
}

std::string SignedRequests::next_action() {
  return run_ + "-" + std::to_string(++number_);
}

const Credentials& SignedRequests::credentials(int player) {
  const auto known = known_.find(player);
  if (known != known_.end()) return known->second;
  if (known_.size() >= remembered_max) known_.clear();
  const std::string user = fmt::format("00000000-0000-4000-8000-{:012d}", player);
  const SessionId session{fmt::format("{:032d}", player)};
  return known_
      .emplace(
          player,
          Credentials{.user = user,
                      .access_token = auth::issue_token(access_, {}, auth::TokenUse::access,
                                                        UserId{user}, session, SystemClock{}.now()),
                      .secrets = auth::derive_session_secrets(action_.first(), session)})
      .first->second;
}

std::string SignedRequests::request(const Credentials& player, std::string_view action_id,
                                    bool forged) const {
  const std::string at = std::to_string(to_micros(SystemClock{}.now()) / 1'000'000);
  const std::string bytes = auth::signed_bytes(
      auth::IncrementFields{player.user, action_id, forged ? 6 : 5, player.secrets.nonce, at});
  const std::string& secret = player.secrets.action_secret_key;
  const auto* key = reinterpret_cast<const unsigned char*>(secret.data());
  const std::string body =
      fmt::format(R"({{"userId":"{}","actionId":"{}","delta":5,"signature":"v1={}"}})", player.user,
                  action_id, crypto::hmac_sha256_hex({key, secret.size()}, bytes));
  return fmt::format(
      "POST /api/scores/increment HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/json\r\nx-request-timestamp: {}\r\nContent-Length: {}\r\n\r\n{}",
      player.access_token, at, body.size(), body);
}

}  // namespace scoreboard::bench
