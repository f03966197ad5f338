# SPDX-License-Identifier: Apache-2.0
"""Watchers of a board, against bare Nchan with as many: how long from an update's first byte until
each has seen it, what a restart of the live Nginx does to them, what they cost."""
import argparse
import os
import platform
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[2]
sys.path[:0] = [str(HERE), str(HERE.parent)]
from fanout_bars import missed_by_comparison, missed_by_deaf, missed_by_restart  # noqa: E402
from verdict import ended  # noqa: E402

PARTS = ("fanout", "tls", "restart", "deaf", "memory")


def read_arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench fanout", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="this part (all of them)")
    parser.add_argument("--small", action="store_true",
                        help="a tenth of the watchers, one round: whether it works at all")
    parser.add_argument("--rounds", type=int, default=3, help="of each comparison (3)")
    parser.add_argument("--out", metavar="DIR",
                        help="for fanout.md (docs/benchmarks; with --only nowhere)")
    return parser.parse_args()


class Fanout:
    def __init__(self, arguments, stack):
        self.wanted = arguments.only or PARTS
        self.scale = 10 if arguments.small else 1
        self.rounds = 1 if arguments.small else arguments.rounds
        self.changes = 25
        self.stack = stack
        self.message = Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="sbfan"))) / "board.json"
        self.told = {"fanout": [], "restart": [], "memory": [], "deaf": None}

    def started(self, server):
        server.start()
        self.stack.callback(server.stop)
        return server

    def compare(self, board, bare, sizes):
        for subscribers in sizes:
            ours, theirs = compare(board, bare, self.message, subscribers // self.scale,
                                   self.rounds, self.changes)
            ratio = ours["last_ms_median"] / theirs["last_ms_median"]
            row = {"watchers": subscribers // self.scale, "tls": board.tls, "board": ours,
                   "nchan": theirs, "ratio": ratio, "missed": missed_by_comparison(ours, theirs)}
            self.told["fanout"].append(row)
            print(f"{row['watchers']:6d}{' TLS' if board.tls else '':4s}  last receipt"
                  f" {ours['last_ms_median']:7.1f} ms / bare Nchan {theirs['last_ms_median']:7.1f}"
                  f" = {ratio:.2f}  missing {ours['missing']}/{theirs['missing']}"
                  f"  update answered {ours['answer_ms_median']:.1f} ms", flush=True)

    def memory(self, board):
        for kind in ("websocket", "eventsource"):
            row = cost_of_watchers(board, kind, 2000 // self.scale)
            self.told["memory"].append(row)
            print(f"KiB a {kind}{', TLS' if board.tls else ''}: edge {row['edge'][1]:.1f},"
                  f" live {row['live'][1]:.1f}", flush=True)

    def plain(self):
        most = 9000 // self.scale
        board = self.started(LiveBoard(most))
        if "fanout" in self.wanted:
            bare = BareNchan(free_port(), most)
            bare.start()
            try:
                self.compare(board, bare, (1000, 5000, 9000))
            finally:
                bare.stop()
        if "restart" in self.wanted:
            for _ in range(self.rounds):
                row = restart_under_watchers(board, 5000 // self.scale)
                row["missed"] = missed_by_restart(row)
                self.told["restart"].append(row)
                print(f"restart of the live Nginx under {row['watchers']}: {row['cut']} cut, last back"
                      f" after {row['last']:.2f} s, {row['refused']} updates refused", flush=True)
        if "deaf" in self.wanted:
            self.told["deaf"] = row = deaf_readers(board, 1000 // self.scale, 200 // self.scale)
            row["missed"] = missed_by_deaf(row)
            print(f"deaf: {row['dropped']} of {row['deaf']} dropped", flush=True)
        if "memory" in self.wanted:
            self.memory(board)

    def with_tls(self):
        board = self.started(LiveBoard(2000 // self.scale, tls=True))
        if "tls" in self.wanted:
            bare = BareNchan(free_port(), 2000 // self.scale, tls=True)
            bare.start()
            try:
                self.compare(board, bare, (2000,))
            finally:
                bare.stop()
        if "memory" in self.wanted:
            self.memory(board)


def main(arguments):
    began = time.monotonic()
    with ExitStack() as stack:
        fanout = Fanout(arguments, stack)
        for measure, parts in ((fanout.plain, {"fanout", "restart", "deaf", "memory"}),
                               (fanout.with_tls, {"tls", "memory"})):
            if parts.intersection(fanout.wanted):
                measure()
    machine = {"cores": os.cpu_count(), "machine": platform.machine(),
               "load": os.getloadavg()[0], "minutes": (time.monotonic() - began) / 60}
    if not arguments.only or arguments.out:
        out = Path(arguments.out or TOP / "docs" / "benchmarks")
        out.mkdir(parents=True, exist_ok=True)
        write_report(out, fanout.told, machine)
    rows = [*((f"{row['watchers']} watchers{', TLS' if row['tls'] else ''}", row)
              for row in fanout.told["fanout"]),
            *(("restart", row) for row in fanout.told["restart"]), ("deaf", fanout.told["deaf"])]
    return ended([f"{name}: {what}" for name, row in rows if row for what in row["missed"]])


if __name__ == "__main__":
    asked = read_arguments()
    # Only now: --help needs no build.
    from bare_nchan import BareNchan
    from fanout_report import write_report
    from live_board import LiveBoard
    from ports import free_port
    from watching import compare, cost_of_watchers, deaf_readers, restart_under_watchers
    sys.exit(main(asked))
