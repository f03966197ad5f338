# SPDX-License-Identifier: Apache-2.0
"""A primary and its streaming standby: boards that may be a moment old are read from the standby,
nothing else ever is; either of the two goes, and the service goes on."""
import contextlib
import os
import shutil
import signal
import tempfile
import time
import uuid
from pathlib import Path

import pytest

from boards import Board, eventually
from burst import Burst
from client import Player, assert_problem, request
from pairs import Pair
from postgresql import DATABASE

UNLIMITED = {"SCOREBOARD_LIMITS_AWARDS": "1000000"}


@contextlib.contextmanager
def running_pair():
    directory = Path(tempfile.mkdtemp(prefix="sb"))
    pair = Pair(directory)
    try:
        yield pair.start()
    finally:
        pair.end()
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def running_board(pair, **environment):
    board = Board({**UNLIMITED, **environment})
    # Both hosts; the one that takes writes is found.
    board.use(f"postgresql:///{DATABASE}?host={pair.primary.directory},{pair.standby.directory}"
              "&target_session_attrs=read-write")
    try:
        board.start()
        yield board
    finally:
        board.stop()
        board.remove()


@pytest.fixture(scope="module")
def reading():
    """A pair and a board that reads from the standby, for tests that leave both running."""
    with running_pair() as pair:
        with running_board(pair, SCOREBOARD_DATABASE_REPLICA_URI=pair.standby.uri()) as board:
            yield pair, board


@pytest.fixture
def failing_over():
    """A pair for a test that takes the primary away, and a board that knows both hosts."""
    with running_pair() as pair:
        with running_board(pair) as board:
            yield pair, board


def sessions(cluster):
    """Of workers, on one of the two servers."""
    return int(cluster.psql("SELECT count(*) FROM pg_stat_activity"
                            " WHERE application_name = 'scoreboard'"))


def score_around(board, player, status=200):
    """The player's score as the neighbours' endpoint shows it; None while nobody knows them."""
    answer = request(board, "GET", f"/api/leaderboard/around/{player.id}?limit=2")
    assert answer.status == status, answer
    return next(row["score"] for row in answer.json["standings"] if row["userId"] == player.id)


def read_for(seconds, read):
    """What is read meanwhile: also what keeps a worker's knowledge of the primary fresh."""
    seen = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen.append(read())
        time.sleep(0.03)
    return seen


def test_boards_may_be_a_moment_old_and_receipts_never(reading):
    pair, board = reading
    players = [Player(board) for _ in range(3)]
    for player in players:
        assert player.increment(delta=2).status == 200
    me = players[0]
    # Nobody but readers of boards has a session there.
    assert eventually(lambda: score_around(board, me) == 2 and sessions(pair.standby) > 0)
    read_for(1.5, lambda: score_around(board, me))

    pair.standby.psql("SELECT pg_wal_replay_pause()")
    assert eventually(lambda: pair.standby.psql(
        "SELECT pg_get_wal_replay_pause_state()").strip() == "paused")
    action = str(uuid.uuid4())
    first = me.increment(action_id=action, delta=5)
    assert first.status == 200 and first.json["newScore"] == 7
    stale = read_for(0.5, lambda: score_around(board, me))
    assert 2 in stale, "the neighbours were read from the primary"
    # All that must be exact is, from both workers.
    for _ in range(10):
        own = me.get("/api/scores/me?around=2").json
        assert (own["score"], own["rank"]) == (7, 1)
        assert own["neighbours"][0]["score"] == 7
        assert me.get("/api/scores/me").json["score"] == 7
        receipt = me.get(f"/api/scores/receipts/{action}")
        assert receipt.status == 200, receipt
        again = me.increment(action_id=action, delta=5)
        assert again.headers["Idempotency-Replayed"] == "true" and again.body == first.body
    newcomer = Player(board)  # registered, logged in and scored where the standby does not see it
    assert newcomer.update().status == 200
    assert score_around(board, newcomer) == 10

    # A standby that is too far behind is left, not believed.
    time.sleep(2)
    assert set(read_for(1, lambda: score_around(board, me))) == {7}
    for path in ("/api/leaderboard/page?limit=1", "/api/leaderboard/top?limit=1&period=day"):
        assert newcomer.id in request(board, "GET", path).body.decode(), path
    passed_over = [board.log(f"worker-{n}").count("replica_passed_over") for n in (1, 2)]
    assert 0 < sum(passed_over) <= 4, passed_over

    pair.standby.psql("SELECT pg_wal_replay_resume()")
    read_for(1, lambda: score_around(board, me))
    before = int(pair.standby.psql("SELECT sum(idx_scan) FROM pg_stat_user_tables", DATABASE))
    read_for(1.5, lambda: score_around(board, me))
    assert eventually(lambda: int(pair.standby.psql(
        "SELECT sum(idx_scan) FROM pg_stat_user_tables", DATABASE)) > before), "it is read again"
    assert board.ctl("verify").returncode == 0


