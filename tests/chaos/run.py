# SPDX-License-Identifier: Apache-2.0
"""scripts/chaos once everything is built."""
import argparse
import random
import shlex
import shutil
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), *(str(HERE.parent / name) for name in (".", "e2e", "postgresql"))]

import clock  # noqa: E402
import faults  # noqa: E402
from campaign import Campaign, on_stages  # noqa: E402
from schedule import schedule  # noqa: E402
from stage import one_host  # noqa: E402

LONG_ROUNDS = 100


def read_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/chaos", description="Does to a running board what life will do to it, and "
        "says whether a promise was broken.")
    parser.add_argument("--seed", type=int, help="of an earlier run, to repeat its schedule")
    parser.add_argument("--faults", default="all", metavar="A,B",
                        help="which ones; without this all that the stage can suffer")
    parser.add_argument("--rounds", type=int, default=1,
                        help="of each fault alone (1)")
    parser.add_argument("--mixed", type=int, metavar="ROUNDS",
                        help="of two faults at once; without this as many as of one alone")
    parser.add_argument("--long", action="store_true",
                        help=f"{LONG_ROUNDS} rounds of each fault alone on a board of its own, and "
                        f"{LONG_ROUNDS} mixed")
    parser.add_argument("--seconds", type=float, default=float("inf"),
                        help="begin no other round after this time")
    parser.add_argument("--patience", type=float, default=1.0, metavar="TIMES",
                        help="by how much limits of time are longer, on a machine that is busy with "
                        "something else (1)")
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
    words += ["--mixed", arguments.mixed] if arguments.mixed is not None else []
    words += ["--patience", f"{arguments.patience:g}"] if arguments.patience != 1 else []
    return shlex.join(map(str, words))


def chosen(wanted, stage):
    """The names of the faults; says so and ends where one is not possible."""
    if wanted == "all":
        return [name for name, fault in faults.FAULTS.items() if fault.possible(stage)]
    for name in wanted.split(","):
        if name not in faults.FAULTS:
            sys.exit(f"there is no fault {name}; there are: {', '.join(sorted(faults.FAULTS))}")
        if not faults.FAULTS[name].possible(stage):
            missing = faults.FAULTS[name].needs - stage.has
            sys.exit(f"{name} needs {', '.join(sorted(missing))}, which is not here")
    return wanted.split(",")


def play(arguments, directory):
    """The campaign, played."""
    def make_stage(own_clock):
        if arguments.hosts == 1:
            return one_host(arguments.database, own_clock=own_clock)
        from many_hosts import many_hosts  # with what only it needs
        return many_hosts(arguments.hosts, own_clock=own_clock)

    with make_stage(clock.library() is not None) as stage:
        names = chosen(arguments.faults, stage)
    rounds = LONG_ROUNDS if arguments.long else arguments.rounds
    mixed = rounds if arguments.mixed is None else arguments.mixed
    campaign = Campaign(make_stage, directory, arguments.seed, arguments.patience)
    deadline = time.monotonic() + arguments.seconds
    for turns in on_stages(schedule(arguments.seed, names, rounds, mixed, arguments.long),
                           arguments.long):
        if time.monotonic() < deadline:
            campaign.play(turns, lambda: time.monotonic() < deadline)
    return campaign


def main():
    faults.load()
    arguments = read_arguments()
    if arguments.list:
        for name, fault in sorted(faults.FAULTS.items()):
            print(f"{name:<36} needs {', '.join(sorted(fault.needs)) or 'nothing'}")
        return 0
    print(f"seed {arguments.seed}", flush=True)
    directory = arguments.keep or Path(tempfile.mkdtemp(prefix="chaos"))
    try:
        campaign = play(arguments, directory)
    except Exception:
        print(f"Not finished. What clients noted: {directory}\nAgain: {again(arguments)}")
        raise
    print(campaign.summary())
    if campaign.broken:
        print(f"\nA promise was broken. What clients noted: {directory}\nAgain: {again(arguments)}")
    elif not arguments.keep:
        shutil.rmtree(directory)
    return 1 if campaign.broken else 0


if __name__ == "__main__":
    sys.exit(main())
