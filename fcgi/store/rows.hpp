// SPDX-License-Identifier: Apache-2.0
// The rows of a batch as one parameter: what Engine::rows() reads.
//
//   Rows rows;
//   rows.add().number("user_row", 7).text("action_id", "a-1");
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "json/writer.hpp"

namespace scoreboard::store {

class Rows {
 public:
  Rows() { json_.begin_array(); }

  Rows& add() {
    if (count_++ > 0) json_.end_object();
    json_.begin_object();
    return *this;
  }
  Rows& number(std::string_view column, std::int64_t value) {
    json_.key(column).number(value);
    return *this;
  }
  Rows& text(std::string_view column, std::string_view value) {
    json_.key(column).string(value);
    return *this;
  }
  bool empty() const { return count_ == 0; }

  std::string take() && {
    if (count_ > 0) json_.end_object();
    json_.end_array();
    return std::move(json_).take();
  }

 private:
  json::Writer json_;
  std::size_t count_ = 0;
};

}  // namespace scoreboard::store
