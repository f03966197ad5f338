# SPDX-License-Identifier: Apache-2.0
"""Every location of the production site answers every error as JSON, with the security headers."""
import http.client
import json
import socket
import subprocess

import pytest

from client import assert_problem, raw, request
from edges import STATUSES, Edge, PlainDoor

STREAM = {"Accept": "text/event-stream"}
# Of every location of site.conf and site-tls.conf, a request that ends up in it.
WAYS = {
    ("site.conf", "/"): ("/", {}),
    ("site.conf", "= /api"): ("/api", {}),
    ("site.conf", "= /api/auth"): ("/api/auth", {}),
    ("site.conf", "= /api/health/live"): ("/api/health/live", {}),
    ("site.conf", "= /api/health/ready"): ("/api/health/ready", {}),
    ("site.conf", "/api/"): ("/api/scores/me", {}),
    ("site.conf", "^~ /api/auth/"): ("/api/auth/login", {}),
    ("site.conf", "= /api/leaderboard"): ("/api/leaderboard", {}),
    ("site.conf", "= /api/leaderboard/top"): ("/api/leaderboard/top", {}),
    ("site.conf", "@board_from_worker"): ("/api/leaderboard", {}),
    ("site.conf", "= /ws/leaderboard"): ("/ws/leaderboard", STREAM),
    ("site.conf", "~ ^/ws/leaderboard/"): ("/ws/leaderboard/day", STREAM),
    ("site.conf", "= /ws/scores"): ("/ws/scores", STREAM),
    ("site.conf", "= /ws/me"): ("/ws/me?token=x", STREAM),
    ("site.conf", "~ ^/_connect/"): ("/ws/me?token=x", STREAM),
    ("site.conf", "~ ^/_live/"): ("/ws/me?token=x", STREAM),
    ("site-tls.conf", "^~ /.well-known/acme-challenge/"): ("/.well-known/acme-challenge/x", {}),
    ("site-tls.conf", "/"): ("/", {}),
    ("site-tls.conf", "~ ^/(?:api|ws)"): ("/api/scores/me", {}),
}
ON_THE_WIRE = {494: 431, 500: 503, 501: 400, 502: 503, 504: 503}
SECURITY = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
HSTS = "max-age=63072000; includeSubDomains"


@pytest.fixture(scope="module")
def edge():
    one = Edge().start()
    yield one
    one.stop()


def assert_refusal(answer, status, tls=True):
    problem = assert_problem(answer, status)
    for name, value in SECURITY.items():
        assert answer.headers.get_all(name) == [value], (name, answer.headers.items())
    assert answer.headers.get_all("Strict-Transport-Security") == ([HSTS] if tls else None)
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("Allow" in answer.headers) == (status == 405)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert ("RateLimit-Policy" in answer.headers) == (status == 429)
    return problem


def way_to(file, location):
    matching = [way for (of, name), way in WAYS.items()
                if of == file and (location == name or (name[0] == "~" and location.startswith(name)))]
    assert len(matching) == 1, f"which request goes to location {location} of {file}?"
    return matching[0]


def test_every_location_answers_every_error_as_json(edge):
    assert len(edge.locations) == len(WAYS)
    for number, (file, location) in enumerate(edge.locations):
        path, headers = way_to(file, location)
        door = edge if file == "site.conf" else PlainDoor(edge)
        for status in STATUSES:
            asked = {**headers, f"Fault-{number}": str(status)}
            if status == 408:  # Nginx answers nobody who was too slow; it closes
                with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
                    request(door, "GET", path, headers=asked)
                continue
            answer = request(door, "GET", path, headers=asked)
            problem = assert_refusal(answer, ON_THE_WIRE.get(status, status), door is edge)
            assert problem["instance"] == path.partition("?")[0], (location, status)
            # And in the form that was asked for by name.
            if status in (403, 503) and not headers:
                plain = request(door, "GET", path, headers={**asked, "Accept": "application/json"})
                assert plain.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path,code_403,code_401", [
    ("/api/leaderboard", "FORBIDDEN", "UNAUTHORIZED"),
    ("/api/leaderboard/top", "UNAUTHORIZED", "UNAUTHENTICATED")])
