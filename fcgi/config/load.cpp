// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <algorithm>
#include <system_error>

#include "config/assignments.hpp"
#include "config/calendar.hpp"
#include "config/environment.hpp"
#include "config/file.hpp"
#include "config/issuers.hpp"
#include "config/keys.hpp"
#include "config/points.hpp"
#include "ops/database_uri.hpp"
#include "ops/printable.hpp"
#include "ops/regular_file.hpp"

namespace scoreboard::config {
namespace {

namespace fs = std::filesystem;

void note_defaults(Loaded& loaded) {
  for (const Key& key : keys()) loaded.origin[dotted_name(key)] = {.source = "default"};
  for (const auto& [name, worth] : loaded.settings.points) {
    loaded.origin[std::string(points_section) + "." + name] = {.source = "default"};
  }
}

// conf.d beside the file, its *.toml by name. Editors' and dpkg's leftovers end otherwise or begin
// with a dot.
void apply_directory(const fs::path& directory, Loaded& loaded) {
  std::error_code fault;
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(directory, fault), end; !fault && entry != end;
       entry.increment(fault)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(".toml") && !name.starts_with(".")) files.push_back(entry->path());
  }
  if (fault && fault != std::errc::no_such_file_or_directory) {
    loaded.faults.push_back(
        {.file = directory.string(), .message = "cannot be read: " + fault.message()});
  }
  std::ranges::sort(files);
  for (const fs::path& file : files) apply_file(file, PointsTable::amends, loaded);
}

// A fault of a value that is there: told where it was set, if it was.
void blame(const std::string& dotted, const std::string& message, Loaded& loaded) {
  auto found = loaded.origin.find(dotted);
  // Of an issuer's key that nobody set: where the issuer is named.
  if (found == loaded.origin.end()) found = loaded.origin.find(dotted.substr(0, dotted.rfind('.')));
  const Origin origin = found == loaded.origin.end() ? Origin{.source = "default"} : found->second;
  loaded.faults.push_back(
      {.file = origin.source, .line = origin.line, .column = origin.column, .message = message});
}

// What no single key can tell.
// The value itself is never told: somebody may have put a password into it.
std::string database_uri_complaint(const std::string& uri) {
  const auto kind = database_kind(uri);
  if (!kind) return "must begin with sqlite:// or postgresql://";
  if (*kind == DatabaseKind::sqlite) return "";
  const std::size_t host = uri.find("://") + 3;
  const std::string_view authority =
      std::string_view(uri).substr(host, uri.find_first_of("/?", host) - host);
  const std::size_t at = authority.rfind('@');
  const bool password =
      at != std::string_view::npos && authority.substr(0, at).find(':') != std::string_view::npos;
  return password ? "must not hold a password: name a file with ?passfile=" : "";
}

std::string endpoint_complaint(const std::string& endpoint) {
  if (endpoint.starts_with("http://") || endpoint.starts_with("https://")) return "";
  return "must begin with http:// or https://";
}

void cross_check(Loaded& loaded) {
  const Settings::Auth& auth = loaded.settings.auth;
  const Settings::Database& database = loaded.settings.database;
  const auto fault = [&](const std::string& dotted, const std::string& rest) {
    blame(dotted, dotted + " " + rest, loaded);
  };
  if (database.isolation != database.read_committed &&
      database.isolation != database.serializable) {
    fault("database.isolation", R"(must be "read committed" or "serializable")");
  }
  for (const auto& [dotted, uri] : {std::pair{"database.uri", &database.uri},
                                    std::pair{"database.owner_uri", &database.owner_uri},
                                    std::pair{"database.replica_uri", &database.replica_uri}}) {
    const std::string wrong = uri->empty() ? "" : database_uri_complaint(*uri);
    if (!wrong.empty()) fault(dotted, wrong);
  }
  if (const std::string& endpoint = loaded.settings.traces.endpoint; !endpoint.empty()) {
    if (const std::string wrong = endpoint_complaint(endpoint); !wrong.empty()) {
      fault("traces.endpoint", wrong);
    }
  }
  if (auto calendar = make_calendar(loaded.settings.boards.time_zone); !calendar) {
    fault("boards.time_zone", calendar.error().log);
  }
  if (auto boards = parse_boards(loaded.settings.boards.periods); !boards) {
    fault("boards.periods", boards.error().log);
  }
  for (const IssuerComplaint& complaint : issuer_complaints(loaded.settings)) {
    blame(complaint.about, complaint.text, loaded);
  }
  if (same_file(auth.access_keys, auth.action_keys)) {
    fault("auth.access_keys", "and auth.action_keys (" +
                                  to_string(loaded.origin["auth.action_keys"]) +
                                  ") are the same file: each purpose needs keys of its own");
  }
}

}  // namespace

Loaded load(const fs::path& file_or_empty, const Environment& environment,
            const std::vector<std::string>& assignments) {
  Loaded loaded;
  note_defaults(loaded);
  if (!file_or_empty.empty()) {
    apply_file(file_or_empty, PointsTable::replaces, loaded);
    apply_directory(file_or_empty.parent_path() / "conf.d", loaded);
  }
  apply_environment(environment, loaded);
  apply_assignments(assignments, loaded);
  cross_check(loaded);
  return loaded;
}

std::string to_string(const Fault& fault) {
  std::string place = fault.file;
  if (fault.line > 0) {
    place += ":" + std::to_string(fault.line) + ":" + std::to_string(fault.column);
  }
  return printable(place + ": " + fault.message);
}

std::string to_string(const Origin& origin) {
  return printable(origin.line == 0 ? origin.source
                                    : origin.source + ":" + std::to_string(origin.line));
}

}  // namespace scoreboard::config
