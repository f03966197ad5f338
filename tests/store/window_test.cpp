// SPDX-License-Identifier: Apache-2.0
// The allowance of a player, on every store: 10,000 requests at random moments through two workers
// of which one or the other is started anew now and then. Judged by nothing but the moments at
// which requests counted: no window holds more than the limit, nobody with room in it is refused,
// and what is told of the rest is so.
#include <algorithm>
#include <array>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>

#include "store/open.hpp"
#include "store/stores.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

constexpr int players = 20;
const AwardRules rules{};  // the default: 10 in any 60 s

// Two ways to one board, as two workers have them.
class Workers {
 public:
  explicit Workers(Engine engine) : under_(make_store(engine)) {
    for (int number = 1; number <= players; ++number) add_player(*under_.store, number);
    if (!under_.database) return;
    restart(0);
    restart(1);
  }
  Store& any(std::mt19937_64& random) {
    if (!under_.database) return *under_.store;
    const std::size_t which = random() % 2;
    if (random() % 100 == 0) restart(which);
    return *stores_.at(which);
  }
  // The reference is given its time; engines keep theirs from running backwards.
  bool keeps_time() const { return under_.database != nullptr; }

 private:
  void restart(std::size_t which) {
    stores_.at(which).reset();
    auto opened = open_store({.uri = under_.database->uri, .readers = 1});
    BOOST_REQUIRE_MESSAGE(opened, why(opened));
    stores_.at(which) = *std::move(opened);
  }

  StoreUnderTest under_;
  std::array<std::unique_ptr<Store>, 2> stores_;
};

// A player's requests that counted, in order.
using Counted = std::vector<Timestamp>;

auto in_window(const Counted& counted, Timestamp at) {
  return std::count_if(counted.begin(), counted.end(),
                       [&](Timestamp one) { return one + rules.window > at; });
}

// One outcome against what the player had counted before it, `at` being the moment of its decision.
void check(const AwardOutcome& outcome, Counted& counted, Timestamp at, const std::string& where) {
  const auto before = in_window(counted, at);
  if (before < rules.limit) {
    BOOST_REQUIRE_MESSAGE(outcome.verdict == Verdict::awarded, where << " was within the limit");
    BOOST_REQUIRE_MESSAGE(outcome.receipt.accepted_at == at, where);
    counted.push_back(at);
  } else {
    BOOST_REQUIRE_MESSAGE(outcome.verdict == Verdict::rate_limited, where << " was one too many");
    const seconds wait = outcome.retry_after;
    BOOST_REQUIRE_MESSAGE(in_window(counted, at + wait) < rules.limit, where << " wait too short");
    BOOST_REQUIRE_MESSAGE(in_window(counted, at + wait - seconds{1}) == rules.limit,
                          where << " wait too long");
  }
  const auto left = outcome.allowance.value_or(Allowance{-1, seconds{0}});
  const auto used = in_window(counted, at);
  BOOST_REQUIRE_MESSAGE(left.remaining == rules.limit - used, where << " told " << left.remaining);
  BOOST_REQUIRE_MESSAGE(in_window(counted, at + left.more_in) < used, where << " more comes later");
  BOOST_REQUIRE_MESSAGE(in_window(counted, at + left.more_in - seconds{1}) == used,
                        where << " more comes earlier");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(window)

BOOST_DATA_TEST_CASE(no_window_holds_more_than_the_limit_and_nobody_within_it_is_refused,
                     boost::unit_test::data::make({Engine::memory, Engine::sqlite,
                                                   Engine::postgresql}),
                     engine) {
  // The reference looks at everything each time, so it is asked less.
  const int requests = engine == Engine::memory ? 1'000 : 10'000;
  const unsigned seed = std::random_device{}();
  std::mt19937_64 random(seed);
  Workers workers(engine);
  std::map<UserId, Counted> counted;
  Timestamp now = start();
  Timestamp head = now - std::chrono::hours{1};  // of the newest entry
  int refused = 0;
  for (int sent = 0; sent < requests;) {
    now += microseconds{random() % 5'000'000};
    std::vector<Award> batch;
    for (auto size = random() % 16 + 1; size > 0; --size) {
      batch.push_back(
          award(static_cast<int>(random() % players) + 1, "action-" + std::to_string(++sent)));
    }
    // A worker that looked at its clock and then waited for the other one's commit.
    const bool late = workers.keeps_time() && random() % 4 == 0;
    const Timestamp looked = late ? now - microseconds{random() % 20'000} : now;
    const Timestamp at = std::max(looked, head);
    auto outcomes = workers.any(random).commit(batch, rules, looked);
    BOOST_REQUIRE_MESSAGE(outcomes, why(outcomes));
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::string where = "seed " + std::to_string(seed) + " " + batch[i].action.str();
      check((*outcomes)[i], counted[batch[i].user], at, where);
      if ((*outcomes)[i].verdict == Verdict::awarded) head = at;
      refused += (*outcomes)[i].verdict == Verdict::rate_limited ? 1 : 0;
    }
  }
  // Enough of both, or the test would show nothing.
  BOOST_CHECK_GT(refused, requests / 20);
  BOOST_CHECK_LT(refused, requests / 2);
}

BOOST_AUTO_TEST_SUITE_END()
