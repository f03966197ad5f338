# SPDX-License-Identifier: Apache-2.0
"""What happens to a host: its clock is stepped, descriptors run out, a disk can no longer be written."""
import contextlib
import os
import resource
import subprocess

from faults import fault
from faults.database import wait_until_back
from faults.process import children, worker_names

# And a minute: a token of an hour is over at once, not in the middle of the next round.
HOUR_SECONDS = 3660


@contextlib.contextmanager
def no_descriptors(dice, *pids):
    """They keep those that are open and get hardly another: so much that they accept what they cannot
    serve, or so little that they do not."""
    kept = {}
    try:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                kept[pid] = resource.prlimit(pid, resource.RLIMIT_NOFILE)
                highest = max(map(int, os.listdir(f"/proc/{pid}/fd")))
                resource.prlimit(pid, resource.RLIMIT_NOFILE,
                                 (highest + 1 + dice.randrange(4), kept[pid][1]))
        yield
    finally:
        for pid, limits in kept.items():
            for one in (pid, *children(pid)):  # who was born meanwhile has what its parent had
                with contextlib.suppress(ProcessLookupError):
                    resource.prlimit(one, resource.RLIMIT_NOFILE, limits)


@fault("worker-without-descriptors", may=("refusal",), seconds=2)
def worker_without_descriptors(stage, dice):
    board = stage.pick(dice)
    with no_descriptors(dice, board.pid(dice.choice(worker_names(board)))):
        yield


@fault("edge-without-descriptors", may=("refusal", "cut"), seconds=2)
def edge_without_descriptors(stage, dice):
    board = stage.pick(dice)
    with no_descriptors(dice, board.pid("edge"), *children(board.pid("edge"))):
        yield


@fault("live-without-descriptors", seconds=2)
def live_without_descriptors(stage, dice):
    board = dice.choice(stage.boards)
    with no_descriptors(dice, board.pid("live"), *children(board.pid("live"))):
        yield


@contextlib.contextmanager
def immutable(directory, *files):
    """Not even root may write them, by an open descriptor either. A file may be gone by then."""
    def may_be_written(sign):
        subprocess.run(["chattr", f"{sign}i", directory], check=True, stdin=subprocess.DEVNULL)
        if files:
            subprocess.run(["chattr", "-f", f"{sign}i", *files], check=False,
                           stdin=subprocess.DEVNULL)
    may_be_written("+")
    try:
        yield
    finally:
        may_be_written("-")


@fault("data-read-only", needs=("sqlite", "root", "attributes"), may=("refusal",), seconds=2)
def data_read_only(stage, dice):
    """The database and its log, and nothing new beside them. Not its index in shared memory, whose pages
    would kill who writes them."""
    data = stage.boards[0].data
    with immutable(data, data / "scoreboard.db", data / "scoreboard.db-wal"):
        yield


@fault("database-read-only", needs=("supervised", "root", "attributes"), may=("refusal",), seconds=2)
def database_read_only(stage, dice):
    """The server's files: it ends, and does not start as long as it cannot write its log."""
    files = [file for file in stage.cluster.data.rglob("*") if file.is_file() and not file.is_symlink()]
    with immutable(stage.cluster.data, *files):
        yield
    wait_until_back(stage, stage.cluster)


@fault("snapshot-read-only", needs=("root", "attributes"), seconds=2)
def snapshot_read_only(stage, dice):
    """The files that the board is read from. Nobody is refused, and watchers are told all the same."""
    with immutable(dice.choice(stage.boards).data / "run" / "board"):
        yield


def step_clock(stage, seconds):
    """Of the workers of all hosts; the machine's own is everybody's."""
    beside = stage.clock.with_suffix(".next")
    beside.write_text(f"{seconds:+d}\n")
    beside.rename(stage.clock)


@fault("clock-stepped-forward", needs=("clock",), may=("clock",))
def clock_stepped_forward(stage, dice):
    """An hour, and back again: sessions are over, signatures too old."""
    step_clock(stage, HOUR_SECONDS)
    try:
        yield
    finally:
        step_clock(stage, 0)


@fault("clock-stepped-back", needs=("clock",), may=("clock",))
def clock_stepped_back(stage, dice):
    """An hour: tokens and signatures are of the future."""
    step_clock(stage, -HOUR_SECONDS)
    try:
        yield
    finally:
        step_clock(stage, 0)
