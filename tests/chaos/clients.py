# SPDX-License-Identifier: Apache-2.0
"""Who plays and who reads, through the edges, on threads. Everything is noted (attempts.py)."""
import random
import threading
import time
import uuid

from attempts import CLOCK, GOOD, Asked
from client import PASSWORD, Player, request, timestamp

RETRY_SECONDS = 0.05
GIVE_UP_SECONDS = 30
POINTS = (1, 3, 10)  # 10 is a completed task's, too: many players stand at the same score


class Gate:
    """Opens and closes the way for the writers; closed() once nobody is on it."""

    def __init__(self):
        self._condition = threading.Condition()
        self._open = True
        self._inside = 0

    def enter(self, over):
        with self._condition:
            while not self._open and not over.is_set():
                self._condition.wait(0.1)
            self._inside += 1

    def leave(self):
        with self._condition:
            self._inside -= 1
            self._condition.notify_all()

    def close(self, seconds):
        with self._condition:
            self._open = False
            return self._condition.wait_for(lambda: self._inside == 0, seconds)

    def open(self):
        with self._condition:
            self._open = True
            self._condition.notify_all()


def as_seen_by(player, board):
    """The same session, through another host."""
    other = Player.__new__(Player)
    other.__dict__.update(player.__dict__, board=board)
    return other


class Client(threading.Thread):
    def __init__(self, name, records):
        super().__init__(name=name, daemon=True)
        self.records = records
        self.over = threading.Event()
        self.good_since = 0.0  # when the last request was sent that got a good answer
        self.bad_at = 0.0      # when the last request failed

    def note(self, file, asked, outcome, **what):
        self.records.note(file, client=self.name, **asked.times(), outcome=outcome, **what,
                          **asked.told(outcome))
        if outcome == GOOD:
            self.good_since = asked.sent
        else:
            self.bad_at = asked.answered


class Writer(Client):
    """One player's actions, one after the other, each until it is acknowledged: whoever gets no answer
    asks again with the same action id. Now and then an old action again, and a look at the score."""

    def __init__(self, name, records, player, hosts, seed, gate=None, pace=0.05, clock=None):
        super().__init__(name, records)
        self.player, self.gate, self.pace = player, gate, pace
        self.hosts = hosts       # [(number, board), ...], each asked as the dice fall
        self.clock = clock       # a file, if this one's clock goes with the workers'
        self.dice = random.Random(seed)
        self.score = 0           # as it was told last
        self.asked_at = 0.0         # when the last action that counts was sent for the first time
        self.acknowledged_at = 0.0
        self.done = []           # actions to repeat: (action, contract, delta)

    def run(self):
        while not self.over.is_set():
            if self.gate:
                self.gate.enter(self.over)
            try:
                if self.over.is_set():
                    return
                self.turn()
            finally:
                if self.gate:
                    self.gate.leave()
            self.over.wait(self.pace * self.dice.uniform(0.5, 1.5))

    def turn(self):
        kind = self.dice.random()
        if kind < 0.1 and self.done:
            self.act(*self.dice.choice(self.done[-50:]), replay=True)
        elif kind < 0.3:
            self.look()
        else:
            self.act_anew()

    def act_anew(self):
        return self.act(str(uuid.UUID(int=self.dice.getrandbits(128), version=4)),
                        self.dice.choice("AB"), self.dice.choice(POINTS))

    def act(self, action, contract, delta, replay=False):
        """Until it is acknowledged; True if it was."""
        began = time.monotonic()
        while True:
            outcome = self.attempt(action, contract, delta, replay)
            if outcome == GOOD:
                if not replay:
                    self.asked_at = began
                    self.done.append((action, contract, delta))
                return True
            if time.monotonic() > began + GIVE_UP_SECONDS or self.over.is_set():
                return False
            if outcome == CLOCK:
                self.log_in()
            self.over.wait(RETRY_SECONDS)

    def attempt(self, action, contract, delta, replay=False):
        host, board = self.dice.choice(self.hosts)
        view = as_seen_by(self.player, board)
        ahead = float(self.clock.read_text()) if self.clock else 0.0
        asked = Asked(
            lambda: view.update(action_id=action, at=timestamp(ahead)) if contract == "A" else
            view.increment(action_id=action, delta=delta, at=str(int(time.time() + ahead))))
        outcome, told = self.read(contract, asked)
        self.note("attempts", asked, outcome, host=host, user=self.player.id,
                  action=action, contract=contract, points=10 if contract == "A" else delta,
                  replay=replay, told=told)
        if outcome == GOOD and not replay:
            self.score, self.acknowledged_at = told["after"], asked.answered
        return outcome

    @staticmethod
    def read(contract, asked):
        """(outcome, what the client was told of its action)."""
        outcome = asked.outcome()
        if contract == "A":
            data = None
            if outcome == GOOD:
                data = asked.answer.json["data"]
            elif asked.status == 409:  # an earlier try was counted
                data = asked.answer.json["details"].get("original")
            if not data:
                return outcome, None
            return GOOD, {"before": data["previous_score"], "after": data["new_score"],
                          "rank": data["current_rank"]}
        if outcome != GOOD:
            return outcome, None
        data = asked.answer.json
        return GOOD, {"after": data["newScore"], "rank": data["rank"],
                      "top": [[row["userId"], row["score"], row["rank"]]
                              for row in data.get("top10IfChanged", [])]}

    def look(self):
        """At one's own score and rank, which are exact."""
        host, board = self.dice.choice(self.hosts)
        asked = Asked(lambda: as_seen_by(self.player, board).get("/api/scores/me"))
        outcome = asked.outcome()
        seen = asked.answer.json if outcome == GOOD else {}
        self.note("reads", asked, outcome, host=host, what="me",
                  user=self.player.id, score=seen.get("score"), rank=seen.get("rank"))
        if outcome == CLOCK:
            self.log_in()

    def log_in(self):
        """Again, wherever it works: a session may be over by one clock and not by the other."""
        for _, board in self.hosts:
            asked = Asked(lambda b=board: request(b, "POST", "/api/auth/login", {
                "username": self.player.name, "password": PASSWORD}))
            if asked.outcome() == GOOD:
                self.player.take(asked.answer.json)
                return


class Reader(Client):
    """The board, as everybody reads it from one host."""

    def __init__(self, name, records, board, host, pace=0.05):
        super().__init__(name, records)
        self.board, self.host, self.pace = board, host, pace

    def run(self):
        while not self.over.wait(self.pace):
            self.read()

    def read(self):
        asked = Asked(lambda: request(self.board, "GET", "/api/leaderboard"))
        outcome, seen = asked.outcome(), {}
        if outcome == GOOD:
            data = asked.answer.json["data"]
            rows = [[row["user_id"], row["score"], row["rank"]] for row in data["leaderboard"]]
            seen = {"version": data["version"],
                    "board": self.records.note_board(data["version"], rows)}
        self.note("reads", asked, outcome, host=self.host, what="board", **seen)
