# SPDX-License-Identifier: Apache-2.0
"""How a board starts and ends."""
import json
import os
import re
import signal
import socket
import stat
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from boards import DATABASE, TOP, Board, eventually
from client import PASSWORD, Player, request
from watchers import Watcher


def processes_of(board):
    """Whatever still runs with this board's directory in its command line."""
    found = []
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(board.data).encode() in command.read_bytes():
                found.append(int(command.parent.name))
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def test_stop_leaves_no_process_and_a_second_start_keeps_the_scores():
    board = Board()
    try:
        board.start()
        player = Player(board)
        player.update()
        again = subprocess.run(board.command("--port", str(board.port), "--detach"),
                               env=board.environment, capture_output=True, text=True, timeout=60,
                               stdin=subprocess.DEVNULL)
        assert again.returncode == 1 and "already" in again.stderr
        board.stop()
        assert processes_of(board) == []
        board.start()
        assert player.get("/api/scores/me").json["score"] == 10
        board.stop()
        assert processes_of(board) == []
    finally:
        board.remove()


def test_ctrl_c_leaves_no_process():
    board = Board()
    try:
        running = subprocess.Popen(board.command("--port", str(board.port)),
                                   env=board.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True)
        for line in running.stdout:
            if "Scoreboard is live" in line:
                break
        assert request(board, "GET", "/").status == 200
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == 0
        assert processes_of(board) == []
    finally:
        board.remove()


def open_to_others(directory):
    """What other users of this machine can reach and read or write."""
    found = []
    for entry in directory.iterdir():
        mode = entry.lstat().st_mode
        if stat.S_ISDIR(mode):
            if mode & 0o011:
                found += [entry, *open_to_others(entry)]
        elif mode & 0o066:
            found.append(entry)
    return found


@pytest.mark.parametrize("older", [False, True])
def test_a_data_directory_that_all_can_enter_shows_them_nothing(make_board, older):
    """The database, its -wal and -shm and the publish socket were open to every local user."""
    umask = os.umask(0o022)
    try:
        board = make_board(start=False)
        board.data.chmod(0o755)
        if older:  # as an earlier version left it
            (board.data / "run" / "live").mkdir(parents=True)
            for name in ("keys", "log"):
                (board.data / name).mkdir()
            (board.data / "scoreboard.db").touch()
        board.start()
        Player(board).update()
    finally:
        os.umask(umask)
    sqlite = {"scoreboard.db", "scoreboard.db-wal", "scoreboard.db-shm"}
    assert {*({"postgresql"} if DATABASE else sqlite), "scoreboard.toml", "keys", "run", "log"} <= {
        entry.name for entry in board.data.iterdir()}
    assert open_to_others(board.data) == []


def test_a_proxy_in_the_environment_is_not_asked_about_this_machine(make_board):
    nobody = "http://127.0.0.1:9"
    board = make_board({"http_proxy": nobody, "HTTP_PROXY": nobody, "all_proxy": nobody,
                        "no_proxy": "", "NO_PROXY": ""})
    player = Player(board)
    score = player.update().json["data"]["new_score"]

    def on_the_board():
        leaders = request(board, "GET", "/api/leaderboard").json["data"]["leaderboard"]
        return leaders and leaders[0]["score"] == score
    assert eventually(on_the_board)
    watcher = Watcher(board, "/ws/leaderboard")  # what was published went past the proxy too
    assert eventually(watcher.last), watcher.fault
    watcher.stop()


@pytest.mark.sanitized
def test_sigterm_finishes_what_is_in_hand(make_board):
    board = make_board({"SCOREBOARD_AUTH_PASSWORD_COST": "5"}, ["--workers", "1"])
    player = Player(board)
    answers = []
    slow = threading.Thread(target=lambda: answers.append(request(
        board, "POST", "/api/auth/login", {"username": player.name, "password": PASSWORD})))
    slow.start()
    time.sleep(0.01)
    began = time.monotonic()
    pid = board.kill("worker-1", signal.SIGTERM)
    assert eventually(lambda: not Path(f"/proc/{pid}").exists(), 6)
    assert time.monotonic() - began < 5
    slow.join()
    assert answers[0].status == 200
    assert eventually(lambda: '"event":"stopped"' in board.log("worker-1"))


