# SPDX-License-Identifier: Apache-2.0
"""What the live Nginx tells the workers: who came and who went. Nobody of a crowd is left out."""
import contextlib
import os
import signal
import socket
import uuid

import pytest

from boards import eventually

CROWD = 400


def watch_at_once(board, stack):
    """Straight at the live Nginx, as connections that lost their places before they were there: each is
    closed because of what the hook says of it."""
    crowd = []
    for number in range(CROWD):
        one = stack.enter_context(socket.socket(socket.AF_UNIX))
        one.connect(str(board.data / "run" / "live" / "subscribe.sock"))
        one.sendall(f"GET /sub/me/{uuid.uuid4()}/{number:016x} HTTP/1.1\r\nHost: scoreboard\r\n"
                    "Accept: text/event-stream\r\n\r\n".encode())
        one.setblocking(False)
        crowd.append(one)
    return crowd


def is_open(connection):
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return True
    except ConnectionResetError:
        pass
    return False


@pytest.mark.parametrize("workers_stand_still", [False, True])
def test_each_of_a_crowd_is_told_of(make_board, workers_stand_still):
    board = make_board()
    pids = [board.pid("worker-1"), board.pid("worker-2")] if workers_stand_still else []
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    with contextlib.ExitStack() as stack:
        try:
            crowd = watch_at_once(board, stack)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        assert eventually(lambda: not any(map(is_open, crowd)), 20), sum(map(is_open, crowd))
