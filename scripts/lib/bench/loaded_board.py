# SPDX-License-Identifier: Apache-2.0
"""A board of its own with many players, the load generator beside it, and what either does. Where there
are two processors or more the generators have the last one and the board has the others: what a
generator takes would otherwise be missing there."""
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from fill import fill_postgresql
from ports import free_port
from postgresql import Cluster
from processor_time import seconds_by_part

TOP = Path(__file__).resolve().parents[3]
BIN = Path(os.environ.get("SCOREBOARD_BUILD_DIR", TOP / "build" / "release")) / "bin"
CORES = sorted(os.sched_getaffinity(0))


def pinned(cores):
    return ["taskset", "-c", ",".join(map(str, cores))] if len(CORES) > 1 else []


class Load:
    """A running load-bench. `told()` waits for its end."""

    def __init__(self, command):
        self.process = subprocess.Popen([str(word) for word in command], text=True,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def told(self):
        out, _ = self.process.communicate(timeout=3600)
        if self.process.returncode != 0:
            raise SystemExit("load-bench failed")
        return json.loads(out)


class LoadedBoard:
    def __init__(self, players):
        self.players = players
        self.directory = Path(tempfile.mkdtemp(prefix="sbload"))
        self.directory.chmod(0o711)
        self.data = self.directory / "board"
        self.port = free_port()
        self.cluster = Cluster(self.data / "postgresql")

    def __enter__(self):
        # What a player may do in a minute is not what is measured here.
        environment = {**os.environ, "SCOREBOARD_LIMITS_AWARDS": "1000000"}
        self._run(*pinned(CORES[:-1]), TOP / "scripts" / "run", "--data", self.data, "--database",
                  "postgresql", "--port", self.port, "--detach", env=environment)
        try:
            fill_postgresql(self.cluster, self.players)
            self.cluster.psql("CHECKPOINT")  # now, not in the middle of something
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *fault):
        self._run(TOP / "scripts" / "run", "--data", self.data, "--stop")
        shutil.rmtree(self.directory, ignore_errors=True)

    @staticmethod
    def _run(*command, **options):
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, **options)
        if done.returncode != 0:
            raise SystemExit(done.stdout[-500:] + done.stderr[-500:])

    # Load.

    def begin(self, *arguments):
        keys = self.data / "keys"
        if "--players" not in arguments:
            arguments = ("--players", self.players, *arguments)
        return Load([*pinned(CORES[-1:]), BIN / "load-bench", "--port", self.port, "--access-keys",
                     keys / "access.jwks", "--action-keys", keys / "action.jwks", *arguments])

    def load(self, *arguments):
        return self.begin(*arguments).told()

    # What it did.

    def lost(self, acknowledged):
        """How many of the actions in these files were acknowledged, and how many of them the database
        does not have exactly once."""
        ids = [line for file in acknowledged for line in file.read_text().splitlines()]
        self.cluster.psql("CREATE TABLE IF NOT EXISTS acknowledged (action_id text);"
                          "TRUNCATE acknowledged;\nCOPY acknowledged FROM STDIN;\n"
                          + "\n".join(ids) + "\n\\.\n", database="scoreboard")
        stored = self.cluster.psql(
            "SELECT count(*) FROM (SELECT action_id FROM events JOIN acknowledged USING (action_id)"
            " GROUP BY action_id HAVING count(*) = 1) AS once", database="scoreboard")
        return len(ids), len(ids) - int(stored)

    def processor_seconds(self):
        """What the edge, the workers and the database have used so far."""
        pids = {name: int((self.data / "run" / f"{name}.pid").read_text())
                for name in ("edge", "worker-1", "worker-2", "postgresql")}
        part_of = {pids["edge"]: "edge", pids["postgresql"]: "database",
                   pids["worker-1"]: "workers", pids["worker-2"]: "workers"}
        return seconds_by_part(part_of)
