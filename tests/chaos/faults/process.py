# SPDX-License-Identifier: Apache-2.0
"""What happens to processes: workers and both Nginx are killed, stopped, reloaded, restarted; the
publisher dies between the database and the watchers."""
import contextlib
import os
import signal
from pathlib import Path

from boards import eventually
from faults import fault, repeatedly
from faults.database import end, state_of, wait_until_back

KILL_EVERY_SECONDS = 0.2


def worker_names(board):
    return sorted(file.stem for file in (board.data / "run").glob("worker-*.pid"))


def send(pid, number):
    """To whoever is still there: two faults may have met."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def alive(pid):
    return state_of(pid) not in (None, "Z")


def kill(board, name, number=signal.SIGKILL):
    with contextlib.suppress(ProcessLookupError):
        board.kill(name, number)


@contextlib.contextmanager
def stopped(*pids):
    """They stand still; nothing that they hold is let go."""
    for pid in pids:
        send(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            send(pid, signal.SIGCONT)


def children(pid):
    """Of a process, as the kernel tells."""
    with contextlib.suppress(OSError):
        return [int(child) for file in Path(f"/proc/{pid}/task").glob("*/children")
                for child in file.read_text().split()]
    return []


@fault("worker-killed", seconds=2)
def worker_killed(stage, dice):
    """kill -9 of a random worker of a random host, again and again. Nobody notices."""
    def one():
        board = dice.choice(stage.boards)
        kill(board, dice.choice(worker_names(board)))
    with repeatedly(KILL_EVERY_SECONDS, one):
        yield


@fault("worker-stopped", may=("refusal",), seconds=2, long=12)
def worker_stopped(stage, dice):
    """Half of the requests wait for it, or are given to the other after seven seconds. What waited in its own
    queue is refused when it goes on: nobody waits for that any more."""
    board = dice.choice(stage.boards)
    with stopped(board.pid(dice.choice(worker_names(board)))):
        yield


@fault("edge-killed", may=("refusal", "cut"))
def edge_killed(stage, dice):
    """kill -9 of its master; its workers go with it."""
    kill(stage.pick(dice), "edge-supervised")
    yield


@fault("edge-restarted", may=("refusal", "cut"))
def edge_restarted(stage, dice):
    kill(stage.pick(dice), "edge-supervised", signal.SIGTERM)
    yield


@fault("edge-worker-killed", may=("refusal", "cut"))
def edge_worker_killed(stage, dice):
    """kill -9 of one of its processes: what it had in hand is lost."""
    board = stage.pick(dice)
    for child in children(board.pid("edge"))[:1]:
        send(child, signal.SIGKILL)
    yield


@fault("edge-reloaded", seconds=1)
def edge_reloaded(stage, dice):
    """Again and again. Nobody notices."""
    board = dice.choice(stage.boards)
    with repeatedly(0.3, lambda: kill(board, "edge-supervised", signal.SIGHUP)):
        yield


@fault("live-killed")
def live_killed(stage, dice):
    """kill -9 of its master: everybody is cut off; no request fails."""
    kill(dice.choice(stage.boards), "live-supervised")
    yield


@fault("live-worker-killed", leaves=64 << 10)
def live_worker_killed(stage, dice):
    """kill -9 of its one process: the master makes another, which has no boards. What the killed one held of
    Nchan's shared memory nobody gives back before a restart."""
    board = dice.choice(stage.boards)
    for child in children(board.pid("live")):
        send(child, signal.SIGKILL)
    yield


@fault("live-restarted")
def live_restarted(stage, dice):
    kill(dice.choice(stage.boards), "live-supervised", signal.SIGTERM)
    yield


@fault("live-reloaded")
def live_reloaded(stage, dice):
    """A reload cuts everybody, too."""
    kill(dice.choice(stage.boards), "live-supervised", signal.SIGHUP)
    yield


@fault("live-stopped", seconds=2)
def live_stopped(stage, dice):
    board = dice.choice(stage.boards)
    with stopped(board.pid("live"), *children(board.pid("live"))):
        yield


def publisher_name(board):
    """The worker that holds the publisher's lock; None while nobody does."""
    lock = board.data / "run" / "publisher.lock"
    with contextlib.suppress(OSError):
        inode = lock.stat().st_ino
        for line in Path("/proc/locks").read_text().splitlines():
            _, kind, _, access, pid, where, *_ = line.split()
            if (kind, access) == ("FLOCK", "WRITE") and where.endswith(f":{inode}"):
                for name in worker_names(board):
                    if board.pid(name) == int(pid):
                        return name
    return None


@fault("publisher-killed-before-publishing", seconds=0.5)
def publisher_killed(stage, dice):
    """The live Nginx stands still, so the publisher waits for it with a board that the database has;
    then it is killed, and somebody else has to tell everybody."""
    board = dice.choice(stage.boards)
    with stopped(board.pid("live"), *children(board.pid("live"))):
        yield
        name = eventually(lambda: publisher_name(board), 3)
        # Where all are away by something else there is nobody to do it.
        assert name or not any(alive(board.pid(one)) for one in worker_names(board)), "nobody publishes"
        if name:
            kill(board, name)


@fault("outage", needs=("supervised",), may=("refusal",), seconds=3, long=60)
def outage(stage, dice):
    """Database and workers are away and nobody starts them again: what is left is the board as it was,
    from files. Over when the database answers."""
    (board,) = stage.boards
    with stopped(board.pid("supervisor")):
        for name in worker_names(board):
            kill(board, name)
        end(stage, stage.cluster, signal.SIGQUIT)
        yield
    wait_until_back(stage, stage.cluster)


@fault("workers-away", may=("refusal",), seconds=2, long=60)
def workers_away(stage, dice):
    """All of a host's, and nobody starts them again."""
    board = stage.pick(dice)
    with stopped(board.pid("supervisor")):
        for name in worker_names(board):
            kill(board, name)
        yield
