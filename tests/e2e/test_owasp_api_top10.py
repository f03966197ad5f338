# SPDX-License-Identifier: Apache-2.0
"""The OWASP API Security Top 10 of 2023, a test each, by its name. SECURITY.md says what answers
each of them; the details have tests of their own elsewhere."""
import json
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from boards import TOP, eventually
from client import PASSWORD, Player, assert_problem, new_name, request
from tokens import claims_of, expired, forge, foreign, own_key
from watchers import Watcher

USER = {"id", "username", "display_name"}
SESSION = {"access_token", "token_type", "expires_in", "refresh_token", "action_secret_key", "nonce",
           "user"}


def score(player):
    return player.get("/api/scores/me").json["score"]


def test_api1_broken_object_level_authorization(board):
    """Another player's score, receipts and channel by their ids."""
    mallory, victim = Player(board), Player(board)
    action = victim.update_body()
    assert victim.update(action).status == 200
    # Named in the body, signed by oneself; signed by the victim, sent by oneself.
    assert_problem(mallory.increment(user=victim.id), 403, "UNAUTHORIZED")
    body, headers = victim.increment_request()
    assert_problem(request(board, "POST", "/api/scores/increment", body,
                           {**headers, **mallory.bearer}), 403, "UNAUTHORIZED")
    assert_problem(mallory.update(victim.update_body()), 403, "INVALID_SIGNATURE")
    assert (score(victim), score(mallory)) == (10, 0)
    # What somebody else did is not told, not even that it was done.
    path = f"/api/scores/receipts/{action['action_id']}"
    assert victim.get(path).status == 200
    assert_problem(mallory.get(path), 404)
    assert mallory.get(f"/api/scores/me?userId={victim.id}").json["userId"] == mallory.id
    token = mallory.get("/api/realtime/token").json["token"]
    watcher = Watcher(board, f"/ws/me?token={token}&user={victim.id}")
    assert watcher.opened.wait(3), watcher.fault
    victim.update()
    mallory.update()
    assert eventually(watcher.last)
    time.sleep(0.2)
    assert {message["userId"] for message in watcher.messages} == {mallory.id}
    watcher.stop()


def test_api2_broken_authentication(board):
    """Tokens that are forged, changed, expired, ended, of another use; guessed passwords."""
    player, other = Player(board), Player(board)
    header, claims, signature = player.access_token.split(".")
    key_id, key = own_key(board)
    honest = claims_of(player.access_token)
    assert request(board, "GET", "/api/scores/me", headers={
        "Authorization": f"Bearer {forge(honest, key_id, key)}"}).status == 200  # the forge works
    ended = Player(board)
    assert request(board, "POST", "/api/auth/logout", headers=ended.bearer).status == 204
    bad = {"absent": "", "of another key": foreign(player), "expired": expired(player),
           "with claims of somebody else": f"{header}.{other.access_token.split('.')[1]}.{signature}",
           "without signature": f"{header}.{claims}.",
           "of no algorithm": forge(honest, key_id, key, alg="none"),
           "of another algorithm": forge(honest, key_id, key, alg="RS256"),
           "that lives for a year": forge({**honest, "exp": honest["iat"] + 31536000}, key_id, key),
           "of another issuer": forge({**honest, "iss": "somebody"}, key_id, key),
           "for live connections": player.get("/api/realtime/token").json["token"],
           "of an ended session": ended.access_token, "that is a refresh token": player.refresh_token}
    answers = {name: request(board, "GET", "/api/scores/me",
                             headers={"Authorization": f"Bearer {token}"})
               for name, token in bad.items()}
    for name, answer in answers.items():
        assert answer.status == 401, name
    # Nobody is told which rule it was.
    assert len({answer.json["detail"] for answer in answers.values()}) == 1
    used = player.refresh_token
    for _ in range(2):
        player.take(request(board, "POST", "/api/auth/refresh",
                            {"refresh_token": player.refresh_token}).json)
    assert_problem(request(board, "POST", "/api/auth/refresh", {"refresh_token": used}), 401)
    assert_problem(player.get("/api/scores/me"), 401)
    guesses = [request(board, "POST", "/api/auth/login",
                       {"username": other.name, "password": f"guess number {i}"}) for i in range(8)]
    assert [guess.status for guess in guesses] == [401] * 5 + [429] * 3


