// SPDX-License-Identifier: Apache-2.0
// The one door to RapidJSON; nothing else may include it, or two translation units would disagree
// about the macro below. By default a misuse (the text of a number, a member of an array) is an
// assert(), which a release build drops and turns into undefined behaviour; here it throws.
#pragma once

#include <stdexcept>

#define RAPIDJSON_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("JSON: not " #condition))

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
