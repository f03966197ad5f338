// SPDX-License-Identifier: Apache-2.0
#include "crypto/ecdsa_der.hpp"

namespace scoreboard::crypto {
namespace {

constexpr unsigned char tag_integer = 0x02;
constexpr unsigned char tag_sequence = 0x30;

void append_integer(std::vector<unsigned char>& der, std::span<const unsigned char> number) {
  while (number.size() > 1 && number.front() == 0) number = number.subspan(1);
  // DER's integers have a sign: a leading one bit would make it negative.
  const bool padded = (number.front() & 0x80) != 0;
  der.push_back(tag_integer);
  der.push_back(static_cast<unsigned char>(number.size() + (padded ? 1 : 0)));
  if (padded) der.push_back(0);
  der.insert(der.end(), number.begin(), number.end());
}

}  // namespace

std::vector<unsigned char> ecdsa_der(std::span<const unsigned char> signature) {
  std::vector<unsigned char> der;
  der.reserve(2 + 2 * (2 + 33));
  der.push_back(tag_sequence);
  der.push_back(0);
  append_integer(der, signature.first(signature.size() / 2));
  append_integer(der, signature.subspan(signature.size() / 2));
  der[1] = static_cast<unsigned char>(der.size() - 2);  // at most 70: the short form
  return der;
}

}  // namespace scoreboard::crypto
