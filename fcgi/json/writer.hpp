// SPDX-License-Identifier: Apache-2.0
// JSON out, built front to back. Keys keep the order in which they are written, so equal input
// gives equal bytes.
//
//   Writer w;
//   w.begin_object().key("rank").number(1).key("user").string(name).end_object();
//   std::string text = std::move(w).take();
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace scoreboard::json {

class Writer {
 public:
  Writer();
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view value);  // invalid UTF-8 becomes U+FFFD
  Writer& number(std::int64_t value);
  Writer& real(double value);
  Writer& boolean(bool value);
  Writer& null();
  Writer& raw(std::string_view json);  // one complete value that is already JSON

  std::string take() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scoreboard::json
