// SPDX-License-Identifier: Apache-2.0
// What login and refresh hand out: tokens, and what the session signs with.
#pragma once

#include <string>
#include <string_view>

#include "api/services.hpp"
#include "http/response.hpp"
#include "json/writer.hpp"
#include "outcome/result.hpp"
#include "store/store.hpp"

namespace scoreboard::api {

// 200 {access_token,token_type,expires_in,refresh_token,action_secret_key,nonce,user}. The action
// key is derived from the newest master key each time, so a rotated master key reaches every
// client with its next refresh.
Result<http::Response> session_answer(const Services& services, const User& user,
                                      const SessionId& session, std::string_view refresh_token,
                                      Timestamp now);

// {"id","username","display_name"}
void write_user(json::Writer& writer, const User& user);

}  // namespace scoreboard::api
