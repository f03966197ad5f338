# SPDX-License-Identifier: Apache-2.0
"""A burst of actions that remembers what it was answered."""
import threading
import time
import uuid

from boards import eventually
from client import Player


class Burst:
    """Players who go on scoring, each action until it is acknowledged. Keeps what was answered."""

    def __init__(self, board, players=6):
        self.board = board
        self.players = [Player(board) for _ in range(players)]
        self.acknowledged = {player.id: 0 for player in self.players}
        self.refused = 0
        self.odd = []
        self.last_good = 0.0
        self.going = True
        self.threads = [threading.Thread(target=self.play, args=(player,))
                        for player in self.players]

    def play(self, player):
        while self.going:
            action = str(uuid.uuid4())
            while True:
                answer = player.increment(action_id=action, delta=1)
                if answer.status == 200:
                    self.acknowledged[player.id] += 1
                    self.last_good = time.monotonic()
                    break
                if answer.status != 503 or "Retry-After" not in answer.headers:
                    self.odd.append(answer)
                    break
                self.refused += 1
                if not self.going:  # perhaps counted, perhaps not: nobody was told
                    self.acknowledged[player.id] = None
                    return
                time.sleep(0.02)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(0.5)
        return self

    def __exit__(self, *fault):
        self.going = False
        for thread in self.threads:
            thread.join(30)

    def good_again_within(self, seconds):
        since = time.monotonic()
        return eventually(lambda: self.last_good > since, seconds)

    def check(self):
        assert not self.odd, self.odd[:3]
        for player in self.players:
            told = self.acknowledged[player.id]
            me = eventually(lambda p=player: (a := p.get("/api/scores/me")).status == 200 and a)
            assert told is None or me.json["score"] == told
        done = self.board.ctl("verify", check=False)
        assert done.returncode == 0, done.stdout[-2000:]
