// SPDX-License-Identifier: Apache-2.0
#include "store/replica.hpp"

#include "ops/log.hpp"
#include "store/rank_loading.hpp"

namespace scoreboard::store {
namespace {

// Samples of the primary's head are taken as often as this, and the one before the last counts: a
// replica that is some milliseconds behind is no reason to leave it.
constexpr std::chrono::milliseconds sample_interval{1000};
static_assert(2 * sample_interval <= Replica::age_max);

// A busy or hanging replica must not cost what the primary would answer in a millisecond.
constexpr std::chrono::milliseconds wait_max{100};
constexpr std::chrono::seconds note_interval{10};

Error behind(const char* log) {
  return {.code = ErrorCode::unavailable,
          .log = log,
          .reason = "the database is unavailable",
          .retry_after = std::chrono::seconds{1}};
}

// Once it does it always will: asked before the read, not in one snapshot with it.
bool holds(Connection& connection, const RankCounts::Head& head) {
  if (head.seq == JournalSeq{}) return true;
  return connection.query("SELECT 1 FROM journal WHERE seq = :seq AND hash = :hash")
      .use(head.seq.value())
      .use(head.hash)
      .one();
}

}  // namespace

Replica::Replica(Database database, int readers, Boards& primary, const DatabaseMetrics& metrics)
    : breaker_(metrics.breaker_open),
      boards_(std::move(database), breaker_,
              {.readers = readers, .wait_max = wait_max, .metrics = metrics}),
      primary_(primary) {
  look();
  thread_ = std::thread([this] { watch(); });
}

Replica::~Replica() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

void Replica::look() {
  try {
    ask_primary();
    if (auto followed = boards_.follow(admission()); !followed) note(followed.error());
  } catch (const std::exception& fault) {
    note(behind(fault.what()));
  }
}

void Replica::watch() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, sample_interval, [this] { return stopping_; })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

void Replica::ask_primary() {
  {
    const std::lock_guard lock(mutex_);
    asking_ = true;
    asked_at_ = Steady::now();
  }
  auto head =
      primary_.read([](Connection& c) -> Result<RankCounts::Head> { return read_counts_head(c); });
  const std::lock_guard lock(mutex_);
  asking_ = false;
  answered_ = static_cast<bool>(head);
  if (!head) return;
  older_ = std::move(newer_);
  newer_ = {*std::move(head), asked_at_};
}

// What the replica's journal must hold; empty while that is not known.
std::optional<RankCounts::Head> Replica::required() {
  const std::lock_guard lock(mutex_);
  const auto now = Steady::now();
  if (older_.younger_than(age_max, now)) return older_.head;
  if (newer_.younger_than(age_max, now)) return newer_.head;
  const bool primary_away = !answered_ || (asking_ && now - asked_at_ > sample_interval);
  if (primary_away && newer_.at) return newer_.head;
  return std::nullopt;
}

Boards::Admission Replica::admission() {
  return [head = required()](Connection& connection) -> Result<void> {
    if (!head) return behind("the primary's journal is not known well enough");
    if (!holds(connection, *head)) return behind("the replica is behind, or has another history");
    return {};
  };
}

// Not at every try.
void Replica::note(const Error& why) {
  {
    const std::lock_guard lock(mutex_);
    const auto now = Steady::now();
    if (noted_at_ && now - *noted_at_ < note_interval) return;
    noted_at_ = now;
  }
  log::write(log::Level::warning, "replica_passed_over", {{"reason", why.log}});
}

template <class Read>
auto Replica::read(Read read) {
  // Not even a connection is asked for: of a replica that hangs it would not come.
  if (required()) {
    auto answer = read(boards_, admission());
    if (answer) return answer;
    note(answer.error());
  }
  return read(primary_, Boards::Admission{});
}

Result<BoardView> Replica::top(Period period, int limit) {
  return read([&](Boards& boards, const Boards::Admission& admission) {
    return boards.top(period, limit, admission);
  });
}

Result<std::vector<Standing>> Replica::around(Period period, const UserId& user, int each_side) {
  auto found = read([&](Boards& boards, const Boards::Admission& admission) {
    return boards.around(period, user, each_side, admission);
  });
  if (found && found->empty()) return primary_.around(period, user, each_side);
  return found;
}

Result<std::vector<Standing>> Replica::page(Period period, std::optional<BoardCursor> after,
                                            int limit) {
  return read([&](Boards& boards, const Boards::Admission& admission) {
    return boards.page(period, after, limit, admission);
  });
}

}  // namespace scoreboard::store
