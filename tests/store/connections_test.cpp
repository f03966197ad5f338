// SPDX-License-Identifier: Apache-2.0
// What every connection is told when it is made. All of them come from Database::connect().
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "store/database.hpp"
#include "store/stores.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
using store::Database;
using std::chrono_literals::operator""s;
using Steady = std::chrono::steady_clock;

namespace {

std::unique_ptr<store::Connection> connect(const std::string& uri, Database::Use use) {
  auto database = Database::parse(uri);
  BOOST_REQUIRE_MESSAGE(database, why(database));
  return database->connect(use);
}

std::string setting(store::Connection& connection, std::string_view name) {
  std::string value;
  connection.query("SELECT current_setting(:name)").use(name).into(value).one();
  return value;
}

// The SQLSTATE or text of what `work` throws, and how long it took.
template <class Work>
std::pair<std::string, Steady::duration> fault_of(Work work) {
  const auto began = Steady::now();
  try {
    work();
  } catch (const store::DriverFault& fault) {
    return {fault.error().log, Steady::now() - began};
  } catch (const soci::soci_error& fault) {
    return {fault.what(), Steady::now() - began};
  }
  return {"nothing", Steady::now() - began};
}

// A server that lets everybody in and says nothing: what a host that hangs looks like.
class SilentServer {
 public:
  SilentServer() : descriptor_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    const std::string path = (directory_.path() / ".s.PGSQL.5432").string();
    BOOST_REQUIRE(path.size() < sizeof address.sun_path);
    path.copy(static_cast<char*>(address.sun_path), path.size());
    sockaddr generic{};
    static_assert(sizeof generic <= sizeof address);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    BOOST_REQUIRE(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(listen(descriptor_, 8) == 0);
  }
  ~SilentServer() { close(descriptor_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  std::string uri(const std::string& more = "") const {
    return "postgresql:///scoreboard?host=" + directory_.path().string() + more;
  }

 private:
  TemporaryDirectory directory_;
  int descriptor_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(connections)

BOOST_AUTO_TEST_CASE(every_connection_has_its_timeouts) {
  const TestDatabase database(Engine::postgresql);
  // A role's own defaults are no excuse.
  const std::string generous =
      database.uri +
      "%20-cstatement_timeout%3D0%20-clock_timeout%3D0"
      "%20-cidle_in_transaction_session_timeout%3D0%20-csynchronous_commit%3Doff";
  const auto serving = connect(generous, Database::Use::serve);
  BOOST_TEST(setting(*serving, "statement_timeout") == "2s");
  BOOST_TEST(setting(*serving, "lock_timeout") == "1s");
  BOOST_TEST(setting(*serving, "idle_in_transaction_session_timeout") == "5s");
  BOOST_TEST(setting(*serving, "synchronous_commit") == "on");
  for (const auto use : {Database::Use::inspect, Database::Use::create}) {
    const auto connection = connect(generous, use);
    BOOST_TEST(setting(*connection, "statement_timeout") == "1h");
    BOOST_TEST(setting(*connection, "lock_timeout") == "10s");
    BOOST_TEST(setting(*connection, "idle_in_transaction_session_timeout") == "10min");
    BOOST_TEST(setting(*connection, "synchronous_commit") == "on");
  }
}

BOOST_AUTO_TEST_CASE(what_writes_does_so_at_the_level_that_was_asked_for) {
  const TestDatabase database(Engine::postgresql);
  auto parsed = Database::parse(database.uri);
  BOOST_REQUIRE_MESSAGE(parsed, why(parsed));
  using Kind = store::Transaction::Kind;
  for (const auto& [isolation, name] :
       {std::pair{store::Isolation::read_committed, "read committed"},
        std::pair{store::Isolation::serializable, "serializable"}}) {
    const auto connection = parsed->connect(Database::Use::serve, isolation);
    for (const auto kind : {Kind::write, Kind::award}) {
      const store::Transaction transaction(*connection, kind);
      BOOST_TEST(setting(*connection, "transaction_isolation") == name);
    }
  }
}

// Or its connection would answer nothing any more.
BOOST_AUTO_TEST_CASE(a_serializable_award_that_waited_in_vain_leaves_a_good_connection) {
  const TestDatabase database(Engine::postgresql);
  const auto keeper = connect(database.uri, Database::Use::serve);
  auto parsed = Database::parse(database.uri);
  const auto connection = parsed->connect(Database::Use::serve, store::Isolation::serializable);
  using Kind = store::Transaction::Kind;
  {
    const store::Transaction kept(*keeper);
    keeper->execute("SELECT seq FROM journal_head FOR NO KEY UPDATE");
    const auto [fault, took] =
        fault_of([&] { const store::Transaction vain(*connection, Kind::award); });
    BOOST_TEST(fault == "postgresql 55P03");
  }
  const store::Transaction next(*connection, Kind::award);
  BOOST_TEST(setting(*connection, "transaction_isolation") == "serializable");
}

BOOST_AUTO_TEST_CASE(a_statement_that_takes_too_long_is_given_up_and_the_connection_is_good) {
  const TestDatabase database(Engine::postgresql);
  const auto connection = connect(database.uri, Database::Use::serve);
  const auto [fault, took] = fault_of([&] { connection->execute("SELECT pg_sleep(20)"); });
  BOOST_TEST(fault == "postgresql 57014");
  BOOST_TEST((took > 1s && took < 6s));
  BOOST_TEST(setting(*connection, "lock_timeout") == "1s");
}

BOOST_AUTO_TEST_CASE(a_lock_that_somebody_keeps_is_given_up) {
  const TestDatabase database(Engine::postgresql);
  const auto keeper = connect(database.uri, Database::Use::serve);
  const store::Transaction kept(*keeper);
  const std::string lock = "SELECT seq FROM journal_head FOR NO KEY UPDATE";
  keeper->execute(lock);
  const auto connection = connect(database.uri, Database::Use::serve);
  const auto [fault, took] = fault_of([&] { connection->execute(lock); });
  BOOST_TEST(fault == "postgresql 55P03");
  BOOST_TEST((took > 0.5s && took < 5s));
}

BOOST_AUTO_TEST_CASE(a_transaction_that_its_process_forgot_is_ended) {
  const TestDatabase database(Engine::postgresql);
  const auto connection = connect(database.uri, Database::Use::serve);
  const store::Transaction forgotten(*connection);
  std::this_thread::sleep_for(5.5s);
  const auto fault = fault_of([&] { connection->execute("SELECT 1"); }).first;
  BOOST_TEST(fault == "postgresql: connection lost");
}

BOOST_AUTO_TEST_CASE(a_server_that_says_nothing_is_given_up_whoever_connects) {
  const SilentServer server;
  const auto [fault, took] = fault_of([&] { connect(server.uri(), Database::Use::inspect); });
  BOOST_TEST(fault.find("timeout expired") != std::string::npos, fault);
  BOOST_TEST((took > 1s && took < 6s));
}

BOOST_AUTO_TEST_SUITE_END()
