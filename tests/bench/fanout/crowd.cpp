// SPDX-License-Identifier: Apache-2.0
#include "fanout/crowd.hpp"

#include <algorithm>
#include <cmath>

namespace scoreboard::bench {
namespace {

constexpr Nanos patience = 4 * nanos_of_s;  // channel.js: patience_ms, settled_ms
constexpr Nanos settled = 5 * nanos_of_s;
constexpr double shortest_ms = 500;  // backoff.js
constexpr double longest_ms = 20'000;
constexpr std::size_t at_once = 100;  // while they gather; they are not what is measured then

}  // namespace

Crowd::Crowd(Loop& loop, CrowdWanted wanted)
    : loop_(loop), wanted_(std::move(wanted)), receipts_(wanted_.websocket + wanted_.eventsource) {
  const std::size_t readers = wanted_.websocket + wanted_.eventsource;
  seats_.resize(readers + wanted_.deaf);
  // Kinds in turn, so that neither stands in front of the other in any queue.
  std::size_t websockets = 0;
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    Seat& seat = seats_[i];
    seat.deaf = i >= readers;
    const bool websocket =
        seat.deaf ? i % 2 == 0 : (i + 1) * wanted_.websocket / readers > websockets;
    websockets += websocket && !seat.deaf ? 1 : 0;
    seat.kind = websocket ? Kind::websocket : Kind::eventsource;
    seat.watcher = std::make_unique<Watcher>(loop_, *this, wanted_.target, i);
  }
  if (wanted_.keep_versions) versions_.resize(readers);
}

void Crowd::admit() {
  while (admitted_ < seats_.size() && under_way_ < at_once) {
    Seat& seat = seats_[admitted_++];
    ++under_way_;
    try_next(seat, seat.kind);
  }
}

bool Crowd::gather(Nanos limit) {
  gathering_ = true;
  admit();
  const bool all = loop_.run(limit, [this] { return told_.up == seats_.size(); });
  gathering_ = false;
  return all;
}

void Crowd::acknowledged(Mark mark) {
  newest_ = std::max(newest_, mark);
}

void Crowd::try_next(Seat& seat, Kind kind) {
  seat.waiting = true;
  seat.connected = false;
  const std::uint64_t attempt = ++seat.attempt;
  seat.watcher->open(kind, seat.deaf);
  loop_.at(now() + patience, [this, &seat, attempt] {
    if (!seat.waiting || seat.attempt != attempt) return;
    seat.watcher->close();
    ended(*seat.watcher);
  });
}

void Crowd::begin_round(Seat& seat) {
  try_next(seat, seat.kind);
}

void Crowd::later(Seat& seat) {
  const double ceiling =
      std::min(longest_ms, shortest_ms * std::exp2(std::min(seat.failures++, 16)));
  std::uniform_real_distribution<double> jitter(0, ceiling);
  loop_.at(now() + static_cast<Nanos>(jitter(random_) * 1e6), [this, &seat] { begin_round(seat); });
}

void Crowd::opened(Watcher& who) {
  Seat& seat = seats_[who.number()];
  if (!seat.deaf) return;
  seat.waiting = false;
  seat.connected = true;
  ++told_.up;
  --under_way_;
  admit();
}

void Crowd::lost(Seat& seat) {
  --told_.up;
  if (seat.deaf) {
    ++told_.deaf_dropped;
    told_.deaf_dropped_last = now();
    return;
  }
  ++told_.cut;
  if (seat.back.cut == 0 || seat.back.current != 0) {
    seat.back = {.cut = now(), .current = 0};
    ++away_;
  }
  seat.owed = newest_;
  if (now() - seat.up_since > settled) seat.failures = 0;
  if (wanted_.reconnect) later(seat);
}

void Crowd::ended(Watcher& who) {
  Seat& seat = seats_[who.number()];
  if (who.refusal() != 0) ++told_.refused;
  const bool was_up = seat.connected;
  seat.connected = seat.waiting = false;
  if (was_up) return lost(seat);
  if (who.kind() == Kind::websocket && !seat.deaf) return try_next(seat, Kind::eventsource);
  later(seat);
}

void Crowd::settle_return(Seat& seat, Mark mark, Nanos at) {
  if (seat.back.cut == 0 || seat.back.current != 0 || mark < seat.owed) return;
  seat.back.current = at;
  --away_;
}

void Crowd::heard(Watcher& who, std::string_view message, Nanos at) {
  const auto shown = shown_by(message);
  if (!shown) return;
  Seat& seat = seats_[who.number()];
  ++told_.messages;
  if (!seat.connected) {
    seat.connected = true;
    seat.waiting = false;
    seat.up_since = at;
    // What was acknowledged while it was away is owed to it too.
    seat.owed = std::max(seat.owed, newest_);
    ++told_.up;
    if (gathering_) {
      --under_way_;
      admit();
    }
  }
  settle_return(seat, shown->mark, at);
  if (shown->version < seat.version) ++told_.fell;
  seat.version = shown->version;
  if (wanted_.keep_receipts) receipts_.note(who.number(), shown->mark, at);
  if (wanted_.keep_versions) versions_[who.number()].push_back(shown->version);
  if (who.number() == 0) last_message_ = message;
}

Crowd::Told Crowd::told() const {
  Told told = told_;
  for (const Seat& seat : seats_) {
    if (seat.back.cut != 0) told.returns.push_back(seat.back);
  }
  return told;
}

}  // namespace scoreboard::bench
