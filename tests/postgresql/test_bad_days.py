# SPDX-License-Identifier: Apache-2.0
"""What life does to a database. Whatever happens: no acknowledged action is lost, none counts twice,
writes are refused plainly meanwhile, reads go on, and everything is back within seconds of the
database's return without anybody's help. Run with boards on PostgreSQL."""
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

from boards import eventually
from burst import Burst
from client import Player, assert_problem, board_is_read, request
from postgresql import Cluster
from silence import standing_still

BACK_SECONDS = 3
AWAY_SECONDS = 30
UNLIMITED = {"SCOREBOARD_LIMITS_AWARDS": "1000000"}


def test_the_postmaster_is_killed_in_the_middle_of_a_burst(make_board):
    board = make_board(UNLIMITED)
    with Burst(board) as burst:
        for _ in range(3):
            board.kill("postgresql")
            assert board_is_read(board)
            assert burst.good_again_within(10), "the supervisor's PostgreSQL is back by then"
            time.sleep(0.3)
    burst.check()


def test_connections_are_terminated_in_a_storm(make_board):
    board = make_board(UNLIMITED)
    with Burst(board) as burst:
        for _ in range(30):
            board.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                      " WHERE application_name = 'scoreboard'")
            time.sleep(0.1)
        assert burst.good_again_within(BACK_SECONDS)
    burst.check()


def test_idle_connections_that_died_are_replaced_unnoticed(make_board):
    board = make_board()
    player = Player(board)
    assert player.update().status == 200
    board.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              " WHERE application_name = 'scoreboard'")
    time.sleep(0.1)
    for answer in (player.update(), player.increment(), player.get("/api/scores/me")):
        assert answer.status == 200, answer


def test_postgresql_stands_still(make_board):
    board = make_board(UNLIMITED)
    player = Player(board)
    player.update()
    assert eventually(lambda: board_is_read(board))
    with Burst(board, players=2) as burst:
        with standing_still(Cluster(board.data / "postgresql"), board.pid("postgresql")):
            time.sleep(4)
            assert board_is_read(board)
        assert burst.good_again_within(BACK_SECONDS)
    burst.check()


def test_who_waits_behind_a_silent_commit_is_refused_in_time(make_board):
    """Before the commit itself is given up."""
    board = make_board(UNLIMITED)
    players = [Player(board) for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:  # until every committer has its connection
        for _ in range(5):
            list(pool.map(Player.increment, players))
        with standing_still(Cluster(board.data / "postgresql"), board.pid("postgresql")):
            waiting = []
            for player in players:
                waiting.append(pool.submit(player.increment))
                time.sleep(0.05)
            eventually(lambda: sum(one.done() for one in waiting) >= 8, 4)
            refused = [one.result() for one in waiting if one.done()]
    assert len(refused) >= 8
    for answer in refused:
        assert_problem(answer, 503)
    assert board.ctl("verify").returncode == 0


def test_postgresql_is_away_for_half_a_minute(make_board):
    board = make_board(UNLIMITED)
    player = Player(board)
    player.update()
    assert eventually(lambda: board_is_read(board))
    supervisor = board.pid("supervisor")
    os.kill(supervisor, signal.SIGSTOP)  # or it would bring it back at once
    cluster = Cluster(board.data / "postgresql")
    try:
        postmaster = board.kill("postgresql", signal.SIGINT)
        assert eventually(lambda: not cluster.ready(), 10)
        deadline = time.monotonic() + AWAY_SECONDS
        slowest = 0.0
        while time.monotonic() < deadline:
            began = time.monotonic()
            answer = player.increment()
            slowest = max(slowest, time.monotonic() - began)
            assert_problem(answer, 503)
            assert answer.headers["Retry-After"]
            assert board_is_read(board)
            time.sleep(0.1)
        assert slowest < 3
        assert request(board, "GET", "/api/health/live").status == 200
        assert_problem(request(board, "GET", "/api/health/ready"), 503)
    finally:
        os.kill(supervisor, signal.SIGCONT)
    assert postmaster
    assert eventually(cluster.ready, 10)
    assert eventually(lambda: player.increment().status == 200, BACK_SECONDS)
    assert board.ctl("verify").returncode == 0
