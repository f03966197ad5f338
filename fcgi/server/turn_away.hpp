// SPDX-License-Identifier: Apache-2.0
// What a worker does that cannot serve. Its socket is its parent's and goes on taking connections,
// in which Nginx would wait for an answer until it is too late to ask another worker. One that is
// closed makes Nginx ask the next at once.
#pragma once

#include <chrono>

namespace scoreboard::server {

// Closes whatever connects; returns after `how_long`, so that whoever starts workers tries again at
// that pace. For a process with one thread, which SIGTERM and SIGINT end from then on.
void turn_away(int listener, std::chrono::milliseconds how_long);

}  // namespace scoreboard::server
