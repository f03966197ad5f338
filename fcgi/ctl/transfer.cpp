// SPDX-License-Identifier: Apache-2.0
// scoreboardctl export, scoreboardctl import: a whole board into files and out of them.
#include "store/transfer.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "auth/password.hpp"
#include "auth/session_secrets.hpp"
#include "ctl/commands.hpp"
#include "ops/clock.hpp"

namespace scoreboard::ctl {
namespace {

using Steady = std::chrono::steady_clock;

// On standard error: a bar that moves on a terminal, a line every few seconds elsewhere.
class ProgressBar {
 public:
  explicit ProgressBar(const char* what) : what_(what), terminal_(isatty(STDERR_FILENO) == 1) {}
  ~ProgressBar() {
    if (drawn_ && terminal_) std::fputs("\r\033[K", stderr);
  }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::string_view table, std::int64_t done, std::int64_t total) {
    const auto now = Steady::now();
    if (now - last_ < (terminal_ ? std::chrono::milliseconds{100} : std::chrono::seconds{5}))
      return;
    last_ = now;
    drawn_ = true;
    if (!terminal_) {
      fmt::print(stderr, "{}: {}, {}\n", what_, table, rows(done, total));
      return;
    }
    constexpr std::int64_t width = 30;
    const std::int64_t full = total > 0 ? done * width / total : 0;
    fmt::print(stderr, "\r\033[K{} [{}{}] {}, {}", what_,
               std::string(static_cast<std::size_t>(full), '#'),
               std::string(static_cast<std::size_t>(width - full), '.'), table, rows(done, total));
  }

 private:
  static std::string rows(std::int64_t done, std::int64_t total) {
    if (total == 0) return fmt::format("{} rows", done);
    return fmt::format("{} of {} rows ({} %)", done, total, done * 100 / total);
  }

  const char* what_;
  bool terminal_;
  bool drawn_ = false;
  Steady::time_point last_ = Steady::now();
};

// On standard error: standard output may be the export itself.
void tell(const char* verb, const TransferReport& report, Steady::time_point begun) {
  std::string rows;
  for (const auto& [table, count] : report.rows) {
    rows += fmt::format("{}{} {}", rows.empty() ? "" : ", ", count, table);
  }
  const std::chrono::duration<double> took = Steady::now() - begun;
  fmt::print(stderr, "{} in {:.1f} s: {}\n", verb, took.count(), rows);
}

int export_to(const Invocation& invocation, const std::string& path, ExportFormat format) {
  if (path == "-" && format == ExportFormat::csv) {
    std::fputs("scoreboardctl: csv needs a directory: standard output is one file\n", stderr);
    return usage;
  }
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  const auto begun = Steady::now();
  auto report = [&] {
    ProgressBar bar("export");
    return export_board(settings->database.uri, path, format,
                        [&](std::string_view table, std::int64_t done, std::int64_t total) {
                          bar.show(table, done, total);
                        });
  }();
  if (!report) return fail(report.error());
  tell("Exported", *report, begun);
  return good;
}

Result<void> check_player(std::string_view username, std::string_view email) {
  if (auto checked = auth::check_username(username); !checked) return checked;
  return auth::check_email(email);
}

int import_from(const Invocation& invocation, const std::string& path) {
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  const ScoreListRules rules{
      .check = check_player, .new_user_id = auth::new_user_id, .now = SystemClock{}.now()};
  const auto begun = Steady::now();
  auto report = [&] {
    ProgressBar bar("import");
    return import_board(settings->database.owner(), path, rules,
                        [&](std::string_view table, std::int64_t done, std::int64_t total) {
                          bar.show(table, done, total);
                        });
  }();
  if (!report) {
    fail(report.error());
    std::fputs("Nothing was imported.\n", stderr);
    return failure;
  }
  tell("Imported", *report, begun);
  std::fputs("Now run: scoreboardctl verify\n", stderr);
  return good;
}

}  // namespace

void add_export(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand(
      "export",
      "Write the whole board, sessions excepted, to files that hold password hashes and mail"
      " addresses: for their owner only (0600, a directory 0700)");
  auto path = std::make_shared<std::string>();
  auto format = std::make_shared<std::string>("jsonl");
  command
      ->add_option("--out", *path, "A new file (jsonl; - for standard output) or directory (csv)")
      ->required();
  command->add_option("--format", *format, "jsonl or csv")
      ->check(CLI::IsMember({"jsonl", "csv"}))
      ->capture_default_str();
  command->callback([&invocation, path, format] {
    const auto wanted = *format == "csv" ? ExportFormat::csv : ExportFormat::jsonl;
    invocation.command = [&invocation, path, wanted] {
      return export_to(invocation, *path, wanted);
    };
  });
}

void add_import(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand(
      "import", "Fill an empty database, all or nothing, from an export or a list of scores");
  auto path = std::make_shared<std::string>();
  command
      ->add_option("--in", *path,
                   "What export wrote, a CSV file with the header username,email,score or JSON"
                   " lines with these members; - for standard input")
      ->required();
  command->callback([&invocation, path] {
    invocation.command = [&invocation, path] { return import_from(invocation, *path); };
  });
}

}  // namespace scoreboard::ctl
