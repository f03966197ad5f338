# SPDX-License-Identifier: Apache-2.0
"""Updates and watchers for hours, on a board of its own. Each ten seconds: the memory and descriptors of
every process, Nchan's shared memory, temporary files. At the end: flat, or what grew; exit status 1
then. Flat means: once warm, the straight line through the samples rises by no more than 2 % of what
there is, or 2 MiB, or 100 descriptors or files, over the whole run; a longer run finds smaller leaks."""
import argparse
import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE / "bench")]
from flatness import grew  # noqa: E402
from plot import Line, Panel, drawing  # noqa: E402
from processes import descriptors, memory_kib, tree  # noqa: E402

SAMPLE_SECONDS = 10
SLICE_SECONDS = 600      # of a load generator: its tokens are good for an hour
WARM_UP_PART = 0.25      # of the run, at most WARM_UP_SECONDS
WARM_UP_SECONDS = 900
MEMORY_PART, MEMORY_KIB = 0.02, 2048
COUNT_PART, COUNT = 0.02, 100  # a worker answers 64 at once, and the edge holds as many
FIELDS = ("second", "what", "memory_kib", "descriptors")


def read_arguments():
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=1, help="fractions are welcome (1)")
    parser.add_argument("--rate", type=float, default=500, help="updates a second (500)")
    parser.add_argument("--watchers", type=int, default=5000, help="half of them EventSource (5000)")
    parser.add_argument("--out", default=str(TOP / "build" / "soak"),
                        help="directory for soak.csv and soak.svg (build/soak)")
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
        kib = files = 0
        for pid in pids:
            try:
                kib += memory_kib(pid)[2 if anonymous else 0]
                files += descriptors(pid)
            except (FileNotFoundError, ProcessLookupError):
                pass  # it ended between two looks
        return what, kib, files

    def sample(self):
        pid = self.board.pid
        found = [self._process("supervisor", [self.board.supervisor_pid()]),
                 self._process("postgresql", tree(pid("postgresql")), anonymous=True)]
        for name in ("worker-1", "worker-2"):
            found.append(self._process(name, [pid(name)]))
        for name in ("edge", "live"):
            master, *workers = sorted(tree(pid(name)))
            found.append(self._process(f"{name} master", [master]))
            found += [self._process(f"{name} {number}", [worker])
                      for number, worker in enumerate(workers, 1)]
        found.append(("Nchan's memory", self.board.nchan_memory_kib(), ""))
        found.append(("temporary files", self.board.temporary_kib(), self.board.temporary_files()))
        second = round(time.monotonic() - self.began, 1)
        self.rows += [dict(zip(FIELDS, (second, *one))) for one in found]

    def write(self, file):
        with open(file, "w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)

    def series(self, field):
        """{what: [(second, value)]}"""
        found = {}
        for row in self.rows:
            if row[field] != "":
                found.setdefault(row["what"], []).append((row["second"], row[field]))
        return found


def verdict(sampler, seconds):
    """Prints a line for each series; returns the names of what grew."""
    warm = min(seconds * WARM_UP_PART, WARM_UP_SECONDS)
    grown = []
    for field, unit, part, least in (("memory_kib", "KiB", MEMORY_PART, MEMORY_KIB),
                                     ("descriptors", "descriptors", COUNT_PART, COUNT)):
        for what, points in sampler.series(field).items():
            counted = [point for point in points if point[0] >= warm]
            risen, bound, too_much = grew(counted, part, least)
            if too_much:
                grown.append(f"{what} ({unit})")
            print(f"{what:24s} {counted[-1][1]:10,.0f} {unit:11s} rose by {risen:9,.1f}"
                  f" (bound {bound:,.0f}){'   GREW' if too_much else ''}")
    return grown


def draw(sampler, file):
    colours = ("#2a7d4f", "#b3432b", "#2b5fb3", "#8a6d3b", "#7b3fa0", "#2b8fa3", "#a3842b", "#555",
               "#c2549d", "#6b8e23", "#000")
    panels = []
    for field, title in (("memory_kib", "KiB"), ("descriptors", "descriptors")):
        series = sampler.series(field)
        panels.append(Panel(title=title, lines=[
            Line(what, colours[number % len(colours)], points)
            for number, (what, points) in enumerate(series.items())]))
    file.write_text(drawing(panels, sampler.rows[-1]["second"]))


class Load:
    """Updates at a steady rate, by one generator after the other."""

    def __init__(self, board, rate, players):
        self.command = [str(word) for word in (
            Path(os.environ["SCOREBOARD_BUILD_DIR"]) / "bin" / "load-bench", *board.arguments(),
            "--players", players, "--rate", rate, "--warmup", 0, "--seconds", SLICE_SECONDS)]
        self.process = None

    def keep_going(self):
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)


def soak(board, arguments, sampler):
    from watching import halves, watched
    seconds = arguments.hours * 3600
    load = Load(board, arguments.rate, board.players)
    try:
        load.keep_going()
        time.sleep(3)  # so that there is a board to watch
        with watched(*board.arguments(), *halves(arguments.watchers), "--reconnect") as watching:
            sampler.began = time.monotonic()
            while (passed := time.monotonic() - sampler.began) < seconds:
                load.keep_going()
                sampler.sample()
                left = SAMPLE_SECONDS - (time.monotonic() - sampler.began - passed)
                time.sleep(max(0, left))
            told = watching.result()
    finally:
        load.stop()
    return told


def main(arguments):
    from live_board import LiveBoard
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    board = LiveBoard(arguments.watchers, players=10_000).start()
    sampler = Sampler(board)
    try:
        told = soak(board, arguments, sampler)
        counted = board.journal()
    finally:
        board.stop()
        if sampler.rows:
            sampler.write(out / "soak.csv")
            draw(sampler, out / "soak.svg")
    print(f"{counted:,} updates counted, {counted / (arguments.hours * 3600):.0f} a second;"
          f" {told['up']:,} watchers were told {told['messages']:,} boards,"
          f" {told['cut']} cut, {told['fell']} versions fell")
    grown = verdict(sampler, arguments.hours * 3600)
    bad = [*grown, *(["versions"] if told["fell"] else [])]
    print("Flat." if not bad else f"Grew: {', '.join(bad)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(read_arguments()))
