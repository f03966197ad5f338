// SPDX-License-Identifier: Apache-2.0
#include "store/commit_queue.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <latch>
#include <mutex>
#include <thread>

#include "metrics/samples.hpp"
#include "store/memory_store.hpp"
#include "store/stores.hpp"
#include "store/verify.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
using namespace std::chrono_literals;

namespace {

// A store whose commits wait for a gate, and fail as they are told.
class GatedStore final : public Store {
 public:
  explicit GatedStore(Store& store) : store_(store) {}

  Result<std::vector<AwardOutcome>> commit(std::span<const Award> batch, const AwardRules& rules,
                                           Timestamp now) override {
    const std::lock_guard gate(gate_);
    sizes.push_back(batch.size());
    for (const Award& one : batch) {
      if (one.action.str() == "poisoned")
        return Error{.code = ErrorCode::internal, .log = "bad row"};
    }
    if (in_doubt) return Error{.code = ErrorCode::unavailable, .log = "commit in doubt"};
    return store_.commit(batch, rules, now);
  }
  std::mutex& gate() { return gate_; }

  Result<User> add_user(const NewUser& u, Timestamp t) override { return store_.add_user(u, t); }
  Result<User> user_of_identity(const Identity& i, Timestamp t) override {
    return store_.user_of_identity(i, t);
  }
  Result<std::optional<Credential>> find_credential(std::string_view n) override {
    return store_.find_credential(n);
  }
  Result<void> add_session(const NewSession& s, Timestamp t) override {
    return store_.add_session(s, t);
  }
  Result<std::optional<LiveSession>> find_session(const SessionId& i, Timestamp t) override {
    return store_.find_session(i, t);
  }
  Result<RefreshOutcome> rotate_refresh(const RefreshUse& use, Timestamp t) override {
    return store_.rotate_refresh(use, t);
  }
  Result<void> replace_password_hash(const UserId& u, const std::string& o,
                                     const std::string& n) override {
    return store_.replace_password_hash(u, o, n);
  }
  Result<std::chrono::seconds> begin_login(const LoginAttempt& a, const LoginRules& r,
                                           Timestamp t) override {
    return store_.begin_login(a, r, t);
  }
  Result<void> withdraw_login(const LoginAttempt& a, Timestamp t) override {
    return store_.withdraw_login(a, t);
  }
  Result<std::vector<EndedSession>> sessions_ended_since(Timestamp t) override {
    return store_.sessions_ended_since(t);
  }
  Result<void> end_session(const SessionId& i, Timestamp t) override {
    return store_.end_session(i, t);
  }
  Result<BoardView> top(Period p, int limit) override { return store_.top(p, limit); }
  Result<std::optional<Standing>> standing(Period p, const UserId& u) override {
    return store_.standing(p, u);
  }
  Result<std::vector<Standing>> around(Period p, const UserId& u, int n) override {
    return store_.around(p, u, n);
  }
  Result<std::vector<Standing>> page(Period p, std::optional<BoardCursor> c, int n) override {
    return store_.page(p, c, n);
  }
  Result<std::optional<Receipt>> receipt(const UserId& u, const ActionId& a) override {
    return store_.receipt(u, a);
  }
  Result<JournalHead> journal_head() override { return store_.journal_head(); }
  Result<JournalSeq> follow() override { return store_.follow(); }
  Result<std::vector<Change>> changes_after(JournalSeq s, int l) override {
    return store_.changes_after(s, l);
  }

  std::vector<std::size_t> sizes;
  std::atomic<bool> in_doubt = false;

 private:
  Store& store_;
  std::mutex gate_;
};

struct Bench {
  Bench() {
    for (int player = 1; player <= 8; ++player) add_player(memory, player);
  }
  MemoryStore memory{start()};
  GatedStore store{memory};
  FixedClock clock;
  std::atomic<int> committed = 0;
  CommitQueue::Options options{.bounds = {.rules = {.limit = 1000, .window = 60s}}};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(commit_queue)

BOOST_AUTO_TEST_CASE(what_waits_together_is_committed_together) {
  Bench bench;
  CommitQueue queue(bench.store, bench.clock, bench.options, [&] { ++bench.committed; });
  std::vector<std::thread> callers;
  std::atomic<int> awarded = 0;
  {
    const std::lock_guard gate(bench.store.gate());
    for (int i = 0; i < 20; ++i) {
      callers.emplace_back([&, i] {
        auto outcome = queue.submit(award(i % 8 + 1, "action-" + std::to_string(i)));
        if (outcome && outcome->verdict == Verdict::awarded) ++awarded;
      });
    }
    std::this_thread::sleep_for(100ms);
  }
  for (auto& caller : callers) caller.join();
  queue.stop();
  BOOST_CHECK_EQUAL(awarded, 20);
  BOOST_CHECK_LE(bench.store.sizes.size(), 3U);
  BOOST_CHECK_EQUAL(static_cast<std::size_t>(bench.committed), bench.store.sizes.size());
}

BOOST_AUTO_TEST_CASE(thirty_two_copies_of_one_action_score_once) {
  Bench bench;
  CommitQueue queue(bench.store, bench.clock, bench.options, [] {});
  std::atomic<int> awarded = 0;
  std::atomic<int> replayed = 0;
  std::latch gate(32);
  std::vector<std::thread> callers;
  for (int i = 0; i < 32; ++i) {
    callers.emplace_back([&] {
      gate.arrive_and_wait();
      auto outcome = queue.submit(award(1, "action-1"));
      if (outcome && outcome->verdict == Verdict::awarded) ++awarded;
      if (outcome && outcome->verdict == Verdict::replayed) ++replayed;
    });
  }
  for (auto& caller : callers) caller.join();
  BOOST_CHECK_EQUAL(awarded, 1);
  BOOST_CHECK_EQUAL(replayed, 31);
}

BOOST_AUTO_TEST_CASE(a_poisoned_award_hurts_nobody_else) {
  Bench bench;
  CommitQueue queue(bench.store, bench.clock, bench.options, [] {});
  std::vector<std::thread> callers;
  std::atomic<int> good = 0;
  std::atomic<int> bad = 0;
  {
    const std::lock_guard gate(bench.store.gate());
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&, i] {
        auto outcome = queue.submit(award(i + 1, i == 5 ? "poisoned" : "action-1"));
        ++(outcome ? good : bad);
      });
    }
    std::this_thread::sleep_for(100ms);
  }
  for (auto& caller : callers) caller.join();
  BOOST_CHECK_EQUAL(good, 7);
  BOOST_CHECK_EQUAL(bad, 1);
}

