// SPDX-License-Identifier: Apache-2.0
#include "store/connection.hpp"

#include "store/loader.hpp"

namespace scoreboard::store {
namespace {

// For as long as it lives an answer is awaited.
class Awaiting {
 public:
  explicit Awaiting(WatchedSocket* socket) : socket_(socket) {
    if (socket_) socket_->asked();
  }
  ~Awaiting() {
    if (socket_) socket_->answered();
  }
  Awaiting(const Awaiting&) = delete;
  Awaiting& operator=(const Awaiting&) = delete;

 private:
  WatchedSocket* socket_;
};

}  // namespace

template <class Work>
auto Connection::in_our_words(Work work) {
  const Awaiting awaiting(socket_.get());
  try {
    auto result = work();
    ++succeeded_;
    return result;
  } catch (const soci::soci_error& error) {
    if (socket_ && socket_->fell_silent()) throw silent_fault();
    throw engine_.fault(session_, error);
  }
}

template <class Work>
auto Query::guarded(Work work) {
  return connection_.in_our_words([&] {
    statement_.define_and_bind();
    return work();
  });
}

Query::~Query() {
  connection_.engine().finish(statement_);
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
    return true;
  });
}

long long Query::run() {
  return guarded([&] {
    statement_.execute(true);
    return statement_.get_affected_rows();
  });
}

Connection::Connection(const Engine& engine, const std::string& parameters, Isolation isolation)
    : engine_(engine), isolation_(isolation), session_(engine.soci_factory(), parameters) {}

Connection::~Connection() {
  const Awaiting awaiting(socket_.get());  // the server is told of each
  statements_.clear();                     // before the session they point into
}

Query Connection::query(std::string_view text) {
  auto& statement = statements_[std::string(text)];
  if (!statement) {
    statement = in_our_words([&] {
      auto fresh = std::make_unique<soci::statement>(session_);
      fresh->alloc();
      fresh->prepare(std::string(text));
      return fresh;
    });
  }
  return Query(*this, *statement);
}

void Connection::execute(const std::string& text) {
  const Awaiting awaiting(socket_.get());
  try {
    engine_.execute(session_, text);
  } catch (const DriverFault&) {
    if (socket_ && socket_->fell_silent()) throw silent_fault();
    throw;
  }
  ++succeeded_;
}

void Connection::watch(std::shared_ptr<SilenceWatch> by) {
  Descriptor socket = engine_.socket(session_);
  if (socket) socket_ = std::make_unique<WatchedSocket>(std::move(by), std::move(socket));
}

std::unique_ptr<Loader> Connection::load(std::string_view table, std::span<const Column> columns) {
  return engine_.loader(session_, table, columns);
}

namespace {

std::string begin(const Connection& connection, Transaction::Kind kind) {
  switch (kind) {
    case Transaction::Kind::write:
      return connection.engine().begin_write(connection.isolation());
    case Transaction::Kind::award:
      return connection.engine().begin_award(connection.isolation());
    case Transaction::Kind::snapshot:
      return connection.engine().begin_snapshot();
  }
  return "";
}

}  // namespace

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
  try {
    connection_.execute(begin(connection, kind));
  } catch (const DriverFault&) {
    roll_back();  // it may have begun and not got its lock
    throw;
  }
}

Transaction::~Transaction() {
  if (!ended_) roll_back();
}

void Transaction::roll_back() {
  try {
    connection_.execute("ROLLBACK");
  } catch (const DriverFault&) {
    // The connection is of no more use, and whoever holds it throws it away for the first fault.
  }
}

void Transaction::commit() {
  ended_ = true;  // whatever comes of it: there is nothing left to roll back
  connection_.execute("COMMIT");
}

}  // namespace scoreboard::store
