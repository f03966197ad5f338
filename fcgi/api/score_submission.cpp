// SPDX-License-Identifier: Apache-2.0
#include "api/score_submission.hpp"

#include <algorithm>

#include "api/caller.hpp"

namespace scoreboard::api {
namespace {

// What clients say of themselves is kept for audits, but not without bound.
std::string bounded(std::string_view text) {
  return std::string(text.substr(0, std::min<std::size_t>(text.size(), 256)));
}

using Check = std::function<Result<void>(const auth::SessionSecrets&)>;

// Every session id has secrets, also one that never was a session's: whoever calls, one and the
// same thing is done, and only the transaction that scores looks whether there is such a session.
Result<void> check_with_each(const auth::KeySet& masters, const SessionId& session,
                             const Check& check) {
  Result<void> last = Error{.code = ErrorCode::bad_signature, .log = "no master key"};
  for (const auth::Key& master : masters.all()) {
    last = check(auth::derive_session_secrets(master, session));
    if (last) break;
  }
  return last;
}

}  // namespace

Result<void> check_with_session_secrets(
    const Services& services, const SessionId& session,
    const std::function<Result<void>(const auth::SessionSecrets&)>& check) {
  auto keys = required_keys(services.action_keys);
  if (!keys) return std::move(keys).error();
  auto checked = check_with_each(**keys, session, check);
  if (checked) return checked;
  // Signed with what another worker derived from a master key that came into the file a moment ago?
  const auto newer = services.action_keys.newer_than(*keys);
  return newer ? check_with_each(*newer, session, check) : checked;
}

Provenance provenance_of(const http::Request& request) {
  return {.address = request.remote_address,
          .user_agent = bounded(request.header("user-agent")),
          .device_id = bounded(request.header("x-device-id"))};
}

std::string recorded_trace(const http::Request& request) {
  return request.trace.sampled ? trace::to_traceparent(request.trace) : std::string{};
}

Result<AwardOutcome> submit(Services& services, Award award) {
  auto outcome = services.queue.submit(std::move(award));
  if (!outcome) return outcome;
  services.score_metrics.decided(outcome->verdict);
  switch (outcome->verdict) {
    case Verdict::awarded:
    case Verdict::replayed:
    case Verdict::duplicate:
    case Verdict::rate_limited:
      return outcome;
    case Verdict::conflict:
      return Error{.code = ErrorCode::idempotency_conflict,
                   .log = "action id reused with another payload",
                   .reason = "this action id was used with another payload"};
    case Verdict::session_ended:
      return Error{.code = ErrorCode::unauthenticated, .log = "the session has ended"};
  }
  return Error{.code = ErrorCode::internal, .log = "unknown verdict"};
}

http::Response too_many(const AwardOutcome& outcome, http::Vocabulary vocabulary,
                        const http::Request& request) {
  return http::problem({.code = ErrorCode::rate_limited,
                        .log = "more awards than the allowance of this player",
                        .retry_after = outcome.retry_after},
                       vocabulary, request);
}

void add_rate_limit(http::Response& response, const AwardOutcome& outcome) {
  response.headers.emplace_back("RateLimit-Policy",
                                "\"user\";q=" + std::to_string(outcome.limit) +
                                    ";w=" + std::to_string(outcome.window.count()));
  if (!outcome.allowance) return;
  std::string field = "\"user\";r=" + std::to_string(outcome.allowance->remaining);
  // Without a t when nothing is used: there is no moment at which more would come.
  const auto more_in = outcome.allowance->more_in.count();
  if (more_in > 0) field += ";t=" + std::to_string(more_in);
  response.headers.emplace_back("RateLimit", std::move(field));
}

}  // namespace scoreboard::api
