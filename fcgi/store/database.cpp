// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"

#include <libpq-fe.h>

#include <filesystem>
#include <map>

#include "ops/database_uri.hpp"

namespace scoreboard::store {
namespace {

Error malformed(const std::string& log) {
  return {.code = ErrorCode::malformed, .log = log};
}

// A value as a libpq connection string quotes it.
std::string in_quotes(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + '\'';
}

Result<std::string> libpq_parameters(const std::string& uri, Database::Server server) {
  char* reason = nullptr;
  PQconninfoOption* options = PQconninfoParse(uri.c_str(), &reason);
  if (!options) {
    PQfreemem(reason);  // it may hold the password
    return malformed("the database URI is not one that PostgreSQL understands");
  }
  std::map<std::string, std::string> given;
  for (const PQconninfoOption* option = options; option->keyword; ++option) {
    if (option->val) given[option->keyword] = option->val;
  }
  PQconninfoFree(options);
  if (given.contains("password")) {
    return malformed(
        "the database URI must not hold a password: put it into a file that only the workers' user"
        " can read and name it with ?passfile=, or use peer authentication");
  }
  given.emplace("connect_timeout", "2");
  given.emplace("application_name", "scoreboard");
  given.emplace("target_session_attrs",
                server == Database::Server::primary ? "read-write" : "prefer-standby");
  // A network that falls silent is given up after five seconds, whether something that was sent
  // is still to be confirmed or only its answer is awaited; Linux would wait for two hours. Whoever
  // serves does not wait so long (silence_watch.hpp).
  given.emplace("tcp_user_timeout", "5000");
  given.emplace("keepalives_idle", "2");
  given.emplace("keepalives_interval", "1");
  given.emplace("keepalives_count", "3");
  std::string parameters;
  for (const auto& [keyword, value] : given) parameters += keyword + '=' + in_quotes(value) + ' ';
  return parameters;
}

// Twice the statement_timeout below: only a server that does not even keep that is silent. Less
// than Nginx waits for a worker (nginx/snippets/worker.conf).
constexpr std::chrono::milliseconds silence_max{4000};

// One statement each. Every statement of a request finds its rows by an index; a plan that was made
// while the tables were empty must not scan them for as long as it is cached. An idle transaction
// is ours only if this process hangs.
constexpr const char* postgresql_serving =
    "SET statement_timeout = '2s'; SET lock_timeout = '1s';"
    " SET idle_in_transaction_session_timeout = '5s'; SET synchronous_commit = on;"
    " SET client_min_messages = warning; SET jit = off; SET enable_seqscan = off;"
    " SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
    " SET enable_material = off";
// Said even where it is generous: a server or a role may have defaults of its own. Between two
// statements of an export or import stands whatever its other end is, a pipe for one.
constexpr const char* postgresql_inspecting =
    "SET statement_timeout = '1h'; SET lock_timeout = '10s';"
    " SET idle_in_transaction_session_timeout = '10min'; SET synchronous_commit = on;"
    " SET client_min_messages = warning; SET jit = off; SET work_mem = '256MB'";

std::unique_ptr<Connection> connect_sqlite(const std::string& file, bool create) {
  // SQLite would make an empty database of a file that is gone, and lose what it was asked for.
  if (!create && !std::filesystem::exists(file)) {
    throw soci::soci_error("no such file: " + file + "; run: scoreboardctl migrate");
  }
  auto connection = std::make_unique<Connection>(sqlite_engine(), "dbname=" + file + " timeout=2");
  connection->execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      " PRAGMA foreign_keys = ON");
  return connection;
}

std::unique_ptr<Connection> connect_postgresql(const Engine& engine, const std::string& parameters,
                                               Database::Use use, Isolation isolation,
                                               const std::shared_ptr<SilenceWatch>& silence) {
  auto connection = std::make_unique<Connection>(engine, parameters, isolation);
  if (use == Database::Use::serve) connection->watch(silence);
  connection->execute(use == Database::Use::serve ? postgresql_serving : postgresql_inspecting);
  return connection;
}

}  // namespace

Database::Database(const Engine& engine, std::string parameters)
    : engine_(&engine),
      parameters_(std::move(parameters)),
      silence_(std::make_shared<SilenceWatch>(silence_max)) {}

Result<Database> Database::parse(const std::string& uri, Server server) {
  const auto kind = database_kind(uri);
  if (kind == DatabaseKind::sqlite && uri.size() > sqlite_scheme.size() &&
      uri.find_first_of("\"' \t\n") == std::string::npos) {
    return Database(sqlite_engine(), uri.substr(sqlite_scheme.size()));
  }
  if (kind == DatabaseKind::postgresql) {
    auto parameters = libpq_parameters(uri, server);
    if (!parameters) return std::move(parameters).error();
    return Database(postgresql_engine(), *std::move(parameters));
  }
  // Never the text itself: whatever it is, it may hold a password.
  return malformed(
      "the database URI must be sqlite:///path/to/file, without spaces, or postgresql://...");
}

std::unique_ptr<Connection> Database::connect(Use use, Isolation isolation) const {
  auto connection = engine_ == &sqlite_engine()
                        ? connect_sqlite(parameters_, use == Use::create)
                        : connect_postgresql(*engine_, parameters_, use, isolation, silence_);
  if (before_use_) before_use_(*connection);
  return connection;
}

}  // namespace scoreboard::store
