# SPDX-License-Identifier: Apache-2.0
"""Every refusal is one line of the log with its reason, its request id and a masked address, and
without whatever secret was sent."""
import json
import re
import time
import uuid

import pytest

from boards import Board, eventually
from client import PASSWORD, Player, assert_problem, new_name, raw, request, timestamp
from test_browser_sessions import Page
from tokens import expired, foreign

UPDATE, INCREMENT = "/api/scores/update", "/api/scores/increment"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def quiet():
    """A board whose logs are these tests' alone; its workers take smaller bodies than its edge."""
    one = Board({"SCOREBOARD_SERVER_BODY_BYTES_MAX": "4096"}).start()
    yield one
    one.stop()
    one.remove()


def lines_of(board, name):
    return [json.loads(line) for line in board.log(name).splitlines()]


def worker_line(board, request_id):
    """The one line that a worker wrote for this request, after its answer."""
    def find():
        return [line for log in (board.data / "log").glob("worker-*.log")
                for line in lines_of(board, log.stem)
                if line["event"] == "request" and line["request_id"] == request_id]
    (line,) = eventually(find)
    return line


def everything_logged(board):
    return "".join(file.read_text(errors="replace") for file in (board.data / "log").iterdir())


class Refused:
    """What was answered, and what was sent that must not be found in a log."""

    def __init__(self, answer, *secrets):
        self.answer = answer
        self.secrets = secrets


REFUSALS = {}


def refusal(status, code, reason):
    def add(provoke):
        REFUSALS[provoke.__name__] = (status, code, reason, provoke)
        return provoke
    return add


def with_token(board, token, path="/api/scores/me"):
    return Refused(request(board, "GET", path, headers={"Authorization": f"Bearer {token}"}), token)


def update_with(board, **changes):
    player = Player(board)
    body = {**player.update_body(), **changes}
    return Refused(player.update(body), body["signature"], player.access_token, player.key)


@refusal(401, "UNAUTHENTICATED", "authorization: absent")
def no_token(board):
    return Refused(request(board, "GET", "/api/scores/me"))


@refusal(401, "UNAUTHENTICATED", "token: header is not base64url")
def garbled_token(board):
    return with_token(board, "garbled~token-of-nobody.x.y")


@refusal(401, "UNAUTHENTICATED", "authorization: not the Bearer scheme")
def another_scheme(board):
    sent = "Basic YW5hOmNvcnJlY3QgaG9yc2U="
    return Refused(request(board, "GET", "/api/scores/me", headers={"Authorization": sent}), sent)


@refusal(401, "UNAUTHENTICATED", "token: signature does not match")
def foreign_token(board):
    return with_token(board, foreign(Player(board)))


@refusal(401, "UNAUTHENTICATED", "token: expired")
def expired_token(board):
    return with_token(board, expired(Player(board)))


@refusal(401, "UNAUTHENTICATED", r"token: typ is not at\+jwt")
def realtime_token_for_access(board):
    return with_token(board, Player(board).get("/api/realtime/token").json["token"])


@refusal(401, "UNAUTHENTICATED", r"token: typ is not rt\+jwt")
def access_token_for_a_live_connection(board):
    token = Player(board).access_token
    return Refused(request(board, "GET", f"/ws/me?token={token}",
                           headers={"Accept": "text/event-stream"}), token)


@refusal(401, "UNAUTHENTICATED", "the session has ended")
def session_that_has_ended(board):
    player = Player(board)
    assert request(board, "POST", "/api/auth/logout", headers=player.bearer).status == 204
    return Refused(player.increment(), player.access_token, player.key)


@refusal(403, "INVALID_SIGNATURE", "signature does not match")
def bad_signature(board):
    return update_with(board, signature="5ca1ab1e" * 8)


@refusal(403, "INVALID_SIGNATURE", "signature is not 64 hex digits")
def signature_of_another_form(board):
    return update_with(board, signature="not-hex-digits-at-all")


