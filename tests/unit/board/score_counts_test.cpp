// SPDX-License-Identifier: Apache-2.0
#include "board/score_counts.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <random>

using scoreboard::Score;
using scoreboard::ScoreCounts;

namespace {

std::int64_t counted_one_by_one(const std::map<std::int64_t, std::int64_t>& reference,
                                std::int64_t score) {
  std::int64_t count = 0;
  for (auto entry = reference.lower_bound(score); entry != reference.end(); ++entry) {
    count += entry->second;
  }
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(score_counts)

BOOST_AUTO_TEST_CASE(an_empty_board_counts_nobody) {
  ScoreCounts counts;
  BOOST_CHECK_EQUAL(counts.at_or_above(Score{0}), 0);
  BOOST_CHECK_EQUAL(counts.players(), 0);
  BOOST_CHECK(!counts.remove(Score{5}));
}

BOOST_AUTO_TEST_CASE(equals_are_at_or_above_but_not_above) {
  ScoreCounts counts;
  counts.add(Score{10}, 3);
  counts.add(Score{20});
  BOOST_CHECK_EQUAL(counts.at_or_above(Score{10}), 4);
  BOOST_CHECK_EQUAL(counts.above(Score{10}), 1);
  BOOST_CHECK_EQUAL(counts.at_or_above(Score{11}), 1);
  BOOST_CHECK_EQUAL(counts.at_or_above(Score{21}), 0);
}

BOOST_AUTO_TEST_CASE(more_cannot_be_taken_away_than_stood_there) {
  ScoreCounts counts;
  counts.add(Score{10}, 2);
  BOOST_CHECK(!counts.remove(Score{10}, 3));
  BOOST_CHECK(!counts.remove(Score{9}));
  BOOST_CHECK_EQUAL(counts.players(), 2);
  BOOST_CHECK(counts.remove(Score{10}, 2));
  BOOST_CHECK_EQUAL(counts.players(), 0);
  BOOST_CHECK_EQUAL(counts.distinct_scores(), 0U);
}

BOOST_AUTO_TEST_CASE(random_boards_agree_with_counting_one_by_one) {
  const unsigned seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random(seed);
  for (const std::int64_t highest : {3, 300, 100000}) {
    ScoreCounts counts;
    std::map<std::int64_t, std::int64_t> reference;
    std::uniform_int_distribution<std::int64_t> any_score(0, highest);
    for (int step = 0; step < 20000; ++step) {
      const std::int64_t score = any_score(random);
      if (random() % 3 == 0) {
        const bool there = reference.contains(score);
        BOOST_REQUIRE_EQUAL(counts.remove(Score{score}), there);
        if (there && --reference[score] == 0) reference.erase(score);
      } else {
        counts.add(Score{score});
        ++reference[score];
      }
      if (step % 50 == 0) {
        const std::int64_t asked = any_score(random);
        BOOST_REQUIRE_MESSAGE(
            counts.at_or_above(Score{asked}) == counted_one_by_one(reference, asked),
            "seed " << seed << " step " << step << " score " << asked);
      }
    }
    BOOST_CHECK_EQUAL(counts.distinct_scores(), reference.size());
  }
}

BOOST_AUTO_TEST_CASE(memory_follows_distinct_scores_and_not_players) {
  ScoreCounts counts;
  for (std::int64_t score = 0; score < 1000; ++score) counts.add(Score{score}, 10000);
  BOOST_CHECK_EQUAL(counts.players(), 10'000'000);
  BOOST_CHECK_LT(counts.memory_bytes(), 100'000U);
}

BOOST_AUTO_TEST_SUITE_END()