def test_a_worker_tells_the_service_manager_that_it_serves_lives_and_ends(make_board, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(10)
        manager.bind(str(tmp_path / "notify"))
        board = make_board(environment={"NOTIFY_SOCKET": str(tmp_path / "notify"),
                                        "WATCHDOG_USEC": "400000"}, arguments=["--workers", "1"])
        assert manager.recv(256) == b"READY=1\nSTATUS=Serving"
        assert {manager.recv(256) for _ in range(5)} == {b"WATCHDOG=1"}
        board.kill("worker-1", signal.SIGSTOP)
        manager.settimeout(0.5)
        with pytest.raises(socket.timeout):
            while True:
                manager.recv(256)
        board.kill("worker-1", signal.SIGCONT)
        board.kill("worker-1", signal.SIGTERM)
        manager.settimeout(10)
        heard = [manager.recv(256) for _ in range(20)]
        assert b"STOPPING=1\nSTATUS=Answering what has arrived" in heard
        assert heard.count(b"READY=1\nSTATUS=Serving") == 1  # its successor


def test_a_worker_refuses_a_schema_it_does_not_know(make_board):
    board = make_board()
    board.sql("UPDATE schema_migrations SET version = 99")
    board.kill("worker-1")
    assert eventually(lambda: "schema 99" in board.log("worker-1"), 5)
    board.sql("DROP TABLE schema_migrations")
    assert eventually(lambda: "run: scoreboardctl migrate" in board.log("worker-1"), 5)


def test_every_request_is_one_json_line_and_nothing_secret_is_logged(make_board):
    board = make_board()
    player = Player(board)
    answers = [player.update(), player.increment(), player.get("/api/scores/me"),
               player.get("/api/realtime/token"), player.update({"action_id": "x"})]
    realtime = answers[3].json["token"]
    request(board, "GET", f"/ws/me?token={realtime}x", headers={"Accept": "text/event-stream"})
    request(board, "POST", "/api/auth/login", {"username": player.email, "password": "wrong-pass"})

    def lines_of(answer):  # a line is written after its answer
        lines = [json.loads(line) for name in ("worker-1", "worker-2")
                 for line in board.log(name).split("\n")[:-1]]
        return [one for one in lines if one.get("request_id") == answer.headers["X-Request-Id"]
                and one["event"] == "request"]

    for answer in answers:
        (line,) = eventually(lambda a=answer: lines_of(a))
        assert line["status"] == answer.status
    everything = "".join(file.read_text(errors="replace")
                         for file in (board.data / "log").iterdir())
    for secret in (player.access_token, player.refresh_token, player.key, player.nonce, realtime,
                   PASSWORD, player.email, "wrong-pass"):
        assert secret not in everything
    assert not re.search(r"eyJ[A-Za-z0-9_-]+\.eyJ", everything)


def test_every_command_of_the_readme_runs(make_board):
    board = make_board()
    blocks = re.findall(r"```sh test\n(.*?)```", (TOP / "README.md").read_text(), re.DOTALL)
    assert len(blocks) >= 4
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
                          env={**os.environ, "SCOREBOARD_URL": board.url},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"new_score":10' in done.stdout
    assert done.stdout.count('"newScore":15') == 2
    assert "LEADERBOARD_UPDATE" in done.stdout


def test_a_worker_that_stands_still_costs_time_and_no_request(make_board):
    """Nginx gave up what had waited for it, though the other worker was there."""
    board = make_board()
    player = Player(board)
    pid = board.kill("worker-1", signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: player.increment(), range(4)))
    finally:
        os.kill(pid, signal.SIGCONT)
    assert [answer.status for answer in answers] == [200] * 4
    assert player.get("/api/scores/me").json["score"] == 4
