# SPDX-License-Identifier: Apache-2.0
"""Our own keys are exchanged while the board runs."""
import base64
import hashlib
import hmac
import json
import threading
import time
import uuid

import pytest

from boards import eventually
from client import Player, assert_problem, request, sign, timestamp
from issuer import compact


def key_file(board, name):
    return board.data / "keys" / f"{name}.jwks"


def keys_of(board, name):
    return [(key["kid"], base64.urlsafe_b64decode(key["k"] + "="))
            for key in json.loads(key_file(board, name).read_text())["keys"]]


def kid_of(token):
    header = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]


class Callers:
    """Players who log in and read all the time; keeps what they were answered."""

    def __init__(self, board, count=3):
        self.answers = []
        self.end = False
        players = [Player(board) for _ in range(count)]
        self.threads = [threading.Thread(target=self.run, args=(player,)) for player in players]
        for thread in self.threads:
            thread.start()

    def run(self, player):
        while not self.end:
            player.log_in()
            for call in (lambda: player.get("/api/scores/me"), player.increment):
                self.answers.append(call().status)

    def stop(self):
        self.end = True
        for thread in self.threads:
            thread.join()
        return self.answers


def test_new_keys_come_into_use_without_one_refusal(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "100000"})
    callers = Callers(board)
    fresh = {}
    for name in ("access", "action"):
        time.sleep(0.3)
        board.ctl("key", "new", "--out", str(key_file(board, name)))
        fresh[name] = keys_of(board, name)[0][0]
    player = Player(board)

    def uses_the_new_key():
        player.log_in()
        return kid_of(player.access_token) == fresh["access"]
    assert eventually(lambda: all(uses_the_new_key() for _ in range(4)), 4)
    assert eventually(lambda: len(callers.answers) > 20, 20)
    answers = callers.stop()
    assert set(answers) == {200}


@pytest.mark.sanitized
def test_a_retired_key_is_refused_within_two_seconds(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "100000"})
    old = Player(board)
    stale = old.bearer
    (old_access, _), = keys_of(board, "access")
    (old_action, _), = keys_of(board, "action")
    for name in ("access", "action"):
        board.ctl("key", "new", "--out", str(key_file(board, name)))
    fresh = Player(board)

    def has_new_keys():
        fresh.log_in()
        return kid_of(fresh.access_token) != old_access and fresh.increment().status == 200
    assert eventually(lambda: all(has_new_keys() for _ in range(4)), 4)  # of both workers
    assert old.get("/api/scores/me").status == 200
    assert old.increment().status == 200
    board.ctl("key", "retire", old_action)
    assert eventually(lambda: {old.increment().status for _ in range(4)} == {403}, 3)
    old.take(request(board, "POST", "/api/auth/refresh",
                     {"refresh_token": old.refresh_token}).json)
    assert old.increment().status == 200  # the refresh brought the new action key
    board.ctl("key", "retire", old_access)
    assert eventually(lambda: {request(board, "GET", "/api/scores/me", headers=stale).status
                               for _ in range(4)} == {401}, 3)
    assert {fresh.get("/api/scores/me").status for _ in range(4)} == {200}
    assert old.get("/api/scores/me").status == 200


def test_a_corrupt_file_keeps_the_old_keys_and_says_so_once(make_board):
    board = make_board()
    player = Player(board)
    good = key_file(board, "access").read_text()

    def complaints():
        return [sum('"keys_unreadable"' in line and '"old_keys_stay":true' in line
                    for line in board.log(name).splitlines()) for name in ("worker-1", "worker-2")]
    key_file(board, "access").write_text("{}")
    assert eventually(lambda: complaints() == [1, 1], 4)
    for _ in range(4):
        assert player.increment().status == 200
        player.log_in()
    assert request(board, "GET", "/api/health/ready").status == 200
    time.sleep(1.2)
    assert complaints() == [1, 1]
    key_file(board, "access").write_text(good)
    board.ctl("key", "new", "--out", str(key_file(board, "access")))
    fresh = keys_of(board, "access")[0][0]

    def uses_the_new_key():
        player.log_in()
        return kid_of(player.access_token) == fresh
    assert eventually(lambda: all(uses_the_new_key() for _ in range(4)), 4)


def test_keys_that_come_late_need_no_restart(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "1000000"})  # until both workers have them
    player = Player(board)
    hidden = board.data / "hidden"
    (board.data / "keys").rename(hidden)
    for name in ("worker-1", "worker-2"):
        pid = board.kill(name)
        assert eventually(lambda n=name, p=pid: board.pid(n) != p)
    assert eventually(lambda: all("keys_unreadable" in board.log(name)
                                  for name in ("worker-1", "worker-2")))
    assert eventually(lambda: request(board, "GET", "/api/health/live").status == 200)
    assert_problem(player.increment(), 503)
    hidden.rename(board.data / "keys")
    assert eventually(lambda: {player.increment().status for _ in range(2)} == {200}, 4)
    assert eventually(lambda: request(board, "GET", "/api/health/ready").status == 200)


def hkdf(key, info):
    """RFC 5869: 32 bytes, no salt."""
    extracted = hmac.new(bytes(32), key, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).hexdigest()


def test_an_unknown_session_is_checked_like_any_other(board):
    """A token of ours for a session that never was: a wrong signature is a wrong signature, and only
    a right one, which needs the master key, learns that there is no session."""
    (kid, secret), *_ = keys_of(board, "access")
    (_, master), *_ = keys_of(board, "action")
    player = Player(board)
    now, session = int(time.time()), uuid.uuid4().hex
    token = compact({"alg": "HS256", "kid": kid, "typ": "at+jwt"},
                    {"iss": "scoreboard", "aud": "scoreboard", "sub": player.id, "sid": session,
                     "iat": now, "exp": now + 600},
                    lambda text: hmac.new(secret, text, hashlib.sha256).digest())
    bearer = {"Authorization": f"Bearer {token}"}

    def update(headers, key):
        action, at = str(uuid.uuid4()), timestamp()
        return request(board, "POST", "/api/scores/update", {
            "action_id": action, "action_type": "COMPLETE_TASK", "timestamp": at,
            "signature": sign(key, action + "COMPLETE_TASK" + at)}, headers)
    unknown = assert_problem(update(bearer, "0" * 64), 403, "INVALID_SIGNATURE")
    known = assert_problem(update(player.bearer, "0" * 64), 403, "INVALID_SIGNATURE")
    for problem in (unknown, known):
        del problem["request_id"]
    assert unknown == known
    derived = hkdf(master, b"scoreboard action key v1 " + session.encode())
    assert_problem(update(bearer, derived), 401, "UNAUTHORIZED")
    derived = hkdf(master, b"scoreboard nonce v1 " + session.encode())
    assert_problem(update(bearer, derived), 403, "INVALID_SIGNATURE")


def test_a_flood_of_bad_signatures_leaves_the_players_allowance_untouched(board):
    """Whoever has a token and no key cannot use up what its player may do."""
    player = Player(board)
    body = player.update_body()
    increment, headers = player.increment_request()
    for number in range(40):
        wrong = f"{number:064x}"
        assert_problem(player.update({**body, "signature": wrong}), 403, "INVALID_SIGNATURE")
        assert_problem(request(board, "POST", "/api/scores/increment",
                               {**increment, "signature": f"v1={wrong}"}, headers), 403)
    assert [player.update().status for _ in range(10)] == [200] * 10
    assert_problem(player.update(), 429, "RATE_LIMITED")
