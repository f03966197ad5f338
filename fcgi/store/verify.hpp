// SPDX-License-Identifier: Apache-2.0
// Whether the database holds what it must: everything that can be derived from the events is
// derived again - scores, ranks, versions, the journal and its chain - and compared with what is
// stored. Reads one snapshot, so it may run beside a working board.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "outcome/result.hpp"

namespace scoreboard {

struct VerifyReport {
  std::int64_t events = 0;
  std::int64_t players = 0;           // with points
  std::int64_t entries = 0;           // of the journal
  std::vector<std::string> findings;  // one readable line each; empty: everything agrees
};

// unavailable when the database cannot be read. At most 1,000 findings.
Result<VerifyReport> verify(const std::string& uri);

}  // namespace scoreboard
