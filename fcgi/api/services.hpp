// SPDX-License-Identifier: Apache-2.0
// What the endpoints work with, wired by main.
#pragma once

#include <vector>

#include "api/issuers.hpp"
#include "api/score_metrics.hpp"
#include "auth/access_token.hpp"
#include "auth/auth_failures.hpp"
#include "auth/key_set.hpp"
#include "auth/key_source.hpp"
#include "auth/password.hpp"
#include "config/settings.hpp"
#include "http/router.hpp"
#include "metrics/registry.hpp"
#include "ops/clock.hpp"
#include "ops/current.hpp"
#include "publish/connection_registry.hpp"
#include "publish/publisher.hpp"
#include "publish/used_tokens.hpp"
#include "store/commit_queue.hpp"
#include "store/store.hpp"

namespace scoreboard::api {

// What may change while we run (SIGHUP): replaced as a whole, never changed.
struct InForce {
  config::Settings settings;
  std::vector<Issuer> issuers;  // whose tokens are exchanged
};

// What stays. Everything outlives the router.
struct Parts {
  const Clock& clock;
  const Calendar& calendar;
  const std::vector<Board>& boards;  // that are played besides the all-time one
  Store& store;
  CommitQueue& queue;
  auth::Passwords& passwords;
  publish::Publisher& publisher;
  publish::ConnectionRegistry& connections;
  publish::UsedTokens& used_tokens;
  auth::AuthFailures& failures;
  metrics::Registry& metrics;
  ScoreMetrics score_metrics{metrics};
  // Without keys while a file has never been a good one: whatever needs them answers 503, reading
  // goes on.
  auth::KeySource<auth::KeySet>& access_keys;
  auth::KeySource<auth::KeySet>& action_keys;
};

// For one request: the parts, and what was in force when it came, to its end.
struct Services : Parts {
  const config::Settings& settings;
  const std::vector<Issuer>& issuers;

  Services(const Parts& parts, const InForce& now)
      : Parts(parts), settings(now.settings), issuers(now.issuers) {}

  auth::TokenRules token_rules() const {
    return {settings.auth.issuer, settings.auth.access_lifetime, settings.auth.realtime_lifetime};
  }
};

// Every route of the API: the one list, which the OpenAPI document must match.
http::Router make_router(const Parts& parts, const Current<InForce>& in_force);

}  // namespace scoreboard::api
