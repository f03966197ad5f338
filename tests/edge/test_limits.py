# SPDX-License-Identifier: Apache-2.0
"""The limits per address: what is refused, the block of those who go on, and fail2ban's reading of
it."""
import json
import re
import select
import shutil
import signal
import socket
import subprocess
import time

import pytest

from boards import TOP, eventually
from client import Player, assert_problem, raw, request

HEALTH = "/api/health/live"


def items(field):
    """A list of items with parameters (RFC 9651), as far as these fields go."""
    found = {}
    for item in field.split(", "):
        match = re.fullmatch(r'"(\w+)"((?:;[a-z]+=(?:\d+|"[a-z-]+"))*)', item)
        assert match, field
        found[match[1]] = dict(pair.split("=") for pair in match[2].split(";")[1:])
    return found


def test_the_limit_per_address(make_board):
    board = make_board(arguments=["--limit-loopback"])
    began = time.monotonic()
    answers = [request(board, "GET", HEALTH) for _ in range(70)]
    more = int((time.monotonic() - began) * 50 / 60) + 1
    passed = sum(answer.status == 200 for answer in answers)
    assert 40 <= passed <= 50 + more  # the start took some
    refused = next(answer for answer in answers if answer.status == 429)
    assert_problem(refused, 429, "RATE_LIMITED")
    assert items(refused.headers["RateLimit-Policy"]) == {"address": {"q": "100", "w": "60"}}
    rest = items(refused.headers["RateLimit"])["address"]
    assert rest["r"] == "0"
    assert int(rest["t"]) <= int(refused.headers["Retry-After"])
    # Who waits as long as it was told comes through.
    for _ in range(3):
        while (answer := request(board, "GET", HEALTH)).status == 200:
            pass
        time.sleep(int(answer.headers["Retry-After"]))
        assert request(board, "GET", HEALTH).status == 200


def test_accounts_and_sessions_have_a_stricter_limit_of_their_own(make_board):
    board = make_board(arguments=["--limit-loopback"])
    body = {"password": "not the password"}
    began = time.monotonic()
    answers = [request(board, "POST", "/api/auth/login", {**body, "username": f"nobody{i}"})
               for i in range(25)]
    more = int((time.monotonic() - began) * 30 / 60)
    passed = sum(answer.status == 401 for answer in answers)
    assert 15 <= passed <= 18 + more
    assert_problem(answers[-1], 429, "RATE_LIMITED")
    assert answers[-1].headers["Retry-After"] == "4"
    assert_problem(request(board, "POST", "/api/auth/exchange", {"token": "x"}), 429)
    policy = items(answers[-1].headers["RateLimit-Policy"])
    assert policy == {"address": {"q": "100", "w": "60"}, "accounts": {"q": "30", "w": "60"}}
    assert items(answers[-1].headers["RateLimit"]) == {"accounts": {"r": "0", "t": "4"}}
    assert request(board, "GET", HEALTH).status == 200


def test_the_blocked_are_told_for_how_long(make_board):
    board = make_board({"SCOREBOARD_LIMITS_REFUSALS": "30", "SCOREBOARD_LIMITS_BLOCK_S": "3"},
                       ["--limit-loopback"])
    player = Player(board)
    file = board.data / "run" / "blocked" / "127.0.0.1"

    def refused(count):
        """Sends until `count` were refused."""
        while count:
            count -= request(board, "GET", HEALTH).status == 429

    refused(30)  # as many as may be
    time.sleep(0.5)
    assert not file.exists()
    assert request(board, "GET", "/").status == 200
    refused(1)
    assert eventually(file.exists, 2)
    blocked_at = time.monotonic()
    for path in ("/", "/api/leaderboard", HEALTH, "/ws/scores", "/nowhere"):
        answer = request(board, "GET", path, headers={"Accept": "text/event-stream"})
        assert_problem(answer, 429, "RATE_LIMITED")
        assert answer.headers["Retry-After"] == "3"
        assert items(answer.headers["RateLimit"]) == {"address": {"r": "0", "t": "3"}}
    plain = request(board, "GET", "/", headers={"Accept": "application/json"})
    assert plain.headers["Content-Type"] == "application/json"
    # It ends after its time, though the blocked went on.
    while time.monotonic() < blocked_at + 1.5:
        request(board, "GET", HEALTH)
    time.sleep(3 - 1.5)
    assert eventually(lambda: request(board, "GET", "/").status == 200, 1)
    assert not file.exists()
    assert player.get("/api/scores/me").status == 200


