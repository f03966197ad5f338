// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include "config/calendar.hpp"
#include "config/file.hpp"
#include "config/issuers.hpp"
#include "config/keys.hpp"
#include "config/points.hpp"
#include "config/suggestion.hpp"

namespace scoreboard::config {
namespace {

constexpr std::string_view prefix = "SCOREBOARD_";

void note_defaults(Loaded& loaded) {
  for (const Key& key : keys()) loaded.origin[dotted_name(key)] = "default";
  for (const auto& [name, worth] : loaded.settings.points) {
    loaded.origin[std::string(points_section) + "." + name] = "default";
  }
}

void environment_fault(Loaded& loaded, std::string message) {
  loaded.faults.push_back({.file = "environment", .message = std::move(message)});
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void apply_key(const Key& key, const std::string& variable, const std::string& text,
               Loaded& loaded) {
  Value value = text;
  if (const auto number = whole_number(text); key.type == Type::integer && number) value = *number;
  if (const std::string wrong = complaint(key, value); !wrong.empty()) {
    return environment_fault(loaded, variable + " " + wrong);
  }
  key.set(loaded.settings, value);
  loaded.origin[dotted_name(key)] = variable;
}

void apply_points(const std::string& variable, const std::string& text, Loaded& loaded) {
  const std::string name = variable.substr(points_environment_prefix.size());
  if (const std::string wrong = points_name_complaint(name); !wrong.empty()) {
    return environment_fault(loaded, variable + ": " + name + " " + wrong);
  }
  const auto number = whole_number(text);
  if (!number) return environment_fault(loaded, variable + " must be a whole number of points");
  if (const std::string wrong = points_value_complaint(*number); !wrong.empty()) {
    return environment_fault(loaded, variable + " " + wrong);
  }
  loaded.settings.points[name] = *number;
  loaded.origin[std::string(points_section) + "." + name] = variable;
}

// SCOREBOARD_ISSUERS_<NAME>_<KEY>: a name holds no underscore.
void apply_issuer(const std::string& variable, const std::string& text, Loaded& loaded) {
  std::string rest = variable.substr(issuers_environment_prefix.size());
  for (char& c : rest) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::string name = rest.substr(0, rest.find('_'));
  const std::string key_name = rest.substr(std::min(rest.size(), name.size() + 1));
  if (const std::string wrong = issuer_name_complaint(name); !wrong.empty()) {
    return environment_fault(loaded, variable + ": " + name + " " + wrong);
  }
  const IssuerKey* const key = find_issuer_key(key_name);
  if (key == nullptr) {
    return environment_fault(
        loaded, variable + " sets nothing: [issuers." + name + "] has no key " + key_name);
  }
  if (const std::string wrong = complaint(*key, text); !wrong.empty()) {
    return environment_fault(loaded, variable + " " + wrong);
  }
  key->set(loaded.settings.issuers[name], text);
  loaded.origin[dotted_name(name, *key)] = variable;
}

bool names_a_section(std::string_view variable) {
  for (const Key& key : keys()) {
    const std::string name = environment_name(key);
    const std::size_t start = prefix.size() + key.section.size() + 1;
    if (variable.starts_with(std::string_view(name).substr(0, start))) return true;
  }
  return false;
}

// Other programs may have variables with our prefix. What names one of our sections, or is close
// to one of our names, is a slip of the operator's.
void check_stranger(const std::string& variable, Loaded& loaded) {
  std::vector<std::string> names;
  for (const Key& key : keys()) names.push_back(environment_name(key));
  std::string close;
  for (const std::string& name : names) {
    if (edit_distance(variable, name) <= 2) close = name;
  }
  if (close.empty() && !names_a_section(variable)) return;
  if (close.empty()) close = closest(variable, names);
  environment_fault(loaded, variable + " sets nothing" +
                                (close.empty() ? close : "; did you mean " + close + "?"));
}

void apply_environment(const Environment& environment, Loaded& loaded) {
  std::map<std::string, const Key*> by_name;
  for (const Key& key : keys()) by_name[environment_name(key)] = &key;
  for (const auto& [variable, text] : environment) {
    if (const auto found = by_name.find(variable); found != by_name.end()) {
      apply_key(*found->second, variable, text, loaded);
    } else if (variable.starts_with(points_environment_prefix)) {
      apply_points(variable, text, loaded);
    } else if (variable.starts_with(issuers_environment_prefix)) {
      apply_issuer(variable, text, loaded);
    } else if (variable.starts_with(prefix)) {
      check_stranger(variable, loaded);
    }
  }
}

// What no single key can tell.
void cross_check(Loaded& loaded) {
  const auto origin = [&](const char* key) { return key + (" (" + loaded.origin[key] + ")"); };
  const Settings::Auth& auth = loaded.settings.auth;
  const Settings::Database& database = loaded.settings.database;
  const auto fault = [&](std::string message) {
    loaded.faults.push_back({.file = "settings", .message = std::move(message)});
  };
  if (database.isolation != database.read_committed &&
      database.isolation != database.serializable) {
    fault(origin("database.isolation") + " must be \"read committed\" or \"serializable\"");
  }
  if (auto calendar = make_calendar(loaded.settings.boards.time_zone); !calendar) {
    fault(origin("boards.time_zone") + " " + calendar.error().log);
  }
  if (auto boards = parse_boards(loaded.settings.boards.periods); !boards) {
    fault(origin("boards.periods") + " " + boards.error().log);
  }
  for (std::string& complaint : issuer_complaints(loaded.settings)) fault(std::move(complaint));
  if (auth.access_keys == auth.action_keys) {
    fault(origin("auth.access_keys") + " and " + origin("auth.action_keys") +
          " are the same file: each purpose needs keys of its own");
  }
}

}  // namespace

Loaded load(const std::filesystem::path& file_or_empty, const Environment& environment) {
  Loaded loaded;
  note_defaults(loaded);
  if (!file_or_empty.empty()) apply_file(file_or_empty, loaded);
  apply_environment(environment, loaded);
  cross_check(loaded);
  return loaded;
}

Environment environment() {
  Environment ours;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (pair.starts_with(prefix) && equals != std::string_view::npos) {
      ours.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
  }
  return ours;
}

std::string to_string(const Fault& fault) {
  if (fault.line == 0) return fault.file + ": " + fault.message;
  return fault.file + ":" + std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": " +
         fault.message;
}

}  // namespace scoreboard::config
