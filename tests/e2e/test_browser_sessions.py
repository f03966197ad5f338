# SPDX-License-Identifier: Apache-2.0
"""Sessions by cookie: every route takes them, and what a foreign page could send changes nothing."""
import hashlib
import json
import time
import uuid
from http.cookies import SimpleCookie

import pytest

from boards import eventually
from client import PASSWORD, Player, assert_problem, request, sign, timestamp
from watchers import Watcher

ACCESS, REFRESH, CSRF = ("__Host-scoreboard", "__Host-scoreboard-refresh", "__Host-scoreboard-csrf")


class Page:
    """A browser's tab as far as the server can tell: a cookie jar and the fields it sends."""

    def __init__(self, board, log_in=True):
        self.board = board
        self.jar = {}
        self.player = Player(board)
        if log_in:
            self.log_in()

    @property
    def own(self):
        return {"Origin": self.board.url, "Sec-Fetch-Site": "same-origin"}

    def send(self, method, path, body=None, headers=None):
        """With the cookies, and no header that is not given."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        answer = request(self.board, method, path, body,
                         {**({"Cookie": cookies} if cookies else {}), **(headers or {})})
        for field in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(field).items():
                self.jar[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.jar[name]
        return answer

    def act(self, method, path, body=None):
        """As the page's own scripts do."""
        shown = {} if method == "GET" else {"X-CSRF-Token": self.csrf}
        return self.send(method, path, body, {**self.own, **shown})

    def take(self, session):
        self.csrf = session["csrf_token"]
        self.player.key = session["action_secret_key"]
        self.player.nonce = session["nonce"]

    def log_in(self):
        answer = self.send("POST", "/api/auth/login", {
            "username": self.player.name, "password": PASSWORD, "session": "cookie"}, self.own)
        assert answer.status == 200, answer
        self.take(answer.json)
        return answer

    def refresh(self):
        return self.act("POST", "/api/auth/refresh", {"session": "cookie"})

    def increment(self):
        at = str(int(time.time()))
        action = str(uuid.uuid4())
        text = f"v1\n{self.player.id}\n{action}\n1\n{self.player.nonce}\n{at}"
        body = {"userId": self.player.id, "actionId": action, "delta": 1,
                "signature": "v1=" + sign(self.player.key, text)}
        return self.send("POST", "/api/scores/increment", body,
                         {**self.own, "X-CSRF-Token": self.csrf, "x-request-timestamp": at})

    def score(self):
        return self.act("GET", "/api/scores/me").json["score"]


def test_login_by_cookie_gives_scripts_no_token(board):
    page = Page(board)
    answer = page.log_in()
    assert set(answer.json) == {"token_type", "expires_in", "csrf_token", "action_secret_key",
                                "nonce", "user"}
    assert answer.json["token_type"] == "Cookie"
    fields = answer.headers.get_all("Set-Cookie")
    assert len(fields) == 3
    for field in fields:
        name, morsel = next(iter(SimpleCookie(field).items()))
        assert morsel["secure"] and morsel["path"] == "/" and not morsel["domain"], field
        assert bool(morsel["httponly"]) == (name != CSRF), field
        assert morsel["samesite"] == ("Lax" if name == ACCESS else "Strict"), field
        assert int(morsel["max-age"]) >= 3600
        if name != CSRF:
            assert morsel.value not in answer.body.decode()
    assert set(page.jar) == {ACCESS, REFRESH, CSRF}
    assert page.jar[CSRF] == page.csrf


def test_every_route_that_takes_a_bearer_token_takes_the_cookie(board):
    page = Page(board)
    assert page.increment().status == 200
    body = page.player.update_body()
    assert page.act("POST", "/api/scores/update", body).status == 200
    own = page.act("GET", "/api/scores/me?around=2")
    assert (own.status, own.json["userId"]) == (200, page.player.id)
    assert page.act("GET", f"/api/scores/receipts/{body['action_id']}").status == 200
    token = page.act("GET", "/api/realtime/token").json["token"]
    watcher = Watcher(board, f"/ws/me?token={token}", headers={"Origin": board.url})
    assert watcher.opened.wait(3), watcher.fault
    time.sleep(0.1)
    assert page.increment().status == 200
    assert eventually(lambda: watcher.last("user_score_updated"), 3)
    answer = page.act("POST", "/api/auth/logout")
    assert answer.status == 204
    assert page.jar == {}
    assert watcher.closed.wait(3)
    assert watcher.last() == {"type": "SESSION_ENDED"}


def test_logout_holds_for_the_cookies_of_the_next_request(board):
    page = Page(board)
    jar = dict(page.jar)
    assert page.act("POST", "/api/auth/logout").status == 204
    page.jar = jar
    for _ in range(4):
        assert_problem(page.act("GET", "/api/scores/me"), 401)
        assert_problem(page.increment(), 401)
        assert_problem(page.refresh(), 401)


