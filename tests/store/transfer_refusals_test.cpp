// SPDX-License-Identifier: Apache-2.0
// Whatever is not a whole board stays outside, and is told where.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "store/transfers.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
namespace data = boost::unit_test::data;

namespace {

const auto engines = data::make({Engine::sqlite, Engine::postgresql});

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, what);
  return text.replace(at, what.size(), by);
}

// Where line `number` begins, from 1.
std::size_t line_at(const std::string& text, int number) {
  std::size_t at = 0;
  for (int line = 1; line < number; ++line) at = text.find('\n', at) + 1;
  return at;
}

void check_refused(const TestDatabase& target, const std::filesystem::path& path,
                   const std::string& told, ErrorCode code = ErrorCode::malformed) {
  const auto refused = import_into(target, path);
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().code == code);
  BOOST_CHECK_MESSAGE(refused.error().log.find(told) != std::string::npos,
                      "\"" << refused.error().log << "\" does not say \"" << told << "\"");
}

// Lines of an export of played_board(): 1 the header, 2 to 13 users, 14 to 25 players, from 26 on
// scores, 48 a board; 48 events, 4 entries, the head, the retention.
struct Damage {
  const char* what;
  std::function<std::string(std::string)> done;
  const char* told;
};
std::ostream& operator<<(std::ostream& out, const Damage& damage) {
  return out << damage.what;
}

const std::vector<Damage> damages = {
    {"nothing at all", [](auto) { return std::string(); }, "is empty"},
    {"a cut within a line", [](auto text) { return text.substr(0, line_at(text, 9) + 20); },
     "line 9: is not one whole JSON object"},
    {"a cut between lines", [](auto text) { return text.substr(0, line_at(text, 20)); },
     "line 19: 6 rows of players instead of 12: it is not whole"},
    {"a cut before the last line",
     [](auto text) { return text.substr(0, text.rfind('\n', text.size() - 2) + 1); },
     "0 rows of retention instead of 1"},
    {"a line that is missing",
     [](auto text) { return text.erase(line_at(text, 30), line_at(text, 31) - line_at(text, 30)); },
     "rows of scores instead of 48"},
    {"a line twice",
     [](auto text) {
       return text.insert(line_at(text, 9),
                          text.substr(line_at(text, 9), line_at(text, 10) - line_at(text, 9)));
     },
     "line 10: the same key as that of an earlier row of users"},
    {"lines in another order",
     [](auto text) {
       return text.insert(line_at(text, 20),
                          text.substr(line_at(text, 9), line_at(text, 10) - line_at(text, 9)));
     },
     "line 20: users must come before players"},
    {"an empty line", [](auto text) { return text.insert(line_at(text, 3), "\n"); },
     "line 3: is not one whole JSON object"},
    {"a foreign header", [](auto text) { return replaced(text, "scoreboard-export", "dump"); },
     "line 1: is not the header of an export"},
    {"a newer format", [](auto text) { return replaced(text, "\"version\":1", "\"version\":2"); },
     "line 1: it has version 2 of the format; this program reads 1"},
    {"another schema", [](auto text) { return replaced(text, "\"schema\":1", "\"schema\":7"); },
     "its schema is 7, this program's 1"},
    {"another program's file", [](auto) { return std::string("PK\x03\x04 and more\n"); },
     "line 1: neither the header of an export nor username,email,score"},
    {"a foreign table", [](auto text) { return replaced(text, ":\"players\",", ":\"wallets\","); },
     "line 14: names a table that no board has: wallets"},
    {"no table", [](auto text) { return replaced(text, "\"table\":\"players\",", ""); },
     "line 14: names no table"},
    {"a text for a number",
     [](auto text) { return replaced(text, "\"event_number\":4", "\"event_number\":\"4\""); },
     "line 14: its \"event_number\" must be a whole number"},
    {"a number for a text",
     [](auto text) { return replaced(text, "\"username\":\"player2\"", "\"username\":2"); },
     "line 3: its \"username\" must be a text"},
    {"a column that is missing",
     [](auto text) { return replaced(text, ",\"username\":\"player2\"", ""); },
     "line 3: its \"username\" must be a text"},
    {"no UTF-8", [](auto text) { return replaced(text, "\"player3\"", "\"player\xFF\""); },
     "line 4: is not UTF-8 text"},
    {"a user twice under two ids",
     [](auto text) {
       return replaced(text, "\"username_key\":\"player5\"", "\"username_key\":\"player4\"");
     },
     "line 6: the same key as that of an earlier row of users"},
    {"a score of nothing", [](auto text) { return replaced(text, ",\"score\":", ",\"score\":-"); },
     "line 26: breaks a rule of the table scores"},
    {"a player without user",
     [](auto text) {
       return replaced(text, "\"user_id\":3,\"event_number\"", "\"user_id\":99,\"event_number\"");
     },
     "breaks a rule of the table players"},
    {"an entry that was changed",
     [](auto text) { return replaced(text, "\\\"p\\\":2", "\\\"p\\\":3"); },
     "journal entry 1 breaks the chain of hashes"},
    {"a head that is not the last entry",
     [](auto text) {
       return replaced(text, "\"table\":\"journal_head\",\"id\":1,\"seq\":4",
                       "\"table\":\"journal_head\",\"id\":1,\"seq\":3");
     },
     "the journal's head is not its last entry"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(transfer_refusals)

BOOST_DATA_TEST_CASE(a_damaged_file_stays_outside, engines* data::make(damages), engine, damage) {
  static const std::string whole = [] {
    const TemporaryDirectory directory;
    return read(
        export_to(played_board(Engine::sqlite), directory.path() / "b", ExportFormat::jsonl));
  }();
  const TemporaryDirectory directory;
  TestDatabase target(engine);
  check_refused(target, write(directory.path() / "b", damage.done(whole)), damage.told);
  check_empty(target);
}

BOOST_DATA_TEST_CASE(a_damaged_directory_stays_outside, engines, engine) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "b";
  const auto board = played_board(Engine::sqlite);
  const auto damaged = [&](const std::string& file, const auto& damage, const std::string& told) {
    std::filesystem::remove_all(path);
    export_to(board, path, ExportFormat::csv);
    write(path / file, damage(read(path / file)));
    TestDatabase target(engine);
    check_refused(target, path, told);
    check_empty(target);
  };
  const auto cut = [](const std::string& text) { return text.substr(0, line_at(text, 5)); };
  damaged("users.csv", cut, "3 rows of users instead of 12");
  damaged(
      "retention.csv", [](const std::string& text) { return text.substr(0, line_at(text, 2)); },
      "0 rows of retention instead of 1");
  damaged(
      "players.csv", [](const std::string& text) { return replaced(text, "\r\n2,", "\r\ntwo,"); },
      "players.csv, line 3: user_id must be a whole number");
  damaged(
      "players.csv", [](const std::string& text) { return replaced(text, "\r\n2,", "\r\n2,2,"); },
      "players.csv, line 3: has 3 fields instead of 2");
  damaged(
      "players.csv", [](const std::string& text) { return replaced(text, "\r\n2,", "\r\n1,"); },
      "players.csv, line 3: the same key");
  damaged(
      "players.csv", [](const std::string& text) { return replaced(text, "\r\n2,", "\r\n\"2,"); },
      "players.csv, line 3: a quoted field does not end");
  damaged(
      "players.csv",
      [](const std::string& text) { return replaced(text, "\r\n2,", "\r\n\"2\"2,"); },
      "players.csv, line 3: is not CSV");
  damaged(
      "scores.csv", [](const std::string& text) { return replaced(text, "score", "points"); },
      "scores.csv, line 1: its columns are not those of scores");
  damaged(
      "manifest.csv",
      [](const std::string& text) { return replaced(text, "scoreboard-export", "x"); },
      "is not the manifest of an export");
  std::filesystem::remove(path / "manifest.csv");
  TestDatabase target(engine);
  check_refused(target, path, "manifest.csv: cannot open");
}

BOOST_DATA_TEST_CASE(only_an_empty_board_is_filled, engines, engine) {
  const TemporaryDirectory directory;
  const auto board = played_board(engine);
  const auto path = export_to(board, directory.path() / "b", ExportFormat::jsonl);
  check_refused(*board.database, path, "has users or journal entries", ErrorCode::already_exists);
  const auto registered = make_store(engine);
  add_player(*registered.store, 1);
  check_refused(*registered.database, path, "has users", ErrorCode::already_exists);
  check_clean(board.database->uri);
}

BOOST_AUTO_TEST_CASE(the_workers_role_is_refused) {
  const TemporaryDirectory directory;
  TestDatabase target(Engine::postgresql);
  const auto list =
      write(directory.path() / "list", "username,email,score\nana,ana@example.org,5\n");
  const auto refused = import_board(target.uri, list, {}, [](auto, auto, auto) {});
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().code == ErrorCode::forbidden);
}

