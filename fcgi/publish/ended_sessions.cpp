// SPDX-License-Identifier: Apache-2.0
#include "publish/ended_sessions.hpp"

namespace scoreboard::publish {
namespace {

// A session ends by the clock of its host and at the time its request arrived, which may be seconds
// before it can be read here. Looking at an end twice closes nothing twice.
constexpr std::chrono::seconds overlap{15};
// The first look of a process: the workers may have been down while the connections stayed.
constexpr std::chrono::hours first_look{1};

}  // namespace

void EndedSessions::look() {
  const Timestamp now = clock_.now();
  const auto ended =
      store_.sessions_ended_since(looked_at_ ? *looked_at_ - overlap : now - first_look);
  if (!ended) return;
  for (const EndedSession& one : *ended) connections_.close_session(one.user, one.id);
  looked_at_ = now;
}

}  // namespace scoreboard::publish
