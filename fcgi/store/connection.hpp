// SPDX-License-Identifier: Apache-2.0
// One database session with its prepared statements: SOCI without its traps.
//
// A statement is prepared once per connection and kept (one-shot use costs three round trips). Each
// use binds anew, owns what it binds, and is reset when the Query goes out of scope: SQLite would
// otherwise keep reading an old snapshot, and SOCI would leak the buffers of a failed execution.
// A connection that failed is thrown away whole, statements first; nothing reconnects underneath.
//
//   long long score = 0;
//   connection.query("SELECT score FROM scores WHERE user_id = :user").use(id).into(score).one();
//
// Not thread-safe: one thread at a time, see pool.hpp. A failed statement throws DriverFault.
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace scoreboard::store {

class Query {
 public:
  Query(soci::session& session, soci::statement& statement)
      : session_(session), statement_(statement) {}
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& use(std::int64_t value);
  Query& use(std::string_view value);
  // The variables must outlive the query; columns must not be NULL.
  Query& into(long long& value);
  Query& into(std::string& value);

  // Executes; false when there was no row. For SELECT and ... RETURNING of at most one row.
  bool one();
  // Executes and calls `row` after each row was put into the variables.
  void each(const std::function<void()>& row);
  // Executes a statement without rows; the number of rows it changed.
  long long run();

 private:
  template <class Work>
  auto guarded(Work work);

  soci::session& session_;
  soci::statement& statement_;
  std::deque<long long> numbers_;
  std::deque<std::string> texts_;
};

class Connection {
 public:
  // `parameters` is SOCI's connect string for SQLite.
  explicit Connection(const std::string& parameters);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `text` is one statement with :names, each used once.
  Query query(std::string_view text);
  // Any number of statements without parameters: migrations, pragmas, BEGIN and COMMIT.
  void execute(const std::string& text);

 private:
  soci::session session_;
  std::unordered_map<std::string, std::unique_ptr<soci::statement>> statements_;
};

// BEGIN IMMEDIATE now; ROLLBACK at the end of the scope unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();
  // COMMIT was sent: from here on a fault leaves the outcome in doubt.
  bool committing() const { return committing_; }

 private:
  Connection& connection_;
  bool committing_ = false;
  bool ended_ = false;
};

}  // namespace scoreboard::store
