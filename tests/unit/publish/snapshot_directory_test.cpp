// SPDX-License-Identifier: Apache-2.0
#include "publish/snapshot_directory.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "publish/board_json.hpp"
#include "unit/publish/scratch_directory.hpp"

using namespace scoreboard;

namespace {

BoardView board_of(int players, int newest) {
  BoardView view{.version = JournalSeq{newest}, .updated_at = {}, .standings = {}};
  for (int rank = 1; rank <= players; ++rank) {
    view.standings.push_back({.rank = Rank{rank},
                              .user = UserId{"u" + std::to_string(rank)},
                              .username = "n",
                              .display_name = "n",
                              .score = Score{1000 - rank},
                              .reached = Reached{JournalSeq{rank == players ? newest : rank}, 0},
                              .reached_at = {}});
  }
  return view;
}

struct stat status_of(const std::filesystem::path& file) {
  struct stat status {};
  BOOST_REQUIRE_EQUAL(stat(file.c_str(), &status), 0);
  return status;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(snapshot_directory)

BOOST_AUTO_TEST_CASE(there_is_a_file_for_every_limit_and_its_time_is_its_version) {
  tests::ScratchDirectory scratch;
  publish::SnapshotDirectory snapshot(scratch.path / "board");
  const BoardView view = board_of(12, 77);
  BOOST_REQUIRE(snapshot.write(view));
  BOOST_CHECK_EQUAL(std::distance(std::filesystem::directory_iterator(scratch.path / "board"), {}),
                    60);
  std::ifstream file(scratch.path / "board" / "a-10.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  BOOST_CHECK_EQUAL(text, publish::leaderboard_a(view, 10));
  BOOST_CHECK_EQUAL(status_of(scratch.path / "board" / "a-10.json").st_mtime, 10);
  BOOST_CHECK_EQUAL(status_of(scratch.path / "board" / "b-11.json").st_mtime, 11);
  BOOST_CHECK_EQUAL(status_of(scratch.path / "board" / "b-50.json").st_mtime, 77);
}

BOOST_AUTO_TEST_CASE(files_that_did_not_change_are_left_alone) {
  tests::ScratchDirectory scratch;
  publish::SnapshotDirectory snapshot(scratch.path);
  BOOST_REQUIRE(snapshot.write(board_of(12, 77)));
  const auto before_ten = status_of(scratch.path / "a-10.json").st_ino;
  const auto before_all = status_of(scratch.path / "b-50.json").st_ino;
  BOOST_REQUIRE(snapshot.write(board_of(13, 78)));
  BOOST_CHECK_EQUAL(status_of(scratch.path / "a-10.json").st_ino, before_ten);
  BOOST_CHECK_NE(status_of(scratch.path / "b-50.json").st_ino, before_all);
  BOOST_CHECK_EQUAL(status_of(scratch.path / "b-50.json").st_mtime, 78);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_written_is_said) {
  publish::SnapshotDirectory snapshot("/proc/no/such/place");
  auto written = snapshot.write(board_of(1, 1));
  BOOST_REQUIRE(!written);
  BOOST_CHECK(written.error().code == ErrorCode::unavailable);
}

BOOST_AUTO_TEST_SUITE_END()
