# SPDX-License-Identifier: Apache-2.0
"""Live connections over WebSocket and EventSource."""
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from boards import eventually
from client import Player, assert_problem, raw, request
from watchers import Watcher


def token(player):
    return player.get("/api/realtime/token").json["token"]


@pytest.mark.parametrize("transport", ["websocket", "eventsource"])
def test_newcomers_get_the_board_at_once_and_then_each_change(board, transport):
    player = Player(board)
    player.update()
    a = Watcher(board, "/ws/leaderboard", transport)
    b = Watcher(board, "/ws/scores", transport)
    assert eventually(lambda: a.last("LEADERBOARD_UPDATE") and b.last("leaderboard_updated"), 2)
    first = a.last()
    assert set(first) == {"type", "data"}
    assert set(first["data"]) == {"leaderboard", "updated_at", "version"}
    assert set(b.last("leaderboard_updated")) == {"type", "top10", "version", "updated_at"}
    score = player.update(action_type="WIN_MATCH").json["data"]["new_score"]
    told = eventually(lambda: next((m for m in b.messages if m.get("userId") == player.id
                                    and m["newScore"] == score), None), 2)
    assert set(told) == {"type", "userId", "newScore", "version", "updated_at"}
    assert told["type"] == "user_score_updated"
    expected = request(board, "GET", "/api/leaderboard").json["data"]
    assert eventually(lambda: a.last()["data"]["version"] >= expected["version"], 2)
    a.stop()
    b.stop()


@pytest.mark.parametrize("transport", ["websocket", "eventsource"])
def test_me_hears_of_its_own_changes_only(board, transport):
    me, other = Player(board), Player(board)
    watcher = Watcher(board, f"/ws/me?token={token(me)}", transport)
    assert watcher.opened.wait(3), watcher.fault
    other.update()
    me.increment(delta=4)
    heard = eventually(lambda: watcher.last(), 2)
    assert heard["type"] == "user_score_updated"
    assert (heard["userId"], heard["newScore"]) == (me.id, 4)
    time.sleep(0.2)
    assert {message["userId"] for message in watcher.messages} == {me.id}
    watcher.stop()


def test_who_keeps_the_highest_version_misses_nobody_of_a_busy_moment(board):
    """What was counted between two boards was told in the order of the players' ids."""
    players = [Player(board) for _ in range(6)]
    watcher = Watcher(board, "/ws/scores")
    assert watcher.opened.wait(5)

    def told():
        return {message["version"] for message in list(watcher.messages)
                if message["type"] == "user_score_updated"}
    for _ in range(8):
        before = len(told())
        with ThreadPoolExecutor(len(players)) as pool:
            list(pool.map(Player.increment, players))
        assert eventually(lambda known=before: len(told()) > known)
    newest = players[0].increment().json["newScore"]
    assert eventually(lambda: any(message.get("newScore") == newest and
                                  message["userId"] == players[0].id
                                  for message in list(watcher.messages)))
    watcher.stop()
    versions = [message["version"] for message in watcher.messages
                if message["type"] == "user_score_updated"]
    assert versions == sorted(versions)
    assert len(set(versions)) > 8


def test_me_without_a_good_token_is_401(board):
    player = Player(board)
    for query in ("", "?token=", "?token=x.y.z", f"?token={player.access_token}"):
        answer = request(board, "GET", f"/ws/me{query}", headers={"Accept": "text/event-stream"})
        assert_problem(answer, 401)
    ended = token(player)
    request(board, "POST", "/api/auth/logout", headers=player.bearer)
    answer = request(board, "GET", f"/ws/me?token={ended}",
                     headers={"Accept": "text/event-stream"})
    assert_problem(answer, 401)


EVENTS = {"Accept": "text/event-stream"}


