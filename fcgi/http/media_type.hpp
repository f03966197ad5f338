// SPDX-License-Identifier: Apache-2.0
// As much of RFC 9110's media types as this API needs.
#pragma once

#include <string_view>

namespace scoreboard::http {

// Whether a Content-Type is `type`, in any case and with any parameters.
bool is_media_type(std::string_view content_type, std::string_view type);

// Whether an Accept field names `type` itself (not by a wildcard) with a quality above zero.
bool accept_names(std::string_view accept, std::string_view type);

}  // namespace scoreboard::http
