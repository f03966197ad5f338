# SPDX-License-Identifier: Apache-2.0
"""Repeated failures of authentication are one line of the log, whatever their number."""
import json

import pytest

from boards import Board, eventually
from client import Player, assert_problem, new_name, request
from test_browser_sessions import Page
from tokens import claims_of, expired, foreign


@pytest.fixture(scope="module")
def lone():
    """One worker, because each counts for itself. The kinds are counted apart."""
    one = Board(arguments=["--workers", "1"]).start()
    yield one
    one.stop()
    one.remove()


def events(board, *kinds):
    lines = [json.loads(line) for line in board.log("worker-1").splitlines()]
    return [line for line in lines if line["event"] == "security_event" and line["kind"] in kinds]


def the_event(board, kind):
    """The only one, complete, and of nobody else's doing."""
    (event,) = eventually(lambda: events(board, kind))
    assert set(event) == {"time", "level", "event", "kind", "count", "window_s", "by", "address",
                          "user", "request_id"}
    assert (event["level"], event["window_s"], event["address"]) == ("warning", 60, "127.0.0.0")
    return event


def test_a_flood_of_bad_signatures_is_one_event_and_costs_the_player_nothing(lone):
    player = Player(lone)
    body = {**player.update_body(), "signature": "0" * 64}
    answers = [player.update(body) for _ in range(9)]
    assert events(lone, "bad_signature") == []
    answers += [player.update(body) for _ in range(91)]
    for answer in answers:
        assert_problem(answer, 403, "INVALID_SIGNATURE")
    event = the_event(lone, "bad_signature")
    assert (event["count"], event["by"], event["user"]) == (10, "user", player.id)
    assert event["request_id"] == answers[9].json["request_id"]
    for _ in range(10):  # the whole allowance
        assert player.update().status == 200


def test_neither_expired_nor_missing_tokens_are_an_event(lone):
    token = expired(Player(lone))
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        for _ in range(15):
            assert_problem(request(lone, "GET", "/api/scores/me", headers=headers), 401)
    assert events(lone, "bad_token", "expired_token") == []


def test_a_flood_of_forged_tokens_accuses_nobody_whom_they_name(lone):
    player = Player(lone)
    forged = foreign(player)
    assert claims_of(forged)["sub"] == player.id
    for number in range(30):
        token = forged if number % 2 else "garbled"
        assert_problem(request(lone, "GET", "/api/scores/me",
                               headers={"Authorization": f"Bearer {token}"}), 401)
    event = the_event(lone, "bad_token")
    assert (event["count"], event["by"], event["user"]) == (10, "address", "")
    assert player.id not in lone.log("worker-1")


@pytest.mark.parametrize("names", [1, 30], ids=["of one account", "of many"])
def test_guessing_passwords_is_an_event(lone, names):
    tried = [new_name() for _ in range(names)]
    for number in range(30):
        request(lone, "POST", "/api/auth/login",
                {"username": tried[number % names], "password": "not the password"})
    # Of one account five are looked at, and the others are told to wait.
    event = the_event(lone, "throttled_login" if names == 1 else "wrong_password")
    assert (event["count"], event["by"], event["user"]) == (10, "address", "")


def test_actions_in_somebody_elses_name_are_an_event(lone):
    player, other = Player(lone), Player(lone)
    for _ in range(12):
        assert_problem(player.increment(user=other.id), 403, "UNAUTHORIZED")
    event = the_event(lone, "foreign_user")
    assert (event["count"], event["by"], event["user"]) == (10, "user", player.id)


def test_requests_of_foreign_pages_are_an_event(lone):
    page = Page(lone)
    for _ in range(12):
        page.send("POST", "/api/auth/logout", headers={**page.own, "X-CSRF-Token": "guessed"})
    event = the_event(lone, "csrf")
    assert (event["count"], event["by"], event["user"]) == (10, "user", page.player.id)


def test_a_reused_refresh_token_is_an_event_at_once(lone):
    player = Player(lone)
    stolen = player.refresh_token
    for _ in range(2):
        player.take(request(lone, "POST", "/api/auth/refresh",
                            {"refresh_token": player.refresh_token}).json)
    for _ in range(3):
        assert_problem(request(lone, "POST", "/api/auth/refresh", {"refresh_token": stolen}), 401)
    event = the_event(lone, "refresh_reused")
    assert (event["count"], event["by"], event["user"]) == (1, "user", player.id)
