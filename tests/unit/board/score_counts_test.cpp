// SPDX-License-Identifier: Apache-2.0
#include "board/score_counts.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

using scoreboard::Reached;
using scoreboard::Score;
using scoreboard::ScoreCounts;

namespace {

// Everybody's place, counted one by one.
using Reference = std::set<std::pair<std::int64_t, std::int64_t>>;  // score, reached

std::int64_t at_or_above(const Reference& reference, std::int64_t score) {
  return std::distance(reference.lower_bound({score, -1}), reference.end());
}

std::int64_t equals_before(const Reference& reference, std::int64_t score, std::int64_t from,
                           std::int64_t reached) {
  return std::distance(reference.lower_bound({score, from}),
                       reference.lower_bound({score, reached}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(score_counts)

BOOST_AUTO_TEST_CASE(an_empty_board_counts_nobody) {
  ScoreCounts counts;
  BOOST_CHECK_EQUAL(counts.at_or_above(Score{0}), 0);
  BOOST_CHECK_EQUAL(counts.players(), 0);
  BOOST_CHECK_EQUAL(counts.equals(Score{5}, Reached{9}).before, 0);
  BOOST_CHECK(!counts.leave(Score{5}, Reached{1}));
}

BOOST_AUTO_TEST_CASE(equals_are_at_or_above_but_not_above) {
  ScoreCounts counts;
  for (int i = 1; i <= 3; ++i) counts.arrive(Score{10}, Reached{i});
  counts.arrive(Score{20}, Reached{4});
  BOOST_CHECK_EQUAL(counts.at_or_above(Score{10}), 4);
  BOOST_CHECK_EQUAL(counts.above(Score{10}), 1);
  BOOST_CHECK_EQUAL(counts.at_or_above(Score{11}), 1);
  BOOST_CHECK_EQUAL(counts.at_or_above(Score{21}), 0);
}

BOOST_AUTO_TEST_CASE(nobody_leaves_where_nobody_can_have_stood) {
  ScoreCounts counts;
  counts.arrive(Score{10}, Reached{5});
  BOOST_CHECK(!counts.leave(Score{10}, Reached{4}));
  BOOST_CHECK(!counts.leave(Score{9}, Reached{5}));
  BOOST_CHECK_EQUAL(counts.players(), 1);
  BOOST_CHECK(counts.leave(Score{10}, Reached{5}));
  BOOST_CHECK_EQUAL(counts.players(), 0);
  BOOST_CHECK_EQUAL(counts.entries(), 0U);
}

BOOST_AUTO_TEST_CASE(random_boards_agree_with_counting_one_by_one) {
  const unsigned seed = std::random_device{}();
  std::mt19937_64 random(seed);
  for (const std::int64_t highest : {1, 30, 100000}) {
    ScoreCounts counts;
    Reference reference;
    std::vector<std::pair<std::int64_t, std::int64_t>> players;
    std::uniform_int_distribution<std::int64_t> any_score(1, highest);
    for (int step = 0; step < 20000; ++step) {
      const std::string where = "seed " + std::to_string(seed) + " step " + std::to_string(step);
      if (random() % 3 == 0 && !players.empty()) {
        std::swap(players[random() % players.size()], players.back());
        const auto [score, reached] = players.back();
        BOOST_REQUIRE_MESSAGE(counts.leave(Score{score}, Reached{reached}), where);
        reference.erase(players.back());
        players.pop_back();
      } else {
        const std::int64_t score = any_score(random);
        counts.arrive(Score{score}, Reached{step});
        reference.insert({score, step});
        players.emplace_back(score, step);
      }
      if (step % 50 != 0 || players.empty()) continue;
      const std::int64_t asked = any_score(random);
      BOOST_REQUIRE_MESSAGE(counts.at_or_above(Score{asked}) == at_or_above(reference, asked),
                            where);
      const auto [score, reached] = players[random() % players.size()];
      const auto equals = counts.equals(Score{score}, Reached{reached});
      const auto own_group = equals_before(reference, score, equals.group_from.value(), reached);
      BOOST_REQUIRE_MESSAGE(own_group < ScoreCounts::group_max, where);
      BOOST_REQUIRE_MESSAGE(
          equals.before + own_group == equals_before(reference, score, 0, reached), where);
    }
    BOOST_CHECK_EQUAL(counts.players(), static_cast<std::int64_t>(players.size()));
  }
}

// Many pass through one score: what they leave behind must not grow with them.
BOOST_AUTO_TEST_CASE(groups_that_emptied_are_joined) {
  ScoreCounts counts;
  constexpr int stay = 100;
  for (int i = 0; i < 100000; ++i) {
    counts.arrive(Score{10}, Reached{i});
    if (i >= stay) BOOST_REQUIRE(counts.leave(Score{10}, Reached{i - stay}));
  }
  BOOST_CHECK_EQUAL(counts.players(), stay);
  BOOST_CHECK_LT(counts.entries(), 5U);
}

BOOST_AUTO_TEST_CASE(memory_follows_scores_and_groups_and_not_players) {
  ScoreCounts counts;
  std::int64_t reached = 0;
  for (std::int64_t score = 1; score <= 1000; ++score) {
    for (int group = 0; group < 40; ++group) {
      counts.load(Score{score}, Reached{reached++}, ScoreCounts::group_max);
    }
  }
  BOOST_CHECK_EQUAL(counts.players(), 10'240'000);
  BOOST_CHECK_LT(counts.memory_bytes(), 2'500'000U);
}

BOOST_AUTO_TEST_SUITE_END()
