// SPDX-License-Identifier: Apache-2.0
// The database: its schema, settings that would lose data, and what the workers' role may do.
#pragma once

#include "doctor/finding.hpp"
#include "store/about.hpp"

namespace scoreboard::doctor {

Findings database_findings(const Result<DatabaseAbout>& database);

}  // namespace scoreboard::doctor
