// SPDX-License-Identifier: Apache-2.0
// What became of the actions that came in on either score route.
#pragma once

#include <array>
#include <cstddef>

#include "board/award.hpp"
#include "metrics/registry.hpp"
#include "outcome/error.hpp"

namespace scoreboard::api {

class ScoreMetrics {
 public:
  // The registry outlives this.
  explicit ScoreMetrics(metrics::Registry& registry);

  // A verdict that is answered as it is; what is refused is told by its error.
  void decided(Verdict verdict) const;
  void refused(const Error& refusal) const;

 private:
  static constexpr std::size_t error_codes = static_cast<std::size_t>(ErrorCode::internal) + 1;
  struct Suspicious {
    metrics::Counter bad_signature;
    metrics::Counter foreign_user;
    metrics::Counter stale_time;
    metrics::Counter id_reused;
  };

  void suspect(const Error& refusal) const;

  metrics::Counter awarded_;
  metrics::Counter replayed_;
  metrics::Counter duplicate_;
  metrics::Counter rate_limited_;
  metrics::Counter replays_;  // of either contract
  metrics::Counter limited_users_;
  std::array<metrics::Counter, error_codes> refused_;
  Suspicious suspicious_;
};

}  // namespace scoreboard::api
