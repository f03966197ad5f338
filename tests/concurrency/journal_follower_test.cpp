// SPDX-License-Identifier: Apache-2.0
#include "store/journal_follower.hpp"

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <mutex>
#include <thread>

#include "store/sql_store.hpp"
#include "store/stores.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

namespace {

const auto sql_engines = boost::unit_test::data::make({Engine::sqlite, Engine::postgresql});

// Another process, as far as the journal can tell, and when it came to know which entry.
class OtherProcess {
 public:
  OtherProcess(const TestDatabase& database, std::chrono::milliseconds poll)
      : store(*store::Database::parse(database.uri), {.committers = 1, .readers = 1}) {
    BOOST_REQUIRE(store.load_ranks());
    follower_.emplace(store, poll, [this](JournalSeq seq) {
      const std::lock_guard lock(mutex_);
      known_.emplace_back(seq, Steady::now());
    });
  }

  JournalSeq known() const {
    const std::lock_guard lock(mutex_);
    return known_.empty() ? JournalSeq{} : known_.back().first;
  }
  bool comes_to_know(JournalSeq seq) const {
    const auto deadline = Steady::now() + 20s;
    while (known() < seq && Steady::now() < deadline) std::this_thread::sleep_for(1ms);
    return known() >= seq;
  }
  // Half of the entries were known so long after they had been answered to their writer.
  double median_delay_ms(const std::map<JournalSeq, Steady::time_point>& answered) const {
    const std::lock_guard lock(mutex_);
    std::vector<double> delays;
    for (const auto& [seq, at] : answered) {
      const auto heard = std::find_if(known_.begin(), known_.end(),
                                      [&, s = seq](const auto& one) { return one.first >= s; });
      BOOST_REQUIRE(heard != known_.end());
      delays.push_back(std::chrono::duration<double, std::milli>(heard->second - at).count());
    }
    const auto middle = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() / 2);
    std::nth_element(delays.begin(), middle, delays.end());
    return *middle;
  }

  store::SqlStore store;

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<JournalSeq, Steady::time_point>> known_;
  std::optional<JournalFollower> follower_;  // ends first
};

JournalSeq commit(Store& store, const std::vector<Award>& batch) {
  auto outcomes = store.commit(batch, AwardRules{.limit = 1'000'000}, start());
  BOOST_REQUIRE_MESSAGE(outcomes, why(outcomes));
  return outcomes->back().receipt.reached.seq();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_follower)

BOOST_DATA_TEST_CASE(what_another_process_counts_is_known_without_being_asked_for, sql_engines,
                     engine) {
  auto under = make_store(engine);
  for (int player = 1; player <= 3; ++player) add_player(*under.store, player);
  const OtherProcess other(*under.database, 10ms);
  for (int player = 1; player <= 3; ++player) {
    const JournalSeq seq = commit(*under.store, {award(player, "action-one", player)});
    BOOST_REQUIRE(other.comes_to_know(seq));
    // From its memory alone: nobody has asked that store for a rank.
    BOOST_CHECK_EQUAL(other.store.ranks().players(Period{}, seq).value_or(-1), player);
  }
}

BOOST_DATA_TEST_CASE(it_goes_on_when_the_database_is_back, sql_engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  OtherProcess other(*under.database, 10ms);
  BOOST_REQUIRE(other.comes_to_know(commit(*under.store, {award(1, "action-one")})));
  under.database->execute("ALTER TABLE journal_head RENAME TO journal_gone");
  BOOST_CHECK(!other.store.follow());
  std::this_thread::sleep_for(50ms);
  under.database->execute("ALTER TABLE journal_gone RENAME TO journal_head");
  BOOST_CHECK(other.comes_to_know(commit(*under.store, {award(1, "action-two")})));
}

BOOST_DATA_TEST_CASE(it_ends_at_once_however_seldom_it_looks, sql_engines, engine) {
  auto under = make_store(engine);
  const auto began = Steady::now();
  { const OtherProcess other(*under.database, 1h); }
  BOOST_CHECK(Steady::now() - began < 60s);
}

// 2,000 updates a second, if the machine can. The one that looks each 25 ms is what every worker
// is; the other shows that it is the looking that counts. What is meant is 50 ms.
BOOST_DATA_TEST_CASE(entries_of_a_busy_writer_reach_who_looks_often, sql_engines, engine) {
  auto under = make_store(engine);
  for (int player = 1; player <= 20; ++player) add_player(*under.store, player);
  const OtherProcess often(*under.database, 25ms);
  const OtherProcess seldom(*under.database, 1s);
  std::map<JournalSeq, Steady::time_point> answered;
  const auto began = Steady::now();
  auto next = began;
  for (int round = 0; Steady::now() - began < 2s; ++round) {
    std::vector<Award> batch;
    for (int player = 1; player <= 20; ++player) {
      batch.push_back(award(player, "action-" + std::to_string(round), player % 3 + 1));
    }
    answered[commit(*under.store, batch)] = Steady::now();
    next += 10ms;
    std::this_thread::sleep_until(next);
  }
  const JournalSeq last = answered.rbegin()->first;
  BOOST_REQUIRE(often.comes_to_know(last) && seldom.comes_to_know(last));
  const double soon = often.median_delay_ms(answered);
  BOOST_TEST_MESSAGE("median " << soon << " ms, " << answered.size() << " entries");
  BOOST_CHECK_LT(soon, 500);
  BOOST_CHECK_LT(soon * 2, seldom.median_delay_ms(answered));
}

BOOST_AUTO_TEST_SUITE_END()
