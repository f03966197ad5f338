# SPDX-License-Identifier: Apache-2.0
"""A small client of both contracts: registers, logs in, signs, watches. It checks nothing itself."""
import hashlib
import hmac
import http.client
import itertools
import json
import random
import socket
import time
import uuid
from datetime import datetime, timezone

import leaks
from boards import crowd

PASSWORD = "correct horse battery"
_serial = itertools.count()
_run = random.SystemRandom().randrange(36**5)


def new_name(stem="player"):
    return f"{stem}_{_run}_{next(_serial)}"


def timestamp(offset=0.0):
    at = datetime.fromtimestamp(time.time() + offset, timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # http.client's: case-insensitive
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


def request(board, method, path, body=None, headers=None, timeout=15):
    """One request on a connection of its own. `body`: bytes as they are, anything else as JSON."""
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    leaks.remember_body(body or b"")
    timeout *= crowd()
    if board.tls:
        connection = http.client.HTTPSConnection("127.0.0.1", board.port, timeout=timeout,
                                                 context=board.tls)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", board.port, timeout=timeout)
    try:
        with board.inside():
            connection.connect()
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        leaks.remember_body(answer.body)
        leaks.remember_cookies(answer.headers.get_all("Set-Cookie") or [])
        return answer
    finally:
        connection.close()


def raw(board, data, timeout=5):
    """What comes back for these very bytes."""
    with board.inside():
        connection = socket.create_connection(("127.0.0.1", board.port), timeout=timeout)
    with connection:
        connection.sendall(data)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except (socket.timeout, ConnectionResetError):
            pass
        return received


def sign(key, text):
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


class Player:
    """A registered player with a session."""

    def __init__(self, board, name=None):
        self.board = board
        self.name = name or new_name()
        self.email = f"{self.name}@example.org"
        answer = request(board, "POST", "/api/auth/register",
                         {"username": self.name, "email": self.email, "password": PASSWORD})
        assert answer.status == 201, answer
        self.id = answer.json["user"]["id"]
        self.log_in()

    def log_in(self):
        answer = request(self.board, "POST", "/api/auth/login",
                         {"username": self.name, "password": PASSWORD})
        assert answer.status == 200, answer
        self.take(answer.json)

    def take(self, session):
        self.access_token = session["access_token"]
        self.refresh_token = session["refresh_token"]
        self.key = session["action_secret_key"]
        self.nonce = session["nonce"]

    @property
    def bearer(self):
        return {"Authorization": f"Bearer {self.access_token}"}

    def get(self, path):
        return request(self.board, "GET", path, headers=self.bearer)

    def update_body(self, action_id=None, action_type="COMPLETE_TASK", at=None):
        action_id = action_id or str(uuid.uuid4())
        at = at or timestamp()
        return {"action_id": action_id, "action_type": action_type, "timestamp": at,
                "signature": sign(self.key, action_id + action_type + at)}

    def update(self, body=None, **fields):
        return request(self.board, "POST", "/api/scores/update", body or self.update_body(**fields),
                       self.bearer)

    def increment_request(self, action_id=None, delta=1, at=None, user=None):
        action_id = action_id or str(uuid.uuid4())
        at = at or str(int(time.time()))
        user = user or self.id
        text = f"v1\n{user}\n{action_id}\n{delta}\n{self.nonce}\n{at}"
        body = {"userId": user, "actionId": action_id, "delta": delta,
                "signature": "v1=" + sign(self.key, text)}
        return body, {**self.bearer, "x-request-timestamp": at}

    def increment(self, **fields):
        body, headers = self.increment_request(**fields)
        return request(self.board, "POST", "/api/scores/increment", body, headers)


PROBLEM_MEMBERS = {"type", "title", "status", "detail", "instance", "success", "code", "message",
                   "details", "error", "request_id"}


def assert_problem(answer, status, code=None):
    """The one error body, complete and consistent."""
    assert answer.status == status, answer
    problem = answer.json
    assert set(problem) == PROBLEM_MEMBERS, answer
    assert problem["status"] == status
    assert problem["success"] is False
    assert problem["error"] == {"code": problem["code"], "message": problem["message"]}
    assert isinstance(problem["details"], dict)
    assert problem["type"].startswith("/problems#")
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert answer.headers.get_all("X-Request-Id") == [problem["request_id"]]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if code is not None:
        assert problem["code"] == code, answer
    if status in (429, 503):
        assert int(answer.headers["Retry-After"]) >= 1
    return problem


def board_is_read(board):
    """Whether the board can be read and shows anybody."""
    answer = request(board, "GET", "/api/leaderboard")
    return answer.status == 200 and answer.json["data"]["leaderboard"]
