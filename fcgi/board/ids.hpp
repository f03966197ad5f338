// SPDX-License-Identifier: Apache-2.0
// One type per meaning, so that two strings, or two numbers, never stand side by side.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace scoreboard {

template <class Tag>
class Text {
 public:
  Text() = default;
  explicit Text(std::string value) : value_(std::move(value)) {}
  const std::string& str() const { return value_; }
  bool empty() const { return value_.empty(); }
  friend auto operator<=>(const Text&, const Text&) = default;

 private:
  std::string value_;
};

template <class Tag>
class Number {
 public:
  constexpr Number() = default;
  constexpr explicit Number(std::int64_t value) : value_(value) {}
  constexpr std::int64_t value() const { return value_; }
  friend constexpr auto operator<=>(Number, Number) = default;

 private:
  std::int64_t value_ = 0;
};

using UserId = Text<struct UserIdTag>;          // the public id: a lower-case UUID
using Username = Text<struct UsernameTag>;      // 3-50 characters, unique without regard to case
using SessionId = Text<struct SessionIdTag>;    // 32 lower-case hex digits
using ActionId = Text<struct ActionIdTag>;      // the client's idempotency key, 8-64 characters
using ActionType = Text<struct ActionTypeTag>;  // COMPLETE_TASK
using RequestId = Text<struct RequestIdTag>;    // Nginx's $request_id: the same on each re-send

using Points = Number<struct PointsTag>;          // what one action is worth, at least 1
using Score = Number<struct ScoreTag>;            // sum of points, never negative
using Rank = Number<struct RankTag>;              // 1 is the top
using JournalSeq = Number<struct JournalSeqTag>;  // number of a journal entry; 0 before the first

// Who reached a score first, as one number: journal entry, then position in its batch. A batch
// has at most 256 actions, so eight bits hold the position and 55 bits the entry.
class Reached {
 public:
  constexpr Reached() = default;
  constexpr explicit Reached(std::int64_t value) : value_(value) {}
  constexpr Reached(JournalSeq seq, int position) : value_(seq.value() * 256 + position) {}
  constexpr std::int64_t value() const { return value_; }
  constexpr JournalSeq seq() const { return JournalSeq{value_ / 256}; }
  constexpr int position() const { return static_cast<int>(value_ % 256); }
  friend constexpr auto operator<=>(Reached, Reached) = default;

 private:
  std::int64_t value_ = 0;
};

}  // namespace scoreboard

template <class Tag>
struct std::hash<scoreboard::Text<Tag>> {
  std::size_t operator()(const scoreboard::Text<Tag>& text) const noexcept {
    return std::hash<std::string>{}(text.str());
  }
};
