// SPDX-License-Identifier: Apache-2.0
// The stores that the contract suite runs on, and short ways to fill them.
#pragma once

#include <filesystem>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "ops/clock.hpp"
#include "store/open.hpp"
#include "store/store.hpp"

namespace scoreboard::tests {

// A directory that goes with its owner.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// postgresql_serializable: the same database, written to at that level.
enum class Engine { memory, sqlite, postgresql, postgresql_serializable };
std::ostream& operator<<(std::ostream& out, Engine engine);

// A database that goes with its owner. PostgreSQL's are made in the cluster that
// tests/with_postgresql.py started; the workers' role uses them, the owner may do everything.
struct TestDatabase {
  explicit TestDatabase(Engine engine);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  // Any statements, past the store, as the owner. Throws DriverFault.
  void execute(const std::string& statements) const;

  std::string uri;
  std::string owner_uri;

 private:
  std::unique_ptr<TemporaryDirectory> directory_;
  std::string name_;
};

struct StoreUnderTest {
  std::unique_ptr<TestDatabase> database;  // none for the reference
  std::unique_ptr<Store> store;
};
StoreUnderTest make_store(Engine engine);
// What opens another store on the same database, as another process would.
StoreOptions options_of(Engine engine, const TestDatabase& database);

// A moment to begin with: 2026-02-02T10:30:00Z.
Timestamp start();
// It is always start().
class FixedClock final : public Clock {
 public:
  Timestamp now() const override { return start(); }
};
UserId user_id(int number);
SessionId session_id(int number);
// User `number` with session `number`, which lasts an hour from start().
void add_player(Store& store, int number);
Award award(int player, const std::string& action, std::int64_t points = 10);
// For messages, which are put together even when nothing is wrong.
template <class T>
std::string why(const Result<T>& result) {
  return result ? "" : result.error().log;
}
// The value; without one the test has failed.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().log);
  return *std::move(result);
}
std::string first_of(const std::vector<std::string>& findings);
// One line with everything in it, to compare and to print.
std::string describe(const AwardOutcome& outcome);
std::string describe(const Standing& standing);
std::string describe(const std::vector<Standing>& standings);
std::string describe(const Receipt& receipt);
std::string describe(const BoardView& view);

}  // namespace scoreboard::tests
