// SPDX-License-Identifier: Apache-2.0
// scoreboardctl user add: as POST /api/auth/register, without a running server.
#include <cstdio>
#include <iostream>
#include <string>

#include "auth/password.hpp"
#include "auth/session_secrets.hpp"
#include "ctl/commands.hpp"
#include "ops/clock.hpp"
#include "store/open.hpp"

namespace scoreboard::ctl {
namespace {

struct NewPlayer {
  std::string username;
  std::string email;
  bool password_from_stdin = false;
};

int add(const Invocation& invocation, const NewPlayer& player) {
  std::string password;
  if (!std::getline(std::cin, password)) {
    std::fputs("scoreboardctl: no password on standard input\n", stderr);
    return failure;
  }
  for (auto& checked : {auth::check_username(player.username), auth::check_email(player.email),
                        auth::check_password(password)}) {
    if (!checked) return fail(checked.error());
  }
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  auto store = open_store({.uri = settings->database.uri, .readers = 1});
  if (!store) return fail(store.error());
  auth::Passwords passwords({.cost = settings->auth.password_cost});
  auto hash = passwords.hash(password);
  if (!hash) return fail(hash.error());
  auto user = (*store)->add_user({.id = auth::new_user_id(),
                                  .username = Username{player.username},
                                  .email = player.email,
                                  .display_name = player.username,
                                  .password_hash = *std::move(hash)},
                                 SystemClock{}.now());
  if (!user) return fail(user.error());
  std::printf("%s\n", user->id.str().c_str());
  return good;
}

}  // namespace

void add_user(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("user", "Players");
  command->require_subcommand(1);
  CLI::App* const added = command->add_subcommand("add", "Register a player; prints the user id");
  auto player = std::make_shared<NewPlayer>();
  added->add_option("--username", player->username, "3 to 50 of A-Z a-z 0-9 _ . -")->required();
  added->add_option("--email", player->email, "Mail address")->required();
  added
      ->add_flag("--password-stdin", player->password_from_stdin,
                 "Read the password from the first line of standard input")
      ->required();
  added->callback([&invocation, player] {
    invocation.command = [&invocation, player] { return add(invocation, *player); };
  });
}

}  // namespace scoreboard::ctl
