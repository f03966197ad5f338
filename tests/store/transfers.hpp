// SPDX-License-Identifier: Apache-2.0
// Boards to move, and files to move them by.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "store/stores.hpp"
#include "store/transfer.hpp"

namespace scoreboard::tests {

constexpr int players = 12;
// `players` players with four actions each, fifteen minutes apart.
StoreUnderTest played_board(Engine engine);

std::string export_to(const StoreUnderTest& under, const std::filesystem::path& path,
                      ExportFormat format);
Result<TransferReport> import_into(const TestDatabase& target, const std::filesystem::path& path);
void check_clean(const std::string& uri);
// Nobody is there, nothing happened, and a board can still be imported.
void check_empty(const TestDatabase& target);

std::string read(const std::filesystem::path& file);
std::filesystem::path write(const std::filesystem::path& file, const std::string& text);
// Of a file, or of every file of a directory, by name.
std::map<std::string, std::string> contents(const std::filesystem::path& path);

}  // namespace scoreboard::tests
