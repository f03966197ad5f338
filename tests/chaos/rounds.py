# SPDX-License-Identifier: Apache-2.0
"""One stage, its clients, and one round after the other: a fault begins, lasts, ends; the board
recovers; nobody writes for a moment, and everybody must be on the newest board."""
import contextlib
import random
import time
from dataclasses import dataclass
from pathlib import Path

from attempts import GOOD, Records
from bars import percentile
from boards import eventually
from client import Player
from clients import Gate, Reader, Writer
from evidence import newest_entry
from faults import FAULTS
from subscribers import Subscribers, public_and_private

# With a probe for each of three hosts not more than a board shows: each action changes it.
WRITERS = 7
CALM_SECONDS = 0.3       # without a failed request: recovered
RECOVERY_WAIT_SECONDS = 30
QUIET_SECONDS = 20       # for requests under way, then for those who watch


@dataclass(frozen=True)
class Figures:
    """Of the requests that were under way between a round's beginning and its recovery."""
    faults: str
    seconds: tuple   # that each took
    failed: int
    recovery: float  # None: never
    board_reads: int         # through edges that were there
    board_reads_failed: int

    @property
    def requests(self):
        return len(self.seconds)

    def __str__(self):
        recovery = "never" if self.recovery is None else f"{self.recovery:.2f} s"
        return (f"{self.faults:<48} {self.requests:>6} requests {self.failed:>5} failed  "
                f"p99 {percentile(self.seconds, 99) * 1000:>6.0f} ms  recovery {recovery}")


def processor_waits():
    """The seconds since the machine began in which anything waited for a processor."""
    try:
        return int(Path("/proc/pressure/cpu").read_text().split("total=")[1].split()[0]) / 1e6
    except OSError:
        return 0.0  # this kernel does not count them


class Rounds:
    """Clients on a stage, and what they note, in `directory`."""

    def __init__(self, stage, directory, seed, writers=WRITERS, pace=0.05):
        self.stage = stage
        directory.mkdir(parents=True, exist_ok=True)
        self.records = Records(directory)
        self.dice = random.Random(seed)
        self.gate = Gate()
        self.number = 0
        hosts = list(enumerate(stage.boards))
        players = [Player(self.dice.choice(stage.boards)) for _ in range(writers)]
        self.writers = [Writer(f"writer-{number}", self.records, player, hosts,
                               self.dice.random(), self.gate, pace,
                               stage.clock if number % 2 else None)
                        for number, player in enumerate(players, 1)]
        self.probes = [Writer(f"probe-{host}", self.records, Player(board), [(host, board)],
                              self.dice.random()) for host, board in hosts]
        self.clients = self.writers + [Reader(f"reader-{host}", self.records, board, host)
                                       for host, board in hosts]
        self.watching = [Subscribers(self.records, board, host,
                                     public_and_private(players[host % writers]))
                         for host, board in hosts]

    def __enter__(self):
        for thread in self.clients + self.watching:
            thread.start()
        began = time.monotonic()
        try:
            assert self._recover(began) is not None, "a board without a fault shows no action"
        except BaseException:
            self.__exit__()  # nobody goes on asking a port that will be somebody else's
            raise
        self.records.requests()
        return self

    def __exit__(self, *fault):
        for client in self.clients:
            client.over.set()
        self.gate.open()
        for client in self.clients:
            client.join(60)
        for one in self.watching:
            one.stop()
        self.records.close()

    def play(self, turn):
        """One round; its figures."""
        faults = [FAULTS[name] for name in turn.faults]
        dice = random.Random(turn.dice)
        self.number += 1
        self.records.requests()
        may = [set() for _ in self.stage.boards]
        began = time.monotonic()
        with contextlib.ExitStack() as causes:
            self._suffer(causes, faults, dice, turn.long, may)
        ended, waited = time.monotonic(), processor_waits()
        recovered = self._recover(ended)
        until, waited = time.monotonic(), processor_waits() - waited
        requests = self.records.requests()
        self.records.note(
            "rounds", round=self.number, faults=" + ".join(turn.faults),
            may=[sorted(words) for words in may], began=began, ended=ended, recovered=recovered,
            until=until, busy=round(waited / (until - ended), 2), quiet=self._rest(ended),
            recovery_max=max(fault.recovery for fault in faults))
        self.records.flush()
        board_reads = [outcome for _, _, outcome, host in requests
                       if host is not None and "cut" not in may[host]]
        return Figures(
            " + ".join(turn.faults),
            tuple(answered - sent for sent, answered, *_ in requests),
            sum(outcome != GOOD for _, _, outcome, _ in requests),
            None if recovered is None else recovered - ended,
            len(board_reads), sum(outcome != GOOD for outcome in board_reads))

    def _begin(self, causes, fault, dice, may):
        self.stage.picked = set()
        self.stage.suffers.add(fault.name)
        causes.callback(self.stage.suffers.discard, fault.name)
        causes.enter_context(fault.begin(self.stage, dice))
        for host in self.stage.picked or range(len(may)):
            may[host] |= fault.may

    def _suffer(self, causes, faults, dice, long, may):
        """The second begins in the middle of the first and outlives it. `may`: of each host's clients,
        filled here."""
        first, *others = faults
        seconds = first.long if long else first.seconds
        with contextlib.ExitStack() as cause:
            self._begin(cause, first, dice, may)
            time.sleep(seconds if not others else seconds / 2)
            for other in others:
                self._begin(causes, other, dice, may)
                time.sleep(seconds / 2)
        for other in others:
            time.sleep(other.seconds / 2)

    def _recover(self, ended):
        """When every host took a write and showed it to whoever watches there, every client was served
        again, and none was refused since. None if that never came."""
        deadline = ended + RECOVERY_WAIT_SECONDS
        shown = ended

        def left():
            return max(0.0, deadline - time.monotonic())
        for probe, watching in zip(self.probes, self.watching):
            if not eventually(lambda p=probe: p.act_anew(), left()):
                return None
            if not eventually(lambda p=probe, w=watching: w.all_see(p), left()):
                return None
            shown = time.monotonic()
        if not eventually(lambda: all(client.good_since > ended for client in self.clients), left()):
            return None
        if not eventually(lambda: time.monotonic() - self._bad_at() > CALM_SECONDS, left()):
            return None
        return max(shown, self._bad_at())

    def _bad_at(self):
        return max(client.bad_at for client in self.clients + self.probes)

    def _rest(self, ended):
        """Who sees which board once nobody has written for a moment."""
        self.gate.close(QUIET_SECONDS)
        since = max([ended] + [writer.acknowledged_at for writer in self.probes + self.writers])
        everybody = [(watching, writer) for watching in self.watching
                     for writer in self.probes + self.writers]
        eventually(lambda: all(watching.all_see(writer) and watching.all_told(writer)
                               for watching, writer in everybody), QUIET_SECONDS)
        entry = newest_entry(self.stage.boards[0])
        seen = {client: where for watching in self.watching
                for client, where in watching.seen.items()}
        news = [[client, writer.player.id, watching.news[client].get(writer.player.id)]
                for watching, writer in everybody for client in watching.owed(writer)]
        self.gate.open()
        return {"entry": entry, "since": since, "seen": seen, "news": news}
