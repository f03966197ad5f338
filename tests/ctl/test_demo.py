# SPDX-License-Identifier: Apache-2.0
"""scoreboardctl demo against a board that is made of this file alone: it checks each signature by
the two specifications and answers as unpleasantly as a real one may."""

import hashlib
import hmac
import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from boards import BUILD, TOP, eventually

KEY = "5e" * 32
NONCE = "a0" * 16


class Board(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.lock = threading.Lock()
        self.names = []  # as registered
        self.logins = 0
        self.actions = []  # (path, action id, answered status)
        self.faults = []  # what a client must not do
        self.planned = []  # statuses of the next actions; then 200
        self.scores = Counter()
        self.first_name_taken = False


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            answer = {
                "/api/auth/register": self.register,
                "/api/auth/login": self.login,
                "/api/scores/update": self.update,
                "/api/scores/increment": self.increment,
            }[self.path](body)
        self.answer(*answer)

    def register(self, body):
        self.server.names.append(body["username"])
        if self.server.first_name_taken and len(self.server.names) == 1:
            return 409, {"code": "CONFLICT", "detail": "username is taken"}
        return 201, {"user": {"id": "id-of-" + body["username"]}}

    def login(self, body):
        self.server.logins += 1
        user = {"id": "id-of-" + body["username"], "username": body["username"]}
        return 200, {
            "access_token": "token-of-" + user["id"],
            "action_secret_key": KEY,
            "nonce": NONCE,
            "user": user,
        }

    def update(self, body):
        text = body["action_id"] + body["action_type"] + body["timestamp"]
        self.expect(body["signature"] == self.mac(text), "signature of contract A")
        return self.action(body["action_id"], 10)

    def increment(self, body):
        timestamp = self.headers["X-Request-Timestamp"]
        lines = ["v1", body["userId"], body["actionId"], str(body["delta"]), NONCE, timestamp]
        self.expect(body["signature"] == "v1=" + self.mac("\n".join(lines)), "signature of B")
        self.expect(self.headers["Authorization"] == "Bearer token-of-" + body["userId"], "token")
        return self.action(body["actionId"], body["delta"])

    def action(self, action_id, points):
        status = self.server.planned.pop(0) if self.server.planned else 200
        self.server.actions.append((self.path, action_id, status))
        if status != 200:
            return status, {"code": "X", "detail": "as planned"}
        player = self.headers["Authorization"]
        self.server.scores[player] += points
        score = self.server.scores[player]
        if self.path.endswith("update"):
            return 200, {"success": True, "data": {"new_score": score, "current_rank": 1}}
        return 200, {"userId": "x", "newScore": score, "rank": 1}

    def mac(self, text):
        return hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest()

    def expect(self, good, what):
        if not good:
            self.server.faults.append(what)

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        if status in (429, 503):
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@pytest.fixture
def board():
    server = Board()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def start(url, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SCOREBOARD_")}
    return subprocess.Popen(
        [BUILD / "bin/scoreboardctl", "demo", "--url", url, *map(str, arguments)],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def play(board, *arguments, status=0):
    demo = start(board.url, *arguments)
    stdout, stderr = demo.communicate(timeout=60)
    assert demo.returncode == status, stdout + stderr
    assert board.faults == []
    return stdout


def test_players_sign_by_both_contracts_and_the_rate_is_kept(board):
    stdout = play(board, "--players", 4, "--rate", 20, "--seconds", 3)
    paths = Counter(path for path, _, _ in board.actions)
    assert set(paths) == {"/api/scores/update", "/api/scores/increment"}
    assert 20 <= len(board.actions) <= 65
    assert len({action for _, action, _ in board.actions}) == len(board.actions)
    assert len(board.names) == board.logins == 4
    assert f"4 players, {len(board.actions)} actions counted" in stdout


def test_who_is_asked_to_wait_waits_and_repeats_the_same_action(board):
    board.planned = [429, 503]
    started = time.monotonic()
    play(board, "--players", 1, "--rate", 50, "--seconds", 4)
    first, second, third = board.actions[:3]
    assert [first[2], second[2], third[2]] == [429, 503, 200]
    assert first[:2] == second[:2] == third[:2]
    assert time.monotonic() - started >= 2  # two Retry-After of a second each


def test_a_token_that_is_no_longer_believed_is_replaced(board):
    board.planned = [401]
    play(board, "--players", 1, "--rate", 20, "--seconds", 2)
    assert board.logins == 2
    assert board.actions[0][1] == board.actions[1][1]
    assert board.actions[1][2] == 200


def test_a_repeat_that_had_counted_before_is_no_failure(board):
    board.planned = [503, 409]
    assert "refused" not in play(board, "--players", 1, "--rate", 20, "--seconds", 3)


def test_refusals_are_told_and_play_goes_on(board):
    board.planned = [400]
    stdout = play(board, "--players", 1, "--rate", 20, "--seconds", 2)
    assert "1 refused" in stdout
    assert len(board.actions) > 5


def test_a_taken_name_is_replaced_by_another(board):
    board.first_name_taken = True
    play(board, "--players", 1, "--rate", 20, "--seconds", 1)
    assert len(board.names) == 2 and board.names[0] != board.names[1]


def test_ctrl_c_ends_it_at_once_and_well(board):
    demo = start(board.url, "--players", 2, "--rate", 1)
    deadline = time.monotonic() + 20
    while not board.actions and time.monotonic() < deadline:
        time.sleep(0.05)
    demo.send_signal(signal.SIGINT)
    at_once = eventually(lambda: demo.poll() is not None, 2)
    stdout, stderr = demo.communicate(timeout=10)
    assert demo.returncode == 0, stdout + stderr
    assert at_once


def test_a_wrong_address_is_told_and_status_1():
    demo = start("http://127.0.0.1:9", "--seconds", 5)
    _, stderr = demo.communicate(timeout=20)
    assert demo.returncode == 1
    assert "127.0.0.1" in stderr
