// SPDX-License-Identifier: Apache-2.0
#include "doctor/worker_unit.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "config/keys.hpp"
#include "doctor/looking.hpp"

namespace scoreboard::doctor {
namespace {

constexpr std::string_view variable_prefix = "SCOREBOARD_";
constexpr std::string_view credentials_directory = "%d/";

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
                  (copied ? "LoadCredential" : "Environment=" + variable));
}

}  // namespace

WorkerUnit parse_unit(std::string_view text) {
  WorkerUnit unit;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, equals);
    if (name == "Environment") take_environment(line.substr(equals + 1), unit);
    if (name == "LoadCredential") take_credential(line.substr(equals + 1), unit);
  }
  return unit;
}

WorkerUnit look_at_worker_unit() {
  const auto ran = run({"systemctl", "--no-pager", "cat", "scoreboard@1.service"});
  return ran && ran->status == 0 ? parse_unit(ran->text) : WorkerUnit{};
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
  for (const config::Key& key : config::keys()) {
    if (unit.environment.contains(config::environment_name(key))) {
      found.push_back(finding_of(key, unit, own, in_force));
    }
  }
  return found;
}

}  // namespace scoreboard::doctor
