# SPDX-License-Identifier: Apache-2.0
"""A whole board for measuring its watchers: scripts/run with a PostgreSQL of its own and players who
need no login."""
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from fill import fill_postgresql
from live_nginx import shared_bytes
from ports import free_port
from postgresql import Cluster
from processes import memory_kib, tree

TOP = Path(__file__).resolve().parents[3]


class LiveBoard:
    def __init__(self, subscribers, tls=False, players=1000):
        self.players = players
        self.subscribers = subscribers
        self.tls = tls
        self.port = free_port()
        self.data = Path(tempfile.mkdtemp(prefix="sbfan"))
        self.data.chmod(0o711)

    def _run(self, *more):
        environment = {**os.environ, "SCOREBOARD_LIMITS_AWARDS": "1000000",
                       "SCOREBOARD_LIVE_SUBSCRIBERS_WANTED": str(self.subscribers)}
        done = subprocess.run([TOP / "scripts" / "run", "--data", self.data, *more],
                              env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)
        if done.returncode != 0:
            raise SystemExit(done.stdout + done.stderr)

    def start(self):
        tls = ["--tls", "--redirect-port", str(free_port())] if self.tls else []
        self._run("--database", "postgresql", "--port", str(self.port), "--detach", *tls)
        try:
            fill_postgresql(Cluster(self.data / "postgresql"), self.players)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        self._run("--stop")
        shutil.rmtree(self.data, ignore_errors=True)

    def arguments(self):
        """For fanout-bench: where it is, and how its board is changed."""
        keys = self.data / "keys"
        return ["--port", self.port, *(["--tls"] if self.tls else []),
                "--access-keys", keys / "access.jwks", "--action-keys", keys / "action.jwks"]

    def pid(self, name):
        run = self.data / "run"
        supervised = run / f"{name}-supervised.pid"  # an Nginx writes one of its own besides
        return int((supervised if supervised.exists() else run / f"{name}.pid").read_text())

    def supervisor_pid(self):
        return int((self.data / "run" / "supervisor.pid").read_text())

    def nchan_memory_kib(self):
        return shared_bytes(self.data) / 1024

    def temporary_files(self):
        return len(self._temporary())

    def temporary_kib(self):
        return sum(file.stat().st_size for file in self._temporary() if file.exists()) // 1024

    def _temporary(self):
        return [file for file in (self.data / "run").rglob("*") if file.is_file()]

    def journal(self):
        """Actions counted so far."""
        return int(Cluster(self.data / "postgresql").psql("SELECT count(*) FROM events",
                                                          database="scoreboard"))

    def memory_kib(self, name):
        """(resident, proportional) of "edge" or "live", all its processes."""
        each = [memory_kib(pid) for pid in tree(self.pid(name))]
        return sum(one[0] for one in each), sum(one[1] for one in each)

    def restart(self, name):
        """By killing it: its supervisor starts another."""
        before = self.pid(name)
        os.kill(before, signal.SIGTERM)
        deadline = time.monotonic() + 20
        while self.pid(name) == before or len(tree(self.pid(name))) < 2:
            if time.monotonic() > deadline:
                raise SystemExit(f"{name} did not come back")
            time.sleep(0.02)
