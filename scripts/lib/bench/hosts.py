# SPDX-License-Identifier: Apache-2.0
"""What each further host brings, and what it asks of the primary: one, two and three hosts on one
PostgreSQL primary with its synchronous standby, in networks of their own. All of them share this
machine's processors, so what is told is the processor time that one update costs on either side, from
which follows what hosts of their own would carry."""
import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[2]
sys.path[:0] = [str(HERE), str(HERE.parent), *(str(TOP / "tests" / name)
                                               for name in (".", "e2e", "postgresql", "chaos"))]
from fill import fill_postgresql  # noqa: E402
from hosts_bars import bars  # noqa: E402
from hosts_report import PARTS, conclusions, line, write_report  # noqa: E402
from many_hosts import many_hosts  # noqa: E402
from processor_time import seconds_by_part  # noqa: E402
from verdict import ended, missed  # noqa: E402

BIN = Path(os.environ.get("SCOREBOARD_BUILD_DIR", TOP / "build" / "release")) / "bin"
CORES = sorted(os.sched_getaffinity(0))
PLAYERS = 100_000
CONNECTIONS = 32
CALLERS = 128


def read_arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench hosts", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="of one measurement (8)")
    parser.add_argument("--rate", type=int, default=300,
                        help="updates a second of all hosts together, in the open loop (300)")
    parser.add_argument("--hosts", type=int, nargs="+", choices=(1, 2, 3), default=[1, 2, 3])
    parser.add_argument("--out", type=Path, default=TOP / "docs" / "benchmarks")
    return parser.parse_args()


def told(process):
    out, _ = process.communicate(timeout=600)
    if process.returncode != 0 and not out:  # what fails in part says so
        raise SystemExit(f"{process.args[0]} failed")
    return json.loads(out)


class Measured:
    """A stage with players, and what load on all of its hosts at once makes of it."""

    def __init__(self, stage):
        self.stage = stage
        fill_postgresql(stage.cluster, PLAYERS)
        stage.cluster.psql("CHECKPOINT")

    def load(self, *arguments):
        """On each host at once, through its edge."""
        keys = self.stage.boards[0].data / "keys"
        running = []
        for board in self.stage.boards:
            with board.inside():
                running.append(subprocess.Popen(
                    [str(word) for word in (
                        "taskset", "-c", CORES[-1], BIN / "load-bench", "--port", board.port,
                        "--access-keys", keys / "access.jwks", "--action-keys", keys / "action.jwks",
                        "--players", PLAYERS, *arguments)],
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True))
        return [told(one) for one in running]

    def queues(self, seconds):
        """A commit queue for each host and nothing else: what the primary can take."""
        running = [subprocess.Popen(
            [str(word) for word in (
                BIN / "store-bench", "--uri", self.stage.cluster.uri(), "award", "--players", PLAYERS,
                "--callers", CALLERS, "--seconds", seconds)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) for _ in self.stage.boards]
        return [told(one) for one in running]

    def primary_alone(self, seconds):
        self.queues(2)
        entries, began = self.entries(), time.monotonic()
        found = self.queues(seconds)
        lasted = time.monotonic() - began
        return {"per_second": sum(one["per_second"] for one in found),
                "others": sum(one["failed"] for one in found),
                "p50_ms": max(one["p50_ms"] for one in found),
                "p99_ms": max(one["p99_ms"] for one in found),
                "entries": (self.entries() - entries) / lasted, "busy": 0}

    def measure(self, seconds, *arguments):
        self.load("--seconds", 2, *arguments)  # plans, pages, connections
        entries, used = self.entries(), self.processor_seconds()
        began = time.monotonic()
        found = self.load("--seconds", seconds, *arguments)
        lasted = time.monotonic() - began
        now = self.processor_seconds()
        updates = sum(one["status"].get("200", {"count": 0})["count"] for one in found)
        others = sum(one["broken"] + one["timed_out"] + sum(
            count["count"] for status, count in one["status"].items() if status != "200")
            for one in found)
        if not updates:
            raise SystemExit(f"no update was answered: {found}")
        good = [one["status"]["200"] for one in found if "200" in one["status"]]
        return {"per_second": updates / seconds, "others": others,
                "p50_ms": max(one["p50_ms"] for one in good),
                "p99_ms": max(one["p99_ms"] for one in good),
                "entries": (self.entries() - entries) / lasted,
                **{part: 1000 * (now[part] - used[part]) / updates for part in PARTS},
                "busy": sum(now[part] - used[part] for part in PARTS) / lasted}

    def entries(self):
        return int(self.stage.cluster.psql("SELECT seq FROM journal_head", "scoreboard"))

    def processor_seconds(self):
        part_of = {}
        for board in self.stage.boards:
            for name in ("edge", "live", "worker-1", "worker-2"):
                part_of[board.pid(name)] = "hosts"
        part_of[self.stage.cluster.process.pid] = "primary"
        part_of[self.stage.standby.process.pid] = "standby"
        for pooler in self.stage.poolers:
            part_of[pooler.process.pid] = "pgbouncer"
        return seconds_by_part(part_of)


def main():
    arguments = read_arguments()
    if len(CORES) > 1:
        os.sched_setaffinity(0, CORES[:-1])  # of all that is started from here
    rows = []
    for count in arguments.hosts:
        with many_hosts(count) as stage:
            measured = Measured(stage)
            for kind, one in (
                    ("open", lambda m=measured, n=count: m.measure(
                        arguments.seconds, "--rate", arguments.rate / n, "--connections", 200)),
                    ("closed", lambda m=measured: m.measure(
                        arguments.seconds, "--connections", CONNECTIONS)),
                    ("queue", lambda m=measured: m.primary_alone(arguments.seconds))):
                rows.append((count, kind, one()))
                print(line(*rows[-1]), f"busy {rows[-1][2]['busy']:.2f},",
                      f"not 200: {rows[-1][2]['others']}", flush=True)
    print(conclusions(rows))
    write_report(arguments.out, rows, {
        "cores": len(CORES), "seconds": arguments.seconds, "rate": arguments.rate, "players": PLAYERS,
        "connections": CONNECTIONS, "callers": CALLERS})
    return ended(missed(bars(rows, arguments.rate)))


if __name__ == "__main__":
    sys.exit(main())
