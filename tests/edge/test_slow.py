# SPDX-License-Identifier: Apache-2.0
"""Slow headers, slow bodies and readers that do not read are dropped, and nobody else notices."""
import http.client
import json
import select
import socket
import threading
import time

from client import raw, request
from watchers import Watcher

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
DROP_S = 10    # client_header_timeout, client_body_timeout, send_timeout
GRACE_S = 5    # a busy machine


def connect(board, buffer=None):
    connection = socket.socket()
    if buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.connect(("127.0.0.1", board.port))
    return connection


class Slow(threading.Thread):
    """Sends `lines`, goes on with `drip` once a second if there is one, never reads, and notes when
    it was dropped."""

    def __init__(self, board, text, drip=b"", buffer=None):
        super().__init__(daemon=True)
        self.drip = drip
        self.connection = connect(board, buffer)
        self.connection.sendall(text.replace("\n", "\r\n").encode())
        self.began = time.monotonic()
        self.lived = None
        self.start()

    def run(self):
        ends = select.poll()
        ends.register(self.connection, select.POLLHUP | select.POLLERR | select.POLLRDHUP)
        while time.monotonic() - self.began < 60:
            if ends.poll(1000):
                break
            if self.drip:
                try:
                    self.connection.send(self.drip)
                except OSError:
                    break
        self.lived = time.monotonic() - self.began

    def end(self):
        self.connection.close()
        self.join(5)


def publish(board, message):
    """Straight to the live Nginx, as the publisher does."""
    connection = http.client.HTTPConnection("live")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(board.data / "run" / "live" / "publish.sock"))
    connection.request("POST", "/channel/scores", message, {"Content-Type": "application/json"})
    assert connection.getresponse().status in (201, 202)
    connection.close()


def live(path, *more):
    return "\n".join((f"GET {path} HTTP/1.1", "Host: x", *more, "", ""))


def test_who_is_slow_is_dropped_and_others_are_served(make_board):
    board = make_board()
    reader = Watcher(board, "/ws/scores")
    assert reader.opened.wait(3), reader.fault
    page = request(board, "GET", "/styles.css")
    slow = {
        "header": Slow(board, "GET / HTTP/1.1\nX: ", drip=b"a"),
        "body": Slow(board, "POST /api/scores/update HTTP/1.1\nHost: x\nContent-Length: 99\n"
                            "Content-Type: application/json\n\n{"),
        # More than the kernels on both sides take, in requests that come at once.
        "page": Slow(board, "GET /styles.css HTTP/1.1\nHost: x\n\n" * min(
            900, (16 << 20) // len(page.body)), buffer=4096),
        "websocket": Slow(board, live("/ws/scores", "Upgrade: websocket", "Connection: Upgrade",
                                      "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {KEY}"),
                          buffer=4096),
        "eventsource": Slow(board, live("/ws/scores", "Accept: text/event-stream"), buffer=4096),
    }
    time.sleep(0.5)
    filler = json.dumps({"type": "filler", "of": "x" * 200_000})
    published = 0
    slowest = 0.0
    began = time.monotonic()
    while time.monotonic() - began < DROP_S + GRACE_S and any(one.lived is None
                                                            for one in slow.values()):
        while published < 60:
            publish(board, filler)
            published += 1
            if published % 20 == 0:
                break
        asked = time.monotonic()
        assert request(board, "GET", "/api/health/live").status == 200
        assert request(board, "GET", "/").status == 200
        slowest = max(slowest, time.monotonic() - asked)
        time.sleep(0.05)
    lived = {name: one.lived for name, one in slow.items()}
    for one in slow.values():
        one.end()
    assert all(seconds and DROP_S - 1 < seconds < DROP_S + GRACE_S for seconds in lived.values()), lived
    assert slowest < 2
    # The one that reads has everything.
    deadline = time.monotonic() + 5
    while len(heard := [m for m in reader.messages if m["type"] == "filler"]) < published:
        assert time.monotonic() < deadline, f"{len(heard)} of {published}"
        time.sleep(0.05)
    assert published == 60 and not reader.closed.is_set()
    reader.stop()


def test_a_header_in_time_and_a_body_in_time_are_served(board):
    """The drops above are for those who are slow, not for those who are in pieces."""
    with connect(board) as connection:
        for piece in (b"GET /api/health", b"/live HTTP/1.1\r\nHo", b"st: x\r\nConnection: close\r\n\r\n"):
            connection.sendall(piece)
            time.sleep(0.3)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert raw(board, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200")
