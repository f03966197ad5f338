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
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "board/ids.hpp"
#include "store/engine.hpp"
#include "store/silence_watch.hpp"

namespace scoreboard::store {

class Connection;

class Query {
 public:
  Query(Connection& connection, soci::statement& statement)
      : connection_(connection), statement_(statement) {}
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

  Connection& connection_;
  soci::statement& statement_;
  std::deque<long long> numbers_;
  std::deque<std::string> texts_;
};

class Connection {
 public:
  // `parameters` is SOCI's connect string for the engine. Throws soci_error.
  Connection(const Engine& engine, const std::string& parameters,
             Isolation isolation = Isolation::read_committed);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  const Engine& engine() const { return engine_; }
  Isolation isolation() const { return isolation_; }  // of its transactions that write

  // `text` is one statement with :names, each used once.
  Query query(std::string_view text);
  // Any number of statements without parameters: migrations, settings, BEGIN and COMMIT.
  void execute(const std::string& text);
  // Many rows into one table (loader.hpp).
  std::unique_ptr<Loader> load(std::string_view table, std::span<const Column> columns);

  // Statements that succeeded since the connection was made; tells whether a lease had any effect.
  std::uint64_t succeeded() const { return succeeded_; }

  // Its socket, once it is watched: nullptr before, and where there is no server.
  void watch(std::shared_ptr<SilenceWatch> by);
  WatchedSocket* watched() const { return socket_.get(); }

  // The newest journal entry up to which a COMMIT of this session has waited as long as the server
  // makes it wait, for a standby perhaps. Another session's server may be another one.
  JournalSeq confirmed() const { return confirmed_; }
  void confirm(JournalSeq entry) { confirmed_ = entry; }

 private:
  friend class Query;
  template <class Work>
  auto in_our_words(Work work);

  const Engine& engine_;
  const Isolation isolation_;
  soci::session session_;
  std::unordered_map<std::string, std::unique_ptr<soci::statement>> statements_;
  std::uint64_t succeeded_ = 0;
  JournalSeq confirmed_{0};
  std::unique_ptr<WatchedSocket> socket_;
};

// BEGIN now, at the connection's level of isolation; ROLLBACK at the end of the scope unless
// committed.
class Transaction {
 public:
  enum class Kind { write, award, snapshot };
  explicit Transaction(Connection& connection, Kind kind = Kind::write);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // A fault here leaves the outcome in doubt, unless the engine says that it rolled back.
  void commit();

 private:
  void roll_back();

  Connection& connection_;
  bool ended_ = false;
};

}  // namespace scoreboard::store
