# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL that stands still in the middle of commits: whoever wrote is told within seconds, by the
worker and not by the edge, which would ask the other worker and wait as long again; and whatever was in
doubt counts once. Run with boards on PostgreSQL."""
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from boards import eventually
from client import Player, assert_problem, board_is_read
from postgresql import Cluster
from silence import standing_still

UNLIMITED = {"SCOREBOARD_LIMITS_AWARDS": "1000000"}
ANSWERED_SECONDS = 6.5  # the edge asks the other worker after seven
PLAYERS = 16


def timed(ask):
    began = time.monotonic()
    answer = ask()
    return answer, time.monotonic() - began


def test_writes_in_doubt_are_refused_within_seconds_and_count_once(make_board):
    board = make_board(UNLIMITED)
    players = [Player(board) for _ in range(PLAYERS)]
    scores = dict.fromkeys(players, 0)
    doubtful = []  # (player, action): to be repeated
    with ThreadPoolExecutor(PLAYERS) as pool:
        for _ in range(5):  # until every committer has its connection
            for player, answer in zip(players, pool.map(Player.increment, players)):
                scores[player] += answer.status == 200
        assert eventually(lambda: board_is_read(board))
        with standing_still(Cluster(board.data / "postgresql"), board.pid("postgresql")):
            for _ in range(3):
                actions = [str(uuid.uuid4()) for _ in players]
                asked = [pool.submit(timed, lambda p=player, a=action: p.increment(action_id=a))
                         for player, action in zip(players, actions)]
                for player, action, one in zip(players, actions, asked):
                    answer, took = one.result()
                    problem = assert_problem(answer, 503)
                    assert problem["details"].get("reason"), "a worker says why, the edge does not"
                    assert took < ANSWERED_SECONDS
                    doubtful.append((player, action))
                assert board_is_read(board)
    for player, action in doubtful:
        def repeated(p=player, a=action):
            return p.increment(action_id=a).status == 200
        assert eventually(repeated, 5)
        scores[player] += 1
    for player in players:
        assert player.get("/api/scores/me").json["score"] == scores[player]
    assert board.ctl("verify").returncode == 0
