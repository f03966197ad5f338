// SPDX-License-Identifier: Apache-2.0
#include "config/render.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "config/issuers.hpp"
#include "config/keys.hpp"
#include "config/points.hpp"

namespace scoreboard::config {
namespace {

constexpr std::size_t width = 98;

// `text` as comment lines, broken between words.
std::string comment(std::string_view text) {
  std::string lines = "#";
  std::size_t column = 1;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (column + 1 + word.size() > width) {
      lines += "\n#";
      column = 1;
    }
    lines.append(" ").append(word);
    column += 1 + word.size();
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return lines + "\n";
}

// "[section]", with one empty line between it and what stands before.
std::string heading(std::string_view before, std::string_view section) {
  const bool apart = before.empty() || before.ends_with("\n\n");
  return (apart ? "[" : "\n[") + std::string(section) + "]\n";
}

// Writes the sections in their order, [points] before [increment], with which it belongs.
std::string in_sections(const std::function<std::string(const Key&)>& one_key,
                        const std::function<std::string()>& points) {
  std::string text;
  std::string_view section;
  for (const Key& key : keys()) {
    if (key.section != section) {
      section = key.section;
      if (section == "increment") {
        text += heading(text, points_section);
        text += points();
      }
      text += heading(text, section);
    }
    text += one_key(key);
  }
  return text;
}

// How an issuer is written, as comments: there is none until the operator names one.
std::string issuers_example() {
  std::string text = comment(
      "Other issuers, whose tokens POST /api/auth/exchange turns into sessions: one section each, "
      "under a name of yours (a small letter first, then small letters and digits). There is none "
      "by default. Environment: SCOREBOARD_ISSUERS_<NAME>_<KEY>. Taken at reload: an issuer that "
      "is taken away is refused from then on.");
  text += "#\n# [issuers.example]\n";
  for (const IssuerKey& key : issuer_keys()) {
    const std::string value = key.get({});
    text += "#\n" + comment(key.meaning) +
            comment(value.empty() ? "Required; " + range_text(key) + "."
                                  : "Default " + to_toml(value) + "; " + range_text(key) + ".") +
            "# " + std::string(key.name) + " = " + to_toml(std::string(key.example)) + "\n";
  }
  return text;
}

std::string show_issuers(const Loaded& loaded) {
  std::string text;
  for (const auto& [name, issuer] : loaded.settings.issuers) {
    text += "\n[" + std::string(issuers_section) + "." + name + "]\n";
    for (const IssuerKey& key : issuer_keys()) {
      const auto origin = loaded.origin.find(dotted_name(name, key));
      text += std::string(key.name) + " = " + to_toml(key.get(issuer)) + "  # " +
              (origin == loaded.origin.end() ? "default" : to_string(origin->second)) + "\n";
    }
  }
  return text;
}

}  // namespace

std::string default_file() {
  const Settings defaults;
  std::string text =
      comment(
          "Configuration of the scoreboard. Every key is here with its default; a key that is "
          "left out keeps it. What is set later wins: this file, then conf.d/*.toml beside it by "
          "name, then environment variables (SCOREBOARD_<SECTION>_<KEY>, as "
          "SCOREBOARD_SERVER_THREADS=16), then --set section.key=value on the command line.") +
      comment(
          "`scoreboardctl config check` finds every mistake with its line; `scoreboardctl "
          "config show --origin` tells what is in force and where it comes from. Keys that are "
          "taken \"at reload\" change in a running worker on SIGHUP (systemctl reload), all of "
          "them "
          "or, if there is a mistake anywhere, none; the others are taken at start.");
  return text + "\n" +
         in_sections(
             [&](const Key& key) {
               const std::string value = to_toml(key.get(defaults));
               return comment(key.meaning) +
                      comment("Default " + value + "; " + range_text(key) + "; taken " +
                              taken_text(key.taken) + ".") +
                      std::string(key.name) + " = " + value + "\n\n";
             },
             [&] {
               std::string table =
                   comment(
                       "What an action of POST /api/scores/update is worth, by its "
                       "action_type. Name your own: up to 50 capital letters and "
                       "underscores. These are the defaults; a table here replaces "
                       "all of them. A table in conf.d, SCOREBOARD_POINTS_<ACTION TYPE> and "
                       "--set points.<ACTION TYPE>=<points> add entries or change them.") +
                   comment("Each from 1 to " + std::to_string(points_max) +
                           " points; taken at reload.");
               for (const auto& [name, worth] : defaults.points) {
                 table += name + " = " + std::to_string(worth) + "\n";
               }
               return table + "\n";
             }) +
         issuers_example();
}

std::string show(const Loaded& loaded) {
  const auto line = [&](const std::string& dotted, std::string_view name,
                        const std::string& value) {
    const auto origin = loaded.origin.find(dotted);
    const std::string from = origin == loaded.origin.end() ? "default" : to_string(origin->second);
    return std::string(name) + " = " + value + "  # " + from + "\n";
  };
  const std::string sections = in_sections(
      [&](const Key& key) {
        return line(dotted_name(key), key.name, to_toml(key.get(loaded.settings)));
      },
      [&] {
        std::string table;
        for (const auto& [name, worth] : loaded.settings.points) {
          table += line(std::string(points_section) + "." + name, name, std::to_string(worth));
        }
        return table;
      });
  return sections + show_issuers(loaded);
}

}  // namespace scoreboard::config
