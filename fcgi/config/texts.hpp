// SPDX-License-Identifier: Apache-2.0
// Values that come as bare texts, of variables and of the command line: made into what the key
// wants, checked and set, or told as a fault.
#pragma once

#include <string>

#include "config/keys.hpp"
#include "config/load.hpp"

namespace scoreboard::config {

// Who sets something.
struct Setter {
  std::string source;  // "environment", "command line"
  std::string name;    // SCOREBOARD_SERVER_THREADS, "--set server.threads"; faults begin with it
  std::string origin;  // SCOREBOARD_SERVER_THREADS, --set
};

// A fault whose message is the name of who set it and `rest`.
void refuse(const Setter& setter, const std::string& rest, Loaded& loaded);

void set_key(const Setter& setter, const Key& key, const std::string& text, Loaded& loaded);
void set_points(const Setter& setter, const std::string& action_type, const std::string& text,
                Loaded& loaded);
// `key` may be none of an issuer's.
void set_issuer(const Setter& setter, const std::string& issuer, const std::string& key,
                const std::string& text, Loaded& loaded);

}  // namespace scoreboard::config
