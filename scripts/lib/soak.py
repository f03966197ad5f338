# SPDX-License-Identifier: Apache-2.0
"""Updates and watchers for hours, on a board of its own. Each ten seconds: the memory and descriptors of
every process, Nchan's shared memory, temporary files. At the end docs/benchmarks/soak.md, and exit
status 1 if the load was not there, or the watchers, if a process was replaced by another, or if
anything grew. A longer run finds smaller leaks."""
import argparse
import csv
import json
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE / "bench")]
from processes import descriptors, memory_kib, tree  # noqa: E402
from soak_bars import bars, flatness  # noqa: E402
from soak_report import write_report  # noqa: E402
from verdict import ended, missed  # noqa: E402

SAMPLE_SECONDS = 10
SLICE_SECONDS = 600      # of a load generator: its tokens are good for an hour
FIELDS = ("second", "what", "memory_kib", "descriptors", "pid")


def read_arguments():
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=1, help="fractions are welcome (1)")
    parser.add_argument("--rate", type=float, default=500, help="updates a second (500)")
    parser.add_argument("--watchers", type=int, default=5000, help="half of them EventSource (5000)")
    parser.add_argument("--out", type=Path, default=TOP / "docs" / "benchmarks",
                        help="directory for soak.md and soak.svg (docs/benchmarks)")
    parser.add_argument("--samples", type=Path, default=TOP / "build" / "soak",
                        help="directory for soak.csv and soak.json (build/soak)")
    parser.add_argument("--again", action="store_true",
                        help="measure nothing: tell again of the run whose samples are there")
    arguments = parser.parse_args()
    if not 0.05 <= arguments.hours <= 1000 or arguments.rate <= 0 or arguments.watchers < 2:
        parser.error("--hours from 0.05 to 1000, --rate and --watchers above nothing")
    return arguments


class Sampler:
    """What a board's processes hold. Those of PostgreSQL count together and without the buffers that
    they share, which fill for as long as the run lasts and no further than they were made."""

    def __init__(self, board):
        self.board = board
        self.began = time.monotonic()
        self.rows = []

    def _process(self, what, pids, anonymous=False):
        """Nothing for one that is not there: it may be back at the next look, as another."""
        kib = files = 0
        there = False
        for pid in pids:
            try:
                kib += memory_kib(pid)[2 if anonymous else 0]
                files += descriptors(pid)
                there = there or pid == pids[0]
            except (FileNotFoundError, ProcessLookupError):
                pass  # it ended between two looks
        return [(what, kib, files, pids[0])] if there else []

    def _pids(self, name):
        """A process by its name and all below it; none while it is being replaced."""
        try:
            first = self.board.supervisor_pid() if name == "supervisor" else self.board.pid(name)
            return [first, *sorted(tree(first)[1:])]
        except (FileNotFoundError, ValueError):
            return []

    def _live_memory(self):
        try:
            return [("Nchan's memory", self.board.nchan_memory_kib(), "", "")]
        except OSError:
            return []

    def sample(self):
        found = [*self._process("supervisor", self._pids("supervisor")[:1]),
                 *self._process("postgresql", self._pids("postgresql"), anonymous=True)]
        for name in ("worker-1", "worker-2"):
            found += self._process(name, self._pids(name)[:1])
        for name in ("edge", "live"):
            for number, pid in enumerate(self._pids(name)):
                found += self._process(f"{name} {number or 'master'}", [pid])
        found += self._live_memory()
        found.append(("temporary files", self.board.temporary_kib(), self.board.temporary_files(), ""))
        second = round(time.monotonic() - self.began, 1)
        self.rows += [dict(zip(FIELDS, (second, *one))) for one in found]

    def write(self, file):
        with open(file, "w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)


class Load:
    """Updates at a steady rate, by one generator after the other."""

    def __init__(self, board, rate, players):
        self.command = [str(word) for word in (
            Path(os.environ["SCOREBOARD_BUILD_DIR"]) / "bin" / "load-bench", *board.arguments(),
            "--players", players, "--rate", rate, "--warmup", 0, "--seconds", SLICE_SECONDS)]
        self.process = None
        self.failed = 0

    def keep_going(self):
        if self.process is not None:
            if self.process.poll() is None:
                return
            self.failed += self.process.returncode != 0
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL)

    def stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
        elif self.process.returncode != 0:
            self.failed += 1


def soak(board, arguments, sampler):
    """What is known of the run besides its samples."""
    from watching import halves, watched
    seconds = arguments.hours * 3600
    load = Load(board, arguments.rate, board.players)
    try:
        load.keep_going()
        time.sleep(3)  # so that there is a board to watch
        with watched(*board.arguments(), *halves(arguments.watchers), "--reconnect") as watching:
            before, sampler.began = board.journal(), time.monotonic()
            while (passed := time.monotonic() - sampler.began) < seconds:
                load.keep_going()
                sampler.sample()
                left = SAMPLE_SECONDS - (time.monotonic() - sampler.began - passed)
                time.sleep(max(0, left))
            lasted, counted = time.monotonic() - sampler.began, board.journal() - before
            told = watching.result()
    finally:
        load.stop()
    return {"date": time.strftime("%Y-%m-%d"), "hours": arguments.hours, "rate": arguments.rate,
            "watchers": arguments.watchers, "seconds": lasted, "counted": counted,
            "failed_loads": load.failed,
            "told": {name: told[name] for name in ("up", "cut", "messages", "fell")},
            "machine": f"{os.cpu_count()} cores ({platform.machine()}), load average at the end"
                       f" {os.getloadavg()[0]:.1f}"}


def measured(arguments):
    from live_board import LiveBoard
    arguments.samples.mkdir(parents=True, exist_ok=True)
    board = LiveBoard(arguments.watchers, players=10_000).start()
    sampler = Sampler(board)
    try:
        facts = soak(board, arguments, sampler)
    finally:
        board.stop()
        if sampler.rows:
            sampler.write(arguments.samples / "soak.csv")
    (arguments.samples / "soak.json").write_text(json.dumps(facts, indent=1) + "\n")


def main(arguments):
    if not arguments.again:
        measured(arguments)
    facts = json.loads((arguments.samples / "soak.json").read_text())
    with open(arguments.samples / "soak.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for what, unit, value, risen, bound, too_much in flatness(rows, facts["seconds"]):
        print(f"{what:24s} {value:10,.0f} {unit:11s} rose by {risen:9,.1f}"
              f" (bound {bound:,.0f}){'   GREW' if too_much else ''}")
    write_report(arguments.out, facts, rows)
    found = bars(facts, rows)
    for what, *_, met in found:
        if met is None:
            print(f"not known: {what}")
    return ended(missed(found))


if __name__ == "__main__":
    sys.exit(main(read_arguments()))
