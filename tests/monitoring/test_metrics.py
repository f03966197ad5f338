# SPDX-License-Identifier: Apache-2.0
"""The metrics of a real board, through its Nginx."""
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from boards import Board, eventually, free_port
from client import PASSWORD, Player, assert_problem, new_name, request
from scrapes import Samples, get, scraped, text_of
from watchers import Watcher

TOP = Path(__file__).resolve().parents[2]
PROMTOOL = TOP / "build" / "tools" / "prometheus" / "usr" / "bin" / "promtool"
UPDATES = "scoreboard_score_updates_total"
REQUESTS = "scoreboard_http_requests_total"


@pytest.fixture(scope="module")
def board():
    one = Board(arguments=["--metrics", str(free_port())])
    one.metrics = int(one.arguments[-1])
    one.start()
    yield one
    one.stop()
    one.remove()


class Growth:
    """How much each sum grows from here on, over all workers."""

    def __init__(self, board):
        self.board = board
        self.before = scraped(board.metrics)

    def of(self, name, **labels):
        return scraped(self.board.metrics).sum(name, **labels) - self.before.sum(name, **labels)


def test_what_was_done_is_what_is_counted(board):
    player, other = Player(board), Player(board)
    grown = Growth(board)
    for number in range(6):
        body = player.update_body()
        assert player.update(body).status == 200
        if number < 3:
            assert_problem(player.update(body), 409, "DUPLICATE_ACTION")
    for number in range(4):
        action = f"once-and-again-{number}"
        for _ in range(3):
            assert player.increment(action_id=action).status == 200
    for _ in range(2):  # ten of the minute have counted
        assert_problem(player.increment(), 429)
    for _ in range(5):
        body = {**other.update_body(), "signature": "0" * 64}
        assert_problem(other.update(body), 403, "INVALID_SIGNATURE")
    assert_problem(other.increment(user=player.id), 403, "UNAUTHORIZED")
    assert other.increment(action_id="mine-and-no-other", delta=1).status == 200
    assert_problem(other.increment(action_id="mine-and-no-other", delta=2), 409, "IDEMPOTENCY_CONFLICT")
    assert_problem(other.increment(at=str(int(time.time()) - 4000)), 403, "ABUSE_REJECTED")
    assert_problem(request(board, "POST", "/api/scores/update", b"{}",
                           {**other.bearer, "Content-Type": "application/json"}), 400)
    assert_problem(request(board, "POST", "/api/scores/update", {}), 401)
    told = {result: grown.of(UPDATES, result=result) for result in (
        "awarded", "duplicate", "replayed", "rate_limited", "bad_signature", "forbidden",
        "conflict", "stale_time", "malformed", "unauthenticated", "unavailable", "internal")}
    assert told == {"awarded": 11, "duplicate": 3, "replayed": 8, "rate_limited": 2,
                    "bad_signature": 5, "forbidden": 1, "conflict": 1, "stale_time": 1,
                    "malformed": 1, "unauthenticated": 1, "unavailable": 0, "internal": 0}
    assert grown.of(UPDATES) == sum(told.values())
    assert grown.of("scoreboard_idempotent_replays_total") == 11
    assert grown.of("scoreboard_rate_limited_total", scope="user") == 2
    assert {rule: grown.of("scoreboard_suspicious_actions_total", rule=rule) for rule in (
        "bad_signature", "foreign_user", "stale_time", "id_reused")} == {
            "bad_signature": 5, "foreign_user": 1, "stale_time": 1, "id_reused": 1}
    assert grown.of("scoreboard_auth_failures_total", reason="bad_signature") == 5
    assert grown.of("scoreboard_auth_failures_total", reason="foreign_user") == 1
    route = "/api/scores/update"
    assert {code: grown.of(REQUESTS, route=route, code=code)
            for code in ("200", "400", "401", "403", "409")} == {
                "200": 6, "400": 1, "401": 1, "403": 5, "409": 3}
    assert grown.of("scoreboard_http_request_duration_seconds_count", route=route) == 16
    # Every transaction took something, and together they took every action that came so far.
    batches = grown.of("scoreboard_batch_size_actions_count")
    assert batches == grown.of("scoreboard_commit_duration_seconds_count") > 0
    assert grown.of("scoreboard_batch_size_actions_sum") == 11 + 3 + 8 + 2 + 1


