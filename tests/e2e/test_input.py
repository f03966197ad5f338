# SPDX-License-Identifier: Apache-2.0
"""Bad input gets a clear error and loses nothing; Nginx's own errors have the same body."""
import base64
import json

import pytest

from client import Player, assert_problem, raw, request


def post(board, path, body, content_type="application/json", headers=None):
    return request(board, "POST", path, body, {"Content-Type": content_type, **(headers or {})})


@pytest.mark.sanitized
@pytest.mark.parametrize("path,code", [("/api/scores/update", "INVALID_REQUEST"),
                                       ("/api/scores/increment", "VALIDATION_ERROR")])
@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b'"text"', b"nothing", b'{"a":1}{"b":2}', b'{"action_id":"x","action_id":"y"}',
    b'{"a":' * 9 + b"1" + b"}" * 9, b'{"action_id":"a\x00b"}', b'{"action_id":"\\u0000"}',
    b'{"action_id":"\xff\xfe"}', b'{"action_id":"\xc0\xaf"}', b'\xef\xbb\xbf{}',
    b'{"action_id":"\\ud800"}', b'{"a":01}', b'{"a":NaN}', b"{'a':1}"])
def test_bodies_that_are_no_strict_json_are_400(board, path, code, body):
    player = Player(board)
    assert_problem(post(board, path, body, headers=player.bearer), 400, code)
    assert player.get("/api/scores/me").json["score"] == 0


@pytest.mark.sanitized
def test_large_bodies_are_413_at_the_edge_and_beyond(board):
    player = Player(board)
    for path, code in (("/api/scores/update", "INVALID_REQUEST"),
                       ("/api/scores/increment", "VALIDATION_ERROR"),
                       ("/api/auth/register", "VALIDATION_ERROR")):
        for size in (8193, 100_000, 1 << 20):
            body = b'{"a":"' + b"x" * (size - 8) + b'"}'
            assert_problem(post(board, path, body, headers=player.bearer), 413, code)
        fits = b'{"a":"' + b"x" * (8192 - 8) + b'"}'
        assert_problem(post(board, path, fits, headers=player.bearer), 400, code)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded",
                                          "multipart/form-data; boundary=x", "application/jsonx"])
def test_another_content_type_is_415(board, content_type):
    player = Player(board)
    body = json.dumps(player.update_body()).encode()
    assert_problem(post(board, "/api/scores/update", body, content_type, player.bearer), 415,
                   "INVALID_REQUEST")
    assert_problem(post(board, "/api/auth/login", body, content_type), 415, "VALIDATION_ERROR")
    charset = post(board, "/api/scores/update", body, "application/json; charset=utf-8",
                   player.bearer)
    assert charset.status == 200


