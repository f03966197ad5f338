// SPDX-License-Identifier: Apache-2.0
// scoreboardctl key new --out FILE: makes a key set, or puts a new key in front of one. The new
// key makes from the workers' next start on; the old ones go on checking until they are removed.
#include <cstdio>
#include <string>

#include "auth/key_file.hpp"
#include "auth/key_set.hpp"
#include "ctl/commands.hpp"
#include "ctl/private_file.hpp"
#include "ops/clock.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::ctl {
namespace {

Result<std::string> existing_keys(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return std::string{};
  auto secret = auth::read_key_file(file);
  if (!secret) return std::move(secret).error();
  const auto bytes = secret->bytes();
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

int new_key(const std::string& file) {
  auto existing = existing_keys(file);
  if (!existing) return fail(existing.error());
  const std::string today = to_rfc3339(SystemClock{}.now()).substr(0, 10);
  auto text = auth::with_new_key(*existing, today);
  if (!text) return fail(text.error());
  if (auto written = write_private_file(file, *text); !written) return fail(written.error());
  auto keys = auth::KeySet::parse(*text);
  if (!keys) return fail(keys.error());
  std::printf("%s: key %s, %zu in all. Restart the workers to use it.\n", file.c_str(),
              keys->first().id.c_str(), keys->all().size());
  return good;
}

}  // namespace

void add_key(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("key", "Signing keys");
  command->require_subcommand(1);
  CLI::App* const made =
      command->add_subcommand("new", "Make a key set, or put a new key in front");
  auto file = std::make_shared<std::string>();
  made->add_option("--out", *file, "The JWK Set file")->required();
  made->callback([&invocation, file] { invocation.command = [file] { return new_key(*file); }; });
}

}  // namespace scoreboard::ctl
