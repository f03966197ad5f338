# SPDX-License-Identifier: Apache-2.0
"""What good requests need: players with sessions, keys and fresh ids. And how a case becomes bytes."""
import itertools
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from cases import GOOD, as_bytes, escaped
from client import PASSWORD, Player, new_name, request, sign, timestamp
from judge import fits, lone_keys
from test_browser_sessions import Page


class World:
    def __init__(self, board, foreign_token):
        self.board = board
        self.foreign_token = foreign_token  # of an issuer that the board believes
        self.host = f"127.0.0.1:{board.port}"
        self.player = Player(board)
        self.page = Page(board)
        # Wrong passwords are guessed for this one: whoever fails too often has to wait.
        self.victim = Player(board)
        self.refresher = Player(board)
        self.ended = Player(board)
        # Of either an action that counted, under one id.
        self.action = str(uuid.uuid4())
        for one in (self.player, self.page.player):
            one.log_in()
            assert one.update(action_id=self.action).status == 200
        self.page.log_in()
        # More than any page or neighbourhood holds.
        with ThreadPoolExecutor(4) as pool:
            assert {one.status for one in pool.map(lambda _: Player(board).update(), range(105))} == {200}
        assert request(board, "POST", "/api/auth/logout", headers=self.ended.bearer).status == 204
        self.realtime = self.player.get("/api/realtime/token").json["token"]
        self.serial = itertools.count()

    def body(self, operation, case):
        """A good one. An operation that is not known here is asked with an empty object."""
        who = self.page.player if case.auth in ("cookie", "no csrf") else self.player
        if operation.operation_id == "register":
            name = new_name("fuzz")
            return {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        if operation.operation_id == "login":
            name = self.victim.name if case.edits else self.player.name
            return {"username": name, "password": PASSWORD}
        if operation.operation_id == "refresh":
            return {"refresh_token": self.refresher.refresh_token}
        if operation.operation_id == "exchange":
            return {"token": self.foreign_token}
        if operation.operation_id == "updateScore":
            return {"action_id": str(uuid.uuid4()), "action_type": "COMPLETE_TASK",
                    "timestamp": timestamp(), "signature": ""}
        if operation.operation_id == "incrementScore":
            return {"userId": who.id, "actionId": str(uuid.uuid4()), "delta": 1, "signature": ""}
        return {} if operation.body else None

    def must_succeed(self, operation, case):
        known = operation.body is None or self.body(operation, case) != {}
        return case.plain() and known

    def path(self, operation, case):
        # Of two who stand on the board and one who has no points yet.
        user = (self.player, self.page.player, self.victim)[next(self.serial) % 3]
        good = {"actionId": self.action.encode(), "userId": user.id.encode()}
        path = operation.path
        for name, value in {**{name: good.get(name, b"x") for name in operation.of("path")},
                            **dict(case.path)}.items():
            path = path.replace("{" + name + "}", escaped(value))
        return path

    def credentials(self, operation, case):
        """Header fields."""
        if operation.operation_id == "exchange" and case.auth == "bearer":
            return []  # where another issuer's token could stand, instead of in the body
        if operation.operation_id == "logout" and case.auth == "bearer":
            leaver = Player.__new__(Player)  # a session of its own, which will be over
            leaver.board, leaver.name = self.board, self.player.name
            leaver.log_in()
            return [("Authorization", f"Bearer {leaver.access_token}")]
        if case.auth in ("cookie", "no csrf"):
            jar = "; ".join(f"{name}={value}" for name, value in self.page.jar.items())
            shown = [("X-CSRF-Token", self.page.csrf)] if case.auth == "cookie" else []
            return [("Cookie", jar), ("Origin", self.board.url), *shown]
        token = self.player.access_token
        at = len(token) - 10
        shown = {"bearer": token, "realtime": self.realtime, "ended": self.ended.access_token,
                 "tampered": token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1:],
                 "text": case.auth_text, "nobody": None}[case.auth]
        return [] if shown is None else [("Authorization", f"Bearer {shown}")]

    def sign(self, operation, case, body, stamp):
        """Over the bytes that the server will read, whatever they are by now."""
        player = self.page.player if case.auth in ("cookie", "no csrf") else self.player
        if operation.operation_id == "updateScore":
            text = "".join(str(body.get(name)) for name in ("action_id", "action_type", "timestamp"))
            mac = ""
        elif operation.operation_id == "incrementScore":
            text = "\n".join(str(one) for one in ("v1", body.get("userId"), body.get("actionId"),
                                                  body.get("delta", 1), player.nonce, stamp))
            mac = "v1="
        else:
            return None
        return mac + sign(player.key, text.encode("utf-8", "replace").decode())

    def cooked_body(self, operation, case, stamp):
        if case.body is not None:
            return case.body
        good = self.body(operation, case)
        if good is None:
            return None
        pairs = [(name, json.dumps(value)) for name, value in good.items()]
        for kind, name, token in case.edits:
            if kind == "add":
                pairs.append((name, token))
            else:
                pairs = [(key, token if key == name else old) for key, old in pairs
                         if kind == "set" or key != name]
                if kind == "set" and name not in dict(pairs):
                    pairs.append((name, token))
        edited = {name for _, name, _ in case.edits}
        if "signature" in good and "signature" not in edited and case.signed:
            mac = self.sign(operation, case, lone_keys(pairs), stamp)
            pairs = [(name, json.dumps(mac) if name == "signature" else token)
                     for name, token in pairs]
        return as_bytes("{" + ",".join(f"{json.dumps(name)}:{token}" for name, token in pairs) + "}")

    def cooked(self, operation, case):
        """(method, bytes on the wire, body)"""
        method = case.method or operation.method
        fields = [("Host", self.host)]
        stamp = str(int(time.time()))
        if "x-request-timestamp" in operation.of("header"):
            given = [value for name, value in case.headers if name == b"x-request-timestamp"]
            stamp = given[0].strip(b" \t").decode("utf-8", "replace") if given else stamp
            if not given:
                fields.append(("x-request-timestamp", stamp))
        fields += self.credentials(operation, case)
        if operation.body is not None or case.content_type is not None:
            fields.append(("Content-Type", case.content_type or b"application/json"))
        fields += case.headers
        query = "" if case.query is None else "?" + "&".join(
            escaped(as_bytes(name)).replace("/", "%2F") + "=" + escaped(value)
            for name, value in case.query)
        body = self.cooked_body(operation, case, stamp)
        head = f"{method} {self.path(operation, case)}{query} HTTP/1.1".encode()
        lines = [as_line(name) + b": " + as_line(value) for name, value in fields]
        if body is not None and case.chunked:
            lines.append(b"Transfer-Encoding: chunked")
            sent = (b"%x\r\n%s\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        else:
            lines += [b"Content-Length: %d" % len(body)] if body is not None else []
            sent = body or b""
        return method, b"\r\n".join([head, *lines, b"", b""]) + sent, body

    def wrong(self, operation, case, body):
        """Why this must be refused; empty when it need not be."""
        if case.headers or case.method not in (None, operation.method):
            return ""
        shown = case.auth in GOOD or (case.auth == "no csrf" and operation.method == "GET") or (
            case.auth == "ended" and operation.operation_id == "logout")  # out twice is out
        if operation.secured and not shown:
            return "the caller shows no credentials"
        if operation.body is not None and not fits(operation.body, body):
            return "the body does not fit its schema"
        for name, one in operation.of("query").items():
            given = [value for key, value in case.query or () if key == name]
            if given and given[0] and not fits_query(one["schema"], given[0]):
                return f"{name} does not fit its schema"
        return ""

    def learn(self, operation, answer):
        """What the next request has to know."""
        if operation.operation_id == "refresh" and answer.status == 200:
            session = json.loads(answer.body)
            if "refresh_token" in session:
                self.refresher.take(session)
        if operation.operation_id == "refresh" and answer.status == 401:
            self.refresher.log_in()
        if operation.operation_id == "logout" and answer.status == 204:
            self.page.log_in()


def as_line(text):
    return text if isinstance(text, bytes) else as_bytes(text).replace(b"\r", b" ").replace(b"\n", b" ")


def fits_query(schema, value):
    text = value.replace(b"+", b" ").decode("utf-8", "replace")
    if schema.get("type") == "integer":
        if not text.isascii() or not text.isdigit():
            return False
        number = int(text.lstrip("0")[:40] or "0")  # beyond any limit, and within Python's
        return schema.get("minimum", 0) <= number <= schema.get("maximum", number)
    return fits(schema, json.dumps(text).encode())