@refusal(403, "UNAUTHORIZED", "signature does not begin with v1=")
def signature_of_another_version(board):
    player = Player(board)
    body, headers = player.increment_request()
    body["signature"] = "v2=" + body["signature"][3:]
    return Refused(request(board, "POST", INCREMENT, body, headers), body["signature"])


@refusal(403, "UNAUTHORIZED", "userId is not the caller")
def somebody_elses_score(board):
    player = Player(board)
    return Refused(player.increment(user=Player(board).id), player.key, player.access_token)


@refusal(403, "INVALID_SIGNATURE", "timestamp is outside the window")
def stale_timestamp(board):
    return Refused(Player(board).update(at=timestamp(-400)))


@refusal(403, "ABUSE_REJECTED", "timestamp is outside the window")
def timestamp_of_the_future(board):
    return Refused(Player(board).increment(at=str(int(time.time()) + 400)))


@refusal(409, "ABUSE_REJECTED", "the id's time is outside the window")
def stale_action_id(board):
    milliseconds = int((time.time() - 400) * 1000)
    old = uuid.UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | uuid.uuid4().int >> 66)
    return Refused(Player(board).increment(action_id=str(old)))


@refusal(409, "DUPLICATE_ACTION", "action id counted before")
def duplicate(board):
    player = Player(board)
    body = player.update_body()
    assert player.update(body).status == 200
    return Refused(player.update(body), body["signature"])


@refusal(409, "IDEMPOTENCY_CONFLICT", "action id reused with another payload")
def conflict(board):
    player = Player(board)
    body, headers = player.increment_request(delta=2)
    assert request(board, "POST", INCREMENT, body, headers).status == 200
    return Refused(player.increment(action_id=body["actionId"], delta=3))


@refusal(429, "RATE_LIMITED", "more awards than the allowance of this player")
def rate_limited(board):
    player = Player(board)
    for _ in range(10):
        assert player.update().status == 200
    return Refused(player.increment(), player.key)


@refusal(400, "INVALID_REQUEST", "unknown action type")
def unknown_action_type(board):
    return Refused(Player(board).update(action_type="NO_SUCH_ACTION"))


@refusal(400, "INVALID_REQUEST", r"JSON: not valid JSON at byte \d+")
def malformed_json(board):
    player = Player(board)
    body = json.dumps(player.update_body()).encode()[:-1]
    return Refused(request(board, "POST", UPDATE, body, {**JSON, **player.bearer}), body.decode())


@refusal(400, "INVALID_REQUEST", "signature must be a string")
def wrong_type(board):
    return Refused(Player(board).update({**Player(board).update_body(), "signature": 1}))


@refusal(400, "VALIDATION_ERROR", "delta must be an integer")
def wrong_type_of_a_number(board):
    player = Player(board)
    body, headers = player.increment_request()
    return Refused(request(board, "POST", INCREMENT, {**body, "delta": "1"}, headers))


@refusal(400, "VALIDATION_ERROR", "userId is required")
def missing_field(board):
    player = Player(board)
    body, headers = player.increment_request()
    del body["userId"]
    return Refused(request(board, "POST", INCREMENT, body, headers), body["signature"])


@refusal(400, "VALIDATION_ERROR", "no x-request-timestamp")
def missing_timestamp(board):
    player = Player(board)
    body, _ = player.increment_request()
    return Refused(request(board, "POST", INCREMENT, body, player.bearer), body["signature"])


@refusal(413, "INVALID_REQUEST", "body above the limit")
def oversized(board):
    player = Player(board)
    body = {**player.update_body(), "more": "m" * 5000}
    return Refused(player.update(body), body["signature"])


@refusal(415, "INVALID_REQUEST", "content type is not application/json")
def wrong_content_type(board):
    player = Player(board)
    body = json.dumps(player.update_body()).encode()
    return Refused(request(board, "POST", UPDATE, body,
                           {"Content-Type": "text/plain", **player.bearer}), body.decode())


@refusal(404, "NOT_FOUND", "no such path")
def unknown_route(board):
    return Refused(request(board, "GET", "/api/nowhere"))


