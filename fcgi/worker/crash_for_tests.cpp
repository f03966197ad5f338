// SPDX-License-Identifier: Apache-2.0
#include "worker/crash_for_tests.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace scoreboard {

CrashForTests::CrashForTests() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): read once, before there are threads.
  if (const char* file = std::getenv("SCOREBOARD_TEST_CRASH_AFTER_COMMIT")) file_ = file;
}

void CrashForTests::after_commit() const {
  // unlink() succeeds in exactly one of several workers.
  if (!file_.empty() && unlink(file_.c_str()) == 0) kill(getpid(), SIGKILL);
}

}  // namespace scoreboard
