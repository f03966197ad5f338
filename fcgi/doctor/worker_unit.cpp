// SPDX-License-Identifier: Apache-2.0
#include "doctor/worker_unit.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "config/keys.hpp"
#include "doctor/environment_file.hpp"
#include "doctor/looking.hpp"

namespace scoreboard::doctor {
namespace {

constexpr std::string_view variable_prefix = "SCOREBOARD_";
constexpr std::string_view credentials_directory = "%d/";
constexpr std::string_view blanks = " \t\r";

// Words between blanks; quotes keep blanks, and go (systemd.exec(5), Environment=).
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> all;
  std::string word;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 ? c == quote : c == '"' || c == '\'') {
      quote = quote == 0 ? c : '\0';
    } else if (quote == 0 && (c == ' ' || c == '\t')) {
      if (!word.empty()) all.push_back(std::move(word));
      word.clear();
    } else {
      word += c;
    }
  }
  if (!word.empty()) all.push_back(std::move(word));
  return all;
}

void take_environment(std::string_view value, WorkerUnit& unit) {
  if (value.empty()) unit.environment.clear();
  for (const std::string& word : words(value)) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || !word.starts_with(variable_prefix)) continue;
    unit.environment[word.substr(0, equals)] = word.substr(equals + 1);
  }
}

// NAME:FILE. Without a file it would come from whoever started systemd.
void take_credential(std::string_view value, WorkerUnit& unit) {
  if (value.empty()) unit.credentials.clear();
  const auto colon = value.find(':');
  if (colon == std::string_view::npos) return;
  unit.credentials[std::string(value.substr(0, colon))] = value.substr(colon + 1);
}

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with(';');
}

// Its lines as systemd.syntax(7) joins them: a backslash at the end is a blank, and the line goes
// on in the next one that is no comment.
std::vector<std::string> logical_lines(std::string_view text) {
  std::vector<std::string> lines;
  bool goes_on = false;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    line = trimmed(line);
    if (is_comment(line)) continue;
    if (!goes_on) lines.emplace_back();
    goes_on = line.ends_with('\\');
    if (goes_on) line.remove_suffix(1);
    lines.back() += line;
    if (goes_on) lines.back() += ' ';
  }
  return lines;
}

// The specifiers that a path of ours may have: the first worker stands for all.
std::string of_first_worker(std::string_view path) {
  std::string text;
  while (!path.empty()) {
    const bool instance = path.starts_with("%i") || path.starts_with("%I");
    if (instance || path.starts_with("%%")) {
      text += instance ? '1' : '%';
      path.remove_prefix(2);
    } else {
      text += path.front();
      path.remove_prefix(1);
    }
  }
  return text;
}

void take_environment_file(std::string_view value, WorkerUnit& unit) {
  if (value.empty()) return unit.environment_files.clear();
  const bool optional = value.starts_with('-');
  if (optional) value.remove_prefix(1);
  unit.environment_files.push_back({.pattern = of_first_worker(value), .optional = optional});
}

// The file behind "%d/NAME".
const std::string* source_of(const WorkerUnit& unit, std::string_view value) {
  if (!value.starts_with(credentials_directory)) return nullptr;
  value.remove_prefix(credentials_directory.size());
  const auto found = unit.credentials.find(std::string(value));
  return found == unit.credentials.end() ? nullptr : &found->second;
}

config::Origin origin_of(const config::Loaded& loaded, const std::string& dotted) {
  const auto found = loaded.origin.find(dotted);
  return found == loaded.origin.end() ? config::Origin{.source = "default"} : found->second;
}

// Of a key that the unit sets.
Finding finding_of(const config::Key& key, const WorkerUnit& unit, const config::Loaded& own,
                   const config::Loaded& in_force) {
  const std::string check = "configuration.unit";
  const std::string variable = config::environment_name(key);
  const std::string dotted = config::dotted_name(key);
  const std::string here = config::to_toml(key.get(own.settings));
  const std::string there = config::to_toml(key.get(in_force.settings));
  const config::Origin origin = origin_of(own, dotted);
  if (here == there || origin.source == "default") {
    return ok(check, "scoreboard@.service sets " + dotted + " to " + there);
  }
  const bool copied = source_of(unit, unit.environment.at(variable)) != nullptr;
  return warn(check,
              dotted + " = " + here + " of " + config::to_string(origin) +
                  " is not what the workers use: scoreboard@.service sets " + there,
              "systemctl edit scoreboard@.service, and name yours in " +
                  (copied ? "LoadCredential"
                          : "Environment=" + variable + " or where its EnvironmentFile is"));
}

}  // namespace

WorkerUnit parse_unit(std::string_view text) {
  WorkerUnit unit;
  for (const std::string& line : logical_lines(text)) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string_view name = trimmed(std::string_view(line).substr(0, equals));
    const std::string_view value = trimmed(std::string_view(line).substr(equals + 1));
    if (name == "Environment") take_environment(value, unit);
    if (name == "EnvironmentFile") take_environment_file(value, unit);
    if (name == "LoadCredential") take_credential(value, unit);
  }
  return unit;
}

WorkerUnit with_environment_files(WorkerUnit unit) {
  for (const WorkerUnit::File& wanted : unit.environment_files) {
    const auto files = matching(wanted.pattern);
    for (const auto& file : files) {
      for (auto& [name, value] : environment_file(contents(file).value_or(""))) {
        if (name.starts_with(variable_prefix)) unit.environment[name] = std::move(value);
      }
    }
    if (files.empty() && !wanted.optional) unit.missing.push_back(wanted.pattern);
  }
  return unit;
}

WorkerUnit look_at_worker_unit() {
  const auto ran = run({"systemctl", "--no-pager", "cat", "scoreboard@1.service"});
  if (!ran || ran->status != 0) return {};
  return with_environment_files(parse_unit(ran->text));
}

config::Environment variables_of(const WorkerUnit& unit) {
  config::Environment variables = unit.environment;
  for (auto& [name, value] : variables) {
    if (const std::string* file = source_of(unit, value)) value = *file;
  }
  return variables;
}

bool is_credential(const WorkerUnit& unit, const std::filesystem::path& file) {
  return std::ranges::any_of(unit.environment, [&](const auto& variable) {
    const std::string* source = source_of(unit, variable.second);
    return source != nullptr && *source == file;
  });
}

Findings unit_findings(const WorkerUnit& unit, const config::Loaded& own,
                       const config::Loaded& in_force) {
  Findings found;
  for (const std::string& file : unit.missing) {
    found.push_back(fail("configuration.unit",
                         "scoreboard@.service names the EnvironmentFile " + file +
                             ", which is not there: no worker can start",
                         "make it, or take it away by systemctl edit scoreboard@.service"));
  }
  for (const config::Key& key : config::keys()) {
    if (unit.environment.contains(config::environment_name(key))) {
      found.push_back(finding_of(key, unit, own, in_force));
    }
  }
  return found;
}

}  // namespace scoreboard::doctor