def test_the_standby_is_killed_and_comes_back(reading):
    pair, board = reading
    with Burst(board, players=3) as burst:
        watched = burst.players[0]
        score_around(board, watched)
        pair.standby.stop(signal.SIGQUIT)
        read_for(1.5, lambda: score_around(board, watched))  # asserts that each is answered
        pair.standby.start()
        assert eventually(lambda: score_around(board, watched) and sessions(pair.standby) > 0, 10)
        assert not burst.refused, "awards have nothing to do with the standby"
    burst.check()


def test_the_standby_stands_still(reading):
    """SIGSTOP: its connections stay open and nobody answers, not even to a timeout of its own."""
    pair, board = reading
    player = Player(board)
    assert player.increment(delta=3).status == 200
    read_for(1.5, lambda: score_around(board, player))
    pids = [pair.standby.process.pid] + [int(pid) for pid in pair.standby.psql(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'scoreboard'").split()]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(3)  # then neither worker's own thread has heard of it for too long
        began = time.monotonic()
        for _ in range(20):
            assert score_around(board, player) == 3
        assert time.monotonic() - began < 5
        assert player.increment(delta=1).json["newScore"] == 4
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    assert eventually(lambda: score_around(board, player) == 4, 3)


def test_the_primary_is_away_and_the_standby_shows_the_last_boards(reading):
    pair, board = reading
    player = Player(board)
    assert player.increment(delta=3).status == 200
    read_for(1.5, lambda: score_around(board, player))
    pair.primary.stop()
    assert set(read_for(3, lambda: score_around(board, player))) == {3}
    assert_problem(player.increment(), 503)
    assert_problem(player.get("/api/scores/me"), 503)
    pair.primary.start()
    assert eventually(lambda: player.increment(delta=1).status == 200, 3)
    assert eventually(lambda: score_around(board, player) == 4, 3)


def test_a_synchronous_standby_takes_over_and_nothing_acknowledged_is_lost(failing_over):
    pair, board = failing_over
    pair.make_synchronous()
    workers = [board.pid("worker-1"), board.pid("worker-2")]
    with Burst(board) as burst:
        pair.primary.stop(signal.SIGQUIT)
        assert eventually(lambda: burst.refused > 0, 10)
        pair.standby.psql("SELECT pg_promote()")
        assert burst.good_again_within(5)
        time.sleep(0.5)
    assert [board.pid("worker-1"), board.pid("worker-2")] == workers
    assert sum(filter(None, burst.acknowledged.values())) > 0
    burst.check()


def test_a_standby_that_had_not_received_everything_takes_over(failing_over):
    """What it has not got is lost, acknowledged or not; from there on everything is exact again, ranks
    included, and no worker goes by what it remembers of the other history."""
    pair, board = failing_over
    players = [Player(board) for _ in range(4)]
    for player in players:
        assert player.increment(delta=1).status == 200
    position = pair.primary.psql("SELECT pg_current_wal_flush_lsn()").strip()
    assert eventually(lambda: pair.standby.psql(
        f"SELECT pg_last_wal_replay_lsn() >= '{position}'").strip() == "t", 10)
    pair.standby.psql("ALTER SYSTEM SET primary_conninfo = ''")
    pair.standby.psql("SELECT pg_reload_conf()")
    assert eventually(lambda: pair.standby.psql("SELECT count(*) FROM pg_stat_wal_receiver")
                      .strip() == "0", 10)
    for _ in range(2):
        for player in players:
            assert player.increment(delta=5).status == 200
    pair.primary.stop(signal.SIGQUIT)
    pair.standby.psql("SELECT pg_promote()")
    assert eventually(lambda: players[0].increment(delta=1).status == 200, 10)
    me = eventually(lambda: (a := players[0].get("/api/scores/me")).status == 200 and a, 3)
    assert me.json["score"] == 2
    for player in players * 4:
        answer = eventually(lambda p=player: (a := p.increment(delta=2)).status == 200 and a)
        assert answer, "counts for ranks are loaded again by themselves"

    def shown():
        rows = request(board, "GET", "/api/leaderboard").json["data"]["leaderboard"]
        return [row["score"] for row in rows]

    assert eventually(lambda: shown() == [10, 9, 9, 9]), shown()
    assert board.ctl("verify").returncode == 0
