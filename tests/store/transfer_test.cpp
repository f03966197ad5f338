// SPDX-License-Identifier: Apache-2.0
// A board that moved answers as before.
#include "store/transfer.hpp"

#include <sys/stat.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "store/database.hpp"
#include "store/open.hpp"
#include "store/transfer_tables.hpp"
#include "store/transfers.hpp"
#include "store/verify.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

namespace {

const auto from_engines = data::make({Engine::sqlite, Engine::postgresql});
const auto to_engines = data::make({Engine::sqlite, Engine::postgresql});
const auto formats = data::make({ExportFormat::jsonl, ExportFormat::csv});

unsigned mode_of(const std::filesystem::path& path) {
  struct stat about {};
  BOOST_REQUIRE_EQUAL(stat(path.c_str(), &about), 0);
  return about.st_mode & 0777U;
}

}  // namespace

namespace scoreboard {
std::ostream& operator<<(std::ostream& out, ExportFormat format) {
  return out << (format == ExportFormat::csv ? "csv" : "jsonl");
}
}  // namespace scoreboard

BOOST_AUTO_TEST_SUITE(transfer)

BOOST_DATA_TEST_CASE(a_moved_board_is_the_same_board, from_engines* to_engines* formats, from, to,
                     format) {
  const TemporaryDirectory directory;
  const auto board = played_board(from);
  const std::string first = export_to(board, directory.path() / "first", format);
  TestDatabase target(to);
  const auto imported = import_into(target, first);
  BOOST_REQUIRE_MESSAGE(imported, why(imported));
  check_clean(target.uri);

  auto opened = open_store({.uri = target.uri, .readers = 2});
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  Store& moved = **opened;
  BOOST_CHECK_EQUAL(describe(*moved.top(10)), describe(*board.store->top(10)));
  for (const Board which : {Board::day, Board::week, Board::month}) {
    const Period period = UtcCalendar{}.period(which, start());
    BOOST_CHECK_EQUAL(describe(*moved.top(period, 10)), describe(*board.store->top(period, 10)));
  }
  for (int player = 1; player <= players; ++player) {
    BOOST_CHECK_EQUAL(describe(**moved.standing(user_id(player))),
                      describe(**board.store->standing(user_id(player))));
    const auto receipt = moved.receipt(user_id(player), ActionId{"action-1"});
    BOOST_REQUIRE(receipt && *receipt);
    BOOST_CHECK_EQUAL(describe(**receipt),
                      describe(**board.store->receipt(user_id(player), ActionId{"action-1"})));
  }
  const auto credential = moved.find_credential("PLAYER3@example.org");
  BOOST_REQUIRE(credential && *credential);
  BOOST_CHECK_EQUAL((*credential)->password_hash, "hash of player3");

  // And from there out again: byte for byte what came in.
  const auto again = directory.path() / "again";
  const auto exported = export_board(target.uri, again, format, [](auto, auto, auto) {});
  BOOST_REQUIRE_MESSAGE(exported, why(exported));
  BOOST_CHECK(contents(first) == contents(again));
}

// A migration that adds a column must add it to the export, or it would be lost on the way.
BOOST_DATA_TEST_CASE(every_column_moves, from_engines, engine) {
  const TestDatabase board(engine);
  auto database = store::Database::parse(board.owner_uri);
  BOOST_REQUIRE(database);
  const auto connection = database->connect(store::Database::Use::inspect);
  for (const store::Table& table : store::moved_tables()) {
    std::string name;
    std::size_t columns = 0;
    connection
        ->query(engine == Engine::sqlite
                    ? "SELECT name FROM pragma_table_info(:name)"
                    : "SELECT CAST(attname AS text) FROM pg_attribute WHERE attnum > 0 AND"
                      " NOT attisdropped AND attrelid = to_regclass(CAST(:name AS text))")
        .use(table.name)
        .into(name)
        .each([&] {
          ++columns;
          BOOST_CHECK_NO_THROW(table.index_of(name));
        });
    BOOST_CHECK_EQUAL(columns, table.columns.size());
  }
}

