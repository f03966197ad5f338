// SPDX-License-Identifier: Apache-2.0
// No two different actions have the same signed bytes: the property that contract A's format has
// only by the grammar of its fields (action_signature.hpp).
#include <array>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "auth/action_signature.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;

BOOST_AUTO_TEST_SUITE(signed_bytes_of_actions)

namespace {

constexpr unsigned seed = 20260202;

using Update = std::tuple<std::string, std::string, std::string>;

// Few letters and short texts, so that pieces of one field look like pieces of its neighbour.
struct Generator {
  std::mt19937 luck{seed};

  std::string text(const std::string& letters, std::size_t size_min, std::size_t size_max) {
    std::string made(size_min + luck() % (size_max - size_min + 1), ' ');
    for (char& c : made) c = letters[luck() % letters.size()];
    return made;
  }
  Update update() {
    static const std::vector<std::string> moments{"2026-02-02T10:30:00Z", "2026-02-02T10:30:00.0Z",
                                                  "0202-02-02T02:02:02Z", "0020-02-02T02:02:02.0Z",
                                                  "2222-12-22T22:22:22.222222222Z"};
    return {text("a2-", 8, luck() % 50 == 0 ? 64 : 10), "A" + text("AZ_", 0, 5),
            moments[luck() % moments.size()]};
  }

  // Two that differ in one field only, or whose ids or types are one another's beginning.
  std::pair<Update, Update> neighbours() {
    const Update one = update();
    Update other = one;
    auto& [id, type, moment] = other;
    while (other == one) {
      switch (luck() % 4) {
        case 0:
          if (id.size() < 64) id += "a2-"[luck() % 3];
          break;
        case 1:
          id[luck() % id.size()] = "a2-"[luck() % 3];
          break;
        case 2:
          type += "AZ_"[luck() % 3];
          break;
        default:
          moment = std::get<2>(update());
      }
    }
    return {one, other};
  }
};

UpdateFields fields_of(const Update& update) {
  return {std::get<0>(update), std::get<1>(update), std::get<2>(update)};
}

// Every way to cut the bytes into three fields that the grammar takes.
std::vector<Update> all_splits(const std::string& bytes) {
  std::vector<Update> splits;
  for (std::size_t id = 0; id <= bytes.size(); ++id) {
    if (!check_action_id(bytes.substr(0, id), "")) continue;
    for (std::size_t type = id; type <= bytes.size(); ++type) {
      if (!check_action_type(bytes.substr(id, type - id), "")) continue;
      if (!parse_update_timestamp(bytes.substr(type), "")) continue;
      splits.emplace_back(bytes.substr(0, id), bytes.substr(id, type - id), bytes.substr(type));
    }
  }
  return splits;
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_two_of_200_000_updates_have_the_same_signed_bytes) {
  Generator generator;
  std::map<std::string, Update> seen;
  int again = 0;
  for (int i = 0; i < 200'000; ++i) {
    const Update update = generator.update();
    const auto [entry, fresh] = seen.emplace(signed_bytes(fields_of(update)), update);
    if (fresh) continue;
    ++again;
    BOOST_TEST_REQUIRE((entry->second == update), entry->first << ", seed " << seed);
  }
  // The generator is dense enough to repeat itself, and wide enough not only to do that.
  BOOST_TEST(again > 100);
  BOOST_TEST(seen.size() > 100'000U);
}

// The test above compares each with every other one; here are a million pairs of neighbours, of
// either contract: the same bytes, but for one place where something is put in, left out or
// changed.
BOOST_AUTO_TEST_CASE(no_two_of_a_million_pairs_have_the_same_signed_bytes) {
  Generator generator;
  for (int i = 0; i < 500'000; ++i) {
    const auto [one, other] = generator.neighbours();
    const std::string a = signed_bytes(fields_of(one));
    const std::string b = signed_bytes(fields_of(other));
    if (a == b) BOOST_FAIL(a << ", seed " << seed);
    const std::int64_t delta = static_cast<int>(generator.luck() % 23) - 11;
    const auto increment = [&](const Update& update, std::int64_t by) {
      return signed_bytes(IncrementFields{"7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d17",
                                          std::get<0>(update), by,
                                          "00112233445566778899aabbccddeeff", std::get<2>(update)});
    };
    const bool same =
        std::get<0>(one) == std::get<0>(other) && std::get<2>(one) == std::get<2>(other);
    const std::int64_t by = same ? delta + 1 + static_cast<int>(generator.luck() % 99) : delta;
    if (increment(one, delta) == increment(other, by)) BOOST_FAIL(a << ", seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(signed_bytes_of_an_update_can_be_cut_in_one_way_only) {
  Generator generator;
  for (int i = 0; i < 1000; ++i) {
    const Update update = generator.update();
    const auto splits = all_splits(signed_bytes(fields_of(update)));
    BOOST_TEST_REQUIRE(splits.size() == 1U, signed_bytes(fields_of(update)) << ", seed " << seed);
    BOOST_TEST_REQUIRE((splits.front() == update));
  }
}

BOOST_AUTO_TEST_CASE(signed_bytes_of_an_increment_are_six_lines) {
  Generator generator;
  constexpr auto deltas =
      std::to_array<std::int64_t>({0, 1, -1, 10, std::numeric_limits<std::int64_t>::max(),
                                   std::numeric_limits<std::int64_t>::min()});
  for (int i = 0; i < 2000; ++i) {
    const auto user = generator.text("0f-", 36, 36);
    const auto [id, type, moment] = generator.update();
    const auto nonce = generator.text("0f", 32, 32);
    const auto delta = deltas[generator.luck() % deltas.size()];
    std::istringstream lines(signed_bytes(IncrementFields{user, id, delta, nonce, moment}));
    std::vector<std::string> split;
    for (std::string line; std::getline(lines, line);) split.push_back(line);
    const std::vector<std::string> expected{"v1", user, id, std::to_string(delta), nonce, moment};
    BOOST_TEST_REQUIRE((split == expected), "seed " << seed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
