// SPDX-License-Identifier: Apache-2.0
// The loop: one thread, one epoll.
//
// Closed: as many requests under way as there are connections, the next one when one is answered.
// It finds what a server can do, and nothing else: a server that stalls is not asked meanwhile.
// Open: requests are due at a rate, whether the server keeps up or not. Latency is counted from the
// moment at which a request was due, also if every connection was busy then. Counted from the
// moment of sending, the requests that a stall held up would be missing from the figures:
// coordinated omission (Gil Tene, "How NOT to Measure Latency"; corrected like this in wrk2).
#pragma once

#include <iosfwd>

#include "request_source.hpp"
#include "samples.hpp"

namespace scoreboard::bench {

struct LoadOptions {
  int port = 8080;
  int connections = 64;  // closed: exactly; open: at most, opened as they are needed
  double rate = 0;       // requests a second; 0: a closed loop
  bool poisson = false;
  double seconds = 10;  // in which requests become due; their answers are waited for
  double timeout = 10;  // after its due time a request is given up
  // Is told the action of each increment that was acknowledged, a line each.
  std::ostream* acknowledged = nullptr;
};

Samples run_load(const LoadOptions& options, RequestSource& source);

}  // namespace scoreboard::bench
