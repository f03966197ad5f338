// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <deque>
#include <memory>
#include <optional>
#include <ostream>
#include <system_error>
#include <vector>

#include "arrivals.hpp"
#include "http_connection.hpp"

namespace scoreboard::bench {
namespace {

using State = HttpConnection::State;

// Whoever was cut off comes again after this in a closed loop.
constexpr double pause_after_break = 0.01;
constexpr double sweep_every = 0.1;

struct Place {
  std::unique_ptr<HttpConnection> connection;
  Sample sample;
  std::string action;
};

class Load {
 public:
  Load(const LoadOptions& options, RequestSource& source)
      : options_(options),
        source_(source),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        places_(static_cast<std::size_t>(options.connections)) {
    if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    for (std::size_t i = places_.size(); i > 0; --i) unopened_.push_back(i - 1);
    if (options.rate > 0) {
      arrivals_.emplace(options.rate, options.poisson, 1);
    } else {
      for (std::size_t i = 0; i < places_.size(); ++i) due_.push_back(0);
    }
  }

  Samples run() {
    for (;;) {
      take_arrivals();
      send_what_is_due();
      if (now() >= options_.seconds && due_.empty() && under_way_ == 0) break;
      wait();
      if (now() >= next_sweep_) sweep();
    }
    return std::move(samples_);
  }

 private:
  double now() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  void take_arrivals() {
    while (arrivals_ && arrivals_->due() <= now() && arrivals_->due() < options_.seconds) {
      due_.push_back(arrivals_->due());
      arrivals_->advance();
    }
  }

  void send_what_is_due() {
    while (!due_.empty() && due_.front() <= now()) {
      const auto place = free_place();
      if (!place) return;
      const double due = due_.front();
      due_.pop_front();
      send(*place, due);
    }
  }

  std::optional<std::size_t> free_place() {
    auto& from = idle_.empty() ? unopened_ : idle_;
    if (from.empty()) return std::nullopt;
    const std::size_t place = from.back();
    from.pop_back();
    return place;
  }

  void send(std::size_t number, double due) {
    Place& place = places_[number];
    if (!place.connection) open(number);
    Request request = source_.next();
    place.action = std::move(request.action);
    place.sample = {.due = due, .sent = now()};
    ++under_way_;
    if (place.connection->state() == State::idle) place.connection->send(std::move(request.text));
    if (place.connection->state() == State::broken) end(number, Sample::broken);
  }

  void open(std::size_t number) {
    Place& place = places_[number];
    place.connection = std::make_unique<HttpConnection>(options_.port);
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = number}};
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, place.connection->descriptor(), &event);
  }

  void wait() {
    double until = next_sweep_;
    if (arrivals_ && arrivals_->due() < options_.seconds) until = std::min(until, arrivals_->due());
    if (!arrivals_ && !due_.empty()) until = std::min(until, due_.front());
    const double seconds = std::max(0.0, until - now());
    const timespec rest{.tv_sec = static_cast<time_t>(seconds),
                        .tv_nsec = static_cast<long>(std::fmod(seconds, 1) * 1e9)};
    std::array<epoll_event, 256> events{};
    const int count = epoll_pwait2(epoll_.get(), events.data(), events.size(), &rest, nullptr);
    if (count < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "epoll_pwait2");
    }
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      advance(event.data.u64, (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
    }
  }

  void advance(std::size_t number, bool ended) {
    Place& place = places_[number];
    if (!place.connection) return;
    const bool asked = place.connection->state() == State::waiting;
    place.connection->advance(ended);
    switch (place.connection->state()) {
      case State::answered: {
        const HttpAnswer answer = place.connection->take_answer();
        place.sample.retry_after = answer.retry_after;
        end(number, answer.status, answer.closes);
        break;
      }
      case State::broken:
        if (asked) {
          end(number, Sample::broken);
        } else {
          close_idle(number);
        }
        break;
      case State::idle:
      case State::waiting:
        break;
    }
  }

  // The request is over, and perhaps its connection.
  void end(std::size_t number, int status, bool closes = true) {
    Place& place = places_[number];
    place.sample.ended = now();
    place.sample.status = status;
    samples_.add(place.sample);
    --under_way_;
    if (status == 200 && options_.acknowledged && !place.action.empty()) {
      *options_.acknowledged << place.action << '\n';
    }
    if (closes) {
      place.connection.reset();
      unopened_.push_back(number);
    } else {
      idle_.push_back(number);
    }
    if (arrivals_ || place.sample.ended >= options_.seconds) return;
    if (status > 0) {
      due_.push_front(place.sample.ended);
    } else {
      due_.push_back(place.sample.ended + pause_after_break);
    }
  }

  void close_idle(std::size_t number) {
    places_[number].connection.reset();
    std::erase(idle_, number);
    unopened_.push_back(number);
  }

  void sweep() {
    const double too_old = now() - options_.timeout;
    next_sweep_ = now() + sweep_every;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const Place& place = places_[i];
      if (place.connection && place.connection->state() == State::waiting &&
          place.sample.due < too_old) {
        end(i, Sample::timed_out);
      }
    }
    while (!due_.empty() && due_.front() < too_old) {
      samples_.add(
          {.due = due_.front(), .sent = now(), .ended = now(), .status = Sample::timed_out});
      due_.pop_front();
    }
  }

  const LoadOptions& options_;
  RequestSource& source_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  Descriptor epoll_;
  std::vector<Place> places_;
  std::vector<std::size_t> idle_;
  std::vector<std::size_t> unopened_;
  std::optional<Arrivals> arrivals_;
  std::deque<double> due_;
  std::size_t under_way_ = 0;
  double next_sweep_ = sweep_every;
  Samples samples_;
};

}  // namespace

Samples run_load(const LoadOptions& options, RequestSource& source) {
  return Load(options, source).run();
}

}  // namespace scoreboard::bench