def test_refresh_by_cookie_rotates_and_may_be_repeated(board):
    page = Page(board)
    before = dict(page.jar)
    answer = page.refresh()
    assert answer.status == 200
    after = dict(page.jar)
    assert after[REFRESH] != before[REFRESH]
    page.jar = dict(before)  # the answer was lost
    assert page.refresh().status == 200
    assert page.jar[REFRESH] == after[REFRESH]
    page.take(answer.json)
    assert page.increment().status == 200
    assert page.refresh().status == 200
    page.jar = dict(before)
    assert_problem(page.refresh(), 401, "UNAUTHENTICATED")
    page.jar = after
    assert_problem(page.act("GET", "/api/scores/me"), 401)


def test_without_cookies_there_is_nothing_to_refresh(board):
    page = Page(board, log_in=False)
    page.csrf = "x" * 43
    assert_problem(page.refresh(), 401, "UNAUTHENTICATED")
    for broken in ("", "x", "x.y", ".", f"{'0' * 32}", f"{'Z' * 32}.{'x' * 43}"):
        page.jar = {REFRESH: broken}
        assert_problem(page.refresh(), 401, "UNAUTHENTICATED")
    page.jar = {REFRESH: f"{'0' * 32}.{'x' * 43}"}
    assert_problem(page.refresh(), 403, "UNAUTHORIZED")


def unused(board, page):
    token = page.jar[REFRESH].split(".")[1]
    hashed = hashlib.sha256(token.encode()).hexdigest()
    return board.sql(f"SELECT count(*) FROM refresh_tokens WHERE hash = '{hashed}'"
                     " AND used_at IS NULL").strip() == "1"


def test_a_refresh_cookie_that_names_another_session_is_401(board):
    page, other = Page(board), Page(board)
    jar, csrf = dict(page.jar), page.csrf
    session = other.jar[REFRESH].split(".")[0]
    page.jar[REFRESH] = f"{session}.{page.jar[REFRESH].split('.')[1]}"
    page.csrf = other.csrf
    assert_problem(page.refresh(), 401)
    # Neither token was used up by it.
    page.jar, page.csrf = jar, csrf
    assert unused(board, page) and unused(board, other)
    assert page.refresh().status == 200
    assert other.refresh().status == 200


@pytest.mark.parametrize("named", ["its own", "another's", "", None])
def test_a_refresh_with_a_token_beside_the_cookie_is_400_and_rotates_nothing(board, named):
    page, other = Page(board), Player(board)
    token = {"its own": page.jar[REFRESH].split(".")[1],
             "another's": other.refresh_token}.get(named, named)
    problem = assert_problem(
        page.act("POST", "/api/auth/refresh", {"session": "cookie", "refresh_token": token}),
        400, "VALIDATION_ERROR")
    assert problem["details"]["field"] == "refresh_token"
    assert unused(board, page)
    assert page.refresh().status == 200
    assert request(board, "POST", "/api/auth/refresh",
                   {"refresh_token": other.refresh_token}).status == 200


@pytest.mark.parametrize("form", ["Cookie", "", 7, None, ["cookie"]])
def test_an_unknown_form_of_session_is_400(board, form):
    page = Page(board, log_in=False)
    for path, body in (("/api/auth/login", {"username": page.player.name, "password": PASSWORD}),
                       ("/api/auth/refresh", {"refresh_token": page.player.refresh_token})):
        problem = assert_problem(
            page.send("POST", path, {**body, "session": form}, page.own), 400, "VALIDATION_ERROR")
        assert problem["details"]["field"] == "session"
    assert request(board, "POST", "/api/auth/refresh", {
        "refresh_token": page.player.refresh_token, "session": "bearer"}).status == 200


def test_a_bearer_token_decides_where_both_are_there(board):
    page, other = Page(board), Player(board)
    mine = page.send("GET", "/api/scores/me", headers=other.bearer)
    assert mine.json["userId"] == other.id
    # Nor is a good cookie looked at beside a bad token.
    for authorization in ("Bearer x.y.z", "Basic eDp5"):
        assert_problem(page.send("GET", "/api/scores/me",
                                 headers={"Authorization": authorization}), 401)
    # No CSRF token is asked of it, and the cookies stay.
    answer = page.send("POST", "/api/auth/logout", headers=other.bearer)
    assert (answer.status, answer.headers.get_all("Set-Cookie")) == (204, None)
    assert_problem(other.get("/api/scores/me"), 401)
    assert page.increment().status == 200


def test_two_session_cookies_are_none(board):
    page = Page(board)
    cookies = f"{ACCESS}={page.jar[ACCESS]}; {ACCESS}={Page(board).jar[ACCESS]}"
    assert_problem(request(board, "GET", "/api/scores/me", headers={"Cookie": cookies}), 401)