def test_api3_broken_object_property_level_authorization(board):
    """Properties that a client may not set, and such that it may not see."""
    player = Player(board)
    body = {**player.update_body(), "score": 99999, "points": 500, "new_score": 99999,
            "score_increment": 500, "user_id": "somebody", "is_admin": True}
    assert player.update(body).json["data"]["new_score"] == 10
    assert player.increment(delta=10**9).json["newScore"] == 20  # the most that a delta counts
    name = new_name()
    answer = request(board, "POST", "/api/auth/register", {
        "username": name, "email": f"{name}@example.org", "password": PASSWORD, "id": player.id,
        "display_name": "Somebody Else", "score": 1000, "role": "admin", "password_hash": "x"})
    assert answer.status == 201 and set(answer.json) == {"user"}
    assert set(answer.json["user"]) == USER
    assert answer.json["user"]["id"] != player.id
    assert answer.json["user"]["display_name"] == name
    session = request(board, "POST", "/api/auth/login", {"username": name, "password": PASSWORD}).json
    assert set(session) == SESSION and set(session["user"]) == USER
    ranked = {"rank", "userId", "displayName", "score"}
    me = player.get("/api/scores/me?around=5").json
    assert set(me) == {"userId", "score", "rank", "neighbours"}
    top = request(board, "GET", "/api/leaderboard/top").json
    page = request(board, "GET", "/api/leaderboard/page").json
    around = request(board, "GET", f"/api/leaderboard/around/{player.id}").json
    for shown in (me["neighbours"], top):
        assert shown and all(set(one) == ranked for one in shown)
    for document in (me, top, page, around, session["user"]):
        assert not re.search("example.org|email|password|hash|session", json.dumps(document))


def rows(document):
    """The standings of an answer, whatever its form."""
    if isinstance(document, list):
        return document
    document = document.get("data", document)
    return next(document[name] for name in ("leaderboard", "standings", "neighbours")
                if name in document)


def test_api4_unrestricted_resource_consumption(board, make_board):
    """Sizes, numbers, depths and rates have ends."""
    with ThreadPoolExecutor(8) as pool:
        players = list(pool.map(lambda _: Player(board), range(104)))
        assert {one.status for one in pool.map(Player.update, players)} == {200}
    one = players[52]
    for path, least, most in (
            ("/api/leaderboard?limit=1000000000", 10, 10),
            ("/api/leaderboard/top?limit=1000000000", 50, 50),
            ("/api/leaderboard/page?limit=1000000000", 100, 100),
            ("/api/scores/me?around=1000000000", 51, 101),  # up to 50 on each side
            (f"/api/leaderboard/around/{one.id}?limit=1000000000", 51, 101)):
        assert eventually(lambda p=path: len(rows(one.get(p).json)) >= least), path
        assert len(rows(one.get(path).json)) <= most, path
    for path in ("/api/leaderboard/top?limit=-1", "/api/leaderboard/top?limit=1e9"):
        assert_problem(request(board, "GET", path), 400)

    board = make_board(arguments=["--limit-loopback"])
    player = Player(board)
    deep = b'{"a":' * 5000
    assert_problem(request(board, "POST", "/api/scores/update", deep[:8000], {
        **player.bearer, "Content-Type": "application/json"}), 400)
    assert_problem(request(board, "POST", "/api/scores/update", b"x" * 10_000_000,
                           {**player.bearer, "Content-Type": "application/json"}), 413)
    # Of one player, whatever the contract; then of one address, whoever it is.
    statuses = [player.update().status for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    answers = [request(board, "GET", "/api/health/live") for _ in range(50)]
    refused = assert_problem(answers[-1], 429, "RATE_LIMITED")
    assert refused["code"] == "RATE_LIMITED"
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_api5_broken_function_level_authorization(board):
    """What is not for players is not there for them: inside paths, Nchan's publishing, files."""
    player = Player(board)
    for path in ("/internal/live/connect?channel=me", "/internal/live/subscribed?user=a&connection=b",
                 "/internal/live/unsubscribed?user=a&connection=b", "/internal/metrics", "/_connect/me", "/_live/me/0-0/00",
                 "/channel/board-a", "/channel/me-x", "/pub/board-a", "/sub/leaderboard", "/hook/x",
                 "/admin", "/api/admin", "/api/admin/users", "/api/users", "/api/scores/adjust",
                 "/metrics", "/nginx_status", "/nchan_stub_status", "/api/scores",
                 "/..%2finternal/live/connect", "//internal/live/connect", "/api/../internal/live/connect"):
        for headers in ({}, {**player.bearer, "Scoreboard-Internal": "1", "X-Accel-Redirect": "/_live/x",
                             "X-Original-URL": "/internal/live/connect", "X-Forwarded-For": "127.0.0.1"}):
            assert request(board, "GET", path, headers=headers).status in (400, 404), path
        assert request(board, "POST", path, b"{}").status in (400, 404, 405), path
    # What only reads takes no method that writes.
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("/api/scores/me", "/api/leaderboard", "/api/leaderboard/top", "/ws/leaderboard"):
            assert_problem(request(board, method, path, b"", player.bearer), 405)
    for method in ("PUT", "PATCH", "DELETE", "GET"):
        assert_problem(request(board, method, "/api/scores/update", headers=player.bearer), 405)
    assert score(player) == 0


def test_api6_unrestricted_access_to_sensitive_business_flows(board):
    """The flow is scoring: ten a minute, however it is tried to score more."""
    player = Player(board)
    sessions = [player.__dict__.copy()]
    for _ in range(3):  # another session is not another allowance
        player.log_in()
        sessions.append(player.__dict__.copy())

    def act(number):
        one = Player.__new__(Player)
        one.__dict__.update(sessions[number % len(sessions)])
        return one.update() if number % 2 else one.increment(delta=10)

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(act, range(40)))
    assert sorted(answer.status for answer in answers) == [200] * 10 + [429] * 30
    assert score(player) == 100
    # Nor does a repetition count, with fresh signatures and times.
    other = Player(board)
    for _ in range(5):
        other.update(action_id="one-action-only")
        time.sleep(0.01)
    assert score(other) == 10