BOOST_DATA_TEST_CASE(a_wrong_list_stays_outside, engines, engine) {
  const TemporaryDirectory directory;
  const std::string good = "username,email,score\nana,ana@example.org,5\n";
  const std::pair<const char*, const char*> lines[] = {
      {"bob,bob@example.org", "line 3: must be a user name, a mail address, a score"},
      {"bob,bob@example.org,5.5", "line 3: must be a user name, a mail address, a score"},
      {"bob,bob@example.org,-1", "line 3: the score must be from 0"},
      {"bob,bob@example.org,1000000000000001", "line 3: the score must be from 0"},
      {"x,x@example.org,5", "line 3: username is too short"},
      {"ANA,other@example.org,5", "line 3: the same key as that of an earlier row of users"},
      {"bob,Ana@Example.org,5", "line 3: the same key as that of an earlier row of users"},
  };
  TestDatabase target(engine);
  for (const auto& [line, told] : lines) {
    check_refused(target, write(directory.path() / "list", good + line + "\n"), told);
  }
  const std::string object = R"({"username":"ana","email":"ana@example.org","score":5})";
  check_refused(target, write(directory.path() / "list", object + "\n{\"username\":\"bob\"}\n"),
                "line 2: must have");
  check_refused(target, write(directory.path() / "list", object + "\n{"), "line 2: is not one");
  check_empty(target);
}

BOOST_AUTO_TEST_SUITE_END()