def segment(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.sanitized
def test_tokens_that_were_tampered_with_are_401(board):
    player, other = Player(board), Player(board)
    header, claims, signature = player.access_token.split(".")
    swapped = other.access_token.split(".")[1]
    unsigned = segment({"alg": "none", "typ": "at+jwt"})
    for token in ("", "x", "a.b.c", f"{header}.{claims}.", f"{header}.{swapped}.{signature}",
                  f"{unsigned}.{claims}.", f"{unsigned}.{claims}.{signature}",
                  f"{header}.{claims}.{signature}x", f"{header}.{claims}.{signature}.x",
                  f"{header}.{claims}.{signature}=", "x" * 5000):
        answer = request(board, "GET", "/api/scores/me",
                         headers={"Authorization": f"Bearer {token}"})
        assert_problem(answer, 401, "UNAUTHENTICATED")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for scheme in ("", "Basic abc", player.access_token):
        answer = request(board, "GET", "/api/scores/me", headers={"Authorization": scheme})
        assert_problem(answer, 401, "UNAUTHENTICATED")


def test_what_a_client_says_of_its_points_is_ignored(board):
    player = Player(board)
    body = {**player.update_body(), "score": 99999, "points": 500, "is_admin": True}
    assert player.update(body).json["data"]["new_score"] == 10


def test_unknown_paths_and_methods(board):
    assert_problem(request(board, "GET", "/api/nowhere"), 404, "NOT_FOUND")
    assert_problem(request(board, "GET", "/nowhere"), 404, "NOT_FOUND")
    assert_problem(request(board, "GET", "/internal/live/connect?channel=me"), 404, "NOT_FOUND")
    assert_problem(request(board, "GET", "/_error/problem"), 404)
    assert_problem(request(board, "GET", "/_live/me/0-0/00"), 404)
    answer = request(board, "GET", "/api/scores/update")
    assert_problem(answer, 405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"] == "POST"
    for path in ("/", "/api/leaderboard", "/api/leaderboard/top"):
        answer = request(board, "POST", path, b"")
        assert_problem(answer, 405, "METHOD_NOT_ALLOWED")
        assert "GET" in answer.headers["Allow"]
    assert_problem(request(board, "TRACE", "/"), 405)


def test_a_method_that_nginx_refuses_is_told_the_methods_of_its_path(board):
    """TRACE was told GET and HEAD everywhere."""
    for path, allowed in (("/api/scores/update", "POST"), ("/api/auth/login", "POST"),
                          ("/api/scores/me", "GET, HEAD"), ("/api/leaderboard", "GET, HEAD")):
        assert request(board, "TRACE", path).headers["Allow"] == allowed


def test_a_transfer_coding_that_nginx_does_not_know_is_400(board):
    """It was 405, as if another method could help."""
    coded = {"Transfer-Encoding": "gzip"}
    assert_problem(request(board, "GET", "/api/health/live", headers=coded), 400)


@pytest.mark.parametrize("path", ["/api/leaderboard", "/api/leaderboard/top"])
def test_conditions_and_ranges_of_a_board_never_end_in_nginx_own_page(board, path):
    """412 and 416 were HTML."""
    assert_problem(request(board, "GET", path, headers={"If-Match": '"x"'}), 412)
    for ranges in ("bytes=0-1", "bytes=99999999-", "bytes=0-0,2-2"):
        whole = request(board, "GET", path, headers={"Range": ranges})
        assert whole.status == 200 and whole.json is not None
        assert request(board, "GET", "/styles.css", headers={"Range": ranges}).status == 200


def test_the_edge_takes_a_period_in_the_workers_spelling_only(board):
    """?period=ALL was answered by the edge, which looks at no case, and ?period=DAY refused."""
    for name in ("ALL", "All", "DAY"):
        assert_problem(request(board, "GET", f"/api/leaderboard?period={name}"), 400)
    assert request(board, "GET", "/api/leaderboard?period=all").status == 200


@pytest.mark.parametrize("query", ["LIMIT=&limit=x", "LIMIT=5&limit=x", "lim%69t=x", "x=1&Period=&period=DAY"])
def test_the_edge_reads_names_as_the_workers_do(board, query):
    """Nginx finds a parameter in any case, and the first in another case hid the one that counts."""
    assert_problem(request(board, "GET", f"/api/leaderboard?{query}"), 400)
    assert_problem(request(board, "GET", f"/api/leaderboard/top?{query}"), 400)


def test_a_client_cannot_pass_for_our_own_nginx(board):
    for name in ("Scoreboard-Internal", "scoreboard_internal"):
        answer = request(board, "GET", "/api/scores/me", headers={name: "1"})
        assert_problem(answer, 401)
    forged = request(board, "GET", "/internal/live/subscribed?user=a&connection=b",
                     headers={"Scoreboard-Internal": "1"})
    assert_problem(forged, 404)


@pytest.mark.parametrize("data", [
    b"GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + b"a" * 40000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"garbage\r\n\r\n", b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"])
def test_what_nginx_refuses_by_itself_is_json_too(board, data):
    head, _, body = raw(board, data).partition(b"\r\n\r\n")
    status = int(head.split()[1])
    assert status in (400, 414, 431)
    assert b"html" not in body.lower()
    problem = json.loads(body)
    assert problem["status"] == status
    assert problem["success"] is False
    assert f"X-Request-Id: {problem['request_id']}".encode() in head
    assert b"nosniff" in head


def test_every_answer_has_a_request_id_and_no_client_chooses_it(board):
    mine = "a" * 32
    seen = set()
    for method, path in (("GET", "/"), ("GET", "/api/leaderboard"), ("GET", "/api/health/live"),
                         ("GET", "/nowhere"), ("POST", "/api/scores/update")):
        answer = request(board, method, path, headers={"X-Request-Id": mine})
        (request_id,) = answer.headers.get_all("X-Request-Id")
        assert len(request_id) == 32 and request_id != mine
        seen.add(request_id)
    assert len(seen) == 5
