// SPDX-License-Identifier: Apache-2.0
// The stores that the contract suite runs on, and short ways to fill them.
#pragma once

#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "store/store.hpp"

namespace scoreboard::tests {

// A directory that goes with its owner.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

enum class Engine { memory, sqlite };
std::ostream& operator<<(std::ostream& out, Engine engine);

struct StoreUnderTest {
  std::unique_ptr<TemporaryDirectory> directory;
  std::unique_ptr<Store> store;
  std::string uri;  // empty for the reference
};
StoreUnderTest make_store(Engine engine);

// A moment to begin with: 2026-02-02T10:30:00Z.
Timestamp start();
UserId user_id(int number);
SessionId session_id(int number);
// User `number` with session `number`, which lasts an hour from start().
void add_player(Store& store, int number);
Award award(int player, const std::string& action, std::int64_t points = 10);
// For messages, which are put together even when nothing is wrong.
template <class T>
std::string why(const Result<T>& result) {
  return result ? "" : result.error().log;
}
std::string first_of(const std::vector<std::string>& findings);
// One line with everything in it, to compare and to print.
std::string describe(const AwardOutcome& outcome);
std::string describe(const Standing& standing);
std::string describe(const BoardView& view);

}  // namespace scoreboard::tests
