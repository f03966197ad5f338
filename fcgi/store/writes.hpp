// SPDX-License-Identifier: Apache-2.0
// Several statements that change something and do not look at each other's changes, sent at once:
// on PostgreSQL they are one statement with a common table expression for each (manual, 7.8.4), one
// round trip instead of many under the lock that orders everything.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "store/connection.hpp"

namespace scoreboard::store {

class Writes {
 public:
  // Parameters in the order of their :names, which must be different in all statements.
  void add(std::string statement, std::vector<std::variant<std::int64_t, std::string>> parameters);
  void run(Connection& connection);

 private:
  struct Statement {
    std::string text;
    std::vector<std::variant<std::int64_t, std::string>> parameters;
  };
  static void bind(Query& query, const Statement& statement);

  std::vector<Statement> statements_;
};

}  // namespace scoreboard::store
