// SPDX-License-Identifier: Apache-2.0
#include "publish/board_json.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard;

namespace {

Standing standing(int rank, const char* name, int score, int seq) {
  return {.rank = Rank{rank},
          .user = UserId{std::string("id-") + name},
          .username = name,
          .display_name = std::string(name) + " \"A\"",
          .score = Score{score},
          .reached = Reached{JournalSeq{seq}, 3},
          .reached_at = from_micros(1770028200000000 + seq * 1000000LL)};
}

BoardView board() {
  return {.version = JournalSeq{7},
          .updated_at = from_micros(1770028207000000),
          .standings = {standing(1, "ana", 30, 5), standing(2, "bo", 20, 7)}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(board_json)

BOOST_AUTO_TEST_CASE(contract_a_to_the_letter) {
  BOOST_CHECK_EQUAL(publish::leaderboard_a(board(), 10),
                    R"({"success":true,"data":{"leaderboard":[)"
                    R"({"rank":1,"user_id":"id-ana","username":"ana","score":30},)"
                    R"({"rank":2,"user_id":"id-bo","username":"bo","score":20}],)"
                    R"("updated_at":"2026-02-02T10:30:07.000Z","version":7}})");
}

BOOST_AUTO_TEST_CASE(a_shorter_board_has_the_version_of_what_it_shows) {
  BOOST_CHECK_EQUAL(publish::leaderboard_a(board(), 1),
                    R"({"success":true,"data":{"leaderboard":[)"
                    R"({"rank":1,"user_id":"id-ana","username":"ana","score":30}],)"
                    R"("updated_at":"2026-02-02T10:30:05.000Z","version":5}})");
}

BOOST_AUTO_TEST_CASE(contract_b_to_the_letter) {
  BOOST_CHECK_EQUAL(publish::leaderboard_b(board().standings, 1),
                    R"([{"userId":"id-ana","displayName":"ana \"A\"","score":30,"rank":1}])");
  BOOST_CHECK_EQUAL(publish::leaderboard_b({}, 10), "[]");
}

BOOST_AUTO_TEST_CASE(messages_carry_type_version_and_time) {
  const std::string a = publish::leaderboard_update_message(board());
  BOOST_CHECK(a.starts_with(R"({"type":"LEADERBOARD_UPDATE","data":{"leaderboard":[)"));
  BOOST_CHECK(a.ends_with(R"("updated_at":"2026-02-02T10:30:07.000Z","version":7}})"));
  const std::string b = publish::leaderboard_updated_message(board());
  BOOST_CHECK(b.starts_with(R"({"type":"leaderboard_updated","top10":[{"userId":"id-ana")"));
  BOOST_CHECK(b.ends_with(R"("version":7,"updated_at":"2026-02-02T10:30:07.000Z"})"));
  const Change change{.reached = Reached{JournalSeq{9}, 0},
                      .accepted_at = from_micros(1770028200000000),
                      .user = UserId{"id-bo"},
                      .previous = Score{20},
                      .current = Score{25},
                      .rank = Rank{2}};
  BOOST_CHECK_EQUAL(publish::user_score_updated_message(change),
                    R"({"type":"user_score_updated","userId":"id-bo","newScore":25,"version":9,)"
                    R"("updated_at":"2026-02-02T10:30:00.000Z"})");
}

BOOST_AUTO_TEST_SUITE_END()
