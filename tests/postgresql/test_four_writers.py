# SPDX-License-Identifier: Apache-2.0
"""Four worker processes on two hosts write at once among many ties, and one after the other is killed
in the middle of it. Everything that anybody was told is compared with the replayed journal."""
import datetime
import random
import threading
import time
import uuid

import pytest

from client import Player
from hosts import Hosts, as_seen_by
from journal_replay import ALL, Replay, standing, stored_receipts

BOARDS = {"all": 1, "day": 2, "week": 3, "month": 4}
WORKERS = [(host, worker) for host in (0, 1) for worker in (1, 2)]
SECONDS = 5


class Story:
    """Who was told what, and between which moments."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent = {}   # (user, action) -> when it was sent first
        self.told = []   # (user, action, when, {what: value})
        self.looks = []  # (user, board, sent, answered, (score, rank))
        self.odd = []

    def note(self, where, what):
        with self.lock:
            where.append(what)


class Writer(threading.Thread):
    """One player's action after the other, each until it is acknowledged, through either host; now and
    then a look at a standing or a receipt."""

    def __init__(self, story, player, boards, seed, going):
        super().__init__()
        self.story, self.player, self.going = story, player, going
        self.dice = random.Random(seed)
        self.views = [as_seen_by(player, board) for board in boards]

    def run(self):
        try:
            while self.going.is_set():
                self.act()
                if self.dice.random() < 0.3:
                    self.look()
        except Exception as fault:  # told by the test
            self.story.note(self.story.odd, fault)

    def act(self):
        action, contract = str(uuid.uuid4()), self.dice.choice("AB")
        self.story.sent[self.player.id, action] = time.monotonic()
        while True:
            view = self.dice.choice(self.views)
            answer = (view.update(action_id=action) if contract == "A" else
                      view.increment(action_id=action, delta=10))  # the same points: ties
            told = self.read(contract, answer)
            if told:
                self.story.note(self.story.told, (self.player.id, action, time.monotonic(), told))
                return
            if answer.status != 503 or "Retry-After" not in answer.headers:
                self.story.note(self.story.odd, answer)
                return
            time.sleep(0.02)

    @staticmethod
    def read(contract, answer):
        if contract == "A" and answer.status in (200, 409):  # 409: an earlier try was counted
            body = answer.json
            data = body["data"] if answer.status == 200 else body["details"].get("original")
            return data and {"before": data["previous_score"], "after": data["new_score"],
                             "rank": data["current_rank"]}
        if contract == "B" and answer.status == 200:
            data = answer.json
            return {"after": data["newScore"], "rank": data["rank"],
                    "top": data.get("top10IfChanged", [])}
        return None

    def look(self):
        board = self.dice.choice(list(BOARDS))
        view = self.dice.choice(self.views)
        sent = time.monotonic()
        answer = view.get(f"/api/scores/me?period={board}")
        if answer.status == 200:
            self.story.note(self.story.looks, (
                self.player.id, board, sent, time.monotonic(),
                (answer.json["score"], answer.json["rank"])))
        elif answer.status != 503:
            self.story.note(self.story.odd, answer)


def running():
    """Where each board's running period began, as the journal writes it."""
    now = datetime.datetime.now(datetime.timezone.utc)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    start = {"all": datetime.datetime.fromtimestamp(0, datetime.timezone.utc), "day": day,
             "week": day - datetime.timedelta(days=day.weekday()), "month": day.replace(day=1)}
    return {board: int(at.timestamp()) * 1_000_000 for board, at in start.items()}


def compare_told(story, replay):
    assert len(story.told) == len(story.sent), "somebody was never answered"
    assert set(replay.receipts) >= set(story.sent)
    for user, action, _, told in story.told:
        seq, _, boards = replay.receipts[user, action]
        before, after, rank = boards[ALL]
        assert told["after"] == after, (user, action)
        assert told.get("before", before) == before, (user, action)
        assert told["rank"] == rank, (user, action, told, boards)
        for row in told.get("top", []):
            assert replay.standings[seq][ALL][row["userId"]] == (row["score"], row["rank"])


def compare_looks(story, replay, days):
    """A look was right if it was right at some moment between its question and its answer: not before
    what had been acknowledged when it was asked, not after what was asked for later."""
    acknowledged = sorted((when, replay.receipts[user, action][0])
                          for user, action, when, _ in story.told)
    asked = sorted((when, replay.receipts[key][0]) for key, when in story.sent.items())
    for user, board, sent, answered, seen in story.looks:
        first = max((seq for when, seq in acknowledged if when < sent), default=0)
        last = min((seq for when, seq in asked if when > answered), default=replay.seq + 1)
        possible = {standing(replay.standings[seq], (BOARDS[board], starts[board]), user)
                    for starts in days for seq in range(first, last)}
        assert seen in possible, (user, board, seen, sorted(possible))


