// SPDX-License-Identifier: Apache-2.0
#include "doctor/account.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace scoreboard::doctor {
namespace {

constexpr int groups_max = 256;

[[noreturn]] void cannot(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Account look_at_account(const std::string& name) {
  Account account{.name = name};
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384> space{};
  if (getpwnam_r(name.c_str(), &entry, space.data(), space.size(), &found) != 0 ||
      found == nullptr) {
    return account;
  }
  account.known = true;
  account.user = entry.pw_uid;
  account.group = entry.pw_gid;
  account.groups.resize(groups_max);
  int count = groups_max;
  getgrouplist(name.c_str(), entry.pw_gid, account.groups.data(), &count);
  account.groups.resize(static_cast<std::size_t>(std::clamp(count, 0, groups_max)));
  return account;
}

bool allowed(const Permissions& permissions, const Account& account, mode_t what) {
  if (account.user == 0) return true;
  if (account.user == permissions.owner) return (permissions.mode & (what << 6)) != 0;
  if (std::ranges::find(account.groups, permissions.group) != account.groups.end()) {
    return (permissions.mode & (what << 3)) != 0;
  }
  return (permissions.mode & what) != 0;
}

ActingAs::ActingAs(const Account& account) {
  if (geteuid() != 0 || !account.known || account.user == 0) return;
  groups_.resize(static_cast<std::size_t>(std::max(0, getgroups(0, nullptr))));
  if (getgroups(static_cast<int>(groups_.size()), groups_.data()) < 0) cannot("getgroups");
  if (setgroups(account.groups.size(), account.groups.data()) != 0) cannot("setgroups");
  if (setegid(account.group) != 0) cannot("setegid");
  if (seteuid(account.user) != 0) cannot("seteuid");
  changed_ = true;
}

ActingAs::~ActingAs() {
  if (!changed_) return;
  // Back to what the saved ids of the process still are; without that nothing may go on.
  if (seteuid(0) != 0 || setegid(0) != 0 || setgroups(groups_.size(), groups_.data()) != 0) {
    _exit(1);
  }
}

}  // namespace scoreboard::doctor
