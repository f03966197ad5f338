// SPDX-License-Identifier: Apache-2.0
#include "api/security_event.hpp"

#include "ops/log.hpp"
#include "ops/masked_address.hpp"

namespace scoreboard::api {
namespace {

// Where the code does not say it, whoever refuses does.
std::optional<AuthFailure> failure_of(const Error& refusal) {
  if (refusal.code == ErrorCode::bad_signature) return AuthFailure::bad_signature;
  return refusal.failure;
}

}  // namespace

void note_failure(auth::AuthFailures& failures, const http::Request& request,
                  const Error& refusal) {
  const auto kind = failure_of(refusal);
  if (!kind) return;
  const std::string address = masked_address(request.remote_address);
  const auto event = failures.add(*kind, address, refusal.user, request.received_at);
  if (!event) return;
  const bool by_user = event->by == auth::SecurityEvent::By::user;
  log::write(log::Level::warning, "security_event",
             {{"kind", auth::name_of(event->kind)},
              {"count", event->count},
              {"window_s", std::int64_t{failures.options().window.count()}},
              {"by", std::string_view(by_user ? "user" : "address")},
              {"address", address},
              {"user", refusal.user},
              {"request_id", request.request_id}});
}

}  // namespace scoreboard::api