@pytest.mark.sanitized
def test_a_realtime_token_opens_one_connection_whichever_worker_is_asked(make_board):
    board = make_board()
    player = Player(board)
    once = token(player)
    watcher = Watcher(board, f"/ws/me?token={once}")
    assert watcher.opened.wait(3), watcher.fault

    def is_refused():
        for path in ("/ws/me", "/ws/leaderboard", "/ws/leaderboard/day", "/ws/scores"):
            for _ in range(2):  # the workers take turns
                answer = request(board, "GET", f"{path}?token={once}", headers=EVENTS)
                assert_problem(answer, 401)
                assert "token of its own" in answer.json["detail"]
    is_refused()
    for name in ("worker-1", "worker-2"):
        killed = board.kill(name)
        assert eventually(lambda n=name, k=killed: board.pid(n) != k)
    is_refused()
    assert not watcher.closed.is_set()
    watcher.stop()
    # At the very same moment, too.
    once = token(player)
    with ThreadPoolExecutor(16) as pool:
        streams = list(pool.map(lambda _: open_stream(board, f"/ws/me?token={once}"), range(16)))
    assert sorted(status for _, status in streams) == [200] + [401] * 15
    for stream, _ in streams:
        stream.close()


def test_a_token_that_opened_nothing_is_not_used_up(board):
    once = token(Player(board))
    for headers, status in (({**EVENTS, "Origin": "https://evil.example"}, 403), ({}, 400)):
        assert_problem(request(board, "GET", f"/ws/me?token={once}", headers=headers), status)
    stream, status = open_stream(board, f"/ws/me?token={once}")
    stream.close()
    assert status == 200


def test_no_log_has_a_realtime_token_however_talkative(make_board):
    board = make_board(arguments=["--limit-loopback"])
    for name in ("edge", "live"):
        config = board.data / "run" / "nginx" / name / "nginx.conf"
        text = config.read_text()
        assert "error.log warn;" in text
        config.write_text(text.replace("error.log warn;", "error.log info;"))
    before = board.kill("live")  # reloading it would cut everybody
    board.kill("edge", signal.SIGHUP)
    assert eventually(lambda: board.pid("live") != before)
    assert eventually(lambda: "[notice]" in board.log("edge-error"))  # it is talkative
    player = Player(board)
    tokens = []

    def knock(path, headers, status, method="GET"):
        tokens.append(token(player))
        answer = request(board, method, f"{path}?token={tokens[-1]}", headers=headers)
        assert_problem(answer, status)

    tokens.append(token(player))
    watcher = Watcher(board, f"/ws/me?token={tokens[0]}")
    assert watcher.opened.wait(3), watcher.fault
    assert_problem(request(board, "GET", f"/ws/me?token={tokens[0]}", headers=EVENTS), 401)
    for path in ("/ws/me", "/ws/leaderboard"):
        knock(path, {**EVENTS, "Origin": "null"}, 403)
        knock(path, {}, 400)
        knock(path, EVENTS, 405, "POST")
    knock("/ws/nowhere", EVENTS, 404)
    for _ in range(80):  # until the limit per address
        last = request(board, "GET", f"/ws/me?token={tokens[0]}", headers=EVENTS).status
        if last == 429:
            break
    assert last == 429
    watcher.stop()
    time.sleep(0.3)
    for file in (board.data / "log").iterdir():
        text = file.read_text(errors="replace")
        assert "token=" not in text, file
        for one in tokens:
            assert one not in text and one.rsplit(".", 1)[1] not in text, file


@pytest.mark.parametrize("path", ["/ws/me", "/ws/leaderboard"])
def test_the_fourth_connection_closes_the_oldest(board, path):
    player = Player(board)
    watchers = []
    for _ in range(5):
        watchers.append(Watcher(board, f"{path}?token={token(player)}"))
        assert watchers[-1].opened.wait(3), watchers[-1].fault
        time.sleep(0.1)
    for replaced in watchers[:2]:
        assert replaced.closed.wait(3)
        assert replaced.last() == {"type": "SESSION_REPLACED"}
    assert not any(watcher.closed.is_set() for watcher in watchers[2:])
    for watcher in watchers:
        watcher.stop()
    assert eventually(
        lambda: not (board.data / "run" / "connections" / player.id).exists(), 3)


@pytest.mark.parametrize("path", ["/ws/me", "/ws/leaderboard"])
def test_a_logout_closes_the_connections_of_its_session_and_no_others(board, path):
    player = Player(board)
    first = Watcher(board, f"{path}?token={token(player)}")
    assert first.opened.wait(3), first.fault
    bearer = player.bearer
    player.log_in()
    second = Watcher(board, f"{path}?token={token(player)}")
    assert second.opened.wait(3), second.fault
    time.sleep(0.1)
    assert request(board, "POST", "/api/auth/logout", headers=bearer).status == 204
    assert first.closed.wait(3)
    assert first.last() == {"type": "SESSION_ENDED"}
    time.sleep(0.2)
    assert not second.closed.is_set()
    second.stop()


