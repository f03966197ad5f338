# SPDX-License-Identifier: Apache-2.0
"""fanout-bench against a board or against bare Nchan, and what is made of its figures."""
import json
import os
import statistics
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from live_nginx import ask

BIN = Path(os.environ["SCOREBOARD_BUILD_DIR"]) / "bin"
FIGURES = ("p50_ms", "p95_ms", "p99_ms", "answer_ms_median")


class Watching:
    """One running fanout-bench. `up` is read when everybody is connected."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [str(word) for word in (BIN / "fanout-bench", *arguments)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def wait_up(self):
        line = self.process.stderr.readline()
        if not line.startswith("up "):
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"fanout-bench: {line}{self.process.stderr.read()}")
        return self

    def result(self):
        """Ends it where it was told to go on until its standard input ends."""
        out, err = self.process.communicate("")
        if self.process.returncode != 0:
            raise RuntimeError(err)
        return json.loads(out)


def watch(*arguments):
    return Watching(*arguments).result()


@contextmanager
def watched(*arguments):
    """While watchers watch: yields the Watching; whoever wants its figures takes its result()."""
    watching = Watching(*arguments, "--until-eof")
    try:
        yield watching.wait_up()
    finally:
        if watching.process.poll() is None:
            watching.process.kill()
        watching.process.communicate()


def halves(subscribers):
    return ["--websocket", subscribers - subscribers // 2, "--eventsource", subscribers // 2]


def summary(runs):
    """Of several runs: the middle one of each percentile, every change's last receipt."""
    last = [change["last_ms"] for run in runs for change in run["each"]
            if change["last_ms"] is not None]
    found = {figure: statistics.median(run[figure] for run in runs) for figure in FIGURES}
    found.update(last_ms_median=statistics.median(last), last_ms_worst=max(last), last_ms=last,
                 changes=sum(run["changes"] for run in runs),
                 missing=sum(run["missing"] for run in runs),
                 merged=sum(run["merged"] for run in runs),
                 refused=sum(len(run["refused"]) for run in runs),
                 cut=sum(run["cut"] for run in runs), fell=sum(run["fell"] for run in runs))
    return found


def compare(board, bare, message, subscribers, rounds, changes):
    """Alternating: the other load of a machine comes and goes. (board's, bare Nchan's) summaries."""
    ours, theirs = [], []
    what = [*halves(subscribers), "--changes", changes]
    for _ in range(rounds):
        ours.append(watch(*board.arguments(), *what, "--save-message", message))
        theirs.append(watch(*bare.arguments(), *what, "--message", message))
    return summary(ours), summary(theirs)


def publish(board, channel, message):
    """Straight to the live Nginx, as the publisher does."""
    status, _ = ask(board.data, "POST", f"/channel/{channel}", message,
                    {"Content-Type": "application/json"})
    if status not in (201, 202):
        raise RuntimeError(f"the live Nginx answered {status}")


def restart_under_watchers(board, subscribers):
    """The live Nginx dies under its watchers while the board goes on changing. When each was on the
    current board again, in seconds from the first cut, and what updates were answered meanwhile."""
    with watched(*board.arguments(), *halves(subscribers), "--reconnect", "--changes", 1_000_000,
                 "--linger", 30) as watching:
        time.sleep(2)
        board.restart("live")
        time.sleep(10)
        told = watching.result()
    back = told["returns"] or {}
    return {"watchers": subscribers, "cut": back.get("watchers", 0), "away": back.get("away", 0),
            **{figure: (back.get(f"{figure}_ms") or 0) / 1000
               for figure in ("p50", "p95", "p99", "last")},
            "changes": told["changes"], "refused": len(told["refused"]), "up": told["up"],
            "attempts_refused": told["attempts_refused"], "fell": told["fell"]}


def cost_of_watchers(board, kind, subscribers):
    """KiB a watcher, resident and proportional, of the edge and of the live Nginx: both new, so that
    nothing is taken from what earlier watchers left."""
    board.restart("live")
    board.restart("edge")
    time.sleep(2)
    before = {name: board.memory_kib(name) for name in ("edge", "live")}
    with watched(*board.arguments(), f"--{kind}", subscribers, "--changes", 10):
        time.sleep(3)
        after = {name: board.memory_kib(name) for name in ("edge", "live")}
    return {"kind": kind, "tls": board.tls, "watchers": subscribers,
            **{name: [(after[name][i] - before[name][i]) / subscribers for i in (0, 1)]
               for name in ("edge", "live")}}


def flood(board, deaf, filler):
    """As many who do not read, and messages enough to fill every buffer between them and us: how many
    of them were dropped."""
    with watched(*board.arguments(), "--path", "/ws/scores", "--deaf", deaf) as silent:
        time.sleep(0.5)
        for _ in range(60):
            publish(board, "scores", filler)
        time.sleep(14)
        return silent.result()["deaf_dropped"]


def deaf_readers(board, readers, deaf):
    """Watchers of whom some do not read: how many were dropped, what memory grew by, and whether the
    others missed anything. Twice: what the first flood leaves is memory that the next one uses."""
    board.restart("live")
    board.restart("edge")
    time.sleep(2)
    filler = json.dumps({"type": "filler", "of": "x" * 200_000})

    def memory():
        return {name: board.memory_kib(name)[1] for name in ("edge", "live")}

    empty = memory()
    with watched(*board.arguments(), *halves(readers), "--changes", 130) as watching:
        time.sleep(2)
        before = memory()
        dropped = [flood(board, deaf, filler)]
        between = memory()
        dropped.append(flood(board, deaf, filler))
        after = memory()
        told = watching.result()
    return {"readers": readers, "deaf": deaf, "dropped": dropped, "empty": empty, "before": before,
            "between": between, "after": after, "missing": told["missing"], "cut": told["cut"],
            "last_ms_median": told["last_ms_median"]}
