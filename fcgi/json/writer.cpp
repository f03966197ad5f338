// SPDX-License-Identifier: Apache-2.0
#include "json/writer.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

#include "ops/json_text.hpp"

namespace scoreboard::json {

// A wrong order of calls is a defect of the caller and throws: half a document must not go out.
struct Writer::State {
  struct Level {
    bool object = false;
    bool empty = true;
    bool after_key = false;
  };

  std::string out;
  std::vector<Level> open;
  bool finished = false;

  void require(bool condition, const char* rule) const {
    if (!condition) throw std::logic_error(rule);
  }

  void before_value() {
    require(!finished, "JSON: a document is one value");
    if (open.empty()) return;
    Level& level = open.back();
    require(!level.object || level.after_key, "JSON: a member needs its key first");
    if (!level.object && !level.empty) out.push_back(',');
    level.empty = false;
    level.after_key = false;
  }

  void after_value() { finished = open.empty(); }

  void scalar(std::string_view text) {
    before_value();
    out += text;
    after_value();
  }

  void begin(bool object) {
    before_value();
    out.push_back(object ? '{' : '[');
    open.push_back({.object = object});
  }

  void end(bool object) {
    require(!open.empty() && open.back().object == object && !open.back().after_key,
            "JSON: closes what is not open");
    open.pop_back();
    out.push_back(object ? '}' : ']');
    after_value();
  }
};

Writer::Writer() : state_(std::make_unique<State>()) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

Writer& Writer::begin_object() {
  state_->begin(true);
  return *this;
}

Writer& Writer::end_object() {
  state_->end(true);
  return *this;
}

Writer& Writer::begin_array() {
  state_->begin(false);
  return *this;
}

Writer& Writer::end_array() {
  state_->end(false);
  return *this;
}

Writer& Writer::key(std::string_view name) {
  State& state = *state_;
  state.require(!state.open.empty() && state.open.back().object && !state.open.back().after_key,
                "JSON: a key belongs into an object");
  if (!state.open.back().empty) state.out.push_back(',');
  state.open.back().empty = false;
  append_json_string(state.out, name);
  state.out.push_back(':');
  state.open.back().after_key = true;
  return *this;
}

Writer& Writer::string(std::string_view value) {
  state_->before_value();
  append_json_string(state_->out, value);
  state_->after_value();
  return *this;
}

Writer& Writer::number(std::int64_t value) {
  state_->scalar(std::to_string(value));
  return *this;
}

Writer& Writer::real(double value) {
  state_->before_value();
  append_json_number(state_->out, value);
  state_->after_value();
  return *this;
}

Writer& Writer::boolean(bool value) {
  state_->scalar(value ? "true" : "false");
  return *this;
}

Writer& Writer::null() {
  state_->scalar("null");
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  state_->scalar(json);
  return *this;
}

std::string Writer::take() && {
  state_->require(state_->finished, "JSON: the document is not finished");
  return std::move(state_->out);
}

}  // namespace scoreboard::json
