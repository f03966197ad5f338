// SPDX-License-Identifier: Apache-2.0
#include "fanout/course.hpp"

#include <algorithm>

namespace scoreboard::bench {
namespace {

constexpr int leader = 1;
constexpr int players = 10;
constexpr Nanos between_players = 60 * nanos_of_ms;  // above the publisher's spacing

}  // namespace

Course::Course(Loop& loop, Changer& changer, double per_second,
               std::function<void(Mark)> acknowledged)
    : loop_(loop),
      changer_(changer),
      interval_(static_cast<Nanos>(1e9 / per_second)),
      acknowledged_(std::move(acknowledged)) {}

bool Course::make_board(Nanos limit) {
  bool good = true;
  for (int i = 0; i < players + 2 && good; ++i) {
    bool answered = false;
    changer_.begin(i < players ? players - i : leader, [&](const Change& change) {
      answered = true;
      good = change.answered != 0;
      if (good) acknowledged_(change.mark);
    });
    if (!loop_.run(limit, [&] { return answered; })) return false;
    loop_.run(now() + between_players, [] { return false; });
  }
  return good;
}

void Course::run(std::size_t count) {
  left_ = count;
  due_ = now();
  if (left_ > 0) next();
}

void Course::next() {
  --left_;
  in_flight_ = true;
  changer_.begin(leader, [this](const Change& change) {
    in_flight_ = false;
    changes_.push_back(change);
    if (change.answered != 0) acknowledged_(change.mark);
    if (left_ == 0) return;
    due_ = std::max(due_ + interval_, change.began + interval_ / 2);
    loop_.at(due_, [this] {
      if (left_ > 0) next();
    });
  });
}

}  // namespace scoreboard::bench
