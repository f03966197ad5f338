// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/login {username,password,session?} -> 200, see session_answer.hpp, or with
// "session":"cookie" browser_session.hpp. `username` may be the mail address.
#include "api/browser_session.hpp"
#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/new_session.hpp"
#include "auth/password.hpp"
#include "auth/session_secrets.hpp"
#include "http/body.hpp"
#include "http/fields.hpp"
#include "ops/log.hpp"
#include "ops/masked_address.hpp"

namespace scoreboard::api {
namespace {

// By the name as it was typed, so that waiting tells nobody whether it exists. (Who knows
// somebody's name and mail address may try each.)
LoginAttempt attempt_of(const auth::Key& master, const http::Request& request,
                        const std::string& name) {
  const std::string network = masked_address(request.remote_address);
  return {.account = auth::login_digest(master, "account " + name),
          .place = auth::login_digest(master, "place " + network + " " + name)};
}

// Nothing was tried when this refuses.
Result<void> may_try(Services& services, const LoginAttempt& attempt, Timestamp now) {
  // First, because it is free: a flood of logins should not cost the database a transaction each.
  if (services.passwords.is_busy()) {
    return Error{.code = ErrorCode::unavailable,
                 .log = "too many passwords are being hashed",
                 .retry_after = std::chrono::seconds{2}};
  }
  const auto& limits = services.settings.limits;
  auto wait = services.store.begin_login(
      attempt, {.failures = limits.login_failures, .wait_max = limits.login_wait_max}, now);
  if (!wait) return std::move(wait).error();
  if (wait->count() == 0) return {};
  return Error{.code = ErrorCode::rate_limited,
               .log = "too many wrong passwords for this account",
               .reason = "too many wrong passwords; wait before the next one",
               .retry_after = *wait,
               .failure = AuthFailure::throttled_login};
}

// The account, if this is its password; else unauthenticated.
Result<Credential> look(Services& services, const std::string& name, const std::string& password) {
  auto found = services.store.find_credential(name);
  if (!found) return std::move(found).error();
  // An unknown name costs the same time as a wrong password.
  auto good = services.passwords.verify(password, *found ? (*found)->password_hash : "");
  if (!good) return std::move(good).error();
  if (*good && *found) return **std::move(found);
  return Error{.code = ErrorCode::unauthenticated,
               .log = *found ? "wrong password" : "unknown user",
               .reason = "unknown user or wrong password",
               .failure = AuthFailure::wrong_password};
}

// The one moment at which the password is known. That it fails harms nobody: the next login will
// try again.
void renew_hash(Services& services, const Credential& credential, const std::string& password) {
  if (!services.passwords.is_outdated(credential.password_hash)) return;
  auto hash = services.passwords.hash(password);
  if (!hash) return;
  auto replaced =
      services.store.replace_password_hash(credential.user.id, credential.password_hash, *hash);
  log::write(log::Level::info, "password_rehashed",
             {{"user", credential.user.id.str()}, {"stored", bool(replaced)}});
}

}  // namespace

Answer post_login(Services& services, const http::Request& request) {
  auto body = http::json_body(request);
  if (!body) return std::move(body).error();
  auto name = http::required_string(*body, "username");
  if (!name) return std::move(name).error();
  auto password = http::required_string(*body, "password");
  if (!password) return std::move(password).error();
  auto form = session_form(request, *body);
  if (!form) return std::move(form).error();
  // Before the password is looked at: without keys there is nothing to hand out.
  if (auto present = required_keys(services.access_keys); !present) {
    return std::move(present).error();
  }
  auto masters = required_keys(services.action_keys);
  if (!masters) return std::move(masters).error();

  const Timestamp now = request.received_at;
  const LoginAttempt attempt = attempt_of((*masters)->first(), request, *name);
  if (auto may = may_try(services, attempt, now); !may) return std::move(may).error();
  auto credential = look(services, *name, *password);
  if (!credential) {
    const bool looked = credential.error().code == ErrorCode::unauthenticated;
    if (!looked && !services.store.withdraw_login(attempt, now)) {
      log::write(log::Level::warning, "login_not_withdrawn");
    }
    return std::move(credential).error();
  }
  renew_hash(services, *credential, *password);

  return new_session(services, credential->user, {.form = *form, .login = attempt}, now);
}

}  // namespace scoreboard::api
