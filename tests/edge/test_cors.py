# SPDX-License-Identifier: Apache-2.0
"""Pages of other origins: the listed ones by their exact names, and nobody with credentials."""
import subprocess
import sys

import pytest

from boards import TOP
from client import assert_problem, request
from edges import Edge, check_origin

LISTED = ("https://app.example", "http://app.example:8080")
STREAM = {"Accept": "text/event-stream"}
FOREIGN = [
    "null", "https://evil.example", "https://app.example.evil.example", "https://evilapp.example",
    "https://sub.app.example", "http://app.example", "https://app.example:8443",
    "https://app.example:443", "https://app.example/", "https://app.exampl", "https://app_example",
    "https://app.example, https://evil.example", "https://app.example|https://app.example",
    "http://app.example:80801", "*", "https://"]
EXPOSED = {"ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-Id"}


@pytest.fixture(scope="module")
def edge():
    one = Edge(allowed_origins=LISTED).start()
    yield one
    one.stop()


def preflight(edge, path, origin, method="POST"):
    return request(edge, "OPTIONS", path, headers={
        "Origin": origin, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type"})


def cors(answer):
    return {name for name in answer.headers if name.lower().startswith("access-control-")}


@pytest.mark.parametrize("origin", LISTED)
@pytest.mark.parametrize("path", ["/api/scores/update", "/api/auth/login", "/api/realtime/token"])
def test_listed_origins_may_call(edge, origin, path):
    asked = preflight(edge, path, origin)
    assert asked.status == 204 and asked.body == b""
    assert asked.headers["Access-Control-Allow-Origin"] == origin
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, POST"
    allowed = asked.headers["Access-Control-Allow-Headers"].lower()
    assert {"authorization", "content-type", "x-request-timestamp"} <= set(allowed.split(", "))
    assert asked.headers["Access-Control-Max-Age"] == "600"
    assert len(asked.headers["X-Request-Id"]) == 32
    answer = request(edge, "GET", path, headers={"Origin": origin})
    assert answer.status == 200
    assert answer.headers.get_all("Access-Control-Allow-Origin") == [origin]
    assert EXPOSED <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert "Access-Control-Max-Age" not in answer.headers
    # A refusal can be read, too.
    number = [name for _, name in edge.locations].index(
        "^~ /api/auth/" if "auth" in path else "/api/")
    refused = request(edge, "GET", path, headers={"Origin": origin, f"Fault-{number}": "429"})
    assert_problem(refused, 429)
    assert refused.headers["Access-Control-Allow-Origin"] == origin
    for one in (asked, answer, refused):
        assert one.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in one.headers


@pytest.mark.parametrize("origin", FOREIGN)
def test_whoever_is_not_listed_may_not(edge, origin):
    asked = preflight(edge, "/api/scores/update", origin)
    assert_problem(asked, 403)
    answer = request(edge, "GET", "/api/scores/me", headers={"Origin": origin})
    assert answer.status == 200  # a request is not refused for where it comes from; a page cannot read
    assert cors(asked) == cors(answer) == set()
    assert answer.headers["Vary"] == "Origin"
    for path in ("/ws/leaderboard", "/ws/leaderboard/day", "/ws/scores", "/ws/me?token=x"):
        for more in (STREAM, {"Upgrade": "websocket", "Connection": "Upgrade"}):
            live = request(edge, "GET", path, headers={"Origin": origin, **more})
            assert_problem(live, 403)
            assert cors(live) == set()


@pytest.mark.parametrize("path", ["/api/leaderboard", "/api/leaderboard/top",
                                  "/api/leaderboard/page"])
def test_boards_are_for_everybody_and_without_credentials(edge, path):
    for origin in (*LISTED, "https://anybody.example", "null"):
        answer = request(edge, "GET", f"{path}?limit=3", headers={"Origin": origin})
        assert answer.headers.get_all("Access-Control-Allow-Origin") == ["*"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Vary" not in answer.headers
        asked = preflight(edge, path, origin, "GET")
        assert asked.status == 204
        assert asked.headers["Access-Control-Allow-Methods"] == "GET"


@pytest.mark.parametrize("path", ["/api/leaderboard/..%2fauth/login", "/api/leaderboard/../auth/login",
                                  "/api/leaderboard/%2e%2e/auth/login", "/api/leaderboard//../auth/login"])
def test_what_only_begins_like_a_board_is_not_for_everybody(edge, path):
    answer = request(edge, "POST", path, {}, {"Origin": "https://evil.example"})
    assert cors(answer) == set()
    assert_problem(preflight(edge, path, "https://evil.example", "POST"), 403)


def test_an_origin_with_a_bar_passes_no_gate(edge):
    for origin in ("|https://evil.example", "|", "||", f"|https://127.0.0.1:{edge.port}"):
        assert_problem(request(edge, "GET", "/ws/scores", headers={"Origin": origin, **STREAM}), 403)


@pytest.mark.parametrize("origin", LISTED)
def test_listed_origins_may_watch(edge, origin):
    # Through the gate and to a live Nginx that is not there.
    for path in ("/ws/leaderboard", "/ws/scores", "/ws/me?token=x"):
        answer = request(edge, "GET", path, headers={"Origin": origin, **STREAM})
        assert_problem(answer, 503)
        assert answer.headers["Access-Control-Allow-Origin"] == origin


def test_the_boards_own_pages_may_watch(edge):
    own = f"https://127.0.0.1:{edge.port}"
    for origin, status in ((own, 503), (own.replace("https", "http"), 403),
                           (own + "0", 403), ("", 503)):
        answer = request(edge, "GET", "/ws/scores", headers={"Origin": origin, **STREAM})
        assert_problem(answer, status)


def test_options_without_a_question_is_no_preflight(edge):
    number = [name for _, name in edge.locations].index("/api/")
    for headers in ({}, {"Origin": LISTED[0]}, {"Access-Control-Request-Method": "POST"}):
        answer = request(edge, "OPTIONS", "/api/scores/me", headers={
            **headers, f"Fault-{number}": "405"})
        assert_problem(answer, 405)


@pytest.mark.parametrize("origin", [
    "*", "null", "app.example", "https://app.example/", "https://App.example", "https://app.example:443",
    "http://app.example:80", "https://*.example", "https://a.example;evil", 'https://a" 1; "b',
    "ftp://app.example", "https://app.example:0", "https://user@app.example", "https://a\n.example"])
def test_what_no_browser_sends_cannot_be_listed(origin):
    with pytest.raises(ValueError, match="no origin as browsers send it"):
        check_origin(origin)


@pytest.mark.parametrize("script", [["bash", "scripts/run", "--stop"],
                                    [sys.executable, "scripts/nginx-site", "--into", "x", "--name", "y"]])
def test_a_wrong_origin_is_refused_on_the_command_line(script):
    done = subprocess.run([*script, "--allow-origin", "*"], cwd=TOP, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=20)
    assert done.returncode == 2 and "no origin as browsers send it" in done.stderr