def test_each_contract_has_its_words(edge, path, code_403, code_401):
    number = edge.locations.index(("site.conf", f"= {path}"))
    for status, code in ((403, code_403), (401, code_401)):
        answer = request(edge, "GET", path, headers={f"Fault-{number}": str(status)})
        assert_problem(answer, status, code)


@pytest.mark.parametrize("fault", ["garbage", "gone", "silent"])
def test_what_workers_and_the_live_nginx_fail_to_answer_is_503(edge, fault):
    for path in ("/api/scores/me", "/api/auth/login", "/api/leaderboard", "/api/leaderboard/top"):
        assert_refusal(request(edge, "GET", f"{path}?limit=1&upstream={fault}"), 503)
    for path in ("/ws/leaderboard", "/ws/leaderboard/week", "/ws/scores", "/ws/me?token=x"):
        assert_refusal(request(edge, "GET", path, headers=STREAM), 503)


@pytest.mark.parametrize("path", ["/", "/api/leaderboard", "/api/auth/login", "/ws/scores"])
@pytest.mark.parametrize("status", [403, 413, 429, 502])
def test_http2_gets_the_same(edge, path, status):
    numbers = [str(number) for number, (file, name) in enumerate(edge.locations)
               if file == "site.conf" and name in (path, f"= {path}", "^~ /api/auth/")]
    faults = [word for number in numbers for word in ("-H", f"Fault-{number}: {status}")]
    done = subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "-k", "--http2", "-D", "-", "-H", "Accept: text/event-stream", *faults,
         f"https://127.0.0.1:{edge.port}{path}"], capture_output=True, text=True, timeout=10)
    head, _, body = done.stdout.partition("\n\n")
    lines = head.splitlines()
    expected = ON_THE_WIRE.get(status, status)
    assert lines[0].strip() == f"HTTP/2 {expected}", done
    assert json.loads(body)["status"] == expected
    headers = {line.partition(":")[0]: line.partition(": ")[2].strip() for line in lines[1:]}
    assert headers["strict-transport-security"] == HSTS
    for name, value in SECURITY.items():
        assert headers[name.lower()] == value


def test_plain_http_at_the_tls_port_is_told_so_as_json(edge):
    head, _, body = raw(PlainDoor(edge, edge.port), b"GET / HTTP/1.1\r\nHost: x\r\n"
                        b"Connection: close\r\n\r\n", 2).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["status"] == 400


@pytest.mark.parametrize("data,status", [
    (b"GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400),
    (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 414),
    (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + b"a" * 40000 + b"\r\n\r\n", 431),
    (b"TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
    (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400), (b"garbage\r\n\r\n", 400)])
def test_the_plain_door_refuses_in_json_too(edge, data, status):
    head, _, body = raw(PlainDoor(edge), data, 2).partition(b"\r\n\r\n")
    assert json.loads(body)["status"] == status == int(head.split()[1])
    assert b"nosniff" in head and b"Strict-Transport" not in head


def test_a_body_that_is_too_large_is_413_wherever_it_goes(edge):
    for path in ("/", "/api/scores/update", "/api/auth/login", "/api/leaderboard", "/ws/scores"):
        with socket.create_connection(("127.0.0.1", edge.port), timeout=5) as connection:
            with edge.tls.wrap_socket(connection) as stream:
                stream.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n"
                               "Accept: text/event-stream\r\n\r\n".encode())
                answer = http.client.HTTPResponse(stream)
                answer.begin()
                assert answer.status in (413, 405), path  # live locations look at the method first
                assert json.loads(answer.read())["status"] == answer.status
