// SPDX-License-Identifier: Apache-2.0
// Whether the database holds what it must. The journal is played again from its first entry, by the
// plain definitions, and everything that can be derived from it is compared with what is stored:
// the chain of hashes, scores, ranks, versions, top tens, event numbers, and the events with their
// receipts. Reads one snapshot, so it may run beside a working board.
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

enum class VerifyScope : std::uint8_t {
  everything,
  journal,  // the chain and the arithmetic of the journal alone
};

// unavailable when the database cannot be read. At most 1,000 findings.
Result<VerifyReport> verify(const std::string& uri, VerifyScope scope = VerifyScope::everything);

}  // namespace scoreboard
