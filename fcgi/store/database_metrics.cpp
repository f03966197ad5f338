// SPDX-License-Identifier: Apache-2.0
#include "store/database_metrics.hpp"

namespace scoreboard::store {

DatabaseMetrics::DatabaseMetrics(metrics::Registry& registry, const std::string& database) {
  const metrics::Labels labels = {{"database", database}};
  for (std::size_t at = 0; at < errors.size(); ++at) {
    metrics::Labels of_class = labels;
    of_class["sqlstate_class"] = sqlstate_class(static_cast<FaultClass>(at));
    errors[at] = registry.counter(
        "scoreboard_db_errors_total",
        "Statements and connections that failed, by class of SQLSTATE: 08 connection, 25 read-only,"
        " 40 rolled back for another transaction, 53 disk, memory or connections used up, 55 a lock"
        " that was not had in time, 57 timeout or shutdown, 58 input and output, XX damage.",
        of_class);
  }
  retries = registry.counter("scoreboard_db_tx_retries_total",
                             "Transactions that were begun again, because another one was given"
                             " precedence or a lying connection was dead.",
                             labels);
  none_free = registry.counter("scoreboard_db_pool_timeouts_total",
                               "Times that no connection of the pool came free in time.", labels);
  breaker_open = registry.gauge(
      "scoreboard_db_breaker_open",
      "1 while the database cannot be reached and is tried only once a second, else 0.", labels);
}

}  // namespace scoreboard::store
