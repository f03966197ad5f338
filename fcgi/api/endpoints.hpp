// SPDX-License-Identifier: Apache-2.0
// The endpoints, one file each. An endpoint returns its answer, or the refusal, which
// routes.cpp words in the vocabulary of the route.
#pragma once

#include "api/services.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "outcome/result.hpp"

namespace scoreboard::api {

using Answer = Result<http::Response>;

Answer post_register(Services& services, const http::Request& request);
Answer post_login(Services& services, const http::Request& request);
Answer post_refresh(Services& services, const http::Request& request);
Answer post_logout(Services& services, const http::Request& request);
Answer post_exchange(Services& services, const http::Request& request);

Answer post_score_update(Services& services, const http::Request& request);
Answer post_score_increment(Services& services, const http::Request& request);
Answer get_score_me(Services& services, const http::Request& request);
Answer get_score_receipt(Services& services, const http::Request& request);

Answer get_leaderboard(Services& services, const http::Request& request);
Answer get_leaderboard_top(Services& services, const http::Request& request);
Answer get_leaderboard_around(Services& services, const http::Request& request);
Answer get_leaderboard_page(Services& services, const http::Request& request);

Answer get_realtime_token(Services& services, const http::Request& request);
Answer get_live_connect(Services& services, const http::Request& request);
Answer get_live_subscribed(Services& services, const http::Request& request);
Answer get_live_unsubscribed(Services& services, const http::Request& request);

Answer get_health_live(Services& services, const http::Request& request);
Answer get_health_ready(Services& services, const http::Request& request);

Answer get_metrics(Services& services, const http::Request& request);

}  // namespace scoreboard::api
