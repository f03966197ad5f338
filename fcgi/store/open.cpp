// SPDX-License-Identifier: Apache-2.0
#include "store/open.hpp"

#include "store/fault.hpp"
#include "store/migrations.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_store.hpp"

namespace scoreboard {

Result<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
  auto file = store::sqlite_file(options.uri);
  if (!file) return std::move(file).error();
  try {
    const auto connection = store::connect_sqlite(*file);
    if (auto known = store::check_schema(*connection); !known) return std::move(known).error();
  } catch (const store::DriverFault& fault) {
    return fault.error();
  } catch (const soci::soci_error& fault) {
    return store::cannot_connect(fault);
  }
  return std::unique_ptr<Store>(std::make_unique<store::SqliteStore>(*file, options.readers));
}

}  // namespace scoreboard
