// SPDX-License-Identifier: Apache-2.0
// A host's status as a screen for people and as JSON for programs.
#pragma once

#include <string>

#include "ctl/host_status.hpp"

namespace scoreboard::ctl {

std::string status_screen(const HostStatus& host);
// One line:
//   {"good":true,"workers":[{"worker":1,"state":"up","version":"0.1.0","uptime_s":12,
//    "requests_per_s":3.5,"queue":0,"memory_bytes":1,"reason":""}],
//    "publisher":{"worker":1,"board_version":7,"lag_s":0.01,"snapshot_age_s":0.2},
//    "live":{"up":true,"subscribers":3,"messages":4,"memory_bytes":1,"memory_bytes_max":2},
//    "database":{"answers":true,"engine":"sqlite","journal":7,"committed_at":"...","reason":""},
//    "replica":null}
// publisher and live are null while nobody publishes; lag_s, of the boards since the look before,
// is null before the first.
std::string status_json(const HostStatus& host);

}  // namespace scoreboard::ctl
