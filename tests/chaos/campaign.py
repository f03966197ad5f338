# SPDX-License-Identifier: Apache-2.0
"""Rounds on one stage after the other, what came of them, and a summary that says it."""
import contextlib
import itertools
import shutil
import traceback

import bars
import check
import growth
from evidence import gather
from faults import FAULTS
from rounds import Rounds

SHOWN_VIOLATIONS = 10
GROWTH = "nothing grows"
PLAYED = "every round is played to its end"


def needs_clock(turns):
    return any("clock" in FAULTS[name].needs for turn in turns for name in turn.faults)


def on_stages(turns, long=False):
    """Which rounds are played on one stage. A clock that can be stepped is slow to look at, so only those
    have it who need it; in the long form each fault has a stage of its own."""
    groups = {}
    for turn in turns:
        alone = turn.faults if long and len(turn.faults) == 1 else long
        groups.setdefault((alone, needs_clock([turn])), []).append(turn)
    return list(groups.values())


def keep_logs(stage, directory):
    for host, board in enumerate(stage.boards):
        with contextlib.suppress(OSError):
            shutil.copytree(board.data / "log", directory / f"log-{host}")


class Campaign:
    """`make_stage(own_clock)`; what clients note lies under `directory`. `figures` of each round.
    `patience`: by how much limits of time are longer."""

    def __init__(self, make_stage, directory, seed, patience=1.0):
        self.make_stage = make_stage
        self.patience = patience
        self.directory = directory
        self.seed = seed
        self.figures = []
        self._broken = {}
        self._stages = itertools.count(1)

    def play(self, turns, go_on=lambda: True):
        """On one stage, as long as `go_on()`. A round that cannot be played to its end ends the stage, and
        what it was is told with the promises. Of a stage on which one was broken the logs are kept."""
        directory = self.directory / f"stage-{next(self._stages)}"
        with self.make_stage(needs_clock(turns)) as stage:
            try:
                found = self._play(stage, directory, turns, go_on)
            except Exception as fault:
                traceback.print_exc()
                found = {PLAYED: [f"round {len(self.figures) + 1}: {type(fault).__name__}: {fault}"]}
            if found:
                keep_logs(stage, directory)
        for promise, violations in found.items():
            self._broken.setdefault(promise, []).extend(violations)

    def _play(self, stage, directory, turns, go_on):
        """{promise: [violations]} of those that were broken on this stage."""
        with Rounds(stage, directory, self.seed) as rounds:
            before = [growth.look(board) for board in stage.boards]
            left = 0
            for turn in turns:
                if not go_on():
                    break
                self.figures.append(rounds.play(turn))
                print(f"{len(self.figures):>4}  {self.figures[-1]}", flush=True)
                left += sum(FAULTS[name].leaves for name in turn.faults)
            after = [growth.look(board) for board in stage.boards]
        found = check.broken(gather(directory, stage.boards[0], self.patience))
        grown = [f"host {host}: {line}" for host, looks in enumerate(zip(before, after))
                 for line in growth.grown(*looks, left)]
        return {**found, **({GROWTH: grown} if grown else {})}

    @property
    def broken(self):
        """{promise: [violations]} of all stages until now."""
        return {**self._broken, **bars.broken(self.figures, self.patience)}

    def board_reads(self):
        """(how many, how many failed) while none of them may fail."""
        return bars.board_reads(self.figures)

    def summary(self):
        lines = ["", f"{'fault':<48} rounds requests failed  p99 ms  recovery s (worst)"]
        for name, group in itertools.groupby(sorted(self.figures, key=lambda one: one.faults),
                                             lambda one: one.faults):
            lines.append(_line(name, list(group)))
        reads, failed = self.board_reads()
        if reads:
            lines += ["", f"board reads while the edge is there: {reads}, "
                      f"{100 * (reads - failed) / reads:.3f} % good"]
        lines.append("")
        broken = self.broken
        for promise in [*check.PROMISES, GROWTH, *bars.BARS, PLAYED]:
            violations = broken.get(promise, [])
            lines.append(f"{'BROKEN' if violations else self._held(promise)}  {promise}")
            lines += [f"          {line}" for line in violations[:SHOWN_VIOLATIONS]]
            if len(violations) > SHOWN_VIOLATIONS:
                lines.append(f"          ... and {len(violations) - SHOWN_VIOLATIONS} more")
        return "\n".join(lines)

    def _held(self, promise):
        """Of one that was not broken: what no round tells of was not looked at."""
        rounds, _ = bars.BARS.get(promise, (bars.all_rounds, None))
        return "held  " if rounds(self.figures) else "-     "


def _line(name, group):
    recoveries = [one.recovery for one in group]
    worst = "never" if None in recoveries else f"{max(recoveries):.2f}"
    p99 = bars.percentile([seconds for one in group for seconds in one.seconds], 99)
    return (f"{name:<48} {len(group):>6} {sum(one.requests for one in group):>8} "
            f"{sum(one.failed for one in group):>6} {1000 * p99:>7.0f}  {worst}")
