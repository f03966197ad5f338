// SPDX-License-Identifier: Apache-2.0
#include "doctor/worker_sockets.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace scoreboard::doctor {
namespace {

namespace fs = std::filesystem;

std::optional<int> worker_number(const std::string& name) {
  constexpr std::string_view before = "worker-";
  constexpr std::string_view after = ".sock";
  if (!name.starts_with(before) || !name.ends_with(after)) return std::nullopt;
  int number = 0;
  const char* const end = name.data() + name.size() - after.size();
  const auto [stopped, fault] = std::from_chars(name.data() + before.size(), end, number);
  if (fault != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

}  // namespace

std::map<int, fs::path> worker_sockets(const fs::path& runtime_directory, std::error_code& fault) {
  std::map<int, fs::path> sockets;
  for (fs::directory_iterator file(runtime_directory, fault), end; !fault && file != end;
       file.increment(fault)) {
    const auto number = worker_number(file->path().filename().string());
    if (number) sockets[*number] = file->path();
  }
  return sockets;
}

}  // namespace scoreboard::doctor
