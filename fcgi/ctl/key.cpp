// SPDX-License-Identifier: Apache-2.0
// scoreboardctl key new|list|retire: the keys that make tokens and action keys. The first key of a
// file makes, every key checks: `new` puts one in front, and once nothing is left of what an older
// one made, `retire` takes that one away. Running workers follow within two seconds. Key material
// is never printed.
#include <cstdio>
#include <string>
#include <vector>

#include "api/issuers.hpp"
#include "auth/key_file.hpp"
#include "auth/key_set.hpp"
#include "crypto/bytes.hpp"
#include "ctl/commands.hpp"
#include "ctl/private_file.hpp"
#include "ops/clock.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::ctl {
namespace {

Result<std::string> key_text(const std::filesystem::path& file) {
  auto secret = auth::read_key_file(file);
  if (!secret) return std::move(secret).error();
  return std::string(crypto::text_of(secret->bytes()));
}

// Puts the new text in the file's place; the set that it then holds.
Result<auth::KeySet> replace(const std::string& file, const Result<std::string>& text) {
  if (!text) return text.error();
  if (auto written = write_private_file(file, *text); !written) return written.error();
  return auth::KeySet::parse(*text);
}

// What lies there the installed units hand to the workers as copies, at their start.
const char* taken_up(const std::filesystem::path& file) {
  return std::filesystem::absolute(file).parent_path() == "/etc/scoreboard/keys"
             ? "It counts after: systemctl restart 'scoreboard@*.service'"
             : "Running workers follow within two seconds.";
}

int new_key(const std::string& file) {
  const bool fresh = !std::filesystem::exists(file);
  const auto existing = fresh ? Result<std::string>(std::string()) : key_text(file);
  if (!existing) return fail(existing.error());
  const std::string today = to_rfc3339(SystemClock{}.now()).substr(0, 10);
  const auto keys = replace(file, auth::with_new_key(*existing, today));
  if (!keys) return fail(keys.error());
  std::printf("%s: key %s, %zu in all. %s\n", file.c_str(), keys->first().id.c_str(),
              keys->all().size(), taken_up(file));
  return good;
}

int list_set(const std::filesystem::path& file) {
  const auto keys = auth::KeySet::load(file);
  if (!keys) return fail(keys.error());
  const char* use = "makes and checks";
  for (const auth::Key& key : keys->all()) {
    std::printf("%s  %s  HS256  %s\n", file.c_str(), key.id.c_str(), use);
    use = "checks";
  }
  return good;
}

int list_issuer(const config::Settings::Issuer& issuer) {
  const auto keys = api::read_issuer_keys(issuer);
  if (!keys) return fail(keys.error());
  for (const auth::VerificationKey& key : keys->all()) {
    std::printf("%s  %s  %s  checks %s\n", issuer.keys.c_str(),
                key.id.empty() ? "(no kid)" : key.id.c_str(),
                std::string(auth::name_of(key.algorithm)).c_str(), issuer.issuer.c_str());
  }
  for (const std::string& reason : keys->passed_over()) {
    std::printf("%s  passed over: %s\n", issuer.keys.c_str(), reason.c_str());
  }
  return good;
}

int list(const Invocation& invocation, const std::string& file) {
  if (!file.empty()) return list_set(file);
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  int status = good;
  for (const auto& own : {settings->auth.access_keys, settings->auth.action_keys}) {
    if (list_set(own) != good) status = failure;
  }
  for (const auto& [name, issuer] : settings->issuers) {
    if (list_issuer(issuer) != good) status = failure;
  }
  return status;
}

// The one of our files that has the key.
Result<std::string> file_with(const config::Settings& settings, const std::string& id) {
  std::vector<std::string> files;
  for (const auto& file : {settings.auth.access_keys, settings.auth.action_keys}) {
    const auto keys = auth::KeySet::load(file);
    if (!keys) return keys.error();
    if (keys->find(id)) files.push_back(file.string());
  }
  if (files.size() == 1) return files.front();
  return Error{.code = ErrorCode::malformed,
               .log = "key " + id +
                      (files.empty() ? " is in neither access_keys nor action_keys"
                                     : " is in both files; say which one with --file")};
}

int retire(const Invocation& invocation, const std::string& id, std::string file) {
  if (file.empty()) {
    const auto settings = usable_settings(invocation);
    if (!settings) return failure;
    auto found = file_with(*settings, id);
    if (!found) return fail(found.error());
    file = *std::move(found);
  }
  const auto existing = key_text(file);
  if (!existing) return fail(existing.error());
  const auto keys = replace(file, auth::without_key(*existing, id));
  if (!keys) return fail(keys.error());
  std::printf("%s: key %s is gone, %zu left, %s makes. %s\n", file.c_str(), id.c_str(),
              keys->all().size(), keys->first().id.c_str(), taken_up(file));
  return good;
}

}  // namespace

void add_key(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("key", "Signing keys");
  command->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  auto id = std::make_shared<std::string>();

  CLI::App* const made =
      command->add_subcommand("new", "Make a key set, or put a new key in front");
  made->add_option("--out,--file", *file, "The JWK Set file")->required();
  made->callback([&invocation, file] { invocation.command = [file] { return new_key(*file); }; });

  CLI::App* const listed = command->add_subcommand(
      "list", "Name the keys of a file, or of all that the configuration names");
  listed->add_option("--file", *file, "One of our own JWK Set files");
  listed->callback([&invocation, file] {
    invocation.command = [&invocation, file] { return list(invocation, *file); };
  });

  CLI::App* const retired = command->add_subcommand(
      "retire", "Take a key away; what it made is worth nothing from then on");
  retired->add_option("KID", *id, "Its id, as `key list` shows it")->required();
  retired->add_option("--file", *file,
                      "The JWK Set file; found by itself if it is a configured one");
  retired->callback([&invocation, file, id] {
    invocation.command = [&invocation, file, id] { return retire(invocation, *id, *file); };
  });
}

}  // namespace scoreboard::ctl
