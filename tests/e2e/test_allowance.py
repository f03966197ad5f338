# SPDX-License-Identifier: Apache-2.0
"""The allowance of a player: exact whichever worker is asked and whatever becomes of it, and told
with each answer."""
import random
import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from boards import eventually
from client import Player, assert_problem

POLICY = '"user";q={};w={}'


def rest_of(answer):
    """(r, t) of RateLimit."""
    match = re.fullmatch(r'"user";r=(\d+)(?:;t=(\d+))?', answer.headers["RateLimit"])
    assert match, answer.headers["RateLimit"]
    return int(match[1]), match[2] and int(match[2])


@pytest.mark.sanitized
@pytest.mark.parametrize("route", ["update", "increment"])
def test_every_answer_tells_what_is_left(board, route):
    player = Player(board)
    send = getattr(player, route)
    first = str(uuid.uuid4())
    began = time.time()
    for left in reversed(range(10)):
        answer = send(action_id=first if left == 9 else None)
        assert answer.status == 200
        assert answer.headers.get_all("RateLimit-Policy") == [POLICY.format(10, 60)]
        r, t = rest_of(answer)
        assert r == left
        # Until the first action leaves the window.
        assert 60 - (time.time() - began) <= t <= 60
    refused = send()
    assert_problem(refused, 429, "RATE_LIMITED")
    assert refused.headers.get_all("RateLimit-Policy") == [POLICY.format(10, 60)]
    r, t = rest_of(refused)
    assert r == 0 and t <= int(refused.headers["Retry-After"]) <= 60
    # A repeat takes nothing and is answered though nothing is left.
    again = send(action_id=first)
    assert again.status == (409 if route == "update" else 200)
    assert rest_of(again)[0] == 0


def test_what_took_nothing_is_not_told_of(board):
    player = Player(board)
    body = player.update_body()
    body["signature"] = "0" * 64
    refused = player.update(body)
    assert_problem(refused, 403)
    assert "RateLimit" not in refused.headers and "RateLimit-Policy" not in refused.headers
    assert rest_of(player.update())[0] == 9  # a bad signature is no action of this player


def counted(board):
    """user id -> when its actions were counted, in seconds."""
    rows = board.sql("SELECT u.public_id, e.accepted_at FROM events e JOIN users u ON u.id = e.user_id"
                     " ORDER BY e.user_id, e.number")
    times = {}
    for row in rows.split():
        user, at = row.split("|")
        times.setdefault(user, []).append(int(at) / 1e6)
    return times


def test_random_arrivals_through_two_workers_that_are_killed_meanwhile(make_board):
    limit, window = 4, 2
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": str(limit),
                        "SCOREBOARD_LIMITS_AWARDS_WINDOW_S": str(window)})
    seed = random.SystemRandom().randrange(1 << 32)
    players = [Player(board) for _ in range(8)]
    stop = threading.Event()
    everybodys = {player.id: [] for player in players}

    def refused_often():
        return all(sum(status == 429 for _, _, status in list(sent)) >= 3
                   for sent in everybodys.values())

    def play(player):
        dice = random.Random(f"{seed} {player.id}")
        sent = everybodys[player.id]
        while not stop.is_set():
            time.sleep(dice.choice([0.0, 0.0, dice.random() * 2 * window / limit]))
            before = time.time()
            answer = player.increment()
            assert answer.status in (200, 429), answer
            sent.append((before, time.time(), answer.status))

    with ThreadPoolExecutor(len(players)) as pool:
        playing = [pool.submit(play, player) for player in players]
        for victim in ("worker-1", "worker-2"):
            time.sleep(2.5)
            killed = board.kill(victim)
            assert eventually(lambda v=victim, k=killed: board.pid(v) != k)
        time.sleep(2)
        tried = eventually(refused_often, 20)
        stop.set()
        for one in playing:
            one.result()
    assert tried, f"seed {seed}: {everybodys}"
    times = counted(board)
    for player in players:
        sent = everybodys[player.id]
        mine = times[player.id]
        where = f"seed {seed}, {player.id}"
        assert len(mine) == sum(status == 200 for _, _, status in sent), where
        assert all(later - one >= window for one, later in zip(mine, mine[limit:])), where

        def full(moment):
            return sum(moment - window < at <= moment for at in mine) >= limit
        for before, after, status in sent:
            moments = [before, after, *(at for at in mine if before <= at <= after)]
            assert status == 200 or any(map(full, moments)), f"{where} was refused within the limit"


def test_waiting_exactly_as_long_as_told_is_enough(make_board):
    """100 trials: refused, sleep Retry-After, counted."""
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "3", "SCOREBOARD_LIMITS_AWARDS_WINDOW_S": "1"})
    players = [Player(board) for _ in range(25)]

    def trials(player):
        for _ in range(4):
            while (answer := player.increment()).status == 200:
                pass
            assert_problem(answer, 429)
            wait = int(answer.headers["Retry-After"])
            assert wait == 1 and rest_of(answer) == (0, wait)
            time.sleep(wait)
            again = player.increment()
            assert again.status == 200, (again, again.headers["Retry-After"])
    with ThreadPoolExecutor(12) as pool:  # so few that each gets its three into a second anywhere
        list(pool.map(trials, players))
