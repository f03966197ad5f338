// SPDX-License-Identifier: Apache-2.0
// Old events leave, and nothing else does.
#include "store/retention.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/database.hpp"
#include "store/event_months.hpp"
#include "store/fault.hpp"
#include "store/stores.hpp"
#include "store/verify.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
using namespace std::chrono_literals;

namespace {

const auto engines = boost::unit_test::data::make({Engine::sqlite, Engine::postgresql});
const AwardRules rules{.limit = 1000, .boards = {Board::day, Board::week, Board::month}};

std::string action_at(int days_ago, int number = 1) {
  return "action-" + std::to_string(days_ago) + "-" + std::to_string(number);
}

void commit_at(Store& store, int days_ago, int actions = 1) {
  const Timestamp at = start() - days_ago * 24h;
  while (actions > 0) {
    std::vector<Award> batch;
    for (; actions > 0 && batch.size() < 256; --actions) {
      batch.push_back(award(actions % 3 + 1, action_at(days_ago, actions), actions % 7 + 1));
    }
    auto committed = store.commit(batch, rules, at);
    BOOST_REQUIRE_MESSAGE(committed, why(committed));
  }
}

// 120 and 100 days before start() is October 2025, 92 days the second of November.
StoreUnderTest old_board(Engine engine) {
  auto under = make_store(engine);
  for (int player = 1; player <= 3; ++player) add_player(*under.store, player);
  for (const int days_ago : {120, 100, 92, 40, 0}) commit_at(*under.store, days_ago, 4);
  return under;
}

RetentionReport retain(const StoreUnderTest& under, std::chrono::hours keep, bool dry_run = false) {
  auto report = apply_retention(under.database->owner_uri,
                                {.keep = keep, .now = start(), .dry_run = dry_run});
  BOOST_REQUIRE_MESSAGE(report, why(report));
  return *report;
}

void check_clean(const StoreUnderTest& under) {
  const auto report = verify(under.database->uri);
  BOOST_REQUIRE_MESSAGE(report, why(report));
  BOOST_CHECK_MESSAGE(report->findings.empty(), first_of(report->findings));
}

bool has_receipt(Store& store, int days_ago) {
  const auto receipt = store.receipt(user_id(2), ActionId{action_at(days_ago)});
  BOOST_REQUIRE_MESSAGE(receipt, why(receipt));
  return receipt->has_value();
}

std::unique_ptr<store::Connection> connect(const std::string& uri) {
  auto database = store::Database::parse(uri);
  BOOST_REQUIRE_MESSAGE(database, why(database));
  return database->connect(store::Database::Use::inspect);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retention)

BOOST_DATA_TEST_CASE(old_events_leave_and_everything_else_stays, engines, engine) {
  auto under = old_board(engine);
  const auto top_before = describe(*under.store->top(10));
  const Period october = rules.calendar->period(Board::month, start() - 120 * 24h);
  const auto month_before = describe(*under.store->top(october, 10));

  // 90 days before 2 February end in November: of PostgreSQL only October leaves.
  const auto report = retain(under, 90 * 24h);
  BOOST_CHECK_EQUAL(report.events, engine == Engine::sqlite ? 12 : 8);
  BOOST_CHECK_EQUAL(report.months.size(), engine == Engine::sqlite ? 0U : 1U);
  for (const int gone : {120, 100}) BOOST_CHECK(!has_receipt(*under.store, gone));
  BOOST_CHECK_EQUAL(has_receipt(*under.store, 92), engine == Engine::postgresql);
  for (const int kept : {40, 0}) BOOST_CHECK(has_receipt(*under.store, kept));
  BOOST_CHECK_EQUAL(describe(*under.store->top(10)), top_before);
  BOOST_CHECK_EQUAL(describe(*under.store->top(october, 10)), month_before);
  check_clean(under);

  const Award another = award(2, "one more");
  const auto outcome = under.store->commit(std::span(&another, 1), rules, start() + 30min);
  BOOST_REQUIRE_MESSAGE(outcome, why(outcome));
  BOOST_CHECK(outcome->front().verdict == Verdict::awarded);
  check_clean(under);
}

BOOST_DATA_TEST_CASE(a_second_run_finds_nothing_to_do, engines, engine) {
  auto under = old_board(engine);
  const auto first = retain(under, 90 * 24h);
  const auto second = retain(under, 90 * 24h);
  BOOST_CHECK_EQUAL(second.events, 0);
  BOOST_CHECK(second.months.empty());
  BOOST_CHECK(second.events_from == first.events_from);
}

BOOST_DATA_TEST_CASE(to_keep_more_does_not_bring_back_what_left, engines, engine) {
  auto under = old_board(engine);
  const auto first = retain(under, 30 * 24h);
  const auto second = retain(under, 1000 * 24h);
  BOOST_CHECK(second.events_from == first.events_from);
  check_clean(under);
}

BOOST_DATA_TEST_CASE(a_dry_run_says_what_would_leave_and_changes_nothing, engines, engine) {
  auto under = old_board(engine);
  const auto told = retain(under, 90 * 24h, true);
  for (const int kept : {120, 100, 92}) BOOST_CHECK(has_receipt(*under.store, kept));
  const auto done = retain(under, 90 * 24h);
  BOOST_CHECK_EQUAL(told.events, done.events);
  BOOST_CHECK(told.months == done.months);
  BOOST_CHECK(told.events_from == done.events_from);
}

BOOST_DATA_TEST_CASE(less_than_a_day_is_refused, engines, engine) {
  auto under = make_store(engine);
  const auto refused = apply_retention(under.database->owner_uri, {.keep = 23h, .now = start()});
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().code == ErrorCode::malformed);
}

