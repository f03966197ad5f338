// SPDX-License-Identifier: Apache-2.0
// From a URI to a store.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "metrics/registry.hpp"
#include "outcome/result.hpp"
#include "store/store.hpp"

namespace scoreboard {

struct StoreOptions {
  std::string uri;               // sqlite:///absolute/path or postgresql://...; see Database::parse
  std::string replica_uri = {};  // a standby for reads that may be a moment old; empty: none
  int committers = 2;  // connections that award; SQLite has one writer, whatever this says
  int readers = 4;
  metrics::Registry* metrics = nullptr;  // where errors are counted; outlives the store
  bool serializable = false;  // the level of what writes to PostgreSQL, else READ COMMITTED
  // With this a PostgreSQL that is away is no error: the store answers `unavailable` until it can
  // be reached. If its schema turns out then not to be this program's, whoever noticed calls this,
  // once.
  std::function<void(const Error&)> refused_later = {};
};

// How many batches the database can take at once: what a CommitQueue should have as committers.
int useful_committers(const StoreOptions& options);

// How many connections to its database a store has at most, a replica's not counted.
int connections_wanted(const StoreOptions& options);

// unavailable, with advice in the log text, when the database cannot be opened or has another
// schema than this program's; malformed for a URI it does not know, and for a replica of SQLite. A
// replica that is away is no error, nor a database that may be (refused_later).
Result<std::unique_ptr<Store>> open_store(const StoreOptions& options);

}  // namespace scoreboard
