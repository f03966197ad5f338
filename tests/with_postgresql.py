#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command beside a PostgreSQL of its own, which it finds by SCOREBOARD_TEST_POSTGRESQL: the
directory of its socket. Nothing stays.

    tests/with_postgresql.py COMMAND...
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts" / "lib"))
from postgresql import OWNER, Cluster  # noqa: E402

# Tests that ask whether data survives start their own, with fsync.
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def main():
    directory = Path(tempfile.mkdtemp(prefix="sbpg"))
    cluster = Cluster(directory, FAST)
    try:
        os.chmod(directory, 0o700)
        cluster.initialize()
        cluster.start()
        try:
            cluster.make_board()
            cluster.psql(f"ALTER ROLE {OWNER} CREATEDB")
            return subprocess.run(sys.argv[1:], check=False, env={
                **os.environ, "SCOREBOARD_TEST_POSTGRESQL": str(directory)}).returncode
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
