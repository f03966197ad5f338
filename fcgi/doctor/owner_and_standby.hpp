// SPDX-License-Identifier: Apache-2.0
// The other ways to the workers' PostgreSQL: as its owner, and to its standby.
#pragma once

#include "doctor/finding.hpp"
#include "store/about.hpp"

namespace scoreboard::doctor {

// `workers`: what database.uri leads to.
Findings owner_findings(const Result<DatabaseAbout>& owner, const DatabaseAbout& workers);
// Of one that was given its time to catch up.
Findings standby_findings(const Result<DatabaseAbout>& standby, const DatabaseAbout& workers);

// `check`: "database.connections". `wanted` by all workers of this host.
Finding connections_finding(const std::string& check, const DatabaseAbout& database,
                            long long wanted);

}  // namespace scoreboard::doctor
