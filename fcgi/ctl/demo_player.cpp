// SPDX-License-Identifier: Apache-2.0
#include "ctl/demo_player.hpp"

#include <span>
#include <utility>

#include "auth/action_signature.hpp"
#include "crypto/hmac.hpp"
#include "crypto/random.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "ops/clock.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::ctl {
namespace {

std::string signature(const std::string& key, const std::string& bytes) {
  return crypto::hmac_sha256_hex(
      std::span(reinterpret_cast<const unsigned char*>(key.data()), key.size()), bytes);
}

std::string object(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  json::Writer writer;
  writer.begin_object();
  for (const auto& [key, value] : members) writer.key(key).string(value);
  writer.end_object();
  return std::move(writer).take();
}

std::string text_of(const json::Value& value, std::string_view key) {
  const auto member = value.find(key);
  return member && member->is_string() ? member->string() : "";
}

std::int64_t number_of(const json::Value& value, std::string_view key) {
  const auto member = value.find(key);
  return member && member->is_integer() ? member->integer() : 0;
}

// "409 CONFLICT: This name is taken."
std::string refusal_text(const HttpAnswer& answer) {
  if (answer.status == 0) return answer.trouble;
  std::string text = std::to_string(answer.status);
  if (auto body = json::parse_object(answer.body)) {
    text += " " + text_of(*body, "code") + ": " + text_of(*body, "detail");
  }
  return text;
}

// Too many requests, a pause of the service, or nobody there: all pass.
bool passes(const HttpAnswer& answer) {
  return answer.status == 0 || answer.status == 429 || answer.status >= 500;
}

Played refused(const HttpAnswer& answer) {
  return {Played::Result::refused, refusal_text(answer), true};
}

}  // namespace

DemoPlayer::DemoPlayer(std::string name, std::vector<std::string> action_types)
    : name_(std::move(name)),
      action_types_(std::move(action_types)),
      password_(crypto::random_hex(16)) {}

Played DemoPlayer::sign_up(HttpClient& client) {
  if (!registered_) {
    const HttpAnswer answer = client.post_json(
        "/api/auth/register",
        object({{"username", name_}, {"email", name_ + "@demo.example"}, {"password", password_}}));
    if (passes(answer)) return wait(answer);
    if (answer.status == 409) return {Played::Result::taken, refusal_text(answer), true};
    if (answer.status != 201) return refused(answer);
    registered_ = true;
  }
  return log_in(client);
}

Played DemoPlayer::log_in(HttpClient& client) {
  const HttpAnswer answer =
      client.post_json("/api/auth/login", object({{"username", name_}, {"password", password_}}));
  if (passes(answer)) return wait(answer);
  const auto body = json::parse_object(answer.body);
  if (answer.status != 200 || !body) return refused(answer);
  access_token_ = text_of(*body, "access_token");
  action_secret_key_ = text_of(*body, "action_secret_key");
  nonce_ = text_of(*body, "nonce");
  if (const auto user = body->find("user")) user_id_ = text_of(*user, "id");
  return {.result = Played::Result::done};
}

Played DemoPlayer::play(HttpClient& client, std::mt19937_64& random) {
  if (access_token_.empty()) {
    if (Played entered = log_in(client); entered.result != Played::Result::done) return entered;
  }
  if (!pending_) pending_ = new_action(random);
  const bool repeated = std::exchange(tried_, true);
  const HttpAnswer answer = pending_->contract == Contract::update
                                ? send_update(client, *pending_)
                                : send_increment(client, *pending_);
  if (passes(answer)) return wait(answer);
  const Contract contract = pending_->contract;
  if (answer.status == 401) {
    access_token_.clear();  // an hour has passed: the next try logs in again
    return {Played::Result::wait, refusal_text(answer), true};
  }
  pending_.reset();
  tried_ = false;
  // Contract A's way of saying that the first try had counted after all.
  if (answer.status == 409 && repeated) return {.result = Played::Result::done};
  if (answer.status != 200) return refused(answer);
  read_standing(answer, contract);
  return {.result = Played::Result::done};
}

DemoPlayer::Action DemoPlayer::new_action(std::mt19937_64& random) const {
  const auto any = [&](std::size_t from, std::size_t to) {
    return std::uniform_int_distribution<std::size_t>(from, to)(random);
  };
  const bool update = !action_types_.empty() && any(0, 1) == 0;
  return {.contract = update ? Contract::update : Contract::increment,
          .id = crypto::random_hex(16),
          .type = update ? action_types_[any(0, action_types_.size() - 1)] : "",
          .delta = static_cast<std::int64_t>(any(1, 10))};
}

HttpAnswer DemoPlayer::send_update(HttpClient& client, const Action& action) const {
  const std::string timestamp = to_rfc3339(SystemClock{}.now());
  const std::string signed_text = auth::signed_bytes(auth::UpdateFields{
      .action_id = action.id, .action_type = action.type, .timestamp = timestamp});
  return client.post_json("/api/scores/update",
                          object({{"action_id", action.id},
                                  {"action_type", action.type},
                                  {"timestamp", timestamp},
                                  {"signature", signature(action_secret_key_, signed_text)}}),
                          {"Authorization: Bearer " + access_token_});
}

HttpAnswer DemoPlayer::send_increment(HttpClient& client, const Action& action) const {
  const std::string timestamp = to_rfc3339(SystemClock{}.now());
  const std::string signed_text = auth::signed_bytes(auth::IncrementFields{.user_id = user_id_,
                                                                           .action_id = action.id,
                                                                           .delta = action.delta,
                                                                           .nonce = nonce_,
                                                                           .timestamp = timestamp});
  json::Writer writer;
  writer.begin_object();
  writer.key("userId").string(user_id_);
  writer.key("actionId").string(action.id);
  writer.key("delta").number(action.delta);
  writer.key("signature").string("v1=" + signature(action_secret_key_, signed_text));
  writer.end_object();
  return client.post_json(
      "/api/scores/increment", std::move(writer).take(),
      {"Authorization: Bearer " + access_token_, "X-Request-Timestamp: " + timestamp});
}

void DemoPlayer::read_standing(const HttpAnswer& answer, Contract contract) {
  const auto body = json::parse_object(answer.body);
  if (!body) return;
  if (contract == Contract::increment) {
    score_ = number_of(*body, "newScore");
    rank_ = number_of(*body, "rank");
  } else if (const auto data = body->find("data")) {
    score_ = number_of(*data, "new_score");
    rank_ = number_of(*data, "current_rank");
  }
}

Played DemoPlayer::wait(const HttpAnswer& answer) {
  free_at_ =
      std::chrono::steady_clock::now() + answer.retry_after.value_or(std::chrono::seconds{1});
  return {Played::Result::wait, refusal_text(answer), answer.status != 0};
}

}  // namespace scoreboard::ctl
