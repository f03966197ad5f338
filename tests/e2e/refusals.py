# SPDX-License-Identifier: Apache-2.0
"""Each refusal of a worker, how to earn it, and what its line in the log must say."""
import json
import time
import uuid

from client import PASSWORD, Player, assert_problem, new_name, request, timestamp
from test_browser_sessions import Page
from tokens import expired, foreign

UPDATE, INCREMENT = "/api/scores/update", "/api/scores/increment"
JSON = {"Content-Type": "application/json"}


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
