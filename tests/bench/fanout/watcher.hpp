// SPDX-License-Identifier: Apache-2.0
// One subscriber, from TCP to the boards. What it does when its connection ends is the crowd's to
// say (crowd.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fanout/loop.hpp"
#include "fanout/messages.hpp"
#include "fanout/stream.hpp"

namespace scoreboard::bench {

enum class Kind { websocket, eventsource };

class Watcher;

// What a watcher tells. Called from within Watcher::ready(); may open or close the watcher.
class Audience {
 public:
  Audience() = default;
  virtual ~Audience() = default;
  Audience(const Audience&) = delete;
  Audience& operator=(const Audience&) = delete;

  virtual void opened(Watcher& who) = 0;
  virtual void heard(Watcher& who, std::string_view message, Nanos at) = 0;
  virtual void ended(Watcher& who) = 0;
};

class Watcher : public Ready {
 public:
  struct Target {
    Endpoint endpoint;
    SSL_CTX* tls = nullptr;
    std::string host;  // of the Host header
    std::string path;
  };
  // Both outlive it.
  Watcher(Loop& loop, Audience& audience, const Target& target, std::size_t number);

  // `deaf`: asks for the stream and then never reads a byte of it.
  void open(Kind kind, bool deaf = false);
  void close();

  bool up() const { return state_ == State::open || state_ == State::deaf; }
  Kind kind() const { return kind_; }
  std::size_t number() const { return number_; }
  // The answer's status where it was not what opens a stream; 0 when there was none.
  int refusal() const { return refusal_; }

  void ready(std::uint32_t events) override;

 private:
  enum class State { closed, connecting, asked, open, deaf };

  void ask();
  void read();
  bool take_head();
  bool take(Nanos at);
  void end();

  Loop& loop_;
  Audience& audience_;
  const Target& target_;
  std::size_t number_;
  Stream stream_;
  State state_ = State::closed;
  Kind kind_ = Kind::websocket;
  bool deaf_ = false;
  int refusal_ = 0;
  std::string bytes_;
  std::optional<EventStream> events_;
};

}  // namespace scoreboard::bench
