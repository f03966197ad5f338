# SPDX-License-Identifier: Apache-2.0
"""scripts/chaos once everything is built."""
import argparse
import itertools
import random
import shlex
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), *(str(HERE.parent / name) for name in (".", "e2e", "postgresql"))]

import check  # noqa: E402
import clock  # noqa: E402
import faults  # noqa: E402
import growth  # noqa: E402
from evidence import gather  # noqa: E402
from rounds import Rounds, percentile  # noqa: E402
from schedule import schedule  # noqa: E402
from stage import one_host  # noqa: E402

LONG_ROUNDS = 100
SHOWN_VIOLATIONS = 10


def read_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/chaos", description="Does to a running board what life will do to it, and "
        "says whether a promise was broken.")
    parser.add_argument("--seed", type=int, help="of an earlier run, to repeat its schedule")
    parser.add_argument("--faults", default="all", metavar="A,B",
                        help="which ones; without this all that the stage can suffer")
    parser.add_argument("--rounds", type=int, default=1,
                        help="of each fault alone, and as many mixed (1)")
    parser.add_argument("--long", action="store_true",
                        help=f"{LONG_ROUNDS} rounds of each fault alone on a board of its own, and "
                        f"{LONG_ROUNDS} mixed")
    parser.add_argument("--seconds", type=float, default=float("inf"),
                        help="begin no other round after this time")
    parser.add_argument("--hosts", type=int, choices=(1, 2, 3), default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--keep", type=Path, metavar="DIR",
                        help="where to keep what clients noted (else only of a failed run)")
    parser.add_argument("--list", action="store_true", help="the faults' names")
    arguments = parser.parse_args()
    if arguments.hosts > 1 and arguments.database == "sqlite":
        parser.error("several hosts share a PostgreSQL")
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(1 << 32)
    return arguments


def again(arguments):
    words = ["scripts/chaos", "--seed", arguments.seed, "--faults", arguments.faults, "--database",
             arguments.database, "--hosts", arguments.hosts]
    words += ["--long"] if arguments.long else ["--rounds", arguments.rounds]
    return shlex.join(map(str, words))


def make_stage(arguments, own_clock):
    if arguments.hosts == 1:
        return one_host(arguments.database, own_clock=own_clock)
    from many_hosts import many_hosts  # needs what only it needs
    return many_hosts(arguments.hosts, own_clock=own_clock)


def chosen(arguments, stage):
    if arguments.faults == "all":
        return [name for name, fault in faults.FAULTS.items() if fault.possible(stage)]
    names = arguments.faults.split(",")
    for name in names:
        if name not in faults.FAULTS:
            sys.exit(f"there is no fault {name}; there are: {', '.join(sorted(faults.FAULTS))}")
        if not faults.FAULTS[name].possible(stage):
            missing = faults.FAULTS[name].needs - stage.has
            sys.exit(f"{name} needs {', '.join(sorted(missing))}, which is not here")
    return names


def needs_clock(turns):
    return any("clock" in faults.FAULTS[name].needs for turn in turns for name in turn.faults)


def stages(turns, long):
    """Which rounds are played on one board. A clock that can be stepped is slow to look at, so only those
    have it who need it; in the long form each fault has a board of its own."""
    groups = {}
    for turn in turns:
        alone = turn.faults[0] if long and len(turn.faults) == 1 else None
        groups.setdefault((len(turn.faults), alone, needs_clock([turn])), []).append(turn)
    if not long:  # one board for whatever needs no clock
        groups = {key: [turn for turn in turns if needs_clock([turn]) == key]
                  for key in (False, True)}
    return [group for group in groups.values() if group]


class Run:
    """Everything that was done, and what came of it."""

    def __init__(self, arguments, directory):
        self.arguments = arguments
        self.directory = directory
        self.figures = []
        self.broken = {}
        self.deadline = time.monotonic() + arguments.seconds

    def on_one_stage(self, turns, number):
        directory = self.directory / f"stage-{number}"
        with make_stage(self.arguments, needs_clock(turns)) as stage:
            with Rounds(stage, directory, self.arguments.seed) as rounds:
                before = [growth.look(board) for board in stage.boards]
                for turn in turns:
                    if time.monotonic() > self.deadline:
                        break
                    figures = rounds.play(turn)
                    self.figures.append(figures)
                    print(f"{len(self.figures):>4}  {figures}", flush=True)
                after = [growth.look(board) for board in stage.boards]
            broken = check.broken(gather(directory, stage.boards[0]))
            grown = [f"host {host}: {line}" for host, looks in enumerate(zip(before, after))
                     for line in growth.grown(*looks)]
        if grown:
            broken["nothing grows"] = grown
        for promise, violations in broken.items():
            self.broken.setdefault(promise, []).extend(violations)

    def summary(self):
        print("\nfault                                          rounds requests failed   p99 ms  "
              "recovery s (worst)")
        for name, group in itertools.groupby(sorted(self.figures, key=lambda one: one.faults),
                                             lambda one: one.faults):
            print(summary_line(name, list(group)))
        reads = sum(one.board_reads for one in self.figures)
        failed = sum(one.board_reads_failed for one in self.figures)
        if reads:
            print(f"\nboard reads: {reads}, {100 * (reads - failed) / reads:.3f} % good")
        print()
        for promise in [*check.PROMISES, "nothing grows"]:
            violations = self.broken.get(promise, [])
            print(f"{'BROKEN' if violations else 'held  '}  {promise}")
            for line in violations[:SHOWN_VIOLATIONS]:
                print(f"          {line}")
            if len(violations) > SHOWN_VIOLATIONS:
                print(f"          ... and {len(violations) - SHOWN_VIOLATIONS} more")


def summary_line(name, group):
    recoveries = [one.recovery for one in group]
    worst = "never" if None in recoveries else f"{max(recoveries):.2f}"
    return (f"{name:<46} {len(group):>6} {sum(one.requests for one in group):>8} "
            f"{sum(one.failed for one in group):>6} "
            f"{1000 * percentile([one.p99 for one in group], 100):>8.0f}  {worst}")


def main():
    faults.load()
    arguments = read_arguments()
    if arguments.list:
        for name, fault in sorted(faults.FAULTS.items()):
            print(f"{name:<32} needs {', '.join(sorted(fault.needs)) or 'nothing'}")
        return 0
    print(f"seed {arguments.seed}")
    directory = arguments.keep or Path(tempfile.mkdtemp(prefix="chaos"))
    run = Run(arguments, directory)
    with make_stage(arguments, clock.library() is not None) as stage:
        names = chosen(arguments, stage)
    rounds = LONG_ROUNDS if arguments.long else arguments.rounds
    turns = schedule(arguments.seed, names, rounds, rounds, arguments.long)
    for number, group in enumerate(stages(turns, arguments.long), 1):
        run.on_one_stage(group, number)
    run.summary()
    if run.broken:
        print(f"\nA promise was broken. What clients noted: {directory}\nAgain: {again(arguments)}")
    elif not arguments.keep:
        import shutil
        shutil.rmtree(directory)
    return 1 if run.broken else 0


if __name__ == "__main__":
    sys.exit(main())
