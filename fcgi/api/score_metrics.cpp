// SPDX-License-Identifier: Apache-2.0
#include "api/score_metrics.hpp"

namespace scoreboard::api {
namespace {

// Errors that mean the same to whoever looks at a graph have one name.
const char* result_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::malformed:
    case ErrorCode::payload_too_large:
    case ErrorCode::unsupported_media_type:
    case ErrorCode::not_found:
    case ErrorCode::method_not_allowed:
      return "malformed";
    case ErrorCode::unauthenticated:
      return "unauthenticated";
    case ErrorCode::forbidden:
      return "forbidden";
    case ErrorCode::bad_signature:
      return "bad_signature";
    case ErrorCode::stale_timestamp:
    case ErrorCode::stale_action_id:
      return "stale_time";
    case ErrorCode::duplicate_action:
      return "duplicate";
    case ErrorCode::idempotency_conflict:
    case ErrorCode::already_exists:
      return "conflict";
    case ErrorCode::rate_limited:
      return "rate_limited";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

metrics::Counter updates(metrics::Registry& registry, const char* result) {
  return registry.counter(
      "scoreboard_score_updates_total",
      "Actions that were submitted on either score route, by what became of them: awarded,"
      " replayed or duplicate (the same action again), or the reason of the refusal.",
      {{"result", result}});
}

metrics::Counter suspicious(metrics::Registry& registry, const char* rule) {
  return registry.counter("scoreboard_suspicious_actions_total",
                          "Actions of callers with a good token that no honest client sends: a"
                          " signature that does not fit, somebody else's name, a time outside the"
                          " window, an action id used again with another payload.",
                          {{"rule", rule}});
}

}  // namespace

ScoreMetrics::ScoreMetrics(metrics::Registry& registry)
    : awarded_(updates(registry, "awarded")),
      replayed_(updates(registry, "replayed")),
      duplicate_(updates(registry, "duplicate")),
      rate_limited_(updates(registry, "rate_limited")),
      replays_(registry.counter("scoreboard_idempotent_replays_total",
                                "Actions that were submitted again and counted only once.")),
      limited_users_(registry.counter("scoreboard_rate_limited_total",
                                      "Requests that were refused by a limit, by whose it is.",
                                      {{"scope", "user"}})),
      suspicious_{.bad_signature = suspicious(registry, "bad_signature"),
                  .foreign_user = suspicious(registry, "foreign_user"),
                  .stale_time = suspicious(registry, "stale_time"),
                  .id_reused = suspicious(registry, "id_reused")} {
  for (std::size_t code = 0; code < error_codes; ++code) {
    refused_[code] = updates(registry, result_name(static_cast<ErrorCode>(code)));
  }
}

void ScoreMetrics::decided(Verdict verdict) const {
  switch (verdict) {
    case Verdict::awarded:
      return awarded_.add();
    case Verdict::replayed:
      replays_.add();
      return replayed_.add();
    case Verdict::duplicate:
      replays_.add();
      return duplicate_.add();
    case Verdict::rate_limited:
      limited_users_.add();
      return rate_limited_.add();
    case Verdict::conflict:
    case Verdict::session_ended:
      return;  // become errors
  }
}

void ScoreMetrics::refused(const Error& refusal) const {
  refused_[static_cast<std::size_t>(refusal.code)].add();
  suspect(refusal);
}

void ScoreMetrics::suspect(const Error& refusal) const {
  if (refusal.failure == AuthFailure::foreign_user) return suspicious_.foreign_user.add();
  if (refusal.code == ErrorCode::bad_signature) return suspicious_.bad_signature.add();
  if (refusal.code == ErrorCode::idempotency_conflict) return suspicious_.id_reused.add();
  if (refusal.code == ErrorCode::stale_timestamp || refusal.code == ErrorCode::stale_action_id) {
    suspicious_.stale_time.add();
  }
}

}  // namespace scoreboard::api
