# SPDX-License-Identifier: Apache-2.0
"""Ten times more than the board can do, and five floods: what becomes of those who play meanwhile."""
import argparse
import contextlib
import csv
import os
import platform
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))
from account_holders import AccountHolders  # noqa: E402
from loaded_board import CORES, LoadedBoard  # noqa: E402
from overload_bars import bars, middle, of, recovered  # noqa: E402
from overload_costs import per_request, refusal, whole  # noqa: E402
from overload_report import write_report  # noqa: E402
from verdict import ended, missed  # noqa: E402

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


# Each alone, in a closed loop of as many clients as fill the board; logins by so few that nobody is
# turned away.
COSTS = {"award": (), "forged": ("--kind", "forged"), "replays": ("--kind", "replays", "--players", 100),
         "one": ("--pick", "one"), "once": ("--pick", "once"),
         "logins": ("--kind", "logins", "--connections", 2)}


def series(file):
    with open(file, encoding="ascii") as lines:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(lines)]


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
                  f" p99 {of(told)['p99_ms']:.1f} ms", flush=True)
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
        before = self.board.processor_seconds()
        alone = self.board.load(*honest, "--seconds", self.seconds)
        found = {"alone": {"players": alone, "used": self.used_since(before), "longer": 1}}
        holders = AccountHolders(self.board.port).register()
        for name, arguments in (
                ("logins", ("--kind", "logins", *twice)),
                ("forged", ("--kind", "forged", *twice)),
                ("replays", ("--kind", "replays", "--players", 1000, *twice)),
                ("one", ("--pick", "one", *the_rest)),
                ("once", ("--pick", "once", *the_rest))):
            seconds = self.seconds
            if everybody and name == "once":
                seconds = everybody / (full["per_second"] * 4 / 5)
            with holders if name == "logins" else contextlib.nullcontext():
                found[name] = self.flood(honest, seconds, *arguments)
            found[name]["longer"] = seconds / self.seconds
            told = of(found[name]["players"])
            print(f"{name}: players p50 {told['p50_ms']:.1f} ms ({of(alone)['p50_ms']:.1f}"
                  f" alone), p99 {told['p99_ms']:.1f} ms ({of(alone)['p99_ms']:.1f} alone)",
                  flush=True)
        found["logins"]["let_in"] = holders.let_in()
        return found

    def costs(self, full):
        """{kind: {"cost": {part: ms}, "told": ...}} of one request."""
        found = {}
        for kind, arguments in COSTS.items():
            if "--connections" not in arguments:
                arguments = ("--connections", full["connections"], *arguments)
            before = self.board.processor_seconds()
            told = self.board.load(*arguments, "--seconds", self.seconds)
            found[kind] = {"cost": per_request(self.used_since(before), told["all"]["count"]),
                           "told": told}
            print(f"{kind}: {whole(found[kind]['cost']):.3f} ms of processor time each", flush=True)
        return found


def three_rounds(measure):
    """Full load and ten times as much, three times: the other load of a machine comes and goes."""
    rounds = []
    for _ in range(3):
        full = measure.full_load()
        ten = measure.ten_times(full)
        told = of(ten["flood"])
        print(f"{ten['rate']:.0f}/s: {told['count']} accepted, p99 {told['p99_ms']:.1f} ms,"
              f" {ten['lost']} lost", flush=True)
        rounds.append((full, ten))
    return middle(rounds)


def main():
    arguments = read_arguments()
    began = time.monotonic()
    with LoadedBoard(arguments.players) as board:
        measure = Overload(board, arguments.seconds)
        full, ten = three_rounds(measure)
        costs = measure.costs(full)
        costs["refused"] = {"cost": refusal(ten, costs["award"]["cost"])}
        floods = measure.floods(full, arguments.players if arguments.everybody else 0)
    machine = {"cores": len(CORES), "machine": platform.machine(), "load": os.getloadavg()[0],
               "minutes": (time.monotonic() - began) / 60, "seconds": arguments.seconds,
               "players": arguments.players}
    write_report(arguments.out, full, ten, floods, costs, machine)
    return ended(missed(bars(full, ten)))


if __name__ == "__main__":
    sys.exit(main())
