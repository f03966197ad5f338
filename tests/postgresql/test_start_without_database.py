# SPDX-License-Identifier: Apache-2.0
"""Workers that are started while their PostgreSQL is away: they serve what needs none, refuse the rest
plainly, and do everything within moments of its return, in the same processes. The database here is
nobody's child, so that it can be away for as long as a test likes."""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from boards import BUILD, Board, eventually
from client import Player, assert_problem, board_is_read, request
from pairs import PlacedCluster
from postgresql import DATABASE
from silence import standing_still

WORKERS = ("worker-1", "worker-2")
BACK_SECONDS = 3  # about one, and a busy machine


@pytest.fixture
def cluster():
    directory = Path(tempfile.mkdtemp(prefix="sb"))
    os.chmod(directory, 0o711)
    one = PlacedCluster(directory / "1")
    one.initialize()
    one.start()
    one.make_board()
    try:
        yield one
    finally:
        one.end()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def board(cluster):
    one = Board(cluster=cluster)
    one.use(f"postgresql:///{DATABASE}?host={cluster.directory}")
    try:
        yield one.start()
    finally:
        one.stop()
        one.remove()


def events(board, worker, name):
    lines = [json.loads(line) for line in board.log(worker).splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == name]


def start_without(board):
    """Both workers anew, as far as serving. Their pids."""
    for worker in WORKERS:
        started = len(events(board, worker, "started"))
        pid = board.kill(worker)
        assert eventually(lambda w=worker, p=pid, n=started: board.pid(w) != p
                          and len(events(board, w, "started")) > n, 15)
    return [board.pid(worker) for worker in WORKERS]


def assert_refused_at_once(board, player):
    for ask in (player.increment, player.update, lambda: player.get("/api/scores/me")):
        began = time.monotonic()
        assert_problem(ask(), 503)
        assert time.monotonic() - began < 6
    assert request(board, "GET", "/api/health/live").status == 200
    problem = assert_problem(request(board, "GET", "/api/health/ready"), 503)
    assert "live" not in problem


def test_workers_start_without_their_database_and_find_it_when_it_comes(cluster, board):
    player, other = Player(board), Player(board)
    assert player.increment(delta=5).json["rank"] == 1
    assert eventually(lambda: board_is_read(board))
    cluster.stop()
    workers = start_without(board)
    for _ in range(5):
        assert_refused_at_once(board, player)
        assert board_is_read(board)
        time.sleep(0.5)
    for worker in WORKERS:
        (told,) = events(board, worker, "database_away")
        assert "cannot connect to the database: " in told["reason"]
    cluster.start()
    assert eventually(lambda: player.increment(delta=1).status == 200, BACK_SECONDS)
    action = str(uuid.uuid4())
    answer = eventually(lambda: (told := other.increment(delta=9, action_id=action)).status == 200
                        and told, BACK_SECONDS)  # perhaps the other worker
    assert (answer.json["newScore"], answer.json["rank"]) == (9, 1)  # by counts that were loaded now
    assert eventually(lambda: request(board, "GET", "/api/health/ready").status == 200, BACK_SECONDS)
    assert eventually(lambda: [row["score"] for row in request(
        board, "GET", "/api/leaderboard").json["data"]["leaderboard"]] == [9, 6], BACK_SECONDS)
    assert [board.pid(worker) for worker in WORKERS] == workers
    assert board.ctl("verify").returncode == 0


def test_a_schema_that_is_seen_late_ends_the_worker_as_one_that_is_seen_at_once(cluster, board):
    ours = cluster.psql("SELECT max(version) FROM schema_migrations", database=DATABASE).strip()
    cluster.psql(f"UPDATE schema_migrations SET version = 99 WHERE version = {ours}", database=DATABASE)
    cluster.stop()
    workers = start_without(board)
    cluster.start()
    for worker, pid in zip(WORKERS, workers):
        assert eventually(lambda w=worker: len(events(board, w, "start_failed")) >= 3, 20)
        told = events(board, worker, "start_failed")
        for one in told:
            assert one["reason"].startswith("the database has schema 99, newer than this program's")
        times = [datetime.fromisoformat(one["time"].rstrip("Z")) for one in told[:3]]
        for before, after in zip(times, times[1:]):  # meanwhile it turns away
            assert after - before > timedelta(seconds=2.5)
        assert board.pid(worker) != pid
    cluster.psql(f"UPDATE schema_migrations SET version = {ours} WHERE version = 99", database=DATABASE)
    assert eventually(lambda: request(board, "GET", "/api/health/ready").status == 200, 15)


def test_workers_start_beside_a_database_that_stands_still(cluster, board):
    player = Player(board)
    with standing_still(cluster, cluster.process.pid):
        workers = start_without(board)
        assert_refused_at_once(board, player)
    assert eventually(lambda: player.increment(delta=1).status == 200, BACK_SECONDS)
    assert [board.pid(worker) for worker in WORKERS] == workers


def test_the_service_manager_is_told_that_a_worker_without_its_database_serves(board, tmp_path):
    """Type=notify: who starts the worker waits for READY=1."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, \
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        listener.bind(str(tmp_path / "worker"))
        listener.listen(8)
        worker = subprocess.Popen(
            [BUILD / "bin" / "scoreboard-worker", "--config", board.data / "scoreboard.toml",
             "--set", "database.uri=postgresql:///scoreboard?host=/nowhere",
             "--set", f"live.runtime_directory={tmp_path}"],
            env={**board.environment, "NOTIFY_SOCKET": str(tmp_path / "notify")},
            stdin=listener.fileno(), stderr=subprocess.DEVNULL)
        try:
            assert manager.recv(256) == b"READY=1\nSTATUS=Serving"
            time.sleep(1)
            assert worker.poll() is None
        finally:
            worker.terminate()
            assert worker.wait(20) == 0
