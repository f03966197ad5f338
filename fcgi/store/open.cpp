// SPDX-License-Identifier: Apache-2.0
#include "store/open.hpp"

#include "store/migrations.hpp"
#include "store/sql_store.hpp"

namespace scoreboard {

int useful_committers(const StoreOptions& options) {
  const bool one_writer = options.uri.starts_with("sqlite:");
  return one_writer ? 1 : options.committers;
}

Result<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
  auto known = store::on_database(options.uri, store::Database::Use::serve, store::check_schema);
  if (!known) return std::move(known).error();
  auto database = store::Database::parse(options.uri);
  auto made = std::make_unique<store::SqlStore>(
      *std::move(database),
      store::SqlStore::Options{.committers = options.committers,
                               .readers = options.readers,
                               .isolation = options.serializable
                                                ? store::Isolation::serializable
                                                : store::Isolation::read_committed});
  // Before anybody asks: at ten million players it takes seconds.
  if (auto loaded = made->load_ranks(); !loaded) return std::move(loaded).error();
  return std::unique_ptr<Store>(std::move(made));
}

}  // namespace scoreboard