def test_a_block_outlives_the_worker_that_keeps_it(make_board):
    board = make_board({"SCOREBOARD_LIMITS_REFUSALS": "10", "SCOREBOARD_LIMITS_BLOCK_S": "4"},
                       ["--limit-loopback"])
    file = board.data / "run" / "blocked" / "127.0.0.1"
    while not file.exists():
        request(board, "GET", HEALTH)
    blocked_at = file.stat().st_mtime  # whenever this test comes to see it
    for name in ("worker-1", "worker-2"):
        board.kill(name, signal.SIGKILL)
    assert request(board, "GET", "/").status == 429
    assert eventually(lambda: not file.exists(), blocked_at + 5.5 - time.time())
    assert 2.5 < time.time() - blocked_at
    # Whoever keeps them now counts again.
    assert eventually(lambda: request(board, "GET", "/").status == 200, 2)
    assert eventually(lambda: request(board, "GET", HEALTH) and file.exists(), 5, 0)


def test_a_block_that_could_not_be_made_or_was_lifted_is_made_again(make_board):
    board = make_board({"SCOREBOARD_LIMITS_REFUSALS": "10"}, ["--limit-loopback"])
    blocked = board.data / "run" / "blocked"
    aside = blocked.with_name("aside")
    blocked.rename(aside)

    def told():
        return "address_not_blocked" in board.log("worker-1") + board.log("worker-2")

    assert eventually(lambda: request(board, "GET", HEALTH) and told(), 10, 0)
    aside.rename(blocked)
    for _ in range(2):  # the second time after an administrator let the address in
        assert eventually(lambda: request(board, "GET", HEALTH) and (blocked / "127.0.0.1").exists(),
                          10, 0)
        assert request(board, "GET", "/").status == 429
        (blocked / "127.0.0.1").unlink()


def test_one_address_has_fifty_requests_at_once(make_board):
    """Bodies that never come hold a place each, and no worker."""
    board = make_board(arguments=["--limit-loopback"])
    slow = []
    while len(slow) < 50:
        connection = socket.create_connection(("127.0.0.1", board.port), timeout=5)
        connection.sendall(b"POST /api/scores/update HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n"
                           b"Content-Type: application/json\r\n\r\n{")
        if select.select([connection], [], [], 0.05)[0]:  # that was the limit per minute
            connection.close()
            time.sleep(1.3)
        else:
            slow.append(connection)
    time.sleep(1.3)
    answer = request(board, "POST", "/api/scores/update", {})
    assert_problem(answer, 429)
    assert items(answer.headers["RateLimit-Policy"]) == {
        "connections": {"q": "50", "qu": '"concurrent-requests"'}}
    for connection in slow:
        connection.close()


# --- fail2ban

def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return set(file.read().split())


@pytest.fixture
def fail2ban(make_board, tmp_path):
    """A board that writes for fail2ban, as docs/nginx.md says: one line uncommented, Nginx reloaded."""
    board = make_board(arguments=["--limit-loopback"])
    switch = board.data / "run" / "nginx" / "snippets" / "refusals-log.conf"
    text = switch.read_text()
    assert text.count("\n#access_log") == 1
    log = board.data / "log" / "edge-refusals.log"
    assert not log.exists()  # nothing keeps whole addresses unless it was asked to
    switch.write_text(text.replace("\n#access_log", "\naccess_log"))
    before = children(board.pid("edge"))
    master = board.kill("edge", signal.SIGHUP)
    # Until the last process with the old configuration has gone.
    assert eventually(lambda: log.exists() and not before & children(master))
    return board, log


