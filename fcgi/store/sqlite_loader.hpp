// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <soci/soci.h>

#include <memory>
#include <span>
#include <string_view>

#include "store/engine.hpp"

namespace scoreboard::store {

std::unique_ptr<Loader> sqlite_loader(soci::session& session, std::string_view table,
                                      std::span<const Column> columns);

}  // namespace scoreboard::store