def compare_receipts(boards, players, story, replay):
    """Each action's receipt on every board, as its player reads it on either host."""
    names = {number: name for name, number in BOARDS.items()}
    by_id = {player.id: player for player in players}
    for number, (user, action) in enumerate(story.sent):
        view = as_seen_by(by_id[user], boards[number % 2])
        answer = view.get(f"/api/scores/receipts/{action}")
        assert answer.status == 200, answer
        seq, points, moves = replay.receipts[user, action]
        assert (answer.json["version"], answer.json["points"]) == (seq, points)
        assert [(one["period"], one["previousScore"], one["newScore"], one["rank"])
                for one in answer.json["boards"]] == [
                    (names[board], *move) for (board, _), move in moves.items()]


@pytest.fixture
def hosts():
    """Earlier actions counted on fewer boards, so that no two boards are alike."""
    both = Hosts(apart=False, environment={"SCOREBOARD_BOARDS_PERIODS": "month"})
    try:
        first = both.boards[0]
        early = [Player(first) for _ in range(4)]
        for periods in ("week,month", "day,week,month"):
            for count, player in enumerate(early):
                for _ in range(count):
                    assert player.increment(delta=10).status == 200
            early = early[1:] + early[:1]
            for board in both.boards:
                board.stop()
                board.environment["SCOREBOARD_BOARDS_PERIODS"] = periods
                board.start()
        yield both, early
    finally:
        both.close()


def kill_in_turns(boards, dice):
    """One after the other, whoever is back since it was killed last."""
    killed = {}
    kills = 0
    began = time.monotonic()
    while time.monotonic() - began < SECONDS:
        time.sleep(0.4)
        back = [(host, worker) for host, worker in WORKERS
                if boards[host].pid(f"worker-{worker}") != killed.get((host, worker))]
        if back:
            host, worker = dice.choice(back)
            killed[host, worker] = boards[host].kill(f"worker-{worker}")
            kills += 1
    assert kills >= 4
    return kills


def written(board, worker):
    """Bytes that a worker has written: what it answers, and a log line now and then."""
    with open(f"/proc/{board.pid(f'worker-{worker}')}/io", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("wchar")).split()[1])


def assert_all_four_answer(boards):
    time.sleep(2.5)  # who was killed often is started again more slowly
    before = {(host, worker): written(boards[host], worker) for host, worker in WORKERS}
    time.sleep(1)
    for host, worker in WORKERS:
        assert written(boards[host], worker) - before[host, worker] > 2000, (host, worker)


def test_every_answer_of_four_writers_agrees_with_the_replayed_journal(hosts):
    both, players = hosts
    boards = both.boards
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    players = players + [Player(dice.choice(boards)) for _ in range(8)]
    days = [running()]
    story, going = Story(), threading.Event()
    going.set()
    writers = [Writer(story, player, boards, dice.random(), going) for player in players]
    for writer in writers:
        writer.start()
    try:
        kills = kill_in_turns(boards, dice)
        assert_all_four_answer(boards)
    finally:
        going.clear()
        for writer in writers:
            writer.join(30)
    assert not any(writer.is_alive() for writer in writers)
    assert not story.odd, story.odd[:3]

    replay = Replay(boards[0])
    assert stored_receipts(boards[0]) == replay.receipts
    compare_told(story, replay)
    days.append(running())  # midnight does not ask whether a test is running
    compare_looks(story, replay, days)
    compare_receipts(boards, players, story, replay)
    for name, number in BOARDS.items():
        for player in players:
            for board in boards * 2:  # both workers of each
                answer = as_seen_by(player, board).get(f"/api/scores/me?period={name}")
                assert (answer.json["score"], answer.json["rank"]) == replay.final(
                    (number, days[1][name]), player.id)
    assert "everything agrees" in boards[0].ctl("verify").stdout
    ties = sum(after in {other for key, (other, _) in replay.standings[seq][ALL].items()
                         if key != user}
               for (user, _), (seq, _, moves) in replay.receipts.items()
               for after in [moves[ALL][1]])
    print(f"{len(story.told)} actions, {len(story.looks)} looks, {ties} among equals,"
          f" {kills} kills, {replay.seq} entries")
    assert ties > len(story.told) / 10
    assert len(story.told) > 200 and len(story.looks) > 50
