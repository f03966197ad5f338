// SPDX-License-Identifier: Apache-2.0
// Key material: not copyable, not printable, wiped when it dies.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace scoreboard::crypto {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::vector<unsigned char> bytes) : bytes_(std::move(bytes)) {}
  ~Secret() { wipe(); }
  Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      bytes_ = std::move(other.bytes_);
      other.bytes_.clear();
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  std::span<const unsigned char> bytes() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }

 private:
  void wipe();  // OPENSSL_cleanse

  std::vector<unsigned char> bytes_;
};

}  // namespace scoreboard::crypto