FORM = b"action_id=12345678&action_type=WIN_MATCH"
ATTACKS = {
    "a form": ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site",
                "Content-Type": "application/x-www-form-urlencoded"}, FORM),
    "a multipart form": ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site",
                          "Content-Type": "multipart/form-data; boundary=x"}, b"--x--"),
    "JSON as text/plain": ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site",
                            "Content-Type": "text/plain"}, None),
    "a foreign Origin": ({"Origin": "https://evil.example"}, None),
    "a sandboxed frame": ({"Origin": "null"}, None),
    "a sibling site": ({"Sec-Fetch-Site": "same-site"}, None),
    "a cross-site fetch without Origin": ({"Sec-Fetch-Site": "cross-site"}, None),
    "our host over another scheme": ({"Origin": "https://{host}"}, None),
    "our host on another port": ({"Origin": "http://127.0.0.1:1"}, None),
    "neither field": ({}, None),
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("with_token", [False, True], ids=["blind", "knowing the CSRF token"])
def test_what_a_foreign_page_sends_is_403_and_changes_nothing(board, attack, with_token):
    page = Page(board)
    fields, body = ATTACKS[attack]
    headers = {name: value.format(host=f"127.0.0.1:{board.port}") for name, value in fields.items()}
    if with_token:
        headers["X-CSRF-Token"] = page.csrf
    jar = dict(page.jar)
    update = body or json.dumps(page.player.update_body()).encode()
    for path, sent in (("/api/scores/update", update), ("/api/scores/increment", update),
                       ("/api/auth/logout", body or b""),
                       ("/api/auth/refresh", body or b'{"session":"cookie"}')):
        answer = page.send("POST", path, sent, {"Content-Type": "application/json", **headers})
        if answer.status == 415 and path == "/api/auth/refresh":
            continue  # not read as JSON at all, as no simple request is
        assert_problem(answer, 403, "FORBIDDEN" if path.endswith("update") else "UNAUTHORIZED")
    assert page.jar == jar
    assert page.score() == 0
    assert page.refresh().status == 200


@pytest.mark.parametrize("shown", ["missing", "empty", "another session's", "damaged", "twice"])
def test_the_csrf_token_must_be_the_session_s(board, shown):
    page = Page(board)
    other = Page(board)
    headers = dict(page.own)
    if shown != "missing":
        headers["X-CSRF-Token"] = {"empty": "", "another session's": other.csrf,
                                   "damaged": page.csrf[:-1] + ("A" if page.csrf[-1] != "A" else "B"),
                                   "twice": f"{page.csrf}, {page.csrf}"}[shown]
    # Planting the cookie that belongs to it does not help.
    page.jar[CSRF] = headers.get("X-CSRF-Token", "")
    body = page.player.update_body()
    for path, sent in (("/api/scores/update", body), ("/api/auth/logout", None),
                       ("/api/auth/refresh", {"session": "cookie"})):
        assert_problem(page.send("POST", path, sent, headers), 403)
    assert page.score() == 0
    assert page.act("POST", "/api/scores/update", body).status == 200


@pytest.mark.parametrize("attack", [name for name, (_, body) in ATTACKS.items() if not body])
def test_no_foreign_page_logs_its_visitors_in(board, attack):
    page = Page(board, log_in=False)
    fields = {name: value.format(host=f"127.0.0.1:{board.port}")
              for name, value in ATTACKS[attack][0].items()}
    credentials = {"username": page.player.name, "password": PASSWORD}
    answer = page.send("POST", "/api/auth/login", {**credentials, "session": "cookie"}, fields)
    assert_problem(answer, 415 if fields.get("Content-Type") else 403)
    assert page.jar == {}
    # By bearer token a login sets no cookie, so nobody needs to be kept from it.
    answer = page.send("POST", "/api/auth/login", credentials, {"Content-Type": "application/json"})
    assert (answer.status, page.jar) == (200, {})


def test_a_cookie_is_as_strictly_checked_as_a_bearer_token(board):
    page = Page(board)
    token = page.jar[ACCESS]
    realtime = page.act("GET", "/api/realtime/token").json["token"]
    for bad in ("x", token[:-2], token + "x", realtime, token.replace(".", "..", 1)):
        page.jar[ACCESS] = bad
        assert_problem(page.act("GET", "/api/scores/me"), 401)
        assert_problem(page.act("POST", "/api/scores/update", page.player.update_body()), 401)


def test_increments_by_cookie_are_signed_like_any_other(board):
    page = Page(board)
    body = page.player.update_body(at=timestamp())
    body["signature"] = "0" * 64
    assert_problem(page.act("POST", "/api/scores/update", body), 403, "INVALID_SIGNATURE")
