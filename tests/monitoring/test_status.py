# SPDX-License-Identifier: Apache-2.0
"""scoreboardctl status: a real board, whole and with something missing."""
import json
import os
import select
import signal
import socket
import subprocess
import time

import pytest

from boards import BUILD, eventually
from client import Player, request
from watchers import Watcher


def status(board, code=0):
    done = board.ctl("status", "--json", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["good"] is (code == 0)
    return told


def screen(board, code=0):
    done = board.ctl("status", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_a_board_that_is_well_is_on_one_screen(board):
    player = Player(board)
    watcher = Watcher(board, "/ws/leaderboard")
    try:
        assert watcher.opened.wait(10)
        assert player.increment(delta=3).status == 200
        assert eventually(lambda: status(board)["live"]["subscribers"] >= 1)
        told = eventually(lambda: 0 < (now := status(board))["publisher"]["lag_s"] < 2 and now)
        assert [(one["worker"], one["state"], one["queue"], one["reason"])
                for one in told["workers"]] == [(1, "up", 0, ""), (2, "up", 0, "")]
        version = board.ctl("--version").stdout.strip()
        for one in told["workers"]:
            assert one["version"] == version
            assert 0 <= one["uptime_s"] < 3600
            assert one["memory_bytes"] > 2**20
        head = int(board.sql("SELECT max(seq) FROM journal"))
        assert told["publisher"]["worker"] in (1, 2)
        # The visible board's last change: a player further down does not change it.
        assert 0 < told["publisher"]["board_version"] <= told["database"]["journal"] == head
        assert told["live"]["up"] is True
        assert told["live"]["memory_bytes_max"] == 64 * 2**20
        assert told["database"]["engine"] == "sqlite"
        assert told["replica"] is None
        shown = screen(board)
    finally:
        watcher.stop()
    assert len(shown.splitlines()) == 6
    assert all(len(line) <= 130 for line in shown.splitlines())
    for words in ("\n1           up", "\n2           up", "\npublisher   worker ",
                  f"board version {told['publisher']['board_version']}", "\nlive Nginx  up, ", "\ndatabase    up     ",
                  f"journal at {head}"):
        assert words in shown, shown


def test_requests_are_counted_a_second(board):
    watching = subprocess.Popen(
        [BUILD / "bin" / "scoreboardctl", "--config", board.data / "scoreboard.toml", "status",
         "--json", "--watch", "1"], stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    try:
        lines = []
        until = time.monotonic() + 10
        while len(lines) < 2 and time.monotonic() < until:
            for _ in range(50):
                request(board, "GET", "/api/health/live")
            if select.select([watching.stdout], [], [], 0)[0]:
                lines.append(json.loads(watching.stdout.readline()))
        assert len(lines) == 2
        assert sum(one["requests_per_s"] for one in lines[1]["workers"]) > 10
    finally:
        watching.terminate()
        watching.wait(5)
        watching.stdout.close()


def test_watch_alone_is_every_two_seconds(board):
    with pytest.raises(subprocess.TimeoutExpired) as seen:
        subprocess.run([BUILD / "bin" / "scoreboardctl", "--config",
                        board.data / "scoreboard.toml", "status", "--watch"],
                       capture_output=True, stdin=subprocess.DEVNULL, timeout=5.5)
    assert 1 <= seen.value.stdout.decode().count("publisher ") <= 2


@pytest.mark.parametrize("seconds", ["0", "-1", "3601", "often"])
def test_watch_takes_whole_seconds(board, seconds):
    assert board.ctl("status", "--watch", seconds, check=False).returncode == 2


def test_a_worker_that_hangs_and_one_that_is_dead(make_board):
    board = make_board()
    supervisor, worker = board.pid("supervisor"), board.pid("worker-2")
    try:
        os.kill(worker, signal.SIGSTOP)
        shown = screen(board, 1)
        assert "\n1           up" in shown
        assert "\n2           DOWN   does not answer\n" in shown
        # Dead, and nobody there to start another one.
        os.kill(supervisor, signal.SIGSTOP)
        os.kill(worker, signal.SIGKILL)
        assert [one["state"] for one in status(board, 1)["workers"]] == ["up", "down"]
    finally:
        os.kill(supervisor, signal.SIGCONT)
    assert eventually(lambda: board.pid("worker-2") != worker, 10)
    assert eventually(lambda: board.ctl("status", check=False).returncode == 0, 15)


def test_the_live_nginx_is_down(make_board):
    board = make_board()
    live = board.pid("live-supervised")
    os.kill(live, signal.SIGSTOP)  # the master alone: its process still answers
    assert status(board)["live"]["up"] is True
    os.kill(live, signal.SIGCONT)
    supervisor = board.pid("supervisor")
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.killpg(live, signal.SIGKILL)
        told = eventually(lambda: (t := json.loads(board.ctl(
            "status", "--json", check=False).stdout)) and not t["live"]["up"] and t)
        assert told and told["good"] is False
        assert "live Nginx  DOWN" in screen(board, 1)
    finally:
        os.kill(supervisor, signal.SIGCONT)
    assert eventually(lambda: board.ctl("status", check=False).returncode == 0, 15)


def test_the_database_is_gone(make_board):
    board = make_board()
    file = board.data / "scoreboard.db"
    away = file.with_suffix(".away")
    file.rename(away)
    try:
        told = status(board, 1)
        assert told["database"]["answers"] is False and told["database"]["reason"]
        assert [one["state"] for one in told["workers"]] == ["up", "up"]
        assert "\ndatabase    DOWN   cannot connect to the database: no such file: " in screen(board, 1)
    finally:
        away.rename(file)
    assert eventually(lambda: board.ctl("status", check=False).returncode == 0, 15)


def test_a_board_that_does_not_run(make_board):
    board = make_board()
    board.stop()
    told = status(board, 1)
    assert told["publisher"] is None and told["live"] is None
    assert {one["state"] for one in told["workers"]} <= {"gone"}
    assert "publisher   NONE" in screen(board, 1)
    for socket in board.data.glob("run/worker-*.sock"):
        socket.unlink()
    assert "no worker-N.sock; do the workers run?" in screen(board, 1)
    for file in sorted((board.data / "run").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    (board.data / "run").rmdir()
    assert "No such file or directory" in screen(board, 1)
    (board.data / "run").mkdir()


def test_sockets_of_something_else_are_told_as_such(make_board):
    board = make_board()
    path = board.data / "run" / "worker-9.sock"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        assert status(board)["workers"][2]["state"] == "gone"  # bound, and nobody listens
        silent.listen()
        for answer, reason in ((b"", "answers with something else"),
                               (b"HTTP/1.1 200 OK\r\n\r\n", "answers with something else")):
            asked = subprocess.Popen(
                [BUILD / "bin" / "scoreboardctl", "--config", board.data / "scoreboard.toml",
                 "status", "--json"], stdout=subprocess.PIPE, text=True)
            for _ in range(2):
                connection, _ = silent.accept()
                connection.recv(4096)
                connection.sendall(answer)
                connection.close()
            told = json.loads(asked.communicate(timeout=20)[0])
            assert asked.returncode == 1
            assert told["workers"][2] == {"worker": 9, "state": "down", "reason": reason}
    path.unlink()