// And one that adds a table must say whether it moves.
BOOST_DATA_TEST_CASE(every_table_moves_or_stays_for_a_reason, from_engines, engine) {
  // Sessions end with the move; the rest is made by the migration.
  const std::set<std::string> staying{"sessions", "refresh_tokens", "boards", "schema_migrations",
                                      "login_attempts"};
  const TestDatabase board(engine);
  auto database = store::Database::parse(board.owner_uri);
  BOOST_REQUIRE(database);
  const auto connection = database->connect(store::Database::Use::inspect);
  std::string name;
  std::set<std::string> moving;
  connection
      ->query(
          engine == Engine::sqlite
              ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
              : "SELECT CAST(relname AS text) FROM pg_class WHERE relkind IN ('r', 'p') AND"
                " NOT relispartition AND relnamespace = to_regnamespace(current_schema())")
      .into(name)
      .each([&] {
        if (staying.count(name) == 0) moving.insert(name);
      });
  std::set<std::string> moved;
  for (const store::Table& table : store::moved_tables()) moved.emplace(table.name);
  BOOST_TEST(moving == moved, boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(the_users_of_an_issuer_move, from_engines* to_engines* formats, from, to,
                     format) {
  const TemporaryDirectory directory;
  auto board = make_store(from);
  add_player(*board.store, 1);
  Identity identity{.issuer = "https://issuer.example/\"a\", b",
                    .subject = "auth0|42",
                    .newcomer = user_id(2),
                    .wished = Username{"ana"},
                    .otherwise = Username{"made-up"}};
  BOOST_REQUIRE(board.store->user_of_identity(identity, start()));
  identity.subject = "auth0|43";  // a second one without a mail address
  identity.newcomer = user_id(3);
  BOOST_REQUIRE(board.store->user_of_identity(identity, start()));
  TestDatabase target(to);
  const auto imported = import_into(target, export_to(board, directory.path() / "b", format));
  BOOST_REQUIRE_MESSAGE(imported, why(imported));
  check_clean(target.uri);
  auto opened = open_store({.uri = target.uri, .readers = 1});
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  identity.newcomer = user_id(4);
  const auto known = (*opened)->user_of_identity(identity, start());
  BOOST_REQUIRE_MESSAGE(known, why(known));
  BOOST_CHECK(known->id == user_id(3));
  identity.subject = "auth0|44";
  identity.otherwise = Username{"also-made-up"};
  const auto fresh = (*opened)->user_of_identity(identity, start());
  BOOST_REQUIRE_MESSAGE(fresh, why(fresh));
  BOOST_CHECK(fresh->id == user_id(4));
}

BOOST_DATA_TEST_CASE(a_moved_board_goes_on, from_engines* to_engines, from, to) {
  const TemporaryDirectory directory;
  const auto board = played_board(from);
  TestDatabase target(to);
  const auto imported =
      import_into(target, export_to(board, directory.path() / "b", ExportFormat::jsonl));
  BOOST_REQUIRE_MESSAGE(imported, why(imported));
  auto opened = open_store({.uri = target.uri, .readers = 2});
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  const Award one = award(1, "after the move");
  // Sessions stay behind.
  auto outcome = (*opened)->commit(std::span(&one, 1), {}, start());
  BOOST_REQUIRE_MESSAGE(outcome, why(outcome));
  BOOST_CHECK(outcome->front().verdict == Verdict::session_ended);
  add_player(**opened, players + 1);  // with an id that nobody has
  const Award other = award(players + 1, "after the move");
  outcome = (*opened)->commit(std::span(&other, 1), {}, start() + 30min);
  BOOST_REQUIRE_MESSAGE(outcome, why(outcome));
  BOOST_CHECK(outcome->front().verdict == Verdict::awarded);
  check_clean(target.uri);
}

BOOST_DATA_TEST_CASE(what_retention_took_is_not_missed_after_the_move, from_engines* to_engines,
                     from, to) {
  const TemporaryDirectory directory;
  const auto board = played_board(from);
  board.database->execute("DELETE FROM events WHERE reached < 512");
  board.database->execute("UPDATE retention SET events_from = " +
                          std::to_string(to_micros(start() + 5min)));
  TestDatabase target(to);
  const auto imported =
      import_into(target, export_to(board, directory.path() / "b", ExportFormat::csv));
  BOOST_REQUIRE_MESSAGE(imported, why(imported));
  check_clean(target.uri);
}

BOOST_DATA_TEST_CASE(an_empty_board_can_be_moved, from_engines* to_engines* formats, from, to,
                     format) {
  const TemporaryDirectory directory;
  const auto board = make_store(from);
  TestDatabase target(to);
  const auto imported = import_into(target, export_to(board, directory.path() / "b", format));
  BOOST_REQUIRE_MESSAGE(imported, why(imported));
  check_clean(target.uri);
}

BOOST_DATA_TEST_CASE(odd_texts_come_through, from_engines* to_engines* formats, from, to, format) {
  const TemporaryDirectory directory;
  const auto board = make_store(from);
  const std::string odd = "a,\"b\"\r\nc\\d\te\\N \xC3\xA9\xE2\x80\xA8 f\n";
  auto added = board.store->add_user({.id = user_id(1),
                                      .username = Username{"odd"},
                                      .email = "odd@example.org",
                                      .display_name = odd,
                                      .password_hash = "\\."},
                                     start());
  BOOST_REQUIRE_MESSAGE(added, why(added));
  TestDatabase target(to);
  const auto imported = import_into(target, export_to(board, directory.path() / "b", format));
  BOOST_REQUIRE_MESSAGE(imported, why(imported));
  auto opened = open_store({.uri = target.uri, .readers = 1});
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  const auto found = (*opened)->find_credential("odd");
  BOOST_REQUIRE(found && *found);
  BOOST_CHECK((*found)->user.display_name == odd);
  BOOST_CHECK_EQUAL((*found)->password_hash, "\\.");
}

BOOST_AUTO_TEST_CASE(an_export_is_its_owners_alone) {
  const TemporaryDirectory directory;
  const auto board = played_board(Engine::sqlite);
  const mode_t before = umask(0);
  const auto file = export_to(board, directory.path() / "b.jsonl", ExportFormat::jsonl);
  const auto folder = export_to(board, directory.path() / "b", ExportFormat::csv);
  umask(before);
  BOOST_CHECK_EQUAL(mode_of(file), 0600U);
  BOOST_CHECK_EQUAL(mode_of(folder), 0700U);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    BOOST_CHECK_EQUAL(mode_of(entry.path()), 0600U);
  }
}

BOOST_DATA_TEST_CASE(an_export_overwrites_nothing_and_leaves_nothing_half, formats, format) {
  const TemporaryDirectory directory;
  const auto board = played_board(Engine::sqlite);
  const auto path = export_to(board, directory.path() / "b", format);
  const auto before = contents(path);
  const auto refused = export_board(board.database->uri, path, format, [](auto, auto, auto) {});
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(contents(path) == before);
  board.database->execute("ALTER TABLE journal RENAME TO gone");
  const auto other = directory.path() / "other";
  BOOST_CHECK(!export_board(board.database->uri, other, format, [](auto, auto, auto) {}));
  BOOST_CHECK(!std::filesystem::exists(other));
}

BOOST_AUTO_TEST_CASE(progress_goes_up_to_what_it_said) {
  const TemporaryDirectory directory;
  TestDatabase target(Engine::sqlite);
  std::string list = "username,email,score\n";
  for (int i = 0; i < 5000; ++i) {
    list += "p" + std::to_string(i + 100) + ",p" + std::to_string(i) + "@example.org,1\n";
  }
  BOOST_REQUIRE(import_into(target, write(directory.path() / "list", list)));
  std::int64_t last = 0;
  const auto exported = export_board(target.uri, directory.path() / "b", ExportFormat::jsonl,
                                     [&](std::string_view, std::int64_t done, std::int64_t total) {
                                       BOOST_CHECK_GT(done, last);
                                       BOOST_CHECK_LE(done, total);
                                       last = done;
                                     });
  BOOST_REQUIRE_MESSAGE(exported, why(exported));
  BOOST_CHECK_GT(last, 15000);
}

BOOST_AUTO_TEST_SUITE_END()
