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
from disks import Disk, can_mount
from postgresql import Cluster

# Scores as fast as they can be made, and any number of sessions.
UNLIMITED = {"SCOREBOARD_LIMITS_AWARDS": "1000000"}
DISK_SIZE = "3G"  # of what the file system is; what is written is what it takes


class Stage:
    """`boards`: one a host, started. `cluster`: the primary, None on SQLite; `supervised` if somebody
    starts it again. `standby`: a Cluster that follows it. `lost`: a server that was given up for good.
    `disks`: those that can be filled, by the directory of a server. `network`: the cables between
    hosts (namespaces.py). `poolers`: the PgBouncers. `clock`: the file that the workers' clocks
    follow (clock.py). `picked`: the hosts, by number, that the fault which begins has for itself.
    `suffers`: the names of the faults that have begun and not ended.
    `close()` ends everything and is safe to call twice; close callbacks go to `undo`."""

    def __init__(self):
        self.boards = []
        self.cluster = None
        self.standby = None
        self.lost = None
        self.supervised = False
        self.disks = {}
        self.network = None
        self.poolers = None
        self.clock = None
        self.picked = set()
        self.suffers = set()
        self.undo = contextlib.ExitStack()

    def close(self):
        self.undo.close()

    def pick(self, dice):
        """One host's board, for a fault that nobody else's clients may notice. Until a fault has begun, not
        from a thread of its own."""
        host = dice.randrange(len(self.boards))
        self.picked.add(host)
        return self.boards[host]

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.close()

    def make_clock(self, undo):
        """What the boards' environment needs for workers whose clocks can be stepped."""
        beside = Path(tempfile.mkdtemp(prefix="sbclock"))
        undo.callback(shutil.rmtree, beside, ignore_errors=True)
        self.clock = beside / "clock"
        return clock.environment(beside / "build", self.clock)

    @property
    def has(self):
        """What faults may ask for."""
        return {name for name, there in {
            "sqlite": self.cluster is None, "postgresql": self.cluster is not None,
            "standby": self.standby is not None, "network": self.network is not None,
            "disk": bool(self.disks), "supervised": self.supervised,
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
            environment = {**(environment or {}), **stage.make_clock(undo)}
        board = Board({**UNLIMITED, **(environment or {})}, arguments)
        if database == "postgresql":
            stage.cluster = Cluster(board.data / "postgresql")
            stage.supervised = True
        undo.callback(board.remove)
        if database == "postgresql" and can_mount():
            disk = Disk(stage.cluster.directory, Path(f"{board.data}.img"), DISK_SIZE)
            undo.callback(disk.remove)
            stage.disks[stage.cluster.directory] = disk
        undo.callback(board.stop)  # also one that was started by half
        board.start()
        stage.boards.append(board)
        stage.undo = undo.pop_all()
    return stage
