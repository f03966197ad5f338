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

// One count for an account, by whichever of its names it is called; else one for what was typed, so
// that waiting tells nobody whether it exists. No user name holds a space.
LoginAttempt attempt_of(const auth::Key& master, const http::Request& request,
                        const std::string& name, const std::optional<Credential>& known) {
  const std::string network = masked_address(request.remote_address);
  const std::string who = known ? "user " + known->user.id.str() : "name " + name;
  return {.account = auth::login_digest(master, "account " + who),
          .place = auth::login_digest(master, "place " + network + " " + who)};
}

// Asked first, because it is free: a flood of logins should not cost the database anything.
Result<void> has_time(const Services& services) {
  if (!services.passwords.is_busy()) return {};
  return Error{.code = ErrorCode::unavailable,
               .log = "too many passwords are being hashed",
               .retry_after = std::chrono::seconds{2}};
}

// Nothing was tried when this refuses.
Result<void> may_try(Services& services, const LoginAttempt& attempt, Timestamp now) {
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

// It was no wrong password after all that ended this attempt.
void withdraw(Services& services, const LoginAttempt& attempt, Timestamp now) {
  if (!services.store.withdraw_login(attempt, now)) {
    log::write(log::Level::warning, "login_not_withdrawn");
  }
}

// Unauthenticated unless this is the account's password.
Result<void> check_password(Services& services, const std::optional<Credential>& known,
                            const std::string& password) {
  // An unknown name costs the same time as a wrong password.
  auto good = services.passwords.verify(password, known ? known->password_hash : "");
  if (!good) return std::move(good).error();
  if (*good && known) return {};
  return Error{.code = ErrorCode::unauthenticated,
               .log = known ? "wrong password" : "unknown user",
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

  if (auto time = has_time(services); !time) return std::move(time).error();
  auto known = services.store.find_credential(*name);
  if (!known) return std::move(known).error();
  const Timestamp now = request.received_at;
  const LoginAttempt attempt = attempt_of((*masters)->first(), request, *name, *known);
  if (auto may = may_try(services, attempt, now); !may) return std::move(may).error();
  if (auto good = check_password(services, *known, *password); !good) {
    if (good.error().code != ErrorCode::unauthenticated) withdraw(services, attempt, now);
    return std::move(good).error();
  }
  renew_hash(services, **known, *password);

  auto answer = new_session(services, (*known)->user, {.form = *form, .login = attempt}, now);
  if (!answer) withdraw(services, attempt, now);
  return answer;
}

}  // namespace scoreboard::api
