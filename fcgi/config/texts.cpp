// SPDX-License-Identifier: Apache-2.0
#include "config/texts.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include "config/issuers.hpp"
#include "config/points.hpp"
#include "config/suggestion.hpp"

namespace scoreboard::config {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

void refuse(const Setter& setter, const std::string& rest, Loaded& loaded) {
  loaded.faults.push_back({.file = setter.source, .message = setter.name + rest});
}

void set_key(const Setter& setter, const Key& key, const std::string& text, Loaded& loaded) {
  Value value = text;
  if (const auto number = whole_number(text); key.type == Type::integer && number) value = *number;
  if (const std::string wrong = complaint(key, value); !wrong.empty()) {
    return refuse(setter, " " + wrong, loaded);
  }
  key.set(loaded.settings, value);
  loaded.origin[dotted_name(key)] = {.source = setter.origin};
}

void set_points(const Setter& setter, const std::string& action_type, const std::string& text,
                Loaded& loaded) {
  if (const std::string wrong = points_name_complaint(action_type); !wrong.empty()) {
    return refuse(setter, ": " + action_type + " " + wrong, loaded);
  }
  const auto number = whole_number(text);
  if (!number) return refuse(setter, " must be a whole number of points", loaded);
  if (const std::string wrong = points_value_complaint(*number); !wrong.empty()) {
    return refuse(setter, " " + wrong, loaded);
  }
  loaded.settings.points[action_type] = *number;
  loaded.origin[std::string(points_section) + "." + action_type] = {.source = setter.origin};
}

void set_issuer(const Setter& setter, const std::string& issuer, const std::string& key,
                const std::string& text, Loaded& loaded) {
  if (const std::string wrong = issuer_name_complaint(issuer); !wrong.empty()) {
    return refuse(setter, ": " + issuer + " " + wrong, loaded);
  }
  const IssuerKey* const known = find_issuer_key(key);
  if (known == nullptr) {
    return refuse(setter,
                  " sets nothing: [issuers." + issuer + "] has no key " + key +
                      meant(closest(key, issuer_key_names())),
                  loaded);
  }
  if (const std::string wrong = complaint(*known, text); !wrong.empty()) {
    return refuse(setter, " " + wrong, loaded);
  }
  known->set(loaded.settings.issuers[issuer], text);
  loaded.origin[dotted_name(issuer, *known)] = {.source = setter.origin};
  loaded.origin.emplace(std::string(issuers_section) + "." + issuer,
                        Origin{.source = setter.origin});
}

}  // namespace scoreboard::config
