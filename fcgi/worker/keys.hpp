// SPDX-License-Identifier: Apache-2.0
// All keys of a worker, and the thread that follows their files.
#pragma once

#include <vector>

#include "api/issuers.hpp"
#include "auth/key_set.hpp"
#include "auth/key_source.hpp"
#include "auth/key_watch.hpp"
#include "config/settings.hpp"

namespace scoreboard {

class Keys {
 public:
  // Without its keys a worker still serves reads: it starts, says so and refuses writes.
  explicit Keys(const config::Settings& settings);

  auth::KeySource<auth::KeySet>& access() { return access_; }
  auth::KeySource<auth::KeySet>& action() { return action_; }
  std::vector<api::Issuer>& issuers() { return issuers_; }

 private:
  std::vector<auth::KeyWatch::Look> looks();

  auth::KeySource<auth::KeySet> access_;
  auth::KeySource<auth::KeySet> action_;
  std::vector<api::Issuer> issuers_;
  auth::KeyWatch watch_;  // last: it looks at the others
};

}  // namespace scoreboard