def test_requests_of_every_kind_are_counted_once(board):
    grown = Growth(board)
    for _ in range(7):
        assert request(board, "GET", "/api/health/live").status == 200
    for number in range(5):
        request(board, "GET", f"/api/nothing/{number}")
    request(board, "DELETE", "/api/scores/me")
    name = new_name()
    for _ in range(3):
        request(board, "POST", "/api/auth/login", {"username": name, "password": PASSWORD})
    assert grown.of(REQUESTS, route="/api/health/live", code="200") == 7
    assert grown.of(REQUESTS, route="unknown", code="404") == 5
    assert grown.of(REQUESTS, route="/api/scores/me", code="405") == 1
    assert grown.of(REQUESTS, route="/api/auth/login", code="401") == 3
    assert grown.of("scoreboard_auth_failures_total", reason="wrong_password") == 3


def test_watchers_and_what_is_published_are_told_by_the_one_that_publishes(board):
    player = Player(board)
    grown = Growth(board)
    watchers = [Watcher(board, "/ws/leaderboard") for _ in range(3)]
    try:
        for watcher in watchers:
            assert watcher.opened.wait(10)
        assert player.increment(delta=7).status == 200
        assert eventually(lambda: scraped(board.metrics).sum("scoreboard_nchan_subscribers") == 3, 15)
        now = scraped(board.metrics)
        assert now.sum("scoreboard_publisher_acting") == now.sum("scoreboard_nchan_up") == 1
        assert now.sum("scoreboard_nchan_shared_memory_limit_bytes") == 64 * 2**20
        assert 0 < now.sum("scoreboard_nchan_shared_memory_bytes") < 64 * 2**20
        assert now.sum("scoreboard_nchan_messages") >= 2
        assert now.sum("scoreboard_nchan_channels") >= 2
        assert grown.of("scoreboard_publishes_total", result="taken") > 0
        assert grown.of("scoreboard_publishes_total", result="failed") == 0
        assert grown.of("scoreboard_publish_duration_seconds_count") == grown.of(
            "scoreboard_publishes_total")
        assert grown.of("scoreboard_commit_to_publish_seconds_count") >= 1
        assert grown.of("scoreboard_commit_to_publish_seconds_bucket", le="1") >= 1
        head = int(board.sql("SELECT max(seq) FROM journal"))
        assert now.sum("scoreboard_board_seq") == head
        assert eventually(lambda: scraped(board.metrics).sum("scoreboard_journal_seq") == 2 * head)
        assert eventually(
            lambda: 0 <= scraped(board.metrics).sum("scoreboard_snapshot_age_seconds") < 2)
    finally:
        for watcher in watchers:
            watcher.stop()
    assert eventually(lambda: scraped(board.metrics).sum("scoreboard_nchan_subscribers") == 0)


@pytest.mark.parametrize("worker", [1, 2])
def test_promtool_has_nothing_to_say(board, worker):
    done = subprocess.run([PROMTOOL, "check", "metrics"], input=text_of(board.metrics, worker),
                          capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_metric_says_what_it_is(board):
    text = text_of(board.metrics, 1)
    families = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE)
    assert len(families) > 35
    for name, _ in families:
        words = re.search(rf"^# HELP {name} (.+)$", text, re.MULTILINE)[1]
        assert len(words) > 15 and words.endswith(".") and words != name


def test_series_are_few_and_name_nobody(board):
    player = Player(board)
    action = "an-action-that-nobody-else-has"
    assert player.increment(action_id=action).status == 200
    for worker in (1, 2):
        text = text_of(board.metrics, worker)
        assert len(Samples(text)) <= 400
        for secret in (player.id, player.name, action, "127.0.0.1", player.access_token):
            assert secret not in text


def test_series_stay_few_whatever_is_asked(board):
    """As if every route had answered with every status that its description has."""
    samples = Samples(text_of(board.metrics, 1))
    answered = sum(1 for name, _ in samples.values if name == REQUESTS)
    by_nginx = {"304", "408", "412", "414", "431"}
    described = yaml.safe_load((TOP / "docs" / "openapi.yaml").read_text())["paths"]
    possible = sum(len({*operation["responses"], "405"} - by_nginx)
                   for operations in described.values()
                   for method, operation in operations.items() if method in ("get", "post"))
    inside = 4 * len(("200", "400", "401", "404", "405", "500", "503"))
    assert len(described) == 16 and answered < possible
    assert len(samples) - answered + possible + inside + 1 <= 400


def test_a_scrape_takes_less_than_20_ms(board):
    took = []

    def quick():
        began = time.monotonic()
        text_of(board.metrics, 1)
        took.append(time.monotonic() - began)
        return took[-1] < 0.02  # its own time, whatever else runs on this machine

    assert eventually(quick), took


