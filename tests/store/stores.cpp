// SPDX-License-Identifier: Apache-2.0
#include "store/stores.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "store/database.hpp"
#include "store/memory_store.hpp"
#include "store/migrations.hpp"

namespace scoreboard::tests {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "scoreboard-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::ostream& operator<<(std::ostream& out, Engine engine) {
  switch (engine) {
    case Engine::memory:
      return out << "memory";
    case Engine::sqlite:
      return out << "sqlite";
    case Engine::postgresql:
      return out << "postgresql";
    case Engine::postgresql_serializable:
      return out << "postgresql, serializable";
  }
  return out;
}

namespace {

// A schema of its own in the one database: much quicker to make than a database.
std::string postgresql_uri(const std::string& schema, const char* role) {
  const char* socket = std::getenv("SCOREBOARD_TEST_POSTGRESQL");
  if (!socket) throw std::runtime_error("run this through tests/with_postgresql.py");
  return std::string("postgresql:///scoreboard?host=") + socket + "&user=" + role +
         "&options=-csearch_path%3D" + schema;
}

void execute_on(const std::string& uri, const std::string& statements) {
  auto database = store::Database::parse(uri);
  if (!database) throw std::runtime_error(database.error().log);
  database->connect(store::Database::Use::inspect)->execute(statements);
}

void migrate_or_throw(const std::string& uri) {
  auto migrated = store::migrate(uri);
  if (!migrated) throw std::runtime_error(migrated.error().log);
}

}  // namespace

TestDatabase::TestDatabase(Engine engine) {
  if (engine == Engine::sqlite) {
    directory_ = std::make_unique<TemporaryDirectory>();
    uri = owner_uri = "sqlite://" + (directory_->path() / "board.db").string();
    migrate_or_throw(uri);
    return;
  }
  static int count = 0;
  name_ = "board_" + std::to_string(getpid()) + "_" + std::to_string(++count);
  uri = postgresql_uri(name_, "scoreboard");
  owner_uri = postgresql_uri(name_, "scoreboard_owner");
  execute("CREATE SCHEMA " + name_);
  migrate_or_throw(owner_uri);
}

TestDatabase::~TestDatabase() {
  if (name_.empty()) return;
  try {
    execute("SET client_min_messages = warning; DROP SCHEMA " + name_ + " CASCADE");
  } catch (const std::exception&) {
    // The cluster goes with the tests.
  }
}

void TestDatabase::execute(const std::string& statements) const {
  execute_on(owner_uri, statements);
}

StoreOptions options_of(Engine engine, const TestDatabase& database) {
  return {
      .uri = database.uri, .readers = 2, .serializable = engine == Engine::postgresql_serializable};
}

StoreUnderTest make_store(Engine engine) {
  if (engine == Engine::memory) return {{}, std::make_unique<MemoryStore>(start())};
  auto database = std::make_unique<TestDatabase>(engine);
  auto opened = open_store(options_of(engine, *database));
  if (!opened) throw std::runtime_error(opened.error().log);
  return {std::move(database), *std::move(opened)};
}

Timestamp start() {
  return from_micros(1770028200000000);
}

UserId user_id(int number) {
  std::string digits = std::to_string(number);
  return UserId{"00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits};
}

SessionId session_id(int number) {
  std::string digits = std::to_string(number);
  return SessionId{std::string(32 - digits.size(), '0') + digits};
}

void add_player(Store& store, int number) {
  const std::string name = "player" + std::to_string(number);
  auto user = store.add_user({.id = user_id(number),
                              .username = Username{name},
                              .email = name + "@example.org",
                              .display_name = name,
                              .password_hash = "hash of " + name},
                             start());
  if (!user) throw std::runtime_error(user.error().log);
  auto session = store.add_session({.id = session_id(number),
                                    .user = user_id(number),
                                    .refresh_hash = "refresh " + name,
                                    .expires_at = start() + std::chrono::hours{1}},
                                   start());
  if (!session) throw std::runtime_error(session.error().log);
}

Award award(int player, const std::string& action, std::int64_t points) {
  return {.user = user_id(player),
          .session = session_id(player),
          .action = ActionId{action},
          .contract = Contract::increment,
          .payload = "increment " + std::to_string(points),
          .points = Points{points},
          .request = RequestId{"request of " + action}};
}

std::string first_of(const std::vector<std::string>& findings) {
  return findings.empty() ? "" : findings.front();
}

std::string describe(const Standing& standing) {
  std::ostringstream out;
  out << standing.rank.value() << ' ' << standing.username << ' ' << standing.score.value() << " @"
      << standing.reached.value() << ' ' << to_micros(standing.reached_at);
  return out.str();
}

std::string describe(const std::vector<Standing>& standings) {
  std::string text;
  for (const Standing& standing : standings) text += describe(standing) + "\n";
  return text;
}

std::string describe(const Receipt& receipt) {
  std::ostringstream out;
  out << " of " << receipt.user.str() << ": " << receipt.previous.value() << " + "
      << receipt.points.value() << " = " << receipt.current.value() << " rank "
      << receipt.rank.value() << " @" << receipt.reached.value() << ' '
      << to_micros(receipt.accepted_at);
  for (const PeriodReceipt& one : receipt.periods) {
    out << " (" << board_name(one.period.board) << ' ' << to_micros(one.period.start) << ' '
        << one.previous.value() << " -> " << one.current.value() << " rank " << one.rank.value()
        << ')';
  }
  return out.str();
}

std::string describe(const AwardOutcome& outcome) {
  std::ostringstream out;
  out << "verdict " << static_cast<int>(outcome.verdict) << " wait " << outcome.retry_after.count()
      << describe(outcome.receipt) << " top";
  for (const Standing& standing : outcome.top) {
    out << " [" << standing.rank.value() << ' ' << standing.username << ' '
        << standing.score.value() << ']';
  }
  return out.str();
}

std::string describe(const BoardView& view) {
  std::string text = "version " + std::to_string(view.version.value());
  // An empty board's time is that of the database, which no test chooses.
  if (!view.standings.empty()) text += " at " + std::to_string(to_micros(view.updated_at));
  for (const Standing& standing : view.standings) text += "\n" + describe(standing);
  return text;
}

}  // namespace scoreboard::tests
