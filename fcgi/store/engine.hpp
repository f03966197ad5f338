// SPDX-License-Identifier: Apache-2.0
// Everything in which PostgreSQL and SQLite differ: a few sentences of SQL, and what SOCI leaves to
// its backends. All other statements are the same text on both.
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ops/descriptor.hpp"
#include "store/fault.hpp"

namespace scoreboard::store {

class Loader;

struct Column {
  enum class Type { integer, text };
  std::string_view name;
  Type type = Type::integer;
  bool nullable = false;
};

struct Migration {
  int version = 0;
  std::string_view name;  // the file's name
  std::string_view text;
};

// Of the transactions that write, on PostgreSQL; docs/decisions/0004 says what each rests on. On
// SQLite there is one writer at a time, and its transactions are serial whatever is asked for.
enum class Isolation : std::uint8_t { read_committed, serializable };

class Engine {
 public:
  virtual ~Engine() = default;

  virtual std::string_view name() const = 0;
  virtual const soci::backend_factory& soci_factory() const = 0;
  virtual const std::vector<Migration>& migrations() const = 0;

  // A transaction that will write. SQLite takes its one write lock here: a deferred BEGIN would
  // fail at its first write, without waiting, when another one wrote.
  virtual std::string begin_write(Isolation isolation) const = 0;
  // The same for a batch of awards. A serializable one takes the journal's lock here, before it has
  // a snapshot: a snapshot taken before the wait would not show what the wait was for.
  virtual std::string begin_award(Isolation isolation) const = 0;
  // A transaction that reads one snapshot from its first statement to its end.
  virtual std::string begin_snapshot() const = 0;
  // What keeps two migrations apart, as the first statement of a writing transaction.
  virtual std::string lock_migrations() const = 0;
  // Whether a table of this name exists, with the parameter :name.
  virtual std::string table_exists() const = 0;
  // Locks the rows of `alias` that a SELECT finds until the transaction ends, as its last words.
  virtual std::string lock_rows(std::string_view alias) const = 0;
  // A table `alias` out of one parameter, :alias, a JSON array of objects with these members
  // (rows.hpp), to stand after FROM or JOIN: the set-based form of every batch.
  virtual std::string rows(std::initializer_list<Column> columns, std::string_view alias) const = 0;
  // Selects the names of those whose confirmation a COMMIT waits for; '' if it waits for nobody.
  virtual std::string confirming() const = 0;
  // Whether INSERT and UPDATE may stand in common table expressions.
  virtual bool writes_in_expressions() const = 0;

  // Many rows into one table (loader.hpp).
  virtual std::unique_ptr<Loader> loader(soci::session& session, std::string_view table,
                                         std::span<const Column> columns) const = 0;

  virtual void execute(soci::session& session, const std::string& text) const = 0;
  virtual void finish(soci::statement& statement) const = 0;
  virtual DriverFault fault(soci::session& session, const soci::soci_error& error) const = 0;
  // A duplicate of the socket to the server; none where there is no server.
  virtual Descriptor socket(soci::session& session) const = 0;
};

const Engine& sqlite_engine();
const Engine& postgresql_engine();

}  // namespace scoreboard::store
