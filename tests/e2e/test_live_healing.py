# SPDX-License-Identifier: Apache-2.0
"""Live connections under attack and after a fall: what is hostile brings nothing down, what fell comes
back, and no log has a token."""
import os
import random
import secrets
import signal
import time

import pytest

from boards import eventually
from client import Player, assert_problem, raw, request
from test_live import token
from watchers import Watcher


def hostile_subscribe(board, dice):
    """A subscribe with a random message id somewhere; what comes back does not matter."""
    number = dice.randrange(1, 1 << 40)
    ident = dice.choice([f"{number}:{dice.randrange(9)}", f"{number}:[{dice.randrange(9)}],-", "-1",
                         secrets.token_hex(8), f"{int(time.time())}:0", ":", f"{number}:-{number}"])
    headers = {"Host": f"127.0.0.1:{board.port}"}
    query = ""
    place = dice.randrange(4)
    if place == 0:
        headers["Last-Event-ID"] = ident
    elif place == 1:
        query = f"?last_event_id={ident}"
    elif place == 2:
        headers["If-None-Match"] = ident
    else:
        headers["If-Modified-Since"] = dice.choice(
            [ident, "Wed, 25 Nov 2026 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:01 GMT"])
        headers["If-None-Match"] = str(dice.randrange(9))
    if dice.randrange(2):
        headers["Accept"] = "text/event-stream"
    else:
        headers.update({"Upgrade": "websocket", "Connection": "Upgrade",
                        "Sec-WebSocket-Version": "13",
                        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
        if dice.randrange(3) == 0:
            headers["Sec-WebSocket-Protocol"] = "ws+meta.nchan"
    path = dice.choice(["/ws/leaderboard", "/ws/scores"]) + query
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    raw(board, f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode(), 0.02)


def live_processes(board):
    master = board.pid("live")
    with open(f"/proc/{master}/task/{master}/children", encoding="ascii") as children:
        return [master, *map(int, children.read().split())]


def test_random_message_ids_bring_no_nginx_process_down(make_board):
    board = make_board()
    seed = random.SystemRandom().randrange(1 << 32)
    dice = random.Random(seed)
    # Empty channels: no worker runs, and the live Nginx is new.
    workers = [board.pid("worker-1"), board.pid("worker-2")]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    before = board.kill("live")
    assert eventually(lambda: board.pid("live") != before and (
        board.data / "run" / "live" / "subscribe.sock").exists(), 5)
    time.sleep(0.3)
    processes = live_processes(board)
    for _ in range(400):
        hostile_subscribe(board, dice)
    assert live_processes(board) == processes, f"empty channels, seed {seed}"
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    watcher = Watcher(board, "/ws/leaderboard")
    assert eventually(watcher.last, 5), watcher.fault
    for _ in range(400):
        hostile_subscribe(board, dice)
    assert live_processes(board) == processes, f"filled channels, seed {seed}"
    assert not watcher.closed.is_set()
    watcher.stop()
    assert "exited on signal" not in board.log("live-error")


def test_an_unreachable_live_nginx_writes_no_token_into_a_log(make_board):
    """The edge's error lines quote the request line with its query."""
    board = make_board()
    player = Player(board)
    supervisor = board.pid("supervisor")
    kept = Watcher(board, f"/ws/me?token={token(player)}")
    assert kept.opened.wait(3), kept.fault
    os.kill(supervisor, signal.SIGSTOP)  # or it would bring the live Nginx back
    secrets_sent = []

    def knock():
        for path in ("/ws/me", "/ws/leaderboard", "/ws/scores"):
            secrets_sent.append(token(player))
            answer = request(board, "GET", f"{path}?token={secrets_sent[-1]}",
                             headers={"Accept": "text/event-stream"})
            assert_problem(answer, 503)
    try:
        for pid in live_processes(board):
            os.kill(pid, signal.SIGKILL)
        assert kept.closed.wait(3)
        knock()  # the socket refuses
        (board.data / "run" / "live" / "subscribe.sock").unlink()
        knock()  # the socket is not there
    finally:
        os.kill(supervisor, signal.SIGCONT)
    time.sleep(0.2)
    for file in (board.data / "log").iterdir():
        text = file.read_text(errors="replace")
        assert "token=" not in text, file
        assert not any(secret in text for secret in secrets_sent), file


def kill_and_wait(board, names):
    pids = {name: board.kill(name) for name in names}
    for name, pid in pids.items():
        assert eventually(lambda n=name, p=pid: board.pid(n) != p, 5)


@pytest.mark.parametrize("victims", [["live"], ["worker-1", "worker-2"],
                                     ["live", "worker-1", "worker-2"]])
def test_killed_parts_heal_within_two_seconds_of_their_return(make_board, victims):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "1000"})
    player = Player(board)
    player.update()
    kill_and_wait(board, victims)
    returned = time.monotonic()
    score = player.update().json["data"]["new_score"]

    def shown_everywhere():
        watcher = Watcher(board, "/ws/leaderboard")
        try:
            eventually(watcher.last, 0.3)
            told = watcher.last()
        finally:
            watcher.stop()
        snapshot = request(board, "GET", "/api/leaderboard").json
        boards = [told["data"] if told else None, snapshot["data"]]
        return all(b and b["leaderboard"] and b["leaderboard"][0]["score"] == score for b in boards)

    assert eventually(shown_everywhere, 2.5), f"{time.monotonic() - returned:.2f} s"


def test_a_quiet_board_is_told_again_so_that_no_stream_is_cut_for_its_silence(make_board):
    """Nchan's own pings to event streams leak, so the boards themselves keep them open: every thirty
    seconds, to the edge's seventy-five."""
    board = make_board()
    Player(board).update()
    watchers = [Watcher(board, path, transport) for transport in ("websocket", "eventsource")
                for path in ("/ws/leaderboard", "/ws/leaderboard/day", "/ws/scores")]
    for watcher in watchers:
        assert eventually(lambda w=watcher: w.last(), 5), watcher.fault
    heard = [len(watcher.messages) for watcher in watchers]
    for watcher, before in zip(watchers, heard):
        assert eventually(lambda w=watcher, b=before: len(w.messages) > b, 40), watcher.url
        assert not watcher.closed.is_set()
        watcher.stop()


def test_what_a_killed_publisher_has_not_told_its_successor_tells(make_board):
    board = make_board()
    player, watcher = Player(board), Watcher(board, "/ws/scores")
    assert watcher.opened.wait(5)
    told = player.update().json["data"]["new_score"]

    def knows(score):
        return any(message["type"] == "user_score_updated" and message["newScore"] == score
                   for message in watcher.messages)
    assert eventually(lambda: knows(told))
    publisher = next(name for name in ("worker-1", "worker-2")
                     if "publisher_elected" in board.log(name))
    os.kill(board.pid(publisher), signal.SIGSTOP)
    told = player.update().json["data"]["new_score"]  # by the other one
    assert not knows(told)
    board.kill(publisher, signal.SIGKILL)
    assert eventually(lambda: knows(told))
    watcher.stop()
