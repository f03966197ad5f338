// SPDX-License-Identifier: Apache-2.0
#include "store/transfers.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "store/open.hpp"
#include "store/verify.hpp"

namespace scoreboard::tests {

StoreUnderTest played_board(Engine engine) {
  auto under = make_store(engine);
  for (int player = 1; player <= players; ++player) add_player(*under.store, player);
  const AwardRules rules{.boards = {Board::day, Board::week, Board::month}};
  for (int round = 0; round < 4; ++round) {
    std::vector<Award> batch;
    for (int player = 1; player <= players; ++player) {
      batch.push_back(award(player, "action-" + std::to_string(round), player % 5 + 1));
    }
    auto committed = under.store->commit(batch, rules, start() + std::chrono::minutes{15 * round});
    BOOST_REQUIRE_MESSAGE(committed, why(committed));
  }
  return under;
}

std::string export_to(const StoreUnderTest& under, const std::filesystem::path& path,
                      ExportFormat format) {
  const auto exported =
      export_board(under.database->uri, path.string(), format, [](auto, auto, auto) {});
  BOOST_REQUIRE_MESSAGE(exported, why(exported));
  return path.string();
}

Result<TransferReport> import_into(const TestDatabase& target, const std::filesystem::path& path) {
  int next = 0;
  const ScoreListRules rules{
      .check = [](std::string_view username, std::string_view) -> Result<void> {
        if (username != "x") return {};
        return Error{
            .code = ErrorCode::malformed, .log = "", .field = "username", .reason = "is too short"};
      },
      .new_user_id = [&next] { return user_id(++next); },
      .now = start()};
  return import_board(target.owner_uri, path.string(), rules, [](auto, auto, auto) {});
}

void check_clean(const std::string& uri) {
  const auto report = verify(uri);
  BOOST_REQUIRE_MESSAGE(report, why(report));
  BOOST_CHECK_MESSAGE(report->findings.empty(), first_of(report->findings));
}

void check_empty(const TestDatabase& target) {
  check_clean(target.uri);
  auto opened = open_store({.uri = target.uri, .readers = 1});
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  BOOST_CHECK_EQUAL((*opened)->journal_head()->seq.value(), 0);
  const TemporaryDirectory directory;
  const auto imported = import_into(
      target, write(directory.path() / "list", "username,email,score\nana,ana@example.org,5\n"));
  BOOST_REQUIRE_MESSAGE(imported, why(imported));
  check_clean(target.uri);
}

std::string read(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::filesystem::path write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
  return file;
}

std::map<std::string, std::string> contents(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {{"", read(path)}};
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    files[entry.path().filename().string()] = read(entry.path());
  }
  return files;
}

}  // namespace scoreboard::tests
