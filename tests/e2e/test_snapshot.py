# SPDX-License-Identifier: Apache-2.0
"""The board as the edge serves it by itself."""
import os
import signal

import pytest

from boards import eventually
from client import Player, assert_problem, request


def get(board, path="/api/leaderboard", **headers):
    return request(board, "GET", path,
                   headers={name.replace("_", "-"): value for name, value in headers.items()})


def board_with_leader_at(board, score):
    """The answer once the board has caught up with this score, else None."""
    answer = get(board)
    leaders = answer.json["data"]["leaderboard"]
    return answer if leaders and leaders[0]["score"] == score else None


def test_two_boards_of_one_second_have_two_etags(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "1000"})
    player = Player(board)
    for _ in range(10):  # two digits from here on: boards of one size
        player.increment(delta=1)
    seen = {}
    for _ in range(12):
        score = player.increment(delta=1).json["newScore"]
        answer = eventually(lambda s=score: board_with_leader_at(board, s), 2)
        assert answer.headers["ETag"] not in seen, (answer, seen)
        seen[answer.headers["ETag"]] = score
        assert "Last-Modified" not in answer.headers
        unchanged = get(board, If_None_Match=answer.headers["ETag"])
        assert unchanged.status == 304 and unchanged.body == b""
    assert get(board, If_None_Match=next(iter(seen))).status == 200


def test_limits(board):
    for _ in range(2):
        Player(board).update()
    eventually(lambda: len(get(board).json["data"]["leaderboard"]) >= 2)
    for limit, most in (("", 10), ("?limit=1", 1), ("?limit=2", 2), ("?limit=10", 10),
                        ("?limit=11", 10), ("?limit=1000000000000000000000", 10)):
        answer = get(board, f"/api/leaderboard{limit}")
        assert answer.status == 200
        assert 1 <= len(answer.json["data"]["leaderboard"]) <= most
        top = get(board, f"/api/leaderboard/top{limit}")
        assert top.status == 200 and len(top.json) <= 50
    for limit in ("0", "-1", "abc", "1.5", "1e3", "%00", "+1"):
        assert_problem(get(board, f"/api/leaderboard?limit={limit}"), 400, "INVALID_REQUEST")
        assert_problem(get(board, f"/api/leaderboard/top?limit={limit}"), 400, "VALIDATION_ERROR")


@pytest.mark.sanitized
def test_reads_go_on_without_workers_and_writes_are_503(make_board):
    board = make_board()
    player = Player(board)
    player.update()
    assert eventually(lambda: board_with_leader_at(board, 10))
    supervisor = board.pid("supervisor")
    os.kill(supervisor, signal.SIGSTOP)  # or it would bring them back
    try:
        for name in ("worker-1", "worker-2"):
            board.kill(name)
        answer = get(board)
        assert answer.status == 200
        assert answer.json["data"]["leaderboard"][0]["score"] == 10
    finally:
        os.kill(supervisor, signal.SIGCONT)
    assert eventually(lambda: request(board, "GET", "/api/health/ready").status == 200)


def test_writes_fail_closed_without_keys_and_reads_go_on(make_board):
    board = make_board()
    player = Player(board)
    player.update()
    assert eventually(lambda: board_with_leader_at(board, 10))
    keys = board.data / "keys"
    keys.rename(board.data / "hidden")
    for name in ("worker-1", "worker-2"):
        pid = board.kill(name, signal.SIGTERM)
        assert eventually(lambda n=name, p=pid: board.pid(n) != p)
    assert_problem(player.update(), 503)
    assert_problem(player.increment(), 503)
    assert_problem(request(board, "GET", "/api/health/ready"), 503)
    assert request(board, "GET", "/api/health/live").status == 200
    assert get(board).json["data"]["leaderboard"][0]["score"] == 10
