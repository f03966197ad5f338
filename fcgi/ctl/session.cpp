// SPDX-License-Identifier: Apache-2.0
// scoreboardctl session issue: users with running sessions, straight into the database, for load
// tests that should not begin with an hour of logins. Nobody can log in as these users: they have
// no password.
#include <cstdio>
#include <string>

#include "auth/access_token.hpp"
#include "auth/key_set.hpp"
#include "auth/password.hpp"
#include "auth/session_secrets.hpp"
#include "crypto/random.hpp"
#include "ctl/commands.hpp"
#include "ctl/private_file.hpp"
#include "json/writer.hpp"
#include "ops/clock.hpp"
#include "store/open.hpp"

namespace scoreboard::ctl {
namespace {

struct Batch {
  int users = 0;
  std::string file;
  std::string prefix;
};

struct Keys {
  auth::KeySet access;
  auth::KeySet action;
};

Result<Keys> load_keys(const config::Settings& settings) {
  auto access = auth::KeySet::load(settings.auth.access_keys);
  if (!access) return std::move(access).error();
  auto action = auth::KeySet::load(settings.auth.action_keys);
  if (!action) return std::move(action).error();
  return Keys{*std::move(access), *std::move(action)};
}

// One line of the file.
Result<std::string> issue(Store& store, const config::Settings& settings, const Keys& keys,
                          const std::string& username) {
  const Timestamp now = SystemClock{}.now();
  auto user = store.add_user({.id = auth::new_user_id(),
                              .username = Username{username},
                              .email = username + "@load.example",
                              .display_name = username,
                              .password_hash = ""},
                             now);
  if (!user) return std::move(user).error();
  const SessionId session = auth::new_session_id();
  auto added =
      store.add_session({.id = session,
                         .user = user->id,
                         .refresh_hash = auth::refresh_token_hash(auth::new_refresh_token()),
                         .expires_at = now + settings.auth.session_lifetime},
                        now);
  if (!added) return std::move(added).error();

  const auth::TokenRules rules{settings.auth.issuer, settings.auth.access_lifetime,
                               settings.auth.realtime_lifetime};
  const auto secrets = auth::derive_session_secrets(keys.action.first(), session);
  json::Writer writer;
  writer.begin_object();
  writer.key("user_id").string(user->id.str());
  writer.key("username").string(username);
  writer.key("access_token")
      .string(
          auth::issue_token(keys.access, rules, auth::TokenUse::access, user->id, session, now));
  writer.key("action_secret_key").string(secrets.action_secret_key);
  writer.key("nonce").string(secrets.nonce);
  writer.end_object();
  return std::move(writer).take() + "\n";
}

int issue_all(const Invocation& invocation, const Batch& batch) {
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  auto keys = load_keys(*settings);
  if (!keys) return fail(keys.error());
  auto store = open_store({.uri = settings->database.uri, .readers = 1});
  if (!store) return fail(store.error());

  // A run of its own in the name, so that a second call does not collide with the first.
  const std::string run = batch.prefix + crypto::random_hex(3) + "_";
  if (auto named = auth::check_username(run + std::to_string(batch.users)); !named) {
    return fail(named.error());
  }
  std::string lines;
  for (int i = 1; i <= batch.users; ++i) {
    auto line = issue(**store, *settings, *keys, run + std::to_string(i));
    if (!line) return fail(line.error());
    lines += *line;
  }
  if (auto written = write_private_file(batch.file, lines); !written) return fail(written.error());
  std::printf("%s: %d users with a session each\n", batch.file.c_str(), batch.users);
  return good;
}

}  // namespace

void add_session(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("session", "Sessions");
  command->require_subcommand(1);
  CLI::App* const issued =
      command->add_subcommand("issue", "Make users with running sessions, for load tests");
  auto batch = std::make_shared<Batch>();
  issued->add_option("--users", batch->users, "How many")
      ->required()
      ->check(CLI::Range(1, 1'000'000));
  issued->add_option("--out", batch->file, "File to write, one JSON object a line, mode 0600")
      ->required();
  batch->prefix = "load_";
  issued->add_option("--prefix", batch->prefix, "First letters of the user names")
      ->capture_default_str();
  issued->callback([&invocation, batch] {
    invocation.command = [&invocation, batch] { return issue_all(invocation, *batch); };
  });
}

}  // namespace scoreboard::ctl
