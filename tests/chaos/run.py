# SPDX-License-Identifier: Apache-2.0
"""scripts/chaos once everything is built."""
import argparse
import os
import platform
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
    parser.add_argument("--rounds", type=int, help="of each fault alone (1)")
    parser.add_argument("--mixed", type=int, help="rounds of two at once (as many as --rounds)")
    parser.add_argument("--long", action="store_true",
                        help=f"--rounds {LONG_ROUNDS}, each fault on a board of its own, the last "
                        "round of each its longest")
    parser.add_argument("--seconds", type=float, default=float("inf"),
                        help="begin no other round after this time")
    parser.add_argument("--patience", type=float, default=1.0, metavar="TIMES",
                        help="by how much limits of time are longer, on a machine that is busy with "
                        "something else (1)")
    parser.add_argument("--hosts", type=int, choices=(1, 2, 3), default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--keep", type=Path, metavar="DIR",
                        help="where to keep what clients noted (else only of a failed run)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="a page to which a section is added that tells what came of it")
    parser.add_argument("--list", action="store_true", help="the faults' names")
    arguments = parser.parse_args()
    if arguments.hosts > 1 and arguments.database == "sqlite":
        parser.error("several hosts share a PostgreSQL")
    if arguments.rounds is None:
        arguments.rounds = LONG_ROUNDS if arguments.long else 1
    if arguments.mixed is None:
        arguments.mixed = arguments.rounds
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(1 << 32)
    return arguments


def again(arguments):
    words = ["scripts/chaos", "--seed", arguments.seed, "--faults", arguments.faults, "--database",
             arguments.database, "--hosts", arguments.hosts, "--rounds", arguments.rounds, "--mixed",
             arguments.mixed]
    words += ["--long"] if arguments.long else []
    words += ["--patience", f"{arguments.patience:g}"] if arguments.patience != 1 else []
    return shlex.join(map(str, words))


def chosen(wanted, stage):
    """The names of the faults; says so and ends where one is not possible."""
    if wanted == "all":
        for name, fault in sorted(faults.FAULTS.items()):
            if not fault.possible(stage):
                print(f"not tried: {name}, which needs {', '.join(sorted(fault.needs - stage.has))}")
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
    campaign = Campaign(make_stage, directory, arguments.seed, arguments.patience)
    deadline = time.monotonic() + arguments.seconds
    turns_of_all = schedule(arguments.seed, names, arguments.rounds, arguments.mixed, arguments.long)
    for turns in on_stages(turns_of_all, arguments.long):
        if time.monotonic() < deadline:
            campaign.play(turns, lambda: time.monotonic() < deadline)
    return campaign


HEADING = """# What was done to a board, and what came of it

A round: a fault begins, lasts, ends, the board recovers, nobody writes for a moment, and everybody must be on the newest board. Failed: requests that
were refused or cut while a fault may do that; what was acknowledged is counted all the same. A dash: not looked at by so few or other rounds.
"""


def report(arguments, campaign, minutes):
    """A section more of the page."""
    new = not arguments.report.exists()
    with open(arguments.report, "a", encoding="utf-8") as page:
        page.write(f"""{HEADING if new else ""}
```sh
{again(arguments)}
```

{time.strftime("%Y-%m-%d")}, {os.cpu_count()} cores ({platform.machine()}), {len(campaign.figures):,} rounds in {minutes:.0f} minutes.

```text{campaign.summary()}
```
""")


def main():
    faults.load()
    arguments = read_arguments()
    if arguments.list:
        for name, fault in sorted(faults.FAULTS.items()):
            print(f"{name:<36} needs {', '.join(sorted(fault.needs)) or 'nothing'}")
        return 0
    print(f"seed {arguments.seed}", flush=True)
    directory = arguments.keep or Path(tempfile.mkdtemp(prefix="chaos"))
    began = time.monotonic()
    campaign = play(arguments, directory)
    print(campaign.summary())
    if arguments.report:
        report(arguments, campaign, (time.monotonic() - began) / 60)
    if not campaign.figures:
        print("\nNothing was tried: no round was played.")
    elif campaign.broken:
        print("\nA promise was broken. What clients noted, and the logs: "
              f"{directory}\nAgain: {again(arguments)}")
    if not campaign.broken and not arguments.keep:
        shutil.rmtree(directory)
    return 1 if campaign.broken or not campaign.figures else 0


if __name__ == "__main__":
    sys.exit(main())
