// SPDX-License-Identifier: Apache-2.0
// Users of this host, and looking with their eyes.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace scoreboard::doctor {

struct Account {
  std::string name = {};
  bool known = false;
  uid_t user = 0;
  gid_t group = 0;
  std::vector<gid_t> groups = {};  // all of them
};
Account look_at_account(const std::string& name);

// What a file or directory lets whom do.
struct Permissions {
  mode_t mode = 0;
  uid_t owner = 0;
  gid_t group = 0;
};
// `what`: 4 to read, 2 to write, 1 to pass, as in the last digit of a mode.
bool allowed(const Permissions& permissions, const Account& account, mode_t what);

// For as long as it lives the process acts as this account, if it is root's and the account is
// there: PostgreSQL tells callers apart by it, and SQLite makes files beside its own. For a process
// with one thread.
class ActingAs {
 public:
  explicit ActingAs(const Account& account);
  ~ActingAs();
  ActingAs(const ActingAs&) = delete;
  ActingAs& operator=(const ActingAs&) = delete;

 private:
  std::vector<gid_t> groups_ = {};  // root's own
  bool changed_ = false;
};

}  // namespace scoreboard::doctor
