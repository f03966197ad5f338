// SPDX-License-Identifier: Apache-2.0
#include "config/manual.hpp"

#include <algorithm>
#include <string_view>

#include "config/issuers.hpp"
#include "config/keys.hpp"
#include "config/points.hpp"

namespace scoreboard::config {
namespace {

constexpr std::string_view opening = R"mdoc(.\" SPDX-License-Identifier: Apache-2.0
.\" Printed by scoreboardctl config man, from the table of keys.
.Dd November 26, 2026
.Dt SCOREBOARD.TOML 5
.Os
.Sh NAME
.Nm scoreboard.toml
.Nd configuration of the scoreboard
.Sh DESCRIPTION
The file holds the settings of
.Xr scoreboard-worker 8
and
.Xr scoreboardctl 1 ,
in TOML.
A key that is left out has its default.
Unknown keys and values out of range are errors.
.Pp
What is set later wins:
.Bl -enum -compact
.It
the defaults
.It
the file
.It
.Pa conf.d/*.toml
beside it, by name; each changes the keys that it names
.It
the environment:
.Ev SCOREBOARD_<SECTION>_<KEY> ,
as
.Ev SCOREBOARD_SERVER_THREADS
.It
the command line:
.Fl \-set Ar section.key Ns = Ns Ar value
.El
.Pp
.Dl scoreboardctl config check
.Pp
finds every mistake of all of them, with file, line and column, and
.Pp
.Dl scoreboardctl config show --origin
.Pp
tells what is in force and where it comes from.
.Ss Reload
On SIGHUP
.Pq Ic systemctl reload
a running worker reads everything again.
Keys that are taken at reload change then, all of them or, if there is a mistake anywhere, none;
no request is dropped.
Its log tells
.Li reloaded
with the names of the keys that changed and of those that need a restart, or
.Li reload_refused
with every mistake.
Key files are looked at every second, and at once on SIGHUP.
.Sh KEYS
)mdoc";

constexpr std::string_view closing = R"mdoc(.Sh FILES
.Bl -tag -width Ds -compact
.It Pa /etc/scoreboard/scoreboard.toml
.It Pa /etc/scoreboard/conf.d/*.toml
.El
.Sh SEE ALSO
.Xr scoreboardctl 1 ,
.Xr scoreboard-worker 8
)mdoc";

// As text of the page: roff reads backslashes, and lines that begin with a dot or a quote.
std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\\') {
      safe += "\\e";
    } else if ((c == '.' || c == '\'') && (safe.empty() || safe.back() == '\n')) {
      safe.append("\\&").push_back(c);
    } else {
      safe += c;
    }
  }
  return safe;
}

// One sentence a line, so that the formatter sees where each ends.
std::string sentences(std::string_view text) {
  std::string lines = escaped(text);
  for (std::size_t end = lines.find(". "); end != std::string::npos; end = lines.find(". ", end)) {
    lines[end + 1] = '\n';
  }
  return lines + "\n";
}

// An argument of a macro: "64", or a text in quotes, which roff doubles.
std::string argument(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : escaped(text)) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string item(std::string_view name, std::string_view meaning, const std::string& value,
                 const std::string& range) {
  std::string text = ".It Va " + std::string(name) + "\n" + sentences(meaning);
  text += value.empty() ? "Required; " + range + ".\n"
                        : "Default\n.Li " + argument(value) + " ;\n" + range + ".\n";
  return text;
}

std::string section_opening(std::string_view name) {
  return ".Ss [" + std::string(name) + "]\n";
}

constexpr std::string_view list_opening = ".Bl -tag -width Ds\n";
constexpr std::string_view list_closing = ".El\n";

std::string points() {
  std::string text = section_opening(points_section);
  text += sentences(
      "What an action of POST /api/scores/update is worth, by its action_type: up to 50 capital "
      "letters and underscores. A table in the file replaces all of the defaults. A table in "
      "conf.d, SCOREBOARD_POINTS_<ACTION TYPE> and --set points.<ACTION TYPE>=<points> add entries "
      "or change them. Each is from 1 to " +
      std::to_string(points_max) + " points; taken at reload.");
  text += ".Bl -tag -width Ds -compact\n";
  for (const auto& [name, worth] : Settings{}.points) {
    text += ".It Va " + name + "\nDefault\n.Li \"" + std::to_string(worth) + "\" .\n";
  }
  return text += list_closing;
}

std::string issuers() {
  std::string text = section_opening("issuers.NAME");
  text += sentences(
      "Other issuers, whose tokens POST /api/auth/exchange turns into sessions: one section each, "
      "under a name of up to 32 small letters and digits that begins with a letter. There is none "
      "by default. In the environment a key is SCOREBOARD_ISSUERS_<NAME>_<KEY>. All of it is taken "
      "at reload: an issuer that is taken away is refused from then on.");
  text += list_opening;
  for (const IssuerKey& key : issuer_keys()) {
    const std::string value = key.get({});
    text += item(key.name, key.meaning, value.empty() ? "" : to_toml(value), range_text(key));
  }
  return text += list_closing;
}

std::string sections() {
  std::string text;
  std::string_view section;
  const auto end_section = [&] {
    if (!section.empty()) text += list_closing;
  };
  for (const Key& key : keys()) {
    if (key.section != section) {
      end_section();
      // Where the file has them.
      if (key.section == "increment") text += points();
      section = key.section;
      text += section_opening(section).append(list_opening);
    }
    text += item(key.name, key.meaning, to_toml(key.get({})),
                 range_text(key) + "; taken " + taken_text(key.taken));
  }
  end_section();
  return text;
}

}  // namespace

std::string manual() {
  return std::string(opening) + sections() + issuers() + std::string(closing);
}

}  // namespace scoreboard::config