@refusal(405, "METHOD_NOT_ALLOWED", "no such method on this path")
def wrong_method(board):
    return Refused(request(board, "DELETE", UPDATE))


@refusal(404, "NOT_FOUND", "no such action of this user")
def receipt_of_nothing(board):
    return Refused(Player(board).get("/api/scores/receipts/no-such-action"))


@refusal(400, "VALIDATION_ERROR", "username must be .*")
def name_that_breaks_the_grammar(board):
    return Refused(request(board, "POST", "/api/auth/register", {
        "username": "with space", "email": "ana@example.org", "password": PASSWORD}),
        "ana@example.org", PASSWORD, "with space")


@refusal(409, "CONFLICT", "email is taken")
def mail_address_that_is_taken(board):
    taken = Player(board).email
    return Refused(request(board, "POST", "/api/auth/register", {
        "username": new_name(), "email": taken, "password": PASSWORD}), taken, PASSWORD)


def log_in(board, name, password="not the password", **more):
    return request(board, "POST", "/api/auth/login",
                   {"username": name, "password": password, **more})


@refusal(401, "UNAUTHENTICATED", "wrong password")
def wrong_password(board):
    player = Player(board)
    return Refused(log_in(board, player.email), player.email, "not the password")


@refusal(401, "UNAUTHENTICATED", "unknown user")
def unknown_user(board):
    return Refused(log_in(board, "nobody@example.org"), "nobody@example.org", "not the password")


@refusal(429, "RATE_LIMITED", "too many wrong passwords for this account")
def throttled_login(board):
    player = Player(board)
    for _ in range(5):
        assert_problem(log_in(board, player.name), 401)
    return Refused(log_in(board, player.name, PASSWORD), PASSWORD)


@refusal(401, "UNAUTHENTICATED", "refresh token: unknown, or its session is over")
def unknown_refresh_token(board):
    token = "unknownunknown-unknownunknown-unknownunknown"[:43]
    return Refused(request(board, "POST", "/api/auth/refresh", {"refresh_token": token}), token)


@refusal(401, "UNAUTHENTICATED", "refresh token: used before; its session was ended")
def reused_refresh_token(board):
    player = Player(board)
    used = player.refresh_token
    for _ in range(2):
        player.take(request(board, "POST", "/api/auth/refresh",
                            {"refresh_token": player.refresh_token}).json)
    return Refused(request(board, "POST", "/api/auth/refresh", {"refresh_token": used}),
                   used, player.refresh_token)


@refusal(403, "FORBIDDEN", "a foreign Origin")
def foreign_page(board):
    page = Page(board)
    return Refused(page.send("POST", UPDATE, page.player.update_body(), {
        "Origin": "https://evil.example", "X-CSRF-Token": page.csrf}),
        page.csrf, *page.jar.values())


@refusal(403, "FORBIDDEN", "another session's CSRF token, or none's")
def csrf_token_of_another_session(board):
    page, other = Page(board), Page(board)
    return Refused(page.send("POST", UPDATE, page.player.update_body(), {
        **page.own, "X-CSRF-Token": other.csrf}), page.csrf, other.csrf)


@refusal(403, "UNAUTHORIZED", "neither Origin nor Sec-Fetch-Site")
def login_for_cookies_from_no_page(board):
    player = Player(board)
    return Refused(log_in(board, player.name, PASSWORD, session="cookie"), PASSWORD)


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_by_a_worker_is_logged_with_its_reason_and_no_secret(quiet, kind):
    status, code, reason, provoke = REFUSALS[kind]
    refused = provoke(quiet)
    problem = assert_problem(refused.answer, status, code)
    line = worker_line(quiet, problem["request_id"])
    assert (line["status"], line["code"]) == (status, code)
    assert re.fullmatch(reason, line["reason"]), line
    assert line["address"] == "127.0.0.0"
    logged = everything_logged(quiet)
    assert problem["request_id"] in logged
    for secret in refused.secrets:
        assert len(secret) >= 10, "too short to be looked for"
        assert secret not in logged, f"what was sent for {kind} is in a log"


