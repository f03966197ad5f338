# SPDX-License-Identifier: Apache-2.0
"""SIGHUP: workers take changed settings while they serve, all or nothing."""
import json
import os
import signal
import threading
import time

import pytest

from boards import eventually
from burst import Burst
from client import Player, assert_problem, new_name, request
from issuer import Issuer

pytestmark = pytest.mark.sanitized

WORKERS = ("worker-1", "worker-2")


class Operator:
    """Writes conf.d/50-test.toml and reloads."""

    def __init__(self, board):
        self.board = board
        self.file = board.data / "conf.d" / "50-test.toml"
        self.file.parent.mkdir(exist_ok=True)

    def events(self, worker):
        """Those of its log that tell of a reload."""
        lines = [json.loads(line) for line in self.board.log(worker).splitlines()
                 if line.startswith("{")]
        return [line for line in lines if line["event"].startswith("reload")]

    def hang_up(self):
        """SIGHUP to every worker; the event that each logged."""
        before = {worker: len(self.events(worker)) for worker in WORKERS}
        for worker in WORKERS:
            os.kill(self.board.pid(worker), signal.SIGHUP)
        assert eventually(lambda: all(len(self.events(w)) > before[w] for w in WORKERS), 10)
        return [self.events(worker)[-1] for worker in WORKERS]

    def reload(self, text):
        self.file.write_text(text)
        return self.hang_up()


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    issuer = Issuer(tmp_path_factory.mktemp("issuer"))
    issuer.key = issuer.new_key("one")
    issuer.publish(issuer.key)
    return issuer


@pytest.fixture(scope="module")
def shared(acme):
    from boards import Board
    board = Board().start()
    yield board
    board.stop()
    board.remove()


@pytest.fixture
def operator(shared):
    one = Operator(shared)
    yield one
    one.file.unlink(missing_ok=True)
    one.hang_up()


def points_of(answer):
    assert answer.status == 200, answer
    return answer.json["data"]["score_increment"]


def test_a_new_points_value_counts_for_the_next_action(shared, operator):
    player = Player(shared)
    assert points_of(player.update()) == 10
    for event in operator.reload("[points]\nCOMPLETE_TASK = 77\nJUMP = 3\n"):
        assert event["event"] == "reloaded"
        assert event["changed"] == "points.COMPLETE_TASK, points.JUMP"
        assert event["restart_needed"] == ""
    assert [points_of(player.update()) for _ in range(4)] == [77] * 4  # whichever worker
    assert points_of(player.update(action_type="JUMP")) == 3
    operator.reload("")
    assert points_of(player.update()) == 10
    assert_problem(player.update(action_type="JUMP"), 400)


def test_limits_change_at_once(shared, operator):
    player = Player(shared)
    assert player.increment(delta=50).json["newScore"] == 10
    operator.reload("[limits]\nawards = 2\nawards_window_s = 30\n[increment]\ndelta_max = 20\n")
    answer = player.increment(delta=50)
    assert answer.json["newScore"] == 30
    assert answer.headers["RateLimit-Policy"] == '"user";q=2;w=30'
    refused = player.increment()
    assert_problem(refused, 429, "RATE_LIMITED")
    assert refused.headers["RateLimit-Policy"] == '"user";q=2;w=30'
    operator.reload("")
    assert player.increment().status == 200


def test_lifetimes_and_windows_change_at_once(shared, operator):
    player = Player(shared)
    late = time.time() - 100
    assert player.increment(at=str(int(late))).status == 200
    operator.reload("[auth]\naccess_lifetime_s = 600\ntimestamp_window_s = 60\n")
    # What lives longer than is allowed now is refused, and a refresh mends it.
    assert_problem(player.update(), 401)
    answer = request(shared, "POST", "/api/auth/refresh", {"refresh_token": player.refresh_token})
    assert answer.json["expires_in"] == 600
    player.take(answer.json)
    assert player.update().status == 200
    assert_problem(player.increment(at=str(int(late))), 403)


def test_connections_are_counted_by_the_new_limit(shared, operator):
    from watchers import Watcher
    player = Player(shared)

    def watch():
        token = player.get("/api/realtime/token").json["token"]
        watcher = Watcher(shared, f"/ws/scores?token={token}")
        assert watcher.opened.wait(5)
        return watcher

    first = watch()
    operator.reload("[limits]\nconnections = 1\n")
    second = watch()
    assert first.closed.wait(5), "the older one had to go"
    assert not second.closed.is_set()
    second.stop()


def exchange(board, acme):
    token = acme.token(acme.key, sub=new_name())
    return request(board, "POST", "/api/auth/exchange", {"token": token})