def matched(nginx, log):
    """fail2ban-regex's count of matches and misses, and the matched lines. `nginx`: of the files."""
    filter_file = nginx / "fail2ban" / "filter.d" / "scoreboard.conf"
    done = subprocess.run(["fail2ban-regex", "--print-all-matched", str(log), str(filter_file)],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    counts = re.search(r"Lines: (\d+) lines, 0 ignored, (\d+) matched, (\d+) missed", done.stdout)
    assert counts, done.stdout + done.stderr
    shown = done.stdout.partition("Matched line(s):\n")[2].partition("\n`-")[0]
    lines = re.findall(r"^\|  (.*)$", shown, re.MULTILINE)
    return int(counts[2]), int(counts[3]), lines


FORGED = '{"time":"2026-11-26T00:00:00+00:00","event":"refused","request_id":"%s","address":"%s"}' % (
    "0" * 32, "203.0.113.9")


def test_fail2ban_reads_each_refusal_and_nothing_that_a_client_made_up(fail2ban):
    board, log = fail2ban
    hostile = [FORGED, f"\n{FORGED}\n", "203.0.113.9", '","address":"203.0.113.9"}']
    seen = []

    def attack():
        for text in hostile:
            quoted = text.replace("\n", "%0A").replace(" ", "%20").replace('"', "%22")
            seen.append(request(board, "GET", f"/api/{quoted}?{quoted}", headers={
                "User-Agent": text.strip(), "X-Forwarded-For": "203.0.113.9",
                "X-Real-IP": "203.0.113.9", "Referer": text.strip()}).status)
            body = {"action_id": text, "action_type": text, "timestamp": text, "signature": text}
            seen.append(request(board, "POST", "/api/scores/update", body).status)
            for line in (f"GET /{text} HTTP/1.1", f"{text} / HTTP/1.1", f"GET /api/{text}"):
                raw(board, f"{line}\r\nHost: {text}\r\nConnection: close\r\n\r\n".encode(), 1)

    while seen.count(429) < 12:
        attack()
    # A line is written after its answer.
    eventually(lambda: log.read_text().count("\n") >= seen.count(429))
    time.sleep(0.5)
    lines = log.read_text().splitlines()
    hits, misses, shown = matched(board.data / "run" / "nginx", log)
    assert hits == len(lines) >= 12 and misses == 0
    assert sorted(shown) == sorted(lines)
    assert {json.loads(line)["address"] for line in lines} == {"127.0.0.1"}
    assert "203.0.113.9" not in log.read_text()
    # The logs that do have what clients send match nothing.
    for name in ("edge-access", "worker-1", "worker-2"):
        assert matched(board.data / "run" / "nginx",
                       board.data / "log" / f"{name}.log")[0] == 0


def test_the_filter_takes_whole_lines_of_the_one_form(tmp_path):
    good = [FORGED, FORGED.replace("203.0.113.9", "2001:db8::9")]
    bad = [FORGED + " ", "x" + FORGED, FORGED.replace("refused", "edge"),
           FORGED.replace("203.0.113.9", "evil.example"),
           FORGED.replace("}", ',"address":"198.51.100.1"}'),
           FORGED.replace("0" * 32, '","address":"198.51.100.1'), FORGED + FORGED]
    log = tmp_path / "log"
    log.write_text("\n".join([*good, *bad, ""]))
    hits, misses, shown = matched(TOP / "nginx", log)
    assert (hits, misses) == (len(good), len(bad))
    assert sorted(shown) == sorted(good)


def test_the_jail_is_shipped_disabled_and_good(fail2ban, tmp_path):
    board, log = fail2ban
    files = board.data / "run" / "nginx" / "fail2ban"
    home = tmp_path / "fail2ban"
    shutil.copytree("/etc/fail2ban", home)
    (home / "jail.d" / "defaults-debian.conf").unlink(missing_ok=True)  # Debian's own, for ssh
    shutil.copy(files / "filter.d" / "scoreboard.conf", home / "filter.d")
    jail = home / "jail.d" / "scoreboard.conf"
    shutil.copy(files / "jail.d" / "scoreboard.conf", jail)

    def dump():
        done = subprocess.run(["fail2ban-client", "-c", str(home), "-d"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "'scoreboard'" not in dump()
    jail.write_text(jail.read_text().replace("enabled = false", "enabled = true"))
    enabled = dump()
    assert "['start', 'scoreboard']" in enabled and str(log) in enabled
