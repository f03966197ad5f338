// SPDX-License-Identifier: Apache-2.0
// What a Value keeps alive and points into. Private to json.
#pragma once

#include <memory>

#include "json/rapidjson.hpp"
#include "json/value.hpp"

namespace scoreboard::json {

// The pool hands out memory in pieces of this size. RapidJSON's own 64 KiB would be taken and given
// back for every body of 300 bytes.
inline constexpr std::size_t pool_chunk_bytes = 2048;

struct ParsedDocument {
  rapidjson::MemoryPoolAllocator<> pool{pool_chunk_bytes};
  rapidjson::Document document{&pool};
};

struct Value::Access {
  static Value make(std::shared_ptr<const void> document, const rapidjson::Value& node) {
    Value value;
    value.document_ = std::move(document);
    value.node_ = &node;
    return value;
  }
  // A Value that nobody filled is null.
  static const rapidjson::Value& node(const Value& value) {
    static const rapidjson::Value null;
    return value.node_ ? *static_cast<const rapidjson::Value*>(value.node_) : null;
  }
  static const std::shared_ptr<const void>& document(const Value& value) { return value.document_; }
};

}  // namespace scoreboard::json
