# SPDX-License-Identifier: Apache-2.0
"""Register, log in, refresh, log out."""
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from client import PASSWORD, Player, assert_problem, new_name, request
from watchers import Watcher


def register(board, **fields):
    body = {"username": new_name(), "email": f"{new_name()}@example.org", "password": PASSWORD}
    return request(board, "POST", "/api/auth/register", {**body, **fields})


def log_in(board, name, password=PASSWORD):
    return request(board, "POST", "/api/auth/login", {"username": name, "password": password})


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def refresh(board, token):
    return request(board, "POST", "/api/auth/refresh", {"refresh_token": token})


def test_register_answers_the_user_and_nothing_else(board):
    name = new_name()
    answer = register(board, username=name)
    assert answer.status == 201
    assert set(answer.json) == {"user"}
    assert set(answer.json["user"]) == {"id", "username", "display_name"}
    assert answer.json["user"]["username"] == name


def test_a_taken_name_or_mail_is_409_and_says_which(board):
    player = Player(board)
    taken = assert_problem(register(board, username=player.name.upper()), 409, "CONFLICT")
    assert taken["details"]["field"] == "username"
    taken = assert_problem(register(board, email=player.email.upper()), 409, "CONFLICT")
    assert taken["details"]["field"] == "email"


@pytest.mark.parametrize("fields", [
    {"username": "ab"}, {"username": "a" * 51}, {"username": "with space"}, {"username": 7},
    {"email": "nobody"}, {"email": "a@b"}, {"email": "a@b.c" + "d" * 260}, {"email": None},
    {"password": "short"}, {"password": "x" * 129}, {"password": ["x"]}])
def test_what_breaks_the_grammar_is_400_and_names_the_field(board, fields):
    problem = assert_problem(register(board, **fields), 400, "VALIDATION_ERROR")
    assert problem["details"]["field"] == next(iter(fields))


def test_login_by_name_and_by_mail_hands_out_the_whole_session(board):
    player = Player(board)
    for name in (player.name, player.email, player.name.upper()):
        answer = log_in(board, name)
        assert answer.status == 200, answer
        session = answer.json
        assert set(session) == {"access_token", "token_type", "expires_in", "refresh_token",
                                "action_secret_key", "nonce", "user"}
        assert session["token_type"] == "Bearer"
        assert session["expires_in"] == 3600
        assert session["user"]["id"] == player.id


def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nobody(board):
    player = Player(board)
    wrong = assert_problem(log_in(board, player.name, "not the password"), 401, "UNAUTHENTICATED")
    unknown = assert_problem(log_in(board, new_name()), 401, "UNAUTHENTICATED")
    for problem in (wrong, unknown):
        del problem["request_id"]
    assert wrong == unknown


def test_refresh_rotates_and_the_new_session_scores(board):
    player = Player(board)
    answer = refresh(board, player.refresh_token)
    assert answer.status == 200
    assert answer.json["refresh_token"] != player.refresh_token
    player.take(answer.json)
    assert player.update().status == 200


def assert_over(player):
    """On every worker: Nginx takes them in turn."""
    for _ in range(2):
        assert_problem(player.get("/api/scores/me"), 401, "UNAUTHENTICATED")
        assert_problem(player.get("/api/scores/me?around=3"), 401)
        assert_problem(player.get(f"/api/scores/receipts/{new_name()}"), 401)
        assert_problem(player.get("/api/realtime/token"), 401)
        assert_problem(player.update(), 401, "UNAUTHORIZED")
        assert_problem(player.increment(), 401, "UNAUTHENTICATED")
        assert_problem(refresh(player.board, player.refresh_token), 401, "UNAUTHENTICATED")


def watcher_of(player):
    token = player.get("/api/realtime/token").json["token"]
    watcher = Watcher(player.board, f"/ws/me?token={token}")
    assert watcher.opened.wait(3), watcher.fault
    time.sleep(0.1)
    return watcher


def test_a_refresh_whose_answer_was_lost_is_answered_the_same_token_again(board):
    player = Player(board)
    first = player.refresh_token
    answers = [refresh(board, first) for _ in range(4)]
    assert [answer.status for answer in answers] == [200] * 4
    assert len({answer.json["refresh_token"] for answer in answers}) == 1
    player.take(answers[0].json)
    assert refresh(board, player.refresh_token).status == 200


def test_fifty_refreshes_of_one_token_at_once_lead_to_one_successor(board):
    player = Player(board)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: refresh(board, player.refresh_token), range(50)))
    assert {answer.status for answer in answers} == {200}
    (successor,) = {answer.json["refresh_token"] for answer in answers}
    tokens = board.sql("SELECT count(*) FROM refresh_tokens WHERE session_id = (SELECT session_id"
                       f" FROM refresh_tokens WHERE hash = '{sha256(successor)}')")
    assert int(tokens) == 2
    player.take(answers[0].json)
    assert player.update().status == 200


def test_a_grandparent_that_comes_back_ends_the_session_and_its_connections(board):
    player = Player(board)
    watcher = watcher_of(player)
    first = player.refresh_token
    player.take(refresh(board, first).json)
    player.take(refresh(board, player.refresh_token).json)
    assert_problem(refresh(board, first), 401, "UNAUTHENTICATED")
    assert_over(player)
    assert watcher.closed.wait(3)
    assert watcher.last() == {"type": "SESSION_ENDED"}


def test_a_parent_that_comes_back_after_ten_seconds_ends_the_session(board):
    player = Player(board)
    first = player.refresh_token
    player.take(refresh(board, first).json)

    def used_ago(seconds):
        at = int((time.time() - seconds) * 1e6)
        board.sql(f"UPDATE refresh_tokens SET used_at = {at} WHERE hash = '{sha256(first)}'")

    used_ago(8)
    assert refresh(board, first).json["refresh_token"] == player.refresh_token
    used_ago(10.1)
    assert_problem(refresh(board, first), 401, "UNAUTHENTICATED")
    assert_over(player)


def test_an_unknown_refresh_token_is_401(board):
    assert_problem(refresh(board, "x" * 43), 401, "UNAUTHENTICATED")


def test_logout_holds_for_the_next_request(board):
    player = Player(board)
    answer = request(board, "POST", "/api/auth/logout", headers=player.bearer)
    assert answer.status == 204
    assert answer.body == b""
    assert answer.headers["X-Request-Id"]
    assert_over(player)


def test_a_flood_of_logins_leaves_threads_for_everything_else(make_board):
    """Each login waited two seconds for its hash, on a thread that others needed."""
    board = make_board({"SCOREBOARD_AUTH_PASSWORD_COST": "8", "SCOREBOARD_SERVER_THREADS": "10",
                        "SCOREBOARD_AUTH_PASSWORD_CONCURRENCY": "1"}, ["--workers", "1"])
    with ThreadPoolExecutor(40) as pool:
        flood = [pool.submit(log_in, board, f"nobody{i}") for i in range(40)]
        time.sleep(0.3)
        began = time.monotonic()
        assert request(board, "GET", "/api/health/ready").status == 200
        answered_in = time.monotonic() - began
        answers = [login.result() for login in flood]
    sent_away = [answer for answer in answers if answer.status != 401]
    assert len(sent_away) >= 20
    for answer in sent_away:
        assert_problem(answer, 503, "SERVICE_UNAVAILABLE")
    assert answered_in < 1, f"{answered_in:.2f} s"
