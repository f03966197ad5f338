// SPDX-License-Identifier: Apache-2.0
#include "http/problem.hpp"

#include <algorithm>

#include "http/media_type.hpp"
#include "json/writer.hpp"

namespace scoreboard::http {
namespace {

// What one way of refusing is called by each contract. Type and title are one pair whatever the
// contract, as RFC 9457 asks; status and code are the contract's own.
struct Row {
  int update_status;  // contract A
  std::string_view update_code;
  int increment_status;  // contract B
  std::string_view increment_code;
  std::string_view type;
  std::string_view title;
};

// The table. No default: a new ErrorCode without words does not compile (-Werror=switch).
Row row_of(ErrorCode code) {
  switch (code) {
    // The columns are what makes it a table.
    // clang-format off
    case ErrorCode::malformed:
      return {400, "INVALID_REQUEST",     400, "VALIDATION_ERROR",     "malformed",
              "The request is missing something or is malformed."};
    case ErrorCode::payload_too_large:
      return {413, "INVALID_REQUEST",     413, "VALIDATION_ERROR",     "payload-too-large",
              "The request body is too large."};
    case ErrorCode::unsupported_media_type:
      return {415, "INVALID_REQUEST",     415, "VALIDATION_ERROR",     "unsupported-media-type",
              "The request body must be application/json."};
    case ErrorCode::not_found:
      return {404, "NOT_FOUND",           404, "NOT_FOUND",            "not-found",
              "There is nothing at this address."};
    case ErrorCode::method_not_allowed:
      return {405, "METHOD_NOT_ALLOWED",  405, "METHOD_NOT_ALLOWED",   "method-not-allowed",
              "This address does not take this method."};
    case ErrorCode::unauthenticated:
      return {401, "UNAUTHORIZED",        401, "UNAUTHENTICATED",      "unauthenticated",
              "A valid access token is required."};
    case ErrorCode::forbidden:
      return {403, "FORBIDDEN",           403, "UNAUTHORIZED",         "forbidden",
              "You are not allowed to do this."};
    case ErrorCode::bad_signature:
      return {403, "INVALID_SIGNATURE",   403, "UNAUTHORIZED",         "bad-signature",
              "The action's signature does not match."};
    case ErrorCode::stale_timestamp:
      return {403, "INVALID_SIGNATURE",   403, "ABUSE_REJECTED",       "stale-timestamp",
              "The action's timestamp is too far from the server's time."};
    case ErrorCode::stale_action_id:
      return {400, "INVALID_REQUEST",     409, "ABUSE_REJECTED",       "stale-action-id",
              "The time in the action id is too far from the server's time."};
    case ErrorCode::duplicate_action:
      return {409, "DUPLICATE_ACTION",    409, "IDEMPOTENCY_CONFLICT", "duplicate-action",
              "This action was counted before."};
    case ErrorCode::idempotency_conflict:
      return {409, "DUPLICATE_ACTION",    409, "IDEMPOTENCY_CONFLICT", "idempotency-conflict",
              "This action id was used before with another payload."};
    case ErrorCode::already_exists:
      return {409, "CONFLICT",            409, "CONFLICT",             "already-exists",
              "This name or address is already taken."};
    case ErrorCode::rate_limited:
      return {429, "RATE_LIMITED",        429, "RATE_LIMITED",         "rate-limited",
              "Too many requests; wait before the next one."};
    case ErrorCode::unavailable:
      return {503, "SERVICE_UNAVAILABLE", 503, "SERVICE_UNAVAILABLE",  "unavailable",
              "The service cannot do this right now; try again later."};
    case ErrorCode::internal:
      return {500, "INTERNAL_ERROR",      500, "INTERNAL_ERROR",       "internal",
              "Something went wrong on the server."};
      // clang-format on
  }
  // Reached only by a value that is no ErrorCode.
  return row_of(ErrorCode::internal);
}

// Title made precise: which field, and what is wrong with it.
std::string detail_of(const Error& error, std::string_view title) {
  if (error.field.empty()) return error.reason.empty() ? std::string(title) : error.reason;
  if (error.reason.empty()) return error.field + ": " + std::string(title);
  return error.field + " " + error.reason;
}

// {"field":...,"reason":...} and the members of `further`, which is an object or empty.
std::string details_of(const Error& error, std::string_view further) {
  json::Writer writer;
  writer.begin_object();
  if (!error.field.empty()) writer.key("field").string(error.field);
  if (!error.reason.empty()) writer.key("reason").string(error.reason);
  writer.end_object();
  std::string own = std::move(writer).take();
  if (further.size() <= 2) return own;
  if (own.size() <= 2) return std::string(further);
  own.back() = ',';
  return own.append(further.substr(1));
}

std::string body_of(const WireError& wire, const Error& error, const Request& request,
                    std::string_view details_json) {
  json::Writer writer;
  writer.begin_object();
  writer.key("type").string("/problems#" + std::string(wire.type));
  writer.key("title").string(wire.title);
  writer.key("status").number(wire.status);
  writer.key("detail").string(detail_of(error, wire.title));
  writer.key("instance").string(request.path);
  writer.key("success").boolean(false);
  writer.key("code").string(wire.code);
  writer.key("message").string(wire.title);
  writer.key("details").raw(details_of(error, details_json));
  writer.key("error").begin_object();
  writer.key("code").string(wire.code);
  writer.key("message").string(wire.title);
  writer.end_object();
  writer.key("request_id").string(request.request_id);
  writer.end_object();
  return std::move(writer).take();
}

// A refusal that passes with time always says how much, and never "at once".
std::optional<std::chrono::seconds> wait_of(const Error& error, int status) {
  constexpr std::chrono::seconds least{1};
  if (error.retry_after) return std::max(least, *error.retry_after);
  if (status == 429 || status == 503) return least;
  return std::nullopt;
}

// RFC 6750, 3.1: only a caller who showed a token is told that the token is the trouble.
std::string_view challenge(const Request& request) {
  return request.header("authorization").empty()
             ? "Bearer realm=\"scoreboard\""
             : "Bearer realm=\"scoreboard\", error=\"invalid_token\"";
}

}  // namespace

WireError wire_error(ErrorCode code, Vocabulary vocabulary) {
  const Row row = row_of(code);
  const bool update = vocabulary == Vocabulary::update;
  return {.status = update ? row.update_status : row.increment_status,
          .code = update ? row.update_code : row.increment_code,
          .title = row.title,
          .type = row.type};
}

Response problem(const Error& error, Vocabulary vocabulary, const Request& request,
                 std::string_view details_json) {
  const WireError wire = wire_error(error.code, vocabulary);
  const std::string cause = error.log.empty() ? detail_of(error, wire.title) : error.log;
  const std::string_view accept = request.header("accept");
  const bool plain =
      accept_names(accept, "application/json") && !accept_names(accept, "application/problem+json");
  Response response{.status = wire.status,
                    .content_type = plain ? "application/json" : "application/problem+json",
                    .body = body_of(wire, error, request, details_json),
                    .log_code = std::string(wire.code),
                    .log_reason = cause};
  if (const auto wait = wait_of(error, wire.status)) {
    response.headers.emplace_back("Retry-After", std::to_string(wait->count()));
  }
  if (wire.status == 401) response.headers.emplace_back("WWW-Authenticate", challenge(request));
  return response;
}

}  // namespace scoreboard::http
