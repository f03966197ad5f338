// SPDX-License-Identifier: Apache-2.0
#include "config/file.hpp"

// A syntax error is a value here too, as everywhere.
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

#include "config/issuers.hpp"
#include "config/keys.hpp"
#include "config/points.hpp"
#include "config/suggestion.hpp"

namespace scoreboard::config {
namespace {

std::vector<std::string> section_names() {
  std::vector<std::string> names{std::string(points_section), std::string(issuers_section)};
  for (const Key& key : keys()) {
    if (names.back() != key.section) names.emplace_back(key.section);
  }
  return names;
}

std::vector<std::string> key_names(std::string_view section) {
  std::vector<std::string> names;
  for (const Key& key : keys()) {
    if (key.section == section) names.emplace_back(key.name);
  }
  return names;
}

std::string meant(const std::string& name) {
  return name.empty() ? name : "; did you mean " + name + "?";
}

// Where a key of exactly this name does belong; empty when nowhere.
std::string right_place(std::string_view name) {
  for (const Key& key : keys()) {
    if (key.name == name) return "[" + std::string(key.section) + "] " + std::string(key.name);
  }
  return {};
}

std::string unknown_section(std::string_view name, const std::string& close) {
  const std::string told = "there is no section [" + std::string(name) + "]";
  return close.empty() ? told : told + meant("[" + close + "]");
}

// One reading of one file.
class Reading {
 public:
  Reading(std::string file, Loaded& loaded) : file_(std::move(file)), loaded_(loaded) {}

  void root(const toml::table& table) {
    const auto sections = section_names();
    for (const auto& [name, node] : table) {
      const std::string_view text = name.str();
      const bool known = std::find(sections.begin(), sections.end(), text) != sections.end();
      if (!node.is_table()) {
        fault(name.source(),
              std::string(text) + " stands in no section" + meant(right_place(text)));
      } else if (!known) {
        fault(name.source(), unknown_section(text, closest(text, sections)));
      } else if (text == points_section) {
        points(*node.as_table());
      } else if (text == issuers_section) {
        issuers(*node.as_table());
      } else {
        section(text, *node.as_table());
      }
    }
  }

  void fault(const toml::source_region& where, std::string message) {
    loaded_.faults.push_back({.file = file_,
                              .line = static_cast<int>(where.begin.line),
                              .column = static_cast<int>(where.begin.column),
                              .message = std::move(message)});
  }

 private:
  void section(std::string_view section_name, const toml::table& table) {
    for (const auto& [name, node] : table) {
      const auto known = std::find_if(keys().begin(), keys().end(), [&](const Key& key) {
        return key.section == section_name && key.name == name.str();
      });
      if (known != keys().end()) {
        key(*known, node);
        continue;
      }
      std::string close = closest(name.str(), key_names(section_name));
      if (close.empty()) close = right_place(name.str());
      fault(name.source(), "[" + std::string(section_name) + "] has no key " +
                               std::string(name.str()) + meant(close));
    }
  }

  void key(const Key& key, const toml::node& node) {
    Value value;
    if (const auto* number = node.as_integer()) {
      value = number->get();
    } else if (const auto* text = node.as_string()) {
      value = text->get();
    } else {
      const Value of_the_other_type = key.type == Type::text ? Value{std::int64_t{0}} : Value{""};
      return fault(node.source(), dotted_name(key) + " " + complaint(key, of_the_other_type));
    }
    if (const std::string wrong = complaint(key, value); !wrong.empty()) {
      return fault(node.source(), dotted_name(key) + " " + wrong);
    }
    key.set(loaded_.settings, value);
    loaded_.origin[dotted_name(key)] = place(node);
  }

  void points(const toml::table& table) {
    for (const auto& [name, worth] : loaded_.settings.points) {
      loaded_.origin.erase(std::string(points_section) + "." + name);
    }
    loaded_.settings.points.clear();
    if (table.empty()) fault(table.source(), "[points] must name at least one action type");
    for (const auto& [name, node] : table) one_of_points(name, node);
  }

  void one_of_points(const toml::key& key, const toml::node& node) {
    const std::string name(key.str());
    const std::string dotted = std::string(points_section) + "." + name;
    if (const std::string wrong = points_name_complaint(name); !wrong.empty()) {
      return fault(key.source(), dotted + " " + wrong);
    }
    const auto* number = node.as_integer();
    const std::string wrong = number == nullptr ? "must be a whole number of points"
                                                : points_value_complaint(number->get());
    if (!wrong.empty()) return fault(node.source(), dotted + " " + wrong);
    loaded_.settings.points[name] = number->get();
    loaded_.origin[dotted] = place(node);
  }

  void issuers(const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (!node.is_table()) {
        fault(key.source(), "[issuers] has no key " + name +
                                "; an issuer is a section of its own, "
                                "as [issuers.example]");
      } else if (const std::string wrong = issuer_name_complaint(name); !wrong.empty()) {
        fault(key.source(), "issuers." + name + " " + wrong);
      } else {
        issuer(name, *node.as_table());
      }
    }
  }

  void issuer(const std::string& name, const toml::table& table) {
    Settings::Issuer& issuer = loaded_.settings.issuers[name];
    for (const auto& [key_name, node] : table) {
      const IssuerKey* const key = find_issuer_key(key_name.str());
      if (key == nullptr) {
        fault(key_name.source(), "[issuers." + name + "] has no key " +
                                     std::string(key_name.str()) +
                                     meant(closest(key_name.str(), issuer_key_names())));
        continue;
      }
      const std::string dotted = dotted_name(name, *key);
      const auto* const text = node.as_string();
      if (text == nullptr) {
        fault(node.source(), dotted + " must be a text in quotes");
      } else if (const std::string wrong = complaint(*key, text->get()); !wrong.empty()) {
        fault(node.source(), dotted + " " + wrong);
      } else {
        key->set(issuer, text->get());
        loaded_.origin[dotted] = place(node);
      }
    }
  }

  std::string place(const toml::node& node) const {
    return file_ + ":" + std::to_string(node.source().begin.line);
  }

  const std::string file_;
  Loaded& loaded_;
};

// Empty, with errno set, when it cannot be read.
std::optional<std::string> contents(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  // Not by iterators: those would throw, on a directory for one.
  if (stream && stream.peek() != std::ifstream::traits_type::eof()) text << stream.rdbuf();
  if (!stream.is_open() || stream.bad() || text.bad()) return std::nullopt;
  return text.str();
}

}  // namespace

void apply_file(const std::filesystem::path& file, Loaded& loaded) {
  Reading reading(file.string(), loaded);
  const auto text = contents(file);
  if (!text) {
    return reading.fault({}, "cannot be read: " + std::generic_category().message(errno));
  }
  const toml::parse_result parsed = toml::parse(*text, file.string());
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return reading.fault(error.source(), std::string(error.description()));
  }
  reading.root(parsed.table());
  // toml++ hands tables out in alphabetical order; a reader goes from top to bottom.
  std::stable_sort(loaded.faults.begin(), loaded.faults.end(), [](const Fault& a, const Fault& b) {
    return std::pair{a.line, a.column} < std::pair{b.line, b.column};
  });
}

}  // namespace scoreboard::config