// More than one piece of a thousand, the last of which is left in part.
BOOST_AUTO_TEST_CASE(sqlite_lets_them_go_in_pieces) {
  auto under = make_store(Engine::sqlite);
  for (int player = 1; player <= 3; ++player) add_player(*under.store, player);
  commit_at(*under.store, 10, 2300);
  commit_at(*under.store, 1, 5);
  BOOST_CHECK_EQUAL(retain(under, 2 * 24h).events, 2300);
  BOOST_CHECK(has_receipt(*under.store, 1));
  check_clean(under);
}

BOOST_AUTO_TEST_CASE(the_partitions_of_this_and_two_more_months_are_made) {
  auto under = make_store(Engine::postgresql);
  static_cast<void>(retain(under, 90 * 24h));
  std::string names;
  for (const auto& month : store::event_months(*connect(under.database->owner_uri))) {
    names += month.name + " ";
  }
  BOOST_CHECK_EQUAL(names, "events_2026_02 events_2026_03 events_2026_04 ");
}

BOOST_AUTO_TEST_CASE(the_workers_role_is_refused) {
  auto under = old_board(Engine::postgresql);
  for (const bool dry_run : {false, true}) {
    const auto refused = apply_retention(under.database->uri,
                                         {.keep = 90 * 24h, .now = start(), .dry_run = dry_run});
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::forbidden);
  }
  BOOST_CHECK(has_receipt(*under.store, 120));
}

BOOST_AUTO_TEST_CASE(two_at_a_time_are_refused) {
  auto under = old_board(Engine::postgresql);
  const auto other = connect(under.database->owner_uri);
  other->execute("SELECT pg_advisory_lock(7331002)");
  const auto refused =
      apply_retention(under.database->owner_uri, {.keep = 90 * 24h, .now = start()});
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().code == ErrorCode::unavailable);
}

// The first half of a concurrent detach is committed; the second waits for a reader, and is ended.
BOOST_AUTO_TEST_CASE(a_detach_that_was_interrupted_is_finished) {
  auto under = old_board(Engine::postgresql);
  {
    const auto reader = connect(under.database->owner_uri);
    const store::Transaction reading(*reader, store::Transaction::Kind::snapshot);
    reader->execute("SELECT count(*) FROM events");
    const auto interrupted = connect(under.database->owner_uri);
    interrupted->execute("SET lock_timeout = '50ms'");
    interrupted->execute("UPDATE retention SET events_from = 1761955200000000");
    BOOST_CHECK_THROW(
        interrupted->execute("ALTER TABLE events DETACH PARTITION events_2025_10 CONCURRENTLY"),
        store::DriverFault);
  }
  BOOST_REQUIRE(store::event_months(*connect(under.database->owner_uri)).front().state ==
                store::EventMonth::State::leaving);
  check_clean(under);
  BOOST_CHECK_EQUAL(retain(under, 90 * 24h).months.size(), 1U);
  BOOST_CHECK_EQUAL(store::event_months(*connect(under.database->owner_uri)).front().name,
                    "events_2025_11");
  check_clean(under);
}

BOOST_AUTO_TEST_CASE(a_month_that_was_detached_and_not_dropped_is_dropped) {
  auto under = old_board(Engine::postgresql);
  // An administrator's, of which no run has said that it may be gone.
  under.database->execute("ALTER TABLE events DETACH PARTITION events_2025_11");
  under.database->execute("UPDATE retention SET events_from = 1761955200000000");
  under.database->execute("ALTER TABLE events DETACH PARTITION events_2025_10");
  const auto report = retain(under, 90 * 24h);
  BOOST_REQUIRE_EQUAL(report.months.size(), 1U);
  BOOST_CHECK_EQUAL(report.months.front(), "events_2025_10");
  const auto months = store::event_months(*connect(under.database->owner_uri));
  BOOST_CHECK_EQUAL(months.front().name, "events_2025_11");
}

BOOST_AUTO_TEST_CASE(only_our_own_names_are_months) {
  BOOST_CHECK(store::end_of_month("events_2025_12") == from_micros(1767225600000000));
  for (const char* name : {"events_2025_13", "events_2025_1", "events_2025_012", "events_20x5_12",
                           "events_-025_12", "events", "other_2025_12", "events_2025-12"}) {
    BOOST_CHECK_MESSAGE(!store::end_of_month(name), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
