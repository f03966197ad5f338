# SPDX-License-Identifier: Apache-2.0
"""Ten times more than the board can do, and five floods: what becomes of those who play meanwhile."""
import argparse
import csv
import os
import platform
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))
from loaded_board import CORES, LoadedBoard  # noqa: E402
from overload_report import write_report  # noqa: E402

CONNECTIONS = (8, 16, 32, 64, 128)
TIMES = 10
GENERATOR_MAX = 40_000   # requests a second that one load-bench can send and hear of on a core
PROBE_RATE = 100         # those who play before, during and after
PROBE_BEFORE, PROBE_AFTER = 3, 5


def read_arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=6, help="of one measurement (6)")
    parser.add_argument("--players", type=int, default=1_000_000, help="on the board (1000000)")
    parser.add_argument("--everybody", action="store_true",
                        help="players who play once: all that there are, a quarter of an hour of them")
    parser.add_argument("--out", type=Path, default=HERE.parents[2] / "docs" / "benchmarks")
    return parser.parse_args()


def series(file):
    with open(file, encoding="ascii") as lines:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(lines)]


def answered(told):
    return told["status"].get("200", {"count": 0, "p50_ms": 0, "p99_ms": 0})


class Overload:
    def __init__(self, board, seconds):
        self.board = board
        self.seconds = seconds

    def full_load(self):
        """Closed loops of more and more connections, until something is refused or another doubling
        brings less than a tenth."""
        best = None
        for connections in CONNECTIONS:
            told = self.board.load("--connections", connections, "--warmup", 1, "--seconds", 3)
            print(f"closed loop, {connections} connections: {told['per_second']:.0f}/s,"
                  f" p99 {answered(told)['p99_ms']:.1f} ms", flush=True)
            if list(told["status"]) != ["200"]:
                break
            if best and told["per_second"] < best["per_second"] * 1.1:
                if told["per_second"] > best["per_second"]:
                    best = {**told, "connections": connections}
                break
            best = {**told, "connections": connections}
        return best

    def ten_times(self, full):
        """The flood, and players who were there before and still are afterwards."""
        directory = self.board.directory
        rate = min(TIMES * full["per_second"], GENERATOR_MAX)
        acknowledged = [directory / "probe.txt", directory / "flood.txt"]
        before = self.board.processor_seconds()
        probe = self.board.begin(
            "--rate", PROBE_RATE, "--poisson", "--seconds", PROBE_BEFORE + self.seconds + PROBE_AFTER,
            "--series", directory / "probe.csv", "--acknowledged", acknowledged[0])
        began = time.monotonic()
        time.sleep(PROBE_BEFORE)
        at = time.monotonic() - began
        flood = self.board.load(
            "--rate", rate, "--poisson", "--seconds", self.seconds, "--connections", 4000,
            "--series", directory / "flood.csv", "--acknowledged", acknowledged[1])
        told = {"rate": rate, "at": at, "until": at + self.seconds, "flood": flood,
                "probe": probe.told(), "probe_series": series(directory / "probe.csv"),
                "flood_series": series(directory / "flood.csv")}
        told["used"] = self.used_since(before)
        told["acknowledged"], told["lost"] = self.board.lost(acknowledged)
        told["recovered_s"] = recovered(told["probe_series"], at, at + self.seconds)
        return told

    def used_since(self, before):
        now = self.board.processor_seconds()
        return {part: now[part] - before[part] for part in now}

    def flood(self, honest, seconds, *arguments):
        """Those who play while this goes on."""
        before = self.board.processor_seconds()
        flood = self.board.begin("--seconds", seconds + 1, *arguments)
        time.sleep(0.5)
        players = self.board.load(*honest, "--seconds", seconds)
        return {"players": players, "flood": flood.told(), "used": self.used_since(before)}

    def floods(self, full, everybody):
        """Each for as long as all is measured; `everybody`: that many players play once."""
        honest = ("--rate", full["per_second"] / 5, "--poisson")
        twice = ("--rate", full["per_second"] * 2, "--poisson", "--connections", 2000)
        the_rest = ("--rate", full["per_second"] * 4 / 5, "--poisson", "--connections", 2000)
        alone = self.board.load(*honest, "--seconds", self.seconds)
        found = {"alone": alone}
        for name, arguments in (
                ("logins", ("--kind", "logins", *twice)),
                ("forged", ("--kind", "forged", *twice)),
                ("replays", ("--kind", "replays", "--players", 1000, *twice)),
                ("one", ("--pick", "one", *the_rest)),
                ("once", ("--pick", "once", *the_rest))):
            seconds = self.seconds
            if everybody and name == "once":
                seconds = everybody / (full["per_second"] * 4 / 5)
            found[name] = self.flood(honest, seconds, *arguments)
            told = answered(found[name]["players"])
            print(f"{name}: players p50 {told['p50_ms']:.1f} ms ({answered(alone)['p50_ms']:.1f}"
                  f" alone), p99 {told['p99_ms']:.1f} ms ({answered(alone)['p99_ms']:.1f} alone)",
                  flush=True)
        return found


def recovered(rows, began, ended):
    """Seconds from the end of the flood to the first second in which nobody is refused and the slow ones
    are as they were before, within a factor of two."""
    usual = statistics.median(row["ok_p99_ms"] for row in rows if row["second"] < began - 0.1)
    after = [row for row in rows if row["second"] >= ended]
    for start in range(len(after) - 9):
        second = after[start:start + 10]
        if all(row["refused"] + row["lost"] + row["other"] == 0 for row in second) and \
                statistics.median(row["ok_p99_ms"] for row in second) <= 2 * usual:
            return second[0]["second"] - ended
    return None


def slowed(full, ten):
    """What is accepted, slower than at full load: the ratio of their p99."""
    return answered(ten["flood"])["p99_ms"] / answered(full)["p99_ms"]


def middle_of_three(measure):
    """Full load and ten times as much, three times: the other load of a machine comes and goes. What was
    lost in any is lost."""
    rounds = []
    for _ in range(3):
        full = measure.full_load()
        ten = measure.ten_times(full)
        told = answered(ten["flood"])
        print(f"{ten['rate']:.0f}/s: {told['count']} accepted, p99 {told['p99_ms']:.1f} ms,"
              f" {ten['lost']} lost", flush=True)
        rounds.append((full, ten))
    rounds.sort(key=lambda one: slowed(*one))
    full, ten = rounds[1]
    ten["slowed"] = [slowed(*one) for one in rounds]
    for part in ("acknowledged", "lost"):
        ten[part] = sum(one[1][part] for one in rounds)
    return full, ten


def main():
    arguments = read_arguments()
    began = time.monotonic()
    with LoadedBoard(arguments.players) as board:
        measure = Overload(board, arguments.seconds)
        full, ten = middle_of_three(measure)
        floods = measure.floods(full, arguments.players if arguments.everybody else 0)
    machine = {"cores": len(CORES), "machine": platform.machine(), "load": os.getloadavg()[0],
               "minutes": (time.monotonic() - began) / 60, "seconds": arguments.seconds,
               "players": arguments.players}
    write_report(arguments.out, full, ten, floods, machine)
    return 0


if __name__ == "__main__":
    sys.exit(main())
