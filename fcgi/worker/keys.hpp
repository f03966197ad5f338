// SPDX-License-Identifier: Apache-2.0
// All keys of a worker, and the thread that follows their files.
#pragma once

#include "api/services.hpp"
#include "auth/key_set.hpp"
#include "auth/key_source.hpp"
#include "auth/key_watch.hpp"
#include "config/settings.hpp"
#include "ops/current.hpp"

namespace scoreboard {

class Keys {
 public:
  // Without its keys a worker still serves reads: it starts, says so and refuses writes.
  // `in_force` outlives this.
  Keys(const config::Settings::Auth& settings, const Current<api::InForce>& in_force);

  auth::KeySource<auth::KeySet>& access() { return access_; }
  auth::KeySource<auth::KeySet>& action() { return action_; }

  // Takes what has changed in the files, now. Called every second by itself.
  void look();

 private:
  const Current<api::InForce>& in_force_;
  auth::KeySource<auth::KeySet> access_;
  auth::KeySource<auth::KeySet> action_;
  auth::KeyWatch watch_;  // last: it looks at the others
};

}  // namespace scoreboard
