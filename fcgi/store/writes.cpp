// SPDX-License-Identifier: Apache-2.0
#include "store/writes.hpp"

namespace scoreboard::store {

void Writes::add(std::string statement,
                 std::vector<std::variant<std::int64_t, std::string>> parameters) {
  statements_.push_back({std::move(statement), std::move(parameters)});
}

void Writes::bind(Query& query, const Statement& statement) {
  for (const auto& parameter : statement.parameters) {
    std::visit([&](const auto& value) { query.use(value); }, parameter);
  }
}

void Writes::run(Connection& connection) {
  if (!connection.engine().writes_in_expressions()) {
    for (const Statement& statement : statements_) {
      auto query = connection.query(statement.text);
      bind(query, statement);
      query.run();
    }
    return;
  }
  std::string text;
  for (std::size_t i = 0; i + 1 < statements_.size(); ++i) {
    text += i == 0 ? "WITH w" : ", w";
    text += std::to_string(i) + " AS (" + statements_[i].text + ")";
  }
  auto query = connection.query(text + ' ' + statements_.back().text);
  for (const Statement& statement : statements_) bind(query, statement);
  query.run();
}

}  // namespace scoreboard::store
