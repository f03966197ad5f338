# SPDX-License-Identifier: Apache-2.0
"""What faults are done to: boards, and what they stand on.

A board is a host. Whatever a stage has of its own (a standby, cables, poolers) is None where it has
none, and a fault names what it needs (faults/__init__.py).
"""
import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import boards
import clock
from boards import Board
from postgresql import Cluster

# Scores as fast as they can be made, and any number of sessions.
UNLIMITED = {"SCOREBOARD_LIMITS_AWARDS": "1000000"}


class Stage:
    """`boards`: one a host, started. `cluster`: the primary, None on SQLite. `standby`: a Cluster that
    follows it. `network`: the cables between hosts (namespaces.py). `poolers`: the PgBouncers.
    `clock`: the file that the workers' clocks follow (clock.py).
    `close()` ends everything and is safe to call twice; close callbacks go to `undo`."""

    def __init__(self):
        self.boards = []
        self.cluster = None
        self.standby = None
        self.network = None
        self.poolers = None
        self.clock = None
        self.undo = contextlib.ExitStack()

    def close(self):
        self.undo.close()

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.close()

    @property
    def has(self):
        """What faults may ask for."""
        return {name for name, there in {
            "sqlite": self.cluster is None, "postgresql": self.cluster is not None,
            # That the board's own supervisor starts again.
            "own-postgresql": self.cluster is not None and len(self.boards) == 1,
            "standby": self.standby is not None, "network": self.network is not None,
            "poolers": self.poolers is not None, "hosts": len(self.boards) > 1,
            "clock": self.clock is not None, "attributes": has_attributes(self.boards[0].data),
            "root": os.geteuid() == 0}.items() if there}


def has_attributes(directory):
    """Whether its file system knows files that nobody may write."""
    return subprocess.run(["lsattr", "-d", directory], stdin=subprocess.DEVNULL, capture_output=True,
                          check=False).returncode == 0


def one_host(database, environment=None, arguments=(), own_clock=False):
    """`database`: "sqlite" or "postgresql", a PostgreSQL of the board's own under its supervisor.
    `own_clock`: its workers' can be stepped."""
    boards.DATABASE = None if database == "sqlite" else database
    stage = Stage()
    with contextlib.ExitStack() as undo:
        if own_clock:
            beside = Path(tempfile.mkdtemp(prefix="sbclock"))
            undo.callback(shutil.rmtree, beside, ignore_errors=True)
            stage.clock = beside / "clock"
            environment = {**(environment or {}), **clock.environment(beside / "build", stage.clock)}
        board = Board({**UNLIMITED, **(environment or {})}, arguments)
        if database == "postgresql":
            stage.cluster = Cluster(board.data / "postgresql")
        undo.callback(board.remove)
        board.start()
        undo.callback(board.stop)
        stage.boards.append(board)
        stage.undo = undo.pop_all()
    return stage