def test_issuers_come_and_go(shared, operator, acme):
    assert_problem(exchange(shared, acme), 401)
    section = (f'[issuers.acme]\nissuer = "{acme.url}"\naudience = "our-board"\n'
               f'keys = "{acme.file}"\n')
    assert operator.reload(section)[0]["changed"] == "issuers.acme"
    answer = exchange(shared, acme)
    assert answer.status == 200, answer
    # Another change leaves it, and the keys that it holds, alone.
    acme.file.rename(acme.file.with_suffix(".away"))
    operator.reload(section + "[points]\nJUMP = 1\n")
    assert exchange(shared, acme).status == 200
    acme.file.with_suffix(".away").rename(acme.file)
    operator.reload(section.replace("our-board", "another"))
    assert_problem(exchange(shared, acme), 401)
    assert operator.reload("")[0]["changed"] == "issuers.acme"
    assert_problem(exchange(shared, acme), 401)


def test_a_mistake_anywhere_changes_nothing_and_all_are_told(shared, operator):
    player = Player(shared)
    other = operator.file.with_name("60-other.toml")
    other.write_text("[server]\nthread = 1\n")
    try:
        events = operator.reload('[points]\nCOMPLETE_TASK = 99\n[limits]\nawards = 0\n')
    finally:
        other.unlink()
    for event in events:
        assert event["event"] == "reload_refused" and event["faults"] == 2
        assert f"{operator.file}:4:10: limits.awards is 0; it must be from 1" in event["reason"]
        assert f"{other}:2:1: [server] has no key thread; did you mean threads?" in event["reason"]
    assert points_of(player.update()) == 10
    operator.file.write_text("[points\n")
    assert operator.hang_up()[0]["event"] == "reload_refused"
    assert points_of(player.update()) == 10
    assert operator.reload("[points]\nCOMPLETE_TASK = 99\n")[0]["event"] == "reloaded"
    assert points_of(player.update()) == 99


@pytest.mark.parametrize("text", [None, ".".join(["a"] * 300000) + " = 1"], ids=["pipe", "depth"])
def test_what_is_no_configuration_file_neither_hangs_nor_ends_a_worker(shared, operator, text):
    strange = operator.file.with_name("60-strange.toml")
    processes = [shared.pid(worker) for worker in WORKERS]
    if text is None:
        os.mkfifo(strange)
    else:
        strange.write_text(text)
    try:
        assert [event["event"] for event in operator.hang_up()] == ["reload_refused"] * 2
    finally:
        strange.unlink()
    assert [event["event"] for event in operator.hang_up()] == ["reloaded"] * 2
    assert [shared.pid(worker) for worker in WORKERS] == processes


def test_what_needs_a_restart_is_named_and_the_rest_is_taken(shared, operator):
    player = Player(shared)
    for event in operator.reload('[server]\nthreads = 9\n[auth]\nissuer = "us"\n'
                                 '[limits]\nawards = 3\n'):
        assert event["changed"] == "limits.awards"
        assert event["restart_needed"] == "server.threads, auth.issuer"
    assert player.update().headers["RateLimit-Policy"] == '"user";q=3;w=60'
    # Ourselves until the restart, whatever is wanted.
    event = operator.reload('[auth]\nissuer = "us"\n[issuers.acme]\nissuer = "scoreboard"\n'
                            'audience = "x"\nkeys = "/k"\n')[0]
    assert event["event"] == "reload_refused"
    assert "is our own issuer, auth.issuer (until a restart)" in event["reason"]


def test_keys_are_looked_at_at_once(shared, operator):
    keys = shared.data / "keys" / "access.jwks"
    before = keys.read_bytes()
    player = Player(shared)
    fresh = keys.with_name("fresh.jwks")
    shared.ctl("key", "new", "--out", str(fresh))
    try:
        fresh.replace(keys)
        operator.hang_up()
        assert_problem(player.update(), 401)
    finally:
        again = keys.with_name("again.jwks")
        again.write_bytes(before)
        again.chmod(0o600)
        again.replace(keys)
        operator.hang_up()
    assert player.update().status == 200


def test_under_load_no_request_fails(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "1000000"})
    operator = Operator(board)
    asked = []
    going = threading.Event()

    def read():
        while not going.is_set():
            asked.append(request(board, "GET", "/api/leaderboard/page").status)
            time.sleep(0.01)

    reader = threading.Thread(target=read)
    with Burst(board) as burst:
        reader.start()
        for turn in range(20):
            text = f"[increment]\ndelta_max = {turn + 1}\n[points]\nJUMP = {turn + 1}\n"
            events = operator.reload(text if turn % 3 else text + "[server]\nthreads = 0\n")
            assert {event["event"] for event in events} == (
                {"reloaded"} if turn % 3 else {"reload_refused"})
            assert eventually(lambda read_before=len(asked): len(asked) > read_before + 1)
        going.set()
    reader.join(30)
    burst.check()
    assert burst.refused == 0 and sum(burst.acknowledged.values()) > 50
    assert set(asked) == {200}