def test_many_connections_at_once_leave_three(board):
    player = Player(board)
    tokens = [token(player) for _ in range(12)]
    watchers = [Watcher(board, f"/ws/me?token={one}") for one in tokens]
    assert eventually(lambda: sum(w.closed.is_set() for w in watchers) == 9, 6)
    time.sleep(0.5)
    assert sum(not w.closed.is_set() for w in watchers) == 3
    for watcher in watchers:
        watcher.stop()


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_foreign_origins_are_403(board, origin):
    for path in ("/ws/leaderboard", "/ws/scores", "/ws/me?token=x"):
        headers = {"Origin": origin, "Accept": "text/event-stream"}
        assert_problem(request(board, "GET", path, headers=headers), 403)
        upgrade = (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{board.port}\r\nUpgrade: websocket\r\n"
                   f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: {origin}\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        assert raw(board, upgrade.encode(), 1).startswith(b"HTTP/1.1 403")
    own = Watcher(board, "/ws/leaderboard", headers={"Origin": board.url})
    assert own.opened.wait(3), own.fault
    own.stop()


def test_what_is_no_live_connection_is_refused_as_json(board):
    assert_problem(request(board, "GET", "/ws/leaderboard"), 400, "INVALID_REQUEST")
    assert_problem(request(board, "GET", "/ws/scores"), 400, "VALIDATION_ERROR")
    assert_problem(request(board, "POST", "/ws/scores", b""), 405)


@pytest.mark.parametrize("path", ["/ws/leaderboard", "/ws/me"])
@pytest.mark.parametrize("headers", [
    {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"},
    {"Upgrade": "websocket", "Connection": "Upgrade",
     "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="},
    {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "8",
     "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="},
    {"Upgrade": "text/event-stream"},
    {"Upgrade": "x|text/event-stream", "Connection": "Upgrade"}])
def test_what_nchan_would_refuse_in_words_of_its_own_is_the_one_error_body(board, path, headers):
    query = f"?token={token(Player(board))}" if path == "/ws/me" else ""
    assert_problem(request(board, "GET", path + query, headers=headers), 400)


@pytest.mark.parametrize("headers", [
    {"Accept": "text/html, text/event-stream;q=0.5"}, {"Accept": "TEXT/EVENT-STREAM"},
    {"Accept": "text/event-stream", "Upgrade": "h2c", "Connection": "Upgrade"}])
def test_event_streams_are_served_however_they_are_asked_for(board, headers):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    received = raw(board, f"GET /ws/leaderboard HTTP/1.1\r\nHost: 127.0.0.1:{board.port}\r\n"
                          f"{lines}\r\n".encode(), 0.3)
    assert received.startswith(b"HTTP/1.1 200 ")
    assert b"data: {" in received


def open_stream(board, path):
    """An EventSource's socket and status; whatever follows is left unread."""
    stream = socket.create_connection(("127.0.0.1", board.port), timeout=5)
    stream.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{board.port}\r\n"
                   "Accept: text/event-stream\r\n\r\n".encode())
    return stream, int(stream.recv(12).split()[1])


def test_one_address_has_fifty_live_connections_and_no_more(make_board):
    """Anonymous ones cost nothing to open, and the edge has only so many."""
    board = make_board(arguments=["--limit-loopback"])
    player = Player(board)
    mine, status = open_stream(board, f"/ws/me?token={token(player)}")
    assert status == 200
    paths = ["/ws/leaderboard", "/ws/scores"] * 30
    streams = [open_stream(board, path) for path in paths]
    assert [status for _, status in streams] == [200] * 49 + [429] * 11
    for path, code in (("/ws/leaderboard", "RATE_LIMITED"), ("/ws/scores", "RATE_LIMITED"),
                       (f"/ws/me?token={token(player)}", "RATE_LIMITED")):
        answer = request(board, "GET", path, headers={"Accept": "text/event-stream"})
        assert_problem(answer, 429, code)
    for stream, _ in streams:
        stream.close()

    def lets_in():
        stream, again = open_stream(board, "/ws/leaderboard")
        stream.close()
        return again == 200
    assert eventually(lets_in)
    mine.close()
