// SPDX-License-Identifier: Apache-2.0
// From a URI to connections.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "outcome/result.hpp"
#include "store/connection.hpp"

namespace scoreboard::store {

class Database {
 public:
  // sqlite:///absolute/path, sqlite://relative/path, or a PostgreSQL URI as libpq reads it
  // (PostgreSQL manual, 34.1.1.2), with one host or several. malformed for any other, and for a
  // password in the URI, which every log and process list would show: use a passfile.
  //
  // With several hosts the first is used that takes writes, or for a replica the first that is a
  // standby and failing that any, unless the URI says otherwise (target_session_attrs).
  enum class Server { primary, replica };
  static Result<Database> parse(const std::string& uri, Server server = Server::primary);

  const Engine& engine() const { return *engine_; }

  enum class Use {
    serve,    // the settings that make a COMMIT durable, and timeouts on everything
    inspect,  // work on everything: an hour for a statement, free choice of plan
    create,   // the same, and SQLite makes its file if there is none
  };
  // `look` is asked about each connection from now on before anybody gets it; it may throw
  // DriverFault. Copies of this that are made from now on do the same.
  void before_use(std::function<void(Connection&)> look) { before_use_ = std::move(look); }

  // Throws soci_error or DriverFault.
  std::unique_ptr<Connection> connect(Use use,
                                      Isolation isolation = Isolation::read_committed) const;

 private:
  Database(const Engine& engine, std::string parameters);

  const Engine* engine_;
  std::string parameters_;  // a file's path, or a libpq connection string
  std::function<void(Connection&)> before_use_;
  std::shared_ptr<SilenceWatch> silence_;  // of those that serve
};

// What a command does with a database: connects, calls `work(connection)`, which returns a Result,
// and turns whatever fails into its error.
template <class Work>
auto on_database(const Database& database, Database::Use use, Work work)
    -> decltype(work(std::declval<Connection&>())) {
  try {
    const auto connection = database.connect(use);
    return work(*connection);
  } catch (const DriverFault& fault) {
    return fault.error();
  } catch (const soci::soci_error& fault) {
    return cannot_connect(fault.what());
  }
}

template <class Work>
auto on_database(const std::string& uri, Database::Use use, Work work)
    -> decltype(work(std::declval<Connection&>())) {
  auto database = Database::parse(uri);
  if (!database) return std::move(database).error();
  return on_database(*database, use, std::move(work));
}

}  // namespace scoreboard::store
