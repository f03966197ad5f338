// SPDX-License-Identifier: Apache-2.0
// Which board a reading request asks for: ?period=all|day|week|month and, for one of the past,
// ?at=2026-11-20. Shared by every endpoint that reads a board.
#pragma once

#include "api/services.hpp"
#include "board/periods.hpp"
#include "http/request.hpp"
#include "outcome/result.hpp"

namespace scoreboard::api {

// malformed for another word, a date that does not exist, or a date without a period; not_found for
// a board that is not played here.
Result<Period> read_period(const Services& services, const http::Request& request);

// A whole number from 1; what is above `most` is cut to it. malformed for anything else.
Result<int> read_count(const http::Request& request, const char* parameter, int otherwise,
                       int most);

}  // namespace scoreboard::api
