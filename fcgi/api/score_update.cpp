// SPDX-License-Identifier: Apache-2.0
// Contract A: POST /api/scores/update {action_id,action_type,timestamp,signature}
//   -> 200 {success,data:{user_id,previous_score,new_score,score_increment,current_rank}}
// A repeated action id is 409 DUPLICATE_ACTION with the first result in details.original, unless
// it is the same HTTP request, re-sent by Nginx because its first worker died.
#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/score_submission.hpp"
#include "auth/action_signature.hpp"
#include "http/body.hpp"
#include "http/fields.hpp"
#include "http/problem.hpp"
#include "json/writer.hpp"

namespace scoreboard::api {
namespace {

struct Fields {
  std::string action_id;
  std::string action_type;
  std::string timestamp;
  std::string signature;
  Timestamp at;
};

Result<Fields> read_fields(const http::Request& request) {
  auto body = http::json_body(request);
  if (!body) return std::move(body).error();
  Fields fields;
  const std::pair<const char*, std::string*> wanted[] = {{"action_id", &fields.action_id},
                                                         {"action_type", &fields.action_type},
                                                         {"timestamp", &fields.timestamp},
                                                         {"signature", &fields.signature}};
  for (const auto& [name, into] : wanted) {
    auto text = http::required_string(*body, name);
    if (!text) return std::move(text).error();
    *into = *std::move(text);
  }
  // The grammar comes before the signature: it is what makes the signed bytes unambiguous.
  if (auto good = auth::check_action_id(fields.action_id, "action_id"); !good) return good.error();
  if (auto good = auth::check_action_type(fields.action_type, "action_type"); !good) {
    return good.error();
  }
  auto at = auth::parse_update_timestamp(fields.timestamp, "timestamp");
  if (!at) return std::move(at).error();
  fields.at = *at;
  return fields;
}

std::string receipt_json(const Receipt& receipt) {
  json::Writer writer;
  writer.begin_object();
  writer.key("user_id").string(receipt.user.str());
  writer.key("previous_score").number(receipt.previous.value());
  writer.key("new_score").number(receipt.current.value());
  writer.key("score_increment").number(receipt.points.value());
  writer.key("current_rank").number(receipt.rank.value());
  writer.end_object();
  return std::move(writer).take();
}

http::Response duplicate(const Receipt& receipt, const http::Request& request) {
  return http::problem({.code = ErrorCode::duplicate_action, .log = "action id counted before"},
                       http::Vocabulary::update, request,
                       "{\"original\":" + receipt_json(receipt) + "}");
}

http::Response answer_of(const AwardOutcome& outcome, const http::Request& request) {
  if (outcome.verdict == Verdict::duplicate) return duplicate(outcome.receipt, request);
  if (outcome.verdict == Verdict::rate_limited) {
    return too_many(outcome, http::Vocabulary::update, request);
  }
  return {.body = "{\"success\":true,\"data\":" + receipt_json(outcome.receipt) + "}"};
}

}  // namespace

Answer post_score_update(Services& services, const http::Request& request) {
  auto caller = token_caller(services, request);
  if (!caller) return std::move(caller).error();
  auto fields = read_fields(request);
  if (!fields) return std::move(fields).error();

  auto believed = check_with_session_secrets(
      services, caller->session, [&](const auth::SessionSecrets& secrets) {
        return auth::check_signature(
            secrets.action_secret_key,
            auth::UpdateFields{fields->action_id, fields->action_type, fields->timestamp},
            fields->signature);
      });
  if (!believed) return caused_by(*caller, std::move(believed).error());
  const auto window = services.settings.auth.timestamp_window;
  for (auto& timely :
       {auth::check_window(fields->at, request.received_at, window),
        auth::check_action_id_time(fields->action_id, request.received_at, window)}) {
    if (!timely) return timely.error();
  }
  const auto points = services.settings.points.find(fields->action_type);
  if (points == services.settings.points.end()) {
    return Error{.code = ErrorCode::malformed,
                 .log = "unknown action type",
                 .field = "action_type",
                 .reason = "is not an action type of this board"};
  }

  auto outcome = submit(services, {.user = caller->user,
                                   .session = caller->session,
                                   .action = ActionId{fields->action_id},
                                   .contract = Contract::update,
                                   .payload = "update " + fields->action_type,
                                   .points = Points{points->second},
                                   .request = RequestId{request.request_id},
                                   .provenance = provenance_of(request),
                                   .traceparent = recorded_trace(request)});
  if (!outcome) return std::move(outcome).error();
  http::Response response = answer_of(*outcome, request);
  add_rate_limit(response, *outcome);
  return response;
}

}  // namespace scoreboard::api
