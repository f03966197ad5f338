# SPDX-License-Identifier: Apache-2.0
"""Every refusal is one line of the log with its reason, its request id and a masked address, and
without whatever secret was sent."""
import json
import re

import pytest

from boards import Board, eventually
from client import PASSWORD, Player, assert_problem, raw, request
from refusals import JSON, REFUSALS, UPDATE, log_in, no_token


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
