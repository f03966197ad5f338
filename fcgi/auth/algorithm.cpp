// SPDX-License-Identifier: Apache-2.0
#include "auth/algorithm.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace scoreboard::auth {
namespace {

constexpr std::array<std::pair<Algorithm, std::string_view>, 5> names{
    {{Algorithm::hs256, "HS256"},
     {Algorithm::rs256, "RS256"},
     {Algorithm::es256, "ES256"},
     {Algorithm::eddsa, "EdDSA"},
     {Algorithm::ps256, "PS256"}}};

}  // namespace

std::string_view name_of(Algorithm algorithm) {
  return std::ranges::find(names, algorithm, &decltype(names)::value_type::first)->second;
}

std::optional<Algorithm> parse_algorithm(std::string_view name) {
  const auto* const found = std::ranges::find(names, name, &decltype(names)::value_type::second);
  if (found == names.end()) return std::nullopt;
  return found->first;
}

}  // namespace scoreboard::auth