BOOST_AUTO_TEST_CASE(a_commit_in_doubt_is_not_repeated) {
  Bench bench;
  bench.store.in_doubt = true;
  CommitQueue queue(bench.store, bench.clock, bench.options, [] {});
  auto outcome = queue.submit(award(1, "action-1"));
  BOOST_REQUIRE(!outcome);
  BOOST_CHECK(outcome.error().code == ErrorCode::unavailable);
  queue.stop();
  BOOST_CHECK_EQUAL(bench.store.sizes.size(), 1U);
}

BOOST_AUTO_TEST_CASE(
    a_full_queue_refuses_at_once_and_a_long_wait_is_ended_while_the_committer_hangs) {
  Bench bench;
  bench.options.bounds.waiting_max = 2;
  bench.options.bounds.wait_max = 1s;
  metrics::Registry registry;
  bench.options.metrics = CommitMetrics(registry);
  CommitQueue queue(bench.store, bench.clock, bench.options, [] {});
  std::vector<std::thread> callers;
  std::atomic<int> refused = 0;
  std::atomic<int> counted = 0;
  const auto call = [&](int player) {
    callers.emplace_back([&, player] {
      auto outcome = queue.submit(award(player, "action-1"));
      if (outcome) {
        ++counted;
      } else if (outcome.error().code == ErrorCode::unavailable && outcome.error().retry_after) {
        ++refused;
      }
    });
    std::this_thread::sleep_for(30ms);
  };
  {
    const std::lock_guard gate(bench.store.gate());
    call(1);  // taken by the committer, which waits at the gate
    call(2);
    call(3);  // waiting
    call(4);  // one too many
    BOOST_CHECK_EQUAL(refused, 1);
    BOOST_CHECK_EQUAL(queue.waiting(), 2U);
    BOOST_CHECK_EQUAL(queue.waiting_max(), 2U);
    for (std::size_t refusal = 1; refusal < callers.size(); ++refusal) callers[refusal].join();
    BOOST_CHECK_EQUAL(refused, 3);
    BOOST_CHECK_EQUAL(counted, 0);
    BOOST_CHECK_EQUAL(queue.waiting(), 0U);
  }
  callers.front().join();
  BOOST_CHECK_EQUAL(counted, 1);
  const metrics::Samples told(registry.text());
  constexpr const char* refusals = "scoreboard_queue_refused_total";
  BOOST_CHECK_EQUAL(told.sum(refusals, {{"reason", "full"}}), 1);
  BOOST_CHECK_EQUAL(told.sum(refusals, {{"reason", "waited"}}), 2);
  BOOST_CHECK_EQUAL(told.sum("scoreboard_batch_size_actions_sum"), 1);
  BOOST_CHECK_EQUAL(told.sum("scoreboard_commit_duration_seconds_count"), 1);
}

BOOST_AUTO_TEST_CASE(stopping_finishes_what_was_taken_in_and_refuses_the_rest) {
  Bench bench;
  CommitQueue queue(bench.store, bench.clock, bench.options, [] {});
  std::atomic<bool> counted = false;
  std::thread caller;
  {
    const std::lock_guard gate(bench.store.gate());
    caller = std::thread([&] { counted = static_cast<bool>(queue.submit(award(1, "action-1"))); });
    std::this_thread::sleep_for(50ms);
  }
  queue.stop();
  caller.join();
  BOOST_CHECK(counted);
  auto late = queue.submit(award(1, "action-2"));
  BOOST_REQUIRE(!late);
  BOOST_CHECK(late.error().code == ErrorCode::unavailable);
}

BOOST_AUTO_TEST_CASE(parallel_callers_on_sqlite_leave_a_board_that_verifies) {
  auto under = make_store(Engine::sqlite);
  for (int player = 1; player <= 8; ++player) add_player(*under.store, player);
  const FixedClock clock;
  {
    CommitQueue queue(*under.store, clock, {.bounds = {.rules = {.limit = 1000, .window = 60s}}},
                      [] {});
    std::vector<std::thread> callers;
    std::atomic<int> wrong = 0;
    for (int player = 1; player <= 8; ++player) {
      callers.emplace_back([&, player] {
        std::int64_t score = 0;
        for (int i = 0; i < 40; ++i) {
          auto outcome = queue.submit(award(player, "action-" + std::to_string(i), i % 3 + 1));
          if (!outcome || outcome->receipt.previous.value() != score) ++wrong;
          if (outcome) score = outcome->receipt.current.value();
        }
      });
    }
    for (auto& caller : callers) caller.join();
    BOOST_CHECK_EQUAL(wrong, 0);
  }
  const auto report = verify(under.database->uri);
  BOOST_REQUIRE(report);
  BOOST_CHECK_EQUAL(report->events, 320);
  BOOST_CHECK_MESSAGE(report->findings.empty(), first_of(report->findings));
}

BOOST_AUTO_TEST_SUITE_END()
