// SPDX-License-Identifier: Apache-2.0
// The worst moment to die is between COMMIT and the answer. A test that wants a worker to die just
// then names a file in SCOREBOARD_TEST_CRASH_AFTER_COMMIT before the worker starts and creates it
// when it is time; the first worker that commits an award, or has an answer to something else
// ready, takes the file away and kills itself. Without the variable nothing here ever happens.
#pragma once

#include <string>

namespace scoreboard {

class CrashForTests {
 public:
  CrashForTests();
  void after_commit() const;

 private:
  std::string file_;
};

}  // namespace scoreboard
