// SPDX-License-Identifier: Apache-2.0
// The one table of everything that can be set. Whoever adds a setting adds a member to Settings
// and a line to the table in key_table.cpp; the file, the environment, the command line, the
// default file, the manual page, `config show`, what a reload takes and every error message follow.
//
// [points] is no part of the table: its names are the operator's own (points.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/settings.hpp"

namespace scoreboard::config {

enum class Type { integer, text };

// When workers take a changed value: as they start, or also while they run, on SIGHUP.
enum class Taken { at_start, at_reload };

using Value = std::variant<std::int64_t, std::string>;

struct Key {
  std::string_view section;
  std::string_view name;  // ends in the unit where there is one: access_lifetime_s
  Type type;
  std::string_view unit;  // "seconds"; empty for texts and plain counts
  // For integers the range of the value, for texts that of its length in bytes.
  std::int64_t min;
  std::int64_t max;
  Taken taken;
  std::string_view meaning;
  std::function<Value(const Settings&)> get;
  std::function<void(Settings&, const Value&)> set;
};

// In the order of the file; keys of one section stand together.
std::span<const Key> keys();

std::string dotted_name(const Key& key);       // server.threads
std::string environment_name(const Key& key);  // SCOREBOARD_SERVER_THREADS
std::string to_toml(const Value& value);       // 64 or "text"
std::string range_text(const Key& key);        // "from 1 to 1024 seconds"
std::string taken_text(Taken taken);           // "at start", "at reload"
// What is wrong with the value, as the end of a sentence that begins with the key; empty if
// nothing is.
std::string complaint(const Key& key, const Value& value);

}  // namespace scoreboard::config