def test_process_metrics_are_the_workers_own(board):
    samples = Samples(text_of(board.metrics, 1))
    pid = board.pid("worker-1")
    status = Path(f"/proc/{pid}/status").read_text()
    resident = int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024
    assert abs(samples.sum("process_resident_memory_bytes") - resident) < 0.2 * resident
    assert abs(samples.sum("process_open_fds") - len(os.listdir(f"/proc/{pid}/fd"))) <= 3
    assert time.time() - 600 < samples.sum("process_start_time_seconds") < time.time() + 2
    assert samples.sum("process_cpu_seconds_total") > 0
    assert samples.sum("scoreboard_build_info") == 1


def test_nobody_gets_metrics_from_the_public_site(board):
    for path in ("/metrics", "/metrics/1", "/internal/metrics", "/api/internal/metrics",
                 "//internal/metrics", "/..%2finternal/metrics", "/status", "/_metrics"):
        for headers in ({}, {"Scoreboard-Internal": "1"}, {"Host": "127.0.0.1"}):
            answer = request(board, "GET", path, headers=headers)
            assert answer.status in (400, 404), path
            assert b"scoreboard_" not in answer.body


def test_the_metrics_server_is_for_this_machine_and_for_nothing_else(board):
    port = board.metrics
    for path, status in (("/", 404), ("/metrics", 404), ("/metrics/0", 404), ("/metrics/1/", 404),
                         ("/metrics/01", 404), ("/metrics/100", 404), ("/internal/metrics", 404),
                         ("/api/leaderboard", 404), ("/metrics/3", 502), ("/metrics/1%00", 400)):
        assert get(port, path)[0] == status, path
    for method in ("POST", "PUT", "DELETE"):
        assert get(port, "/metrics/1", method)[0] in (403, 405)
    # A page of another name that was made to lead here.
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example"):
        assert get(port, "/metrics/1", host=host)[0] == 403
    for host in (f"localhost:{port}", "127.0.0.1"):
        assert get(port, "/metrics/1", host=host)[0] == 200
    listening = [line.split()[1] for table in ("/proc/net/tcp", "/proc/net/tcp6")
                 if Path(table).exists()
                 for line in Path(table).read_text().splitlines()[1:] if line.split()[3] == "0A"]
    assert [one for one in listening if one.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


def test_the_next_publisher_tells_what_the_last_one_told(make_board):
    board = make_board(arguments=["--metrics", str(port := free_port())])

    def acting_of_both():
        told = [Samples(text_of(port, number)).sum("scoreboard_publisher_acting") for number in (1, 2)]
        return sorted(told) == [0, 1] and told

    told = eventually(acting_of_both)
    assert told
    board.kill(f"worker-{1 if told[0] else 2}", signal.SIGKILL)

    def acting():
        """The other one, or that which came in place of the killed one and was quicker."""
        for number in (1, 2):
            if get(port, f"/metrics/{number}")[0] == 200:
                samples = Samples(text_of(port, number))
                if samples.sum("scoreboard_nchan_shared_memory_limit_bytes"):
                    assert samples.sum("scoreboard_publisher_acting") == 1
                    return number
        return None

    resting = 3 - eventually(acting, 10)
    restarted = eventually(lambda: get(port, f"/metrics/{resting}")[0] == 200
                           and Samples(text_of(port, resting)))
    for name in ("scoreboard_publisher_acting", "scoreboard_nchan_subscribers",
                 "scoreboard_snapshot_age_seconds", UPDATES):
        assert restarted.sum(name) == 0


@pytest.mark.parametrize("port,status,words", [
    ("0", 2, "must be from 1 to 65535"), ("65536", 2, "must be from 1 to 65535"),
    ("same", 2, "a port of its own"), ("taken", 1, "choose another one with --metrics")])
def test_the_port_of_the_metrics_is_a_free_one_of_its_own(make_board, port, status, words):
    board = make_board(start=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = {"same": str(board.port), "taken": str(taken.getsockname()[1])}.get(port, port)
        done = subprocess.run(board.command("--port", str(board.port), "--metrics", port, "--detach"),
                              env=board.environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60)
    assert done.returncode == status and words in done.stderr, done.stderr


def test_without_being_asked_for_there_are_no_metrics(make_board):
    board = make_board()
    assert "metrics.conf" not in (board.data / "run/nginx/edge/nginx.conf").read_text()


def test_a_changed_bound_of_the_queue_is_told(make_board):
    board = make_board(arguments=["--metrics", str(port := free_port())])
    capacity = "scoreboard_queue_capacity_actions"
    assert scraped(port).sum(capacity) == 2 * 4096
    (board.data / "conf.d").mkdir(exist_ok=True)
    (board.data / "conf.d" / "50-test.toml").write_text("[server]\nqueue_waiting_max = 77\n")
    for worker in ("worker-1", "worker-2"):
        os.kill(board.pid(worker), signal.SIGHUP)
    assert eventually(lambda: scraped(port).sum(capacity) == 2 * 77, 10)
