# SPDX-License-Identifier: Apache-2.0
"""Real boards for the tests: started by scripts/run, stopped by it, each on a port and a directory of
its own."""
import contextlib
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import leaks

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "scripts" / "lib"))
from ports import free_port  # noqa: E402
from postgresql import OWNER, RUNTIME, Cluster  # noqa: E402

# The engine that boards run on: none for SQLite, "postgresql" for a PostgreSQL of each board's own.
DATABASE = os.environ.get("SCOREBOARD_TEST_DATABASE")
BUILD = Path(os.environ.get("SCOREBOARD_BUILD_DIR", TOP / "build" / "release"))


def unverified_tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Board:
    """`namespace`: the network it stands in (namespaces.py), if not in ours. `cluster`: the
    PostgreSQL it was told of, if it does not make its own."""

    def __init__(self, environment=None, arguments=(), namespace=None, cluster=None):
        self.namespace = namespace
        self.cluster = cluster
        # Short: the paths of unix sockets are.
        self.data = Path(tempfile.mkdtemp(prefix="sb"))
        self.port = free_port()
        # For connections to a board with TLS, which nobody else vouches for.
        self.tls = unverified_tls() if "--tls" in arguments else None
        self.redirect_port = free_port() if self.tls else None
        self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "SCOREBOARD_BUILD_DIR": str(BUILD),
                            "SCOREBOARD_AUTH_PASSWORD_COST": "1",
                            "SCOREBOARD_AUTH_PASSWORD_CONCURRENCY": "4", **(environment or {})}
        self.arguments = [*(("--database", DATABASE) if DATABASE else ()), *arguments,
                          *(("--redirect-port", str(self.redirect_port)) if self.tls else ())]

    def use(self, uri):
        """The database at `uri`, which names no role."""
        self.arguments += ["--database", f"{uri}&user={RUNTIME}"]
        self.environment["SCOREBOARD_DATABASE_OWNER_URI"] = f"{uri}&user={OWNER}"

    def inside(self):
        """With this, a thread starts and connects from where the board is."""
        return self.namespace.inside() if self.namespace else contextlib.nullcontext()

    def command(self, *more):
        return [str(TOP / "scripts" / "run"), "--data", str(self.data), *more]

    def start(self):
        with self.inside():
            done = subprocess.run(
                self.command("--port", str(self.port), "--detach", *self.arguments),
                env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return self

    def stop(self):
        done = subprocess.run(self.command("--stop"), env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=30 * crowd())
        assert done.returncode == 0, done.stdout + done.stderr
        self.check_logs()

    def check_logs(self):
        """That no log holds what none may hold; names file and line. Of tests with boards, every
        one ends with this."""
        if (self.data / "log").is_dir():
            leaks.check_logs(self.data / "log")

    def remove(self):
        shutil.rmtree(self.data, ignore_errors=True)

    def pid(self, name):
        file = self.data / "run" / f"{name}.pid"
        # Nginx writes its own in place: for a moment it is there and empty.
        return int(eventually(lambda: file.exists() and file.read_text()))

    def kill(self, name, number=signal.SIGKILL):
        """By its own pid; returns it."""
        pid = self.pid(name)
        os.kill(pid, number)
        return pid

    def log(self, name):
        """Its whole lines: of the last one perhaps only a part is written yet."""
        text = (self.data / "log" / f"{name}.log").read_text(errors="replace")
        return text[:text.rfind("\n") + 1]

    def sql(self, statement):
        """Straight into the database, past everything; as its owner."""
        if DATABASE == "postgresql":
            cluster = self.cluster or Cluster(self.data / "postgresql")
            return cluster.psql(statement, database="scoreboard")
        return subprocess.run(["sqlite3", self.data / "scoreboard.db", statement], check=True,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout

    def dump(self):
        """Everything in the database, as bytes: what somebody who steals it finds."""
        if DATABASE == "postgresql":
            return Cluster(self.data / "postgresql").dump("scoreboard").encode()
        text = subprocess.run(["sqlite3", self.data / "scoreboard.db", ".dump"], check=True,
                              stdin=subprocess.DEVNULL, capture_output=True).stdout
        # Also what was deleted, and what is not yet in its place.
        return text + b"".join(file.read_bytes() for file in self.data.glob("scoreboard.db*"))

    def ctl(self, *arguments, check=True):
        with self.inside():
            done = subprocess.run(
                [str(BUILD / "bin" / "scoreboardctl"), "--config",
                 str(self.data / "scoreboard.toml"), *arguments],
                env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=120)
        if check:
            assert done.returncode == 0, done.stdout + done.stderr
        return done


def crowd():
    """How many want each processor at this moment: 1 where nobody has to wait, never more than 10."""
    with open("/proc/loadavg", encoding="ascii") as file:
        running = int(file.read().split()[3].split("/")[0])
    return min(max(1.0, running / os.cpu_count()), 10.0)


def eventually(condition, seconds=5.0, interval=0.02):
    """The first true value of condition(), or its last value when time is up. The seconds are those of
    a machine that has nothing else to do: while several want each processor, they are as many times
    longer."""
    left = seconds
    last = time.monotonic()
    while True:
        value = condition()
        now = time.monotonic()
        left -= (now - last) / crowd()
        last = now
        if value or left < 0:
            return value
        time.sleep(interval)
