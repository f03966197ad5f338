# SPDX-License-Identifier: Apache-2.0
"""Accounts and sessions when the worker that made or changed them dies before it answers: Nginx sends the
same request to the other one, by the same id, and the answer is what the first would have said."""
import pytest

from boards import eventually
from client import PASSWORD, Player, new_name, request


@pytest.fixture
def board(make_board, tmp_path):
    one = make_board({"SCOREBOARD_TEST_CRASH_AFTER_COMMIT": str(tmp_path / "die")})
    one.trigger = tmp_path / "die"
    return one


def answered_after_a_death(board, ask):
    """What `ask` is told, whose worker dies once it has the answer."""
    def pids():
        return {board.pid("worker-1"), board.pid("worker-2")}
    before = pids()
    board.trigger.touch()
    answer = ask()
    assert not board.trigger.exists(), "nobody died"
    assert eventually(lambda: pids() != before)
    return answer


def test_a_registration_is_not_told_that_its_own_name_is_taken(board):
    name = new_name()
    body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
    answer = answered_after_a_death(board, lambda: request(board, "POST", "/api/auth/register", body))
    assert answer.status == 201, answer
    assert board.sql("SELECT public_id FROM users").split() == [answer.json["user"]["id"]]
    assert request(board, "POST", "/api/auth/login",
                   {"username": name, "password": PASSWORD}).status == 200
    # Whoever asks for the second time by himself is told, as ever.
    assert request(board, "POST", "/api/auth/register", body).status == 409


def test_a_refresh_is_not_taken_for_a_thief(board):
    player = Player(board)
    answer = answered_after_a_death(board, lambda: request(
        board, "POST", "/api/auth/refresh", {"refresh_token": player.refresh_token}))
    assert answer.status == 200, answer
    again = request(board, "POST", "/api/auth/refresh", {"refresh_token": answer.json["refresh_token"]})
    assert again.status == 200, again


def test_a_login_leaves_a_session_that_nobody_knows_and_is_answered_another(board):
    player = Player(board)
    before = int(board.sql("SELECT count(*) FROM sessions"))
    answer = answered_after_a_death(board, lambda: request(
        board, "POST", "/api/auth/login", {"username": player.name, "password": PASSWORD}))
    assert answer.status == 200, answer
    assert int(board.sql("SELECT count(*) FROM sessions")) == before + 2
    assert request(board, "POST", "/api/auth/refresh",
                   {"refresh_token": answer.json["refresh_token"]}).status == 200


def test_a_logout_is_one(board):
    player = Player(board)
    answer = answered_after_a_death(board, lambda: request(
        board, "POST", "/api/auth/logout", headers=player.bearer))
    assert answer.status == 204, answer
    assert player.update().status == 401
