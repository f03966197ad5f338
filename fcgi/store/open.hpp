// SPDX-License-Identifier: Apache-2.0
// From a URI to a store.
#pragma once

#include <memory>
#include <string>

#include "outcome/result.hpp"
#include "store/store.hpp"

namespace scoreboard {

struct StoreOptions {
  std::string uri;  // sqlite:///absolute/path
  int readers = 4;
};

// unavailable, with advice in the log text, when the database cannot be opened or has another
// schema than this program's; malformed for a URI it does not know.
Result<std::unique_ptr<Store>> open_store(const StoreOptions& options);

}  // namespace scoreboard