def test_api7_server_side_request_forgery(board):
    """Whatever address a client sends, nobody calls it."""
    player = Player(board)
    called = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/keys"
        key_id, key = own_key(board)
        claims = claims_of(player.access_token)
        for name in ("jku", "x5u", "jwk", "kid"):
            token = forge({**claims, "iss": url}, key_id, key, **{name: url})
            assert_problem(request(board, "GET", "/api/scores/me",
                                   headers={"Authorization": f"Bearer {token}"}), 401)
        fields = {"callback": url, "webhook": url, "avatar": url, "redirect_uri": url}
        assert player.update({**player.update_body(), **fields}).status == 200
        own = {**player.bearer, "Referer": url, "X-Forwarded-Host": url, "X-Accel-Redirect": url,
               "Forwarded": f"host={url}", "X-Device-Id": url, "User-Agent": url}
        request(board, "GET", f"/api/scores/me?url={url}", headers=own)
        request(board, "GET", url, headers=own)  # as to a proxy
        request(board, "GET", "/ws/me?token=" + url, headers={"Accept": "text/event-stream"})
        request(board, "GET", "/api/leaderboard", headers={"Host": url.removeprefix("http://")})
        try:
            while True:
                called.append(listener.accept())
        except TimeoutError:
            pass
    assert called == []


