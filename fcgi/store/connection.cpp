// SPDX-License-Identifier: Apache-2.0
#include "store/connection.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include "store/fault.hpp"

namespace scoreboard::store {
namespace {

template <class Work>
auto in_our_words(soci::session& session, Work work) {
  try {
    return work();
  } catch (const soci::soci_error&) {
    throw DriverFault(from_driver(session));
  }
}

}  // namespace

template <class Work>
auto Query::guarded(Work work) {
  return in_our_words(session_, [&] {
    statement_.define_and_bind();
    return work();
  });
}

Query::~Query() {
  // SOCI does not export the backend's reset, so it is done on the handle.
  if (auto* backend = static_cast<soci::sqlite3_statement_backend*>(statement_.get_backend())) {
    sqlite_api::sqlite3_reset(backend->stmt_);
  }
  statement_.bind_clean_up();
}

Query& Query::use(std::int64_t value) {
  numbers_.push_back(value);
  statement_.exchange(soci::use(numbers_.back()));
  return *this;
}

Query& Query::use(std::string_view value) {
  texts_.emplace_back(value);
  statement_.exchange(soci::use(texts_.back()));
  return *this;
}

Query& Query::into(long long& value) {
  statement_.exchange(soci::into(value));
  return *this;
}

Query& Query::into(std::string& value) {
  statement_.exchange(soci::into(value));
  return *this;
}

bool Query::one() {
  return guarded([&] { return statement_.execute(true); });
}

void Query::each(const std::function<void()>& row) {
  guarded([&] {
    statement_.execute(false);
    while (statement_.fetch()) row();
  });
}

long long Query::run() {
  return guarded([&] {
    statement_.execute(true);
    return statement_.get_affected_rows();
  });
}

Connection::Connection(const std::string& parameters) : session_(soci::sqlite3, parameters) {}

Connection::~Connection() {
  statements_.clear();  // before the session they point into
}

Query Connection::query(std::string_view text) {
  auto& statement = statements_[std::string(text)];
  if (!statement) {
    statement = in_our_words(session_, [&] {
      auto fresh = std::make_unique<soci::statement>(session_);
      fresh->alloc();
      fresh->prepare(std::string(text));
      return fresh;
    });
  }
  return Query(session_, *statement);
}

void Connection::execute(const std::string& text) {
  // Not through SOCI, which prepares the first statement of several and forgets the rest.
  auto* backend = static_cast<soci::sqlite3_session_backend*>(session_.get_backend());
  const int code =
      sqlite_api::sqlite3_exec(backend->conn_, text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw DriverFault(from_driver(session_));
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
  // A deferred BEGIN would fail at its first write, without waiting, when another one wrote.
  connection_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (ended_) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (const DriverFault&) {
    // The connection is of no more use, and whoever holds it throws it away for the first fault.
  }
}

void Transaction::commit() {
  committing_ = true;
  connection_.execute("COMMIT");
  ended_ = true;
}

}  // namespace scoreboard::store
