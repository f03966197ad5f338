// SPDX-License-Identifier: Apache-2.0
#include "worker/keys.hpp"

namespace scoreboard {
namespace {

// Two workers see a replaced file within this time of each other.
constexpr std::chrono::milliseconds look_interval{1000};

}  // namespace

Keys::Keys(const config::Settings& settings)
    : access_(settings.auth.access_keys, auth::Kept::secret, auth::KeySet::parse),
      action_(settings.auth.action_keys, auth::Kept::secret, auth::KeySet::parse),
      issuers_(api::make_issuers(settings)),
      watch_(looks(), look_interval) {}

std::vector<auth::KeyWatch::Look> Keys::looks() {
  std::vector<auth::KeyWatch::Look> looks{[this] { access_.look(); }, [this] { action_.look(); }};
  for (api::Issuer& issuer : issuers_) looks.emplace_back([&issuer] { issuer.keys->look(); });
  return looks;
}

}  // namespace scoreboard
