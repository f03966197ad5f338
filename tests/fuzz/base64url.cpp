// SPDX-License-Identifier: Apache-2.0
// One spelling for each value: what is accepted is what the value is written as, and every value's
// spelling is accepted.
#include "crypto/base64url.hpp"

#include <algorithm>

#include "fuzz/property.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using scoreboard::fuzz::must;
  const std::string_view text = scoreboard::fuzz::text_of(data, size);
  if (const auto bytes = scoreboard::crypto::parse_base64url(text)) {
    must(scoreboard::crypto::base64url(*bytes) == text, "an accepted text is its value's spelling");
    must(bytes->size() == size * 3 / 4, "four digits are three bytes");
  }
  const std::string spelled = scoreboard::crypto::base64url({data, size});
  const auto back = scoreboard::crypto::parse_base64url(spelled);
  must(back && std::ranges::equal(*back, std::span(data, size)), "a spelling is read as its value");
  return 0;
}
