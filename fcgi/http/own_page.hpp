// SPDX-License-Identifier: Apache-2.0
// Whether a request was made by a page of this very site, as the browser tells: Sec-Fetch-Site
// (Fetch Metadata), which scripts cannot set, and Origin (RFC 6454), which it sends with every
// POST.
#pragma once

#include "http/request.hpp"
#include "outcome/result.hpp"

namespace scoreboard::http {

// forbidden unless at least one of the two is there and each that is there says so: Sec-Fetch-Site
// is "same-origin", Origin is the scheme and host that were asked. A browser that sends neither
// cannot be told from a foreign page.
Result<void> from_own_page(const Request& request);

// Whether the method may change something: every one but GET, HEAD and OPTIONS.
bool is_unsafe(const Request& request);

}  // namespace scoreboard::http
