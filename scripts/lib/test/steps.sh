# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# One check and how it went: told when it has ended, in one piece, and counted in a file, for others run
# beside it. Sourced by scripts/test and by its lanes, which have $results, a directory, from it.

: "${results:?}" "${wanted_parts:?}"
python=/usr/bin/python3

wanted() { case " $wanted_parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

# tell NAME SECONDS PASSED FAILED WORDS LOG LINES: one line, and the last ones of the log if it failed.
tell() {
  local verdict='ok    '
  [ "$4" -eq 0 ] || verdict=FAILED
  {
    flock 9
    echo "$3 $4" >>"$results/counts"
    printf '%s  %-28s %4ds%s\n' "$verdict" "$1" "$2" "$5"
    [ "$4" -eq 0 ] || tail -n "$7" "$6"
  } 9>"$results/telling"
  [ "$4" -eq 0 ]
}

# step NAME COMMAND...: one check that passes or fails.
step() {
  local name=$1 began=$SECONDS log bad=0
  shift
  log=$(mktemp "$results/log.XXXXXX")
  "$@" >"$log" 2>&1 </dev/null || bad=1
  tell "$name" $((SECONDS - began)) $((1 - bad)) "$bad" '' "$log" 60
}

# suite NAME JUNIT-FILES-GLOB COMMAND...: a test program or pytest run, counted test by test.
suite() {
  local name=$1 files=$2 began=$SECONDS log status counts
  shift 2
  log=$(mktemp "$results/log.XXXXXX")
  "$@" >"$log" 2>&1 </dev/null
  status=$?
  counts=$("$python" scripts/lib/count_tests.py "$status" "$files" 2>>"$log")
  local good=${counts%% *} bad=${counts##* }
  [ -n "$counts" ] || good=0 bad=1
  tell "$name" $((SECONDS - began)) "$good" "$bad" "  $good passed, $bad failed" "$log" 120
}

# The sum of all that was counted: "PASSED FAILED".
counted() { awk '{ passed += $1; failed += $2 } END { print passed + 0, failed + 0 }' "$results/counts"; }
