// SPDX-License-Identifier: Apache-2.0
#include "store/stores.hpp"

#include <stdlib.h>

#include <sstream>
#include <stdexcept>

#include "store/memory_store.hpp"
#include "store/migrations.hpp"
#include "store/open.hpp"

namespace scoreboard::tests {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "scoreboard-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::ostream& operator<<(std::ostream& out, Engine engine) {
  return out << (engine == Engine::memory ? "memory" : "sqlite");
}

StoreUnderTest make_store(Engine engine) {
  if (engine == Engine::memory) return {{}, std::make_unique<MemoryStore>(start()), {}};
  auto directory = std::make_unique<TemporaryDirectory>();
  const std::string uri = "sqlite://" + (directory->path() / "board.db").string();
  auto migrated = store::migrate(uri);
  if (!migrated) throw std::runtime_error(migrated.error().log);
  auto opened = open_store({.uri = uri, .readers = 2});
  if (!opened) throw std::runtime_error(opened.error().log);
  return {std::move(directory), *std::move(opened), uri};
}

Timestamp start() {
  return from_micros(1770028200000000);
}

UserId user_id(int number) {
  std::string digits = std::to_string(number);
  return UserId{"00000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits};
}

SessionId session_id(int number) {
  std::string digits = std::to_string(number);
  return SessionId{std::string(32 - digits.size(), '0') + digits};
}

void add_player(Store& store, int number) {
  const std::string name = "player" + std::to_string(number);
  auto user = store.add_user({.id = user_id(number),
                              .username = Username{name},
                              .email = name + "@example.org",
                              .display_name = name,
                              .password_hash = "hash of " + name},
                             start());
  if (!user) throw std::runtime_error(user.error().log);
  auto session = store.add_session({.id = session_id(number),
                                    .user = user_id(number),
                                    .refresh_hash = "refresh " + name,
                                    .expires_at = start() + std::chrono::hours{1}},
                                   start());
  if (!session) throw std::runtime_error(session.error().log);
}

Award award(int player, const std::string& action, std::int64_t points) {
  return {.user = user_id(player),
          .session = session_id(player),
          .action = ActionId{action},
          .contract = Contract::increment,
          .payload = "increment " + std::to_string(points),
          .points = Points{points},
          .request = RequestId{"request of " + action}};
}

std::string first_of(const std::vector<std::string>& findings) {
  return findings.empty() ? "" : findings.front();
}

std::string describe(const Standing& standing) {
  std::ostringstream out;
  out << standing.rank.value() << ' ' << standing.username << ' ' << standing.score.value() << " @"
      << standing.reached.value() << ' ' << to_micros(standing.reached_at);
  return out.str();
}

std::string describe(const AwardOutcome& outcome) {
  std::ostringstream out;
  const Receipt& receipt = outcome.receipt;
  out << "verdict " << static_cast<int>(outcome.verdict) << " wait " << outcome.retry_after.count()
      << " of " << receipt.user.str() << ": " << receipt.previous.value() << " + "
      << receipt.points.value() << " = " << receipt.current.value() << " rank "
      << receipt.rank.value() << " @" << receipt.reached.value() << ' '
      << to_micros(receipt.accepted_at) << " top";
  for (const Standing& standing : outcome.top) {
    out << " [" << standing.rank.value() << ' ' << standing.username << ' '
        << standing.score.value() << ']';
  }
  return out.str();
}

std::string describe(const BoardView& view) {
  std::string text = "version " + std::to_string(view.version.value());
  // An empty board's time is that of the database, which no test chooses.
  if (!view.standings.empty()) text += " at " + std::to_string(to_micros(view.updated_at));
  for (const Standing& standing : view.standings) text += "\n" + describe(standing);
  return text;
}

}  // namespace scoreboard::tests
