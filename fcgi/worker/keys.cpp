// SPDX-License-Identifier: Apache-2.0
#include "worker/keys.hpp"

namespace scoreboard {
namespace {

// Two workers see a replaced file within this time of each other.
constexpr std::chrono::milliseconds look_interval{1000};

}  // namespace

Keys::Keys(const config::Settings::Auth& settings, const Current<api::InForce>& in_force)
    : in_force_(in_force),
      access_(settings.access_keys, auth::Kept::secret, auth::KeySet::parse),
      action_(settings.action_keys, auth::Kept::secret, auth::KeySet::parse),
      watch_({[this] { look(); }}, look_interval) {}

void Keys::look() {
  access_.look();
  action_.look();
  for (const api::Issuer& issuer : in_force_.get()->issuers) issuer.keys->look();
}

}  // namespace scoreboard
