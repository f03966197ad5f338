// SPDX-License-Identifier: Apache-2.0
// Contract B: POST /api/scores/increment {userId,actionId,delta,signature}, x-request-timestamp
//   -> 200 {userId,newScore,rank,top10IfChanged?}
// A repeated id with the same payload is 200 with the same body and Idempotency-Replayed: true.
#include <algorithm>

#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/score_submission.hpp"
#include "auth/action_signature.hpp"
#include "http/body.hpp"
#include "http/fields.hpp"
#include "json/writer.hpp"
#include "publish/board_json.hpp"

namespace scoreboard::api {
namespace {

struct Fields {
  std::string user_id;
  std::string action_id;
  std::int64_t delta = 1;
  std::string signature;
  std::string timestamp;
  Timestamp at;
};

Result<Fields> read_fields(const http::Request& request) {
  auto body = http::json_body(request);
  if (!body) return std::move(body).error();
  Fields fields;
  const std::pair<const char*, std::string*> wanted[] = {{"userId", &fields.user_id},
                                                         {"actionId", &fields.action_id},
                                                         {"signature", &fields.signature}};
  for (const auto& [name, into] : wanted) {
    auto text = http::required_string(*body, name);
    if (!text) return std::move(text).error();
    *into = *std::move(text);
  }
  auto delta = http::optional_integer(*body, "delta");
  if (!delta) return std::move(delta).error();
  fields.delta = delta->value_or(1);
  if (auto good = auth::check_action_id(fields.action_id, "actionId"); !good) return good.error();

  fields.timestamp = request.header("x-request-timestamp");
  if (fields.timestamp.empty()) {
    return Error{.code = ErrorCode::malformed,
                 .log = "no x-request-timestamp",
                 .field = "x-request-timestamp",
                 .reason = "is required"};
  }
  auto at = auth::parse_increment_timestamp(fields.timestamp, "x-request-timestamp");
  if (!at) return std::move(at).error();
  fields.at = *at;
  return fields;
}

http::Response receipt_answer(const AwardOutcome& outcome) {
  json::Writer writer;
  writer.begin_object();
  writer.key("userId").string(outcome.receipt.user.str());
  writer.key("newScore").number(outcome.receipt.current.value());
  writer.key("rank").number(outcome.receipt.rank.value());
  if (!outcome.top.empty()) {
    writer.key("top10IfChanged").raw(publish::leaderboard_b(outcome.top, 10));
  }
  writer.end_object();
  http::Response response{.body = std::move(writer).take()};
  if (outcome.verdict == Verdict::replayed) {
    response.headers.emplace_back("Idempotency-Replayed", "true");
  }
  return response;
}

}  // namespace

Answer post_score_increment(Services& services, const http::Request& request) {
  auto caller = token_caller(services, request);
  if (!caller) return std::move(caller).error();
  auto fields = read_fields(request);
  if (!fields) return std::move(fields).error();

  auto believed = check_with_session_secrets(
      services, caller->session, [&](const auth::SessionSecrets& secrets) {
        return auth::check_signature(
            secrets.action_secret_key,
            auth::IncrementFields{fields->user_id, fields->action_id, fields->delta, secrets.nonce,
                                  fields->timestamp},
            fields->signature);
      });
  if (!believed) return caused_by(*caller, std::move(believed).error());
  if (fields->user_id != caller->user.str()) {
    return Error{.code = ErrorCode::forbidden,
                 .log = "userId is not the caller",
                 .field = "userId",
                 .reason = "must be your own",
                 .failure = AuthFailure::foreign_user,
                 .user = caller->user.str()};
  }
  const auto window = services.settings.auth.timestamp_window;
  for (auto& timely :
       {auth::check_window(fields->at, request.received_at, window),
        auth::check_action_id_time(fields->action_id, request.received_at, window)}) {
    if (!timely) return timely.error();
  }

  const std::int64_t points =
      std::clamp<std::int64_t>(fields->delta, 1, services.settings.delta_max);
  auto outcome = submit(services, {.user = caller->user,
                                   .session = caller->session,
                                   .action = ActionId{fields->action_id},
                                   .contract = Contract::increment,
                                   .payload = "increment " + std::to_string(fields->delta),
                                   .points = Points{points},
                                   .request = RequestId{request.request_id},
                                   .provenance = provenance_of(request),
                                   .traceparent = recorded_trace(request)});
  if (!outcome) return std::move(outcome).error();
  http::Response response = outcome->verdict == Verdict::rate_limited
                                ? too_many(*outcome, http::Vocabulary::increment, request)
                                : receipt_answer(*outcome);
  add_rate_limit(response, *outcome);
  return response;
}

}  // namespace scoreboard::api
