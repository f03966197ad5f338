# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the parts of scripts/test consist of. Sourced by it and by its lanes.

# shellcheck source=scripts/lib/test/steps.sh
. scripts/lib/test/steps.sh
top=$PWD

sources() { git ls-files 'fcgi/*.cpp' 'fcgi/*.hpp' 'tests/*.cpp' 'tests/*.hpp'; }
shell_scripts() { git grep -lE '^(#!.*bash|#!/bin/sh$|# shellcheck shell=bash)' -- scripts .ci; }

check_format() { sources | xargs clang-format-14 --dry-run -Werror; }
check_shell() { shell_scripts | xargs shellcheck -x; }

build() { # PRESET TARGETS...
  local preset=$1
  shift
  cmake --preset "$preset" && ninja -C "build/$preset" "$@"
}

test_programs() { # PRESET: the names of its test programs
  (cd "build/$1" && ctest -N | sed -n 's/^ *Test *#[0-9]*: //p')
}

# The programs with threads: all of the store's would take the tool ten minutes.
concurrent=(store-concurrency unit-auth unit-ops unit-publish unit-server)

build_debug() {
  local targets=()
  if wanted unit; then mapfile -t targets < <(test_programs debug); fi
  if wanted e2e; then targets+=(scoreboard-worker scoreboardctl); fi
  build debug "${targets[@]}"
}

run_unit() {
  rm -f build/debug/junit-*.xml
  (cd build/debug && "$top/tests/with_postgresql.py" ctest --no-tests=error --output-on-failure)
}

run_tsan() {
  rm -f build/tsan/junit-*.xml
  (cd build/tsan && TSAN_OPTIONS="suppressions=$top/tests/tsan.supp" \
    "$top/tests/with_postgresql.py" \
    ctest --no-tests=error --output-on-failure -R "^($(IFS='|' && echo "${concurrent[*]}"))\$")
}

py_tests() { # BUILD JUNIT PATHS...
  local build_directory=$1 junit=$2
  shift 2
  SCOREBOARD_BUILD_DIR="$top/build/$build_directory" "$python" -B -m pytest -q -p no:cacheprovider \
    --junitxml="$junit" "$@"
}

on_postgresql() { # COMMAND...: with boards that have a PostgreSQL of their own
  local -x SCOREBOARD_TEST_DATABASE=postgresql
  "$@"
}

# The lanes: each goes through its own suites one by one, and two of them side by side take hardly longer
# than one, for mostly they wait for servers.

# Only on what everybody else leaves of the processors. Linux shares them between sessions before it
# looks at priorities within one (sched(7), autogroup).
leftover() {
  renice -n 19 $$ >/dev/null
  { echo 19 >/proc/self/autogroup; } 2>/dev/null
  "$@"
}

check_lane() {
  step format check_format
  step shellcheck check_shell
  step layers "$python" scripts/layers
  step "API document" "$python" scripts/openapi
  step "signature vectors" "$python" tests/vectors/check_vectors.py
  suite "checks of the checks" "$results/scripts.xml" \
    py_tests release "$results/scripts.xml" tests/scripts
  suite "alert rules" "$results/alerts.xml" \
    py_tests release "$results/alerts.xml" tests/monitoring/test_alerts.py
  suite "systemd units" "$results/units.xml" py_tests release "$results/units.xml" tests/systemd
}

on_sqlite_lane() {
  if wanted e2e; then
    suite "end to end, SQLite" "$results/e2e.xml" py_tests release "$results/e2e.xml" tests/e2e tests/edge \
      tests/sqlite tests/chaos/test_{chaos,checker}.py tests/monitoring/test_{metrics,status,dashboard}.py
    suite scoreboardctl "$results/ctl.xml" py_tests release "$results/ctl.xml" tests/ctl
    suite "load generators" "$results/bench.xml" py_tests release "$results/bench.xml" tests/bench
  fi
  if wanted browser; then
    suite browser "$results/browser.xml" py_tests release "$results/browser.xml" tests/browser
  fi
  if wanted api; then
    suite "API by its document" "$results/api.xml" py_tests release "$results/api.xml" tests/contract
  fi
}

on_postgresql_lane() {
  if wanted e2e; then
    suite "end to end, PostgreSQL" "$results/pg.xml" \
      on_postgresql py_tests release "$results/pg.xml" tests/e2e tests/postgresql tests/chaos
  fi
  if wanted api; then
    suite "API, PostgreSQL" "$results/api-pg.xml" \
      on_postgresql py_tests release "$results/api-pg.xml" tests/contract
  fi
}

build_lane() {
  if wanted unit || wanted e2e; then step "sanitized build" build_debug; fi
  if wanted tsan; then step "TSan build" build tsan "${concurrent[@]}"; fi
}

lint_lane() { step clang-tidy "$python" scripts/lint --times; }

unit_lane() { suite "unit, ASan and UBSan" 'build/debug/junit-*.xml' run_unit; }

tsan_lane() { suite "concurrency, TSan" 'build/tsan/junit-*.xml' run_tsan; }

sanitized_lane() {
  suite "end to end, sanitized" "$results/san.xml" \
    py_tests debug "$results/san.xml" tests/e2e -m sanitized
}
