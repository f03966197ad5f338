# SPDX-License-Identifier: Apache-2.0
"""A clock for a board's workers that can be stepped while they run: Debian's libfaketime before their
own clock, which reads its offset from a file at every look. Only CLOCK_REALTIME moves, as it does where
somebody sets a clock."""
from pathlib import Path

import boards

WRAPPER = """#!/bin/sh
export LD_PRELOAD=%s FAKETIME_TIMESTAMP_FILE=%s FAKETIME_NO_CACHE=1 NO_FAKE_STAT=1
export FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1
exec %s "$@"
"""


def library():
    """Debian's, for programs with threads; None if it is not installed."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def environment(directory, clock):
    """For a board: a build directory whose worker has `clock`, a file of this module's kind, and lives
    in `directory`."""
    binaries = directory / "bin"
    binaries.mkdir(parents=True)
    clock.write_text("+0\n")
    for program in (boards.BUILD / "bin").iterdir():
        (binaries / program.name).symlink_to(program.resolve())
    worker = binaries / "scoreboard-worker"
    real = worker.resolve()
    worker.unlink()
    worker.write_text(WRAPPER % (library(), clock, real))
    worker.chmod(0o755)
    return {"SCOREBOARD_BUILD_DIR": str(directory)}
