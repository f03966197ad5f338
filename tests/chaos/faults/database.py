# SPDX-License-Identifier: Apache-2.0
"""What happens to a PostgreSQL server: killed, restarted, paused, its connections ended, its disk full.
The cause has ended when it answers again, whoever started it: the board's own supervisor, or we as an
administrator's systemd would."""
import contextlib
import os
import signal
import subprocess
from pathlib import Path

from boards import eventually
from faults import fault, repeatedly
from postgresql import BINARIES, RUNTIME

BACK_SECONDS = 30


def postmaster(cluster):
    """Its pid, None if it has none."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
        return pid
    except (OSError, ValueError, IndexError):
        return None


def state_of(pid):
    """As the kernel calls it: T stands still, Z is dead and not yet collected; None: nobody."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None


def children(pid):
    return [int(child) for child in subprocess.run(
        ["pgrep", "-P", str(pid)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False).stdout.split()]


def family(cluster):
    pid = postmaster(cluster)
    return [] if pid is None else [pid, *children(pid)]


def hit(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # gone by something else that happens at the same time


def go_on(pids):
    """Perhaps they were paused by something else that happens at the same time."""
    for pid in pids:
        hit(pid, signal.SIGCONT)


def wait_until_back(stage, cluster):
    """Unless it was given up for good meanwhile (failover.py), or by another fault has no room to start in,
    may not write, or has nobody who starts it."""
    disk = stage.disks.get(cluster.directory)
    if cluster is stage.lost or (disk and disk.full) or not os.access(cluster.data, os.W_OK):
        return
    if stage.supervised and state_of(stage.boards[0].pid("supervisor")) == "T":
        return
    if stage.supervised:
        # Killed a moment ago it may still look as if it answered; another fault may have paused it.
        assert eventually(lambda: (pid := postmaster(cluster)) and
                          (state_of(pid) == "T" or cluster.ready()), BACK_SECONDS)
    else:
        cluster.start_again(BACK_SECONDS)


def end(stage, cluster, number):
    """Returns when the server is no more."""
    pid = postmaster(cluster)
    if pid is None:
        return
    members = family(cluster)  # who outlive their parent
    hit(pid, number)
    go_on(members)
    if not stage.supervised:
        cluster.process.wait(BACK_SECONDS)
    else:
        assert eventually(lambda: postmaster(cluster) != pid, BACK_SECONDS)


@contextlib.contextmanager
def paused(stage, cluster):
    """Its connections stay open and nobody answers, not even to a timeout of its own."""
    stopped = family(cluster)
    for one in stopped:
        hit(one, signal.SIGSTOP)
    try:
        yield
    finally:
        go_on(stopped)
    wait_until_back(stage, cluster)


@fault("postgresql-killed", needs=("postgresql",), may=("refusal",))
def postgresql_killed(stage, dice):
    """kill -9 of the server, its crash, or kill -9 of a session, for which it ends all others."""
    cluster = stage.cluster
    what = dice.choice(("killed", "crashed", "session"))
    pid = postmaster(cluster)
    if pid is not None and what == "session":
        hit(dice.choice(children(pid) or [pid]), signal.SIGKILL)
    else:
        end(stage, cluster, signal.SIGKILL if what == "killed" else signal.SIGQUIT)
    yield
    wait_until_back(stage, cluster)


@fault("postgresql-restarted", needs=("postgresql",), may=("refusal",), seconds=0.5)
def postgresql_restarted(stage, dice):
    """As for a new version of it: everybody is told to go, what it holds is written."""
    cluster = stage.cluster
    end(stage, cluster, signal.SIGINT)
    yield
    wait_until_back(stage, cluster)


@fault("postgresql-paused", needs=("postgresql",), may=("refusal",), seconds=2, long=20)
def postgresql_paused(stage, dice):
    with paused(stage, stage.cluster):
        yield


@fault("connections-terminated", needs=("postgresql",), may=("refusal",))
def connections_terminated(stage, dice):
    """All that workers have, five times a second."""
    def terminate():
        try:  # within a second: the server may be paused
            stage.cluster.call(
                "timeout", "1", BINARIES / "psql", "-X", "-q", "-h", stage.cluster.directory, "-U",
                "postgres", "-d", "postgres", "-c", "SELECT pg_terminate_backend(pid)"
                f" FROM pg_stat_activity WHERE usename = '{RUNTIME}'")
        except RuntimeError:
            pass  # the server itself is away
    with repeatedly(0.2, terminate):
        yield


@fault("database-disk-full", needs=("disk",), may=("refusal",), seconds=3)
def disk_full(stage, dice):
    """Rows find no room; if the journal of the server itself finds none, the server ends."""
    cluster = stage.cluster
    disk = stage.disks[cluster.directory]
    try:
        disk.fill()
        yield
    finally:
        disk.empty()
    wait_until_back(stage, cluster)
