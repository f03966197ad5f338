// SPDX-License-Identifier: Apache-2.0
#include "ctl/demo_names.hpp"

#include <array>
#include <string_view>

namespace scoreboard::ctl {
namespace {

constexpr std::array<std::string_view, 24> qualities = {
    "Swift",  "Quiet",    "Lucky",  "Brave",  "Cosmic", "Amber",  "Rapid", "Clever",
    "Frosty", "Golden",   "Mighty", "Nimble", "Rusty",  "Silver", "Sunny", "Velvet",
    "Wild",   "Electric", "Gentle", "Hidden", "Iron",   "Jolly",  "Lunar", "Noble"};
constexpr std::array<std::string_view, 24> animals = {
    "Otter",  "Falcon", "Badger", "Heron", "Lynx",  "Raven", "Panda", "Gecko",
    "Marten", "Walrus", "Koala",  "Bison", "Fox",   "Tiger", "Moose", "Crane",
    "Orca",   "Viper",  "Ibis",   "Puma",  "Stork", "Yak",   "Wolf",  "Hare"};
constexpr std::array<std::string_view, 24> people = {
    "mika", "juno", "theo", "amira", "lena", "kofi",  "sana",  "diego",
    "ines", "yuki", "noor", "piotr", "maya", "emeka", "freya", "tomas",
    "aiko", "ravi", "zoe",  "linh",  "omar", "elif",  "hugo",  "nina"};

template <std::size_t Size>
std::string_view pick(const std::array<std::string_view, Size>& words, std::mt19937_64& random) {
  return words[std::uniform_int_distribution<std::size_t>(0, Size - 1)(random)];
}

std::string number(std::mt19937_64& random) {
  return std::to_string(std::uniform_int_distribution<int>(2, 99)(random));
}

}  // namespace

std::string demo_name(std::mt19937_64& random) {
  std::string name;
  switch (std::uniform_int_distribution<int>(0, 3)(random)) {
    case 0:
      return name.append(pick(qualities, random)).append(pick(animals, random));
    case 1:
      return name.append(pick(people, random)).append("_").append(number(random));
    case 2:
      return name.append(pick(people, random)).append(".").append(pick(animals, random));
    default:
      return name.append(pick(qualities, random))
          .append(pick(animals, random))
          .append(number(random));
  }
}

}  // namespace scoreboard::ctl
