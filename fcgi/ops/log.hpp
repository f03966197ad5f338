// SPDX-License-Identifier: Apache-2.0
// One JSON object a line on standard error; where that is systemd's journal, an entry of it with
// the fields beside the line. Fields are written in the order given after "time", "level" and
// "event". Never pass tokens, keys, signatures or whole mail addresses. Thread-safe: each line is
// one write().
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <variant>

namespace scoreboard::log {

enum class Level { debug, info, warning, error };

using Field =
    std::pair<std::string_view, std::variant<std::string_view, std::int64_t, double, bool>>;

void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
// Lines below this level are not written. Default: info.
void set_level(Level level);

}  // namespace scoreboard::log
