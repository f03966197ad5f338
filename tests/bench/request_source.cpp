// SPDX-License-Identifier: Apache-2.0
#include "request_source.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "ops/clock.hpp"

namespace scoreboard::bench {
namespace {

std::string login(const std::string& name) {
  const std::string body =
      fmt::format(R"({{"username":"{}","password":"a password that is long enough"}})", name);
  return fmt::format(
      "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      body.size(), body);
}

}  // namespace

RequestSource::RequestSource(Options options)
    : options_(std::move(options)), run_(std::to_string(to_micros(SystemClock{}.now()))) {
  if (options_.kind == Kind::logins || options_.kind == Kind::get) return;
  signed_ = std::make_unique<SignedRequests>(options_.access_keys, options_.action_keys);
}

int RequestSource::player() {
  switch (options_.pick) {
    case Pick::equal:
      return std::uniform_int_distribution<int>(1, options_.players)(random_);
    case Pick::zipf: {
      const double u = std::uniform_real_distribution<double>(0, 1)(random_);
      return std::min(options_.players,
                      static_cast<int>(std::exp(u * std::log(options_.players + 1.0))));
    }
    case Pick::one:
      return 1;
    case Pick::once:
      break;
  }
  turn_ = turn_ % options_.players + 1;
  return turn_;
}

Request RequestSource::next() {
  const int whose = player();
  const std::string action = fmt::format("load-{}-{}", run_, ++number_);
  switch (options_.kind) {
    case Kind::increments:
      return {.text = signed_->increment(whose, action), .action = action};
    case Kind::forged:
      return {.text = signed_->forged(whose), .action = {}};
    case Kind::replays: {
      const std::string own = fmt::format("load-{}-of-{}", run_, whose);
      return {.text = signed_->increment(whose, own), .action = {}};
    }
    case Kind::logins:
      return {.text = login(fmt::format("nobody{}", number_)), .action = {}};
    case Kind::get:
      break;
  }
  return {.text = "GET " + options_.path + " HTTP/1.1\r\nHost: localhost\r\n\r\n", .action = {}};
}

}  // namespace scoreboard::bench