def test_missing_keys_are_logged_as_the_reason(make_board):
    board = make_board(arguments=["--workers", "1"])
    player = Player(board)
    for name in ("access", "action"):
        (board.data / "keys" / f"{name}.jwks").write_text("no keys")
    board.kill("worker-1")
    assert eventually(lambda: player.update().status == 503)
    for answer in (player.update(), player.increment(), player.get("/api/scores/me"),
                   log_in(board, player.name, PASSWORD)):
        line = worker_line(board, assert_problem(answer, 503)["request_id"])
        assert (line["code"], line["address"]) == ("SERVICE_UNAVAILABLE", "127.0.0.0")
        assert "key" in line["reason"]


def edge_line(board, request_id):
    def find():
        return [line for line in lines_of(board, "edge-access") if line["request_id"] == request_id]
    (line,) = eventually(find)
    return line


@pytest.mark.parametrize("method,path,body,headers,status,reason", [
    ("GET", "/nowhere", None, {}, 404, "not-found"),
    ("TRACE", "/", None, {}, 405, "method-not-allowed"),
    ("POST", "/api/leaderboard", b"", {}, 405, "method-not-allowed"),
    ("POST", UPDATE, b"x" * 9000, JSON, 413, "payload-too-large"),
    ("GET", "/ws/leaderboard", None, {"Origin": "https://evil.example"}, 403, "forbidden"),
    ("GET", "/ws/leaderboard", None, {}, 400, "malformed"),
    ("GET", "/_error/problem", None, {}, 404, "not-found"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_refusal_by_the_edge_is_logged_too(quiet, method, path, body, headers, status, reason):
    answer = request(quiet, method, path, body, headers)
    line = edge_line(quiet, assert_problem(answer, status)["request_id"])
    assert (line["status"], line["reason"]) == (status, reason)
    assert (line["address"], line["upstream_status"]) == ("127.0.0.0", "")


@pytest.mark.parametrize("data,status", [
    (b"garbage\r\n\r\n", 400), (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40000 + b"\r\n\r\n", 431)])
def test_what_is_no_request_is_logged_by_the_edge(quiet, data, status):
    body = json.loads(raw(quiet, data).partition(b"\r\n\r\n")[2])
    line = edge_line(quiet, body["request_id"])
    assert line["address"] == "127.0.0.0"
    assert line["reason"] == "malformed"
    assert body["status"] == status


def test_a_refusal_by_a_worker_has_no_reason_of_the_edge(quiet):
    refused = edge_line(quiet, no_token(quiet).answer.json["request_id"])
    assert (refused["status"], refused["upstream_status"], refused["reason"]) == (401, "401", "")
    served = edge_line(quiet, request(quiet, "GET", "/").headers["X-Request-Id"])
    assert (served["status"], served["reason"]) == (200, "")


def test_the_limits_per_address_are_logged_by_the_edge(make_board):
    board = make_board(arguments=["--limit-loopback"])
    answers = [request(board, "GET", "/api/health/live") for _ in range(60)]
    line = edge_line(board, assert_problem(answers[-1], 429, "RATE_LIMITED")["request_id"])
    assert (line["status"], line["reason"]) == (429, "rate-limited")
    assert (line["address"], line["upstream_status"]) == ("127.0.0.0", "")


def test_a_board_whose_log_holds_a_secret_does_not_stop_unnoticed(make_board):
    board = make_board()
    player = Player(board)
    board.stop()
    log = board.data / "log" / "worker-1.log"
    before = log.read_text()
    for secret in (player.access_token, player.refresh_token, player.key, player.nonce,
                   player.email, PASSWORD):
        log.write_text(f'{before}{{"reason":"{secret}"}}\n')
        with pytest.raises(AssertionError) as failed:
            board.check_logs()
        assert f"worker-1.log:{len(before.splitlines()) + 1}: " in str(failed.value)
        assert secret not in str(failed.value)
    with pytest.raises(AssertionError):
        board.stop()  # as every test does in the end
    log.write_text(before)
