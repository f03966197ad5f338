// SPDX-License-Identifier: Apache-2.0
#include "store/database_metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

#include "metrics/samples.hpp"
#include "store/database.hpp"
#include "store/pool.hpp"
#include "store/stores.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
using store::FaultClass;

namespace {

// A pool of one connection on an empty SQLite database, and what it counts.
struct Counted {
  explicit Counted(std::chrono::milliseconds wait_max = std::chrono::milliseconds{50})
      : pool(
            1, [this] { return connect(); }, breaker, wait_max, metrics) {}

  std::unique_ptr<store::Connection> connect() const {
    if (away) throw soci::soci_error("away");
    return store::Database::parse(database.uri)->connect(store::Database::Use::serve);
  }
  double sum(const char* name, const metrics::Labels& labels = {}) {
    return metrics::Samples(registry.text()).sum(name, labels);
  }
  double errors(const char* of) {
    return sum("scoreboard_db_errors_total", {{"database", "primary"}, {"sqlstate_class", of}});
  }
  // Work that fails this many times and then succeeds.
  Result<int> fails(int times, const store::DriverFault& fault) {
    return pool.with([&, left = times](store::Connection&) mutable -> Result<int> {
      if (left-- > 0) throw fault;  // NOLINT(cert-err60-cpp): a test may run out of memory
      return 7;
    });
  }

  TestDatabase database{Engine::sqlite};
  bool away = false;
  metrics::Registry registry;
  store::DatabaseMetrics metrics{registry, "primary"};
  store::Breaker breaker{metrics.breaker_open};
  store::Pool pool;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(database_metrics)

BOOST_AUTO_TEST_CASE(sqlstates_have_their_class) {
  const std::pair<const char*, const char*> known[] = {
      {"08006", "08"}, {"25006", "25"}, {"40001", "40"}, {"53100", "53"},    {"55P03", "55"},
      {"57014", "57"}, {"58030", "58"}, {"XX001", "XX"}, {"42601", "other"}, {"", "08"}};
  for (const auto& [sqlstate, of] : known) {
    BOOST_TEST(store::sqlstate_class(store::postgresql_fault(sqlstate).fault_class()) == of);
  }
}

// Its own files, on a disk that the system has made read-only: PostgreSQL says "insufficient
// privilege".
BOOST_AUTO_TEST_CASE(a_server_that_may_not_write_is_unavailable_and_a_wrong_statement_is_a_defect) {
  for (const char* no_code : {"", "     "}) {
    const auto fault = store::postgresql_fault(no_code);
    BOOST_TEST((fault.error().code == ErrorCode::unavailable));
    BOOST_TEST((fault.kind() == store::FaultKind::connection));
  }
  BOOST_TEST((store::postgresql_fault("42501").error().code == ErrorCode::unavailable));
  BOOST_TEST((store::postgresql_fault("42601").error().code == ErrorCode::internal));
}

BOOST_AUTO_TEST_CASE(codes_of_sqlite_are_in_the_class_that_says_the_same) {
  const std::pair<int, const char*> known[] = {{5, "55"},  {6, "55"},   {7, "53"},  {8, "25"},
                                               {10, "58"}, {11, "XX"},  {13, "53"}, {14, "08"},
                                               {26, "XX"}, {1, "other"}};
  for (const auto& [code, of] : known) {
    BOOST_TEST(store::sqlstate_class(store::sqlite_fault(code).fault_class()) == of);
    BOOST_TEST(store::sqlstate_class(store::sqlite_fault(code | 1 << 8).fault_class()) == of);
  }
}

BOOST_AUTO_TEST_CASE(a_transaction_that_is_repeated_is_an_error_and_a_retry_each_time) {
  Counted counted;
  BOOST_TEST(must(counted.fails(2, store::postgresql_fault("40001"))) == 7);
  BOOST_TEST(counted.errors("40") == 2);
  BOOST_TEST(counted.sum("scoreboard_db_tx_retries_total") == 2);
}

BOOST_AUTO_TEST_CASE(a_statement_that_fails_is_an_error_of_its_class_and_no_retry) {
  Counted counted;
  BOOST_TEST(!counted.fails(1, store::postgresql_fault("53100")));
  BOOST_TEST(!counted.fails(1, store::sqlite_fault(10)));
  BOOST_TEST(counted.errors("53") == 1);
  BOOST_TEST(counted.errors("58") == 1);
  BOOST_TEST(counted.sum("scoreboard_db_errors_total") == 2);
  BOOST_TEST(counted.sum("scoreboard_db_tx_retries_total") == 0);
}

BOOST_AUTO_TEST_CASE(a_taken_name_is_no_error_of_the_database) {
  Counted counted;
  BOOST_TEST(!counted.fails(1, store::postgresql_fault("23505")));
  BOOST_TEST(counted.sum("scoreboard_db_errors_total") == 0);
}

BOOST_AUTO_TEST_CASE(a_database_that_is_away_opens_the_breaker_until_it_is_back) {
  Counted counted;
  counted.away = true;
  BOOST_TEST(!counted.fails(0, store::sqlite_fault(1)));
  BOOST_TEST(counted.sum("scoreboard_db_breaker_open") == 1);
  BOOST_TEST(counted.errors("08") == 1);
  counted.away = false;
  std::this_thread::sleep_for(store::Breaker::probe_interval + std::chrono::milliseconds{50});
  BOOST_TEST(must(counted.fails(0, store::sqlite_fault(1))) == 7);
  BOOST_TEST(counted.sum("scoreboard_db_breaker_open") == 0);
}

BOOST_AUTO_TEST_CASE(a_wait_for_a_connection_that_was_in_vain_is_counted) {
  Counted counted;
  auto held = counted.pool.with([&](store::Connection&) -> Result<int> {
    auto other = std::async(std::launch::async,
                            [&] { return counted.fails(0, store::sqlite_fault(1)).error().code; });
    BOOST_TEST((other.get() == ErrorCode::unavailable));
    return 1;
  });
  const int result = must(std::move(held));
  BOOST_TEST(result == 1);
  BOOST_TEST(counted.sum("scoreboard_db_pool_timeouts_total") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