def test_api8_security_misconfiguration(board):
    """What every answer carries and none gives away."""
    player = Player(board)
    answers = {
        "the page": request(board, "GET", "/"),
        "a snapshot": request(board, "GET", "/api/leaderboard"),
        "a worker": player.get("/api/scores/me"),
        "a worker's refusal": request(board, "GET", "/api/scores/me"),
        "the edge's refusal": request(board, "GET", "/nowhere"),
        "a stream's refusal": request(board, "GET", "/ws/leaderboard")}
    for name, answer in answers.items():
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["Referrer-Policy"] == "no-referrer", name
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], name
        assert not re.search(r"\d", answer.headers.get("Server", "")), name
        assert "X-Powered-By" not in answer.headers, name
        assert "Access-Control-Allow-Credentials" not in answer.headers, name
        if answer.status >= 400:
            assert not re.search(rb"<html|nginx|\.cpp|/tmp|sqlite|postgres|exception", answer.body,
                                 re.IGNORECASE), name
    assert answers["a worker"].headers["Cache-Control"] == "private, no-store"
    assert answers["a worker's refusal"].headers["Cache-Control"] == "no-store"
    foreign_page = request(board, "GET", "/api/scores/me", headers={
        **player.bearer, "Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in foreign_page.headers
    assert_problem(request(board, "TRACE", "/"), 405)
    for path in ("/.git/config", "/.env", "/scoreboard.toml", "/run/edge.pid", "/keys/access.jwks",
                 "/../scoreboard.toml", "/%2e%2e/scoreboard.toml", "/scoreboard.db", "/nginx.conf",
                 "/api/openapi.yaml/../../keys"):
        assert request(board, "GET", path).status in (400, 404), path
    # Nchan as it comes would let any page in, with credentials.
    stream = request(board, "GET", "/ws/leaderboard", headers={
        "Origin": "https://evil.example", "Accept": "text/event-stream"})
    assert_problem(stream, 403)


def test_api9_improper_inventory_management(board):
    """docs/openapi.yaml lists what is there, and nothing else is."""
    documented = set()
    path = None
    for line in (TOP / "docs" / "openapi.yaml").read_text().splitlines():
        if found := re.match(r"  (/\S+):$", line):
            path = found[1]
        elif found := re.match(r"    (get|post|put|patch|delete):$", line):
            documented.add((found[1].upper(), path))
    routes = set(re.findall(r'\{"(\w+)", "(/api/[^"]+)", Vocabulary',
                            (TOP / "fcgi" / "api" / "routes.cpp").read_text()))
    assert len(routes) >= 15
    assert {(method, re.sub(r"\{\w+\}", "*", path)) for method, path in documented
            if path.startswith("/api/")} == routes
    for method, path in documented:
        answer = request(board, method, re.sub(r"\{\w+\}", "no-such-thing", path))
        assert answer.status != 405 and answer.headers["X-Request-Id"], (method, path)
        if "{" not in path:
            assert answer.status != 404, (method, path)
        # No other version, older or newer, lies about.
        for old in ("/api/v0", "/api/v2", "/v1", "/api/beta", "/api/internal"):
            assert_problem(request(board, method, path.replace("/api", old, 1)), 404)
        for suffix in () if "{" in path else (".bak", "~", "/", ".old"):
            assert request(board, method, path + suffix).status == 404, path + suffix


class Impostor(threading.Thread):
    """In Nchan's place at its socket: answers with one kind of nonsense after the other."""

    def __init__(self, path, redirect):
        super().__init__(daemon=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(16)
        self.asked = 0
        huge = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.answers = [
            (b"\x00\xff garbage", 0), (b"", 0),
            (b"HTTP/1.1 302 Found\r\nLocation: " + redirect.encode() + b"\r\n\r\n", 0),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{", 0),
            (b'HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{"messages":"x","a":{"b":1}}', 0),
            (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000, 0),
            (huge, 200_000_000), (b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 60_000, 0)]
        self.start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            with connection:
                head, endless = self.answers[self.asked % len(self.answers)]
                self.asked += 1
                chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
                try:
                    connection.settimeout(2)
                    connection.recv(65536)
                    connection.sendall(head)
                    while endless > 0:
                        connection.sendall(chunk)
                        endless -= len(chunk)
                except OSError:
                    continue


def most_resident_kib(pid):
    """Since it began: a string that was filled is given back before anybody looks."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1])


def test_api10_unsafe_consumption_of_apis(make_board, tmp_path):
    """The one service that workers call is Nchan, over a unix socket. What answers there may be
    anything: scores are counted, boards are read, memory stays, no redirect is followed."""
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.1)
        board = make_board({"SCOREBOARD_LIVE_NCHAN_SOCKET": str(tmp_path / "nchan.sock"),
                            "SCOREBOARD_LIVE_SPACING_MS": "1"}, ["--workers", "1"], start=False)
        impostor = Impostor(tmp_path / "nchan.sock",
                            f"http://127.0.0.1:{elsewhere.getsockname()[1]}/")
        board.start()
        pid = board.pid("worker-1")
        before = most_resident_kib(pid)
        players = [Player(board) for _ in range(3)]
        for number in range(30):
            began = time.monotonic()
            assert players[number % 3].update().status == 200
            assert time.monotonic() - began < 3
            time.sleep(0.05)
        assert eventually(lambda: impostor.asked > 2 * len(impostor.answers), 20), impostor.asked

        def shown():
            rows = request(board, "GET", "/api/leaderboard").json["data"]["leaderboard"]
            return [row["score"] for row in rows] == [100] * 3
        assert eventually(shown, 15)
        assert board.pid("worker-1") == pid, "the worker fell"
        assert most_resident_kib(pid) - before < 60_000
        try:
            elsewhere.accept()
            raise AssertionError("a redirect was followed")
        except TimeoutError:
            pass
