# SPDX-License-Identifier: Apache-2.0
"""A port is one board's: the edges of two would share it, and each have half of the players."""
import contextlib
import os
import signal
import socket
import subprocess

import pytest

from boards import Board, eventually
from client import request


def starting(board, port, *more):
    with board.inside():
        return subprocess.Popen(board.command("--port", str(port), "--detach", *more),
                                env=board.environment, stdin=subprocess.DEVNULL, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def refused(board, port, *more):
    """Whether its start is, for this port, and in words."""
    process = starting(board, port, *more)
    _, said = process.communicate(timeout=120)
    wanted = more[-1] if more else port
    return process.returncode == 1 and f"port {wanted} is not free" in said and said.count("\n") == 1


@pytest.fixture
def other(make_board):
    return make_board(start=False)


def test_a_port_in_use_is_said_plainly(board, other):
    assert refused(other, board.port)
    assert refused(other, other.port, "--metrics", str(board.port))


@pytest.mark.parametrize("family, address", [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_of_another_program_is_said_plainly(other, family, address):
    with socket.socket(family) as listener:
        listener.bind((address, other.port))
        listener.listen()
        assert refused(other, other.port)


def test_of_two_boards_that_start_at_once_one_has_the_port(make_board, other):
    """Both found it free, and both were ready."""
    one = make_board(start=False)
    both = [starting(board, one.port) for board in (one, other)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 1], said
    (loser,) = [text for process, text in zip(both, said) if process.returncode == 1]
    assert f"port {one.port} is not free (another board" in loser
    assert request(one, "GET", "/api/health/ready").status == 200


@contextlib.contextmanager
def without_its_edge(board):
    """Nobody starts it again."""
    supervisor = board.pid("supervisor")
    os.kill(supervisor, signal.SIGSTOP)
    try:
        edge = board.kill("edge-supervised", signal.SIGTERM)
        assert eventually(lambda: "Z" in state(edge))
        yield
    finally:
        os.kill(supervisor, signal.SIGCONT)


def state(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rsplit(")", 1)[1].split()[0]


def test_a_board_has_its_port_also_while_its_edge_is_away(make_board, other):
    board = make_board()
    with without_its_edge(board):
        assert refused(other, board.port)
    assert eventually(lambda: answers(board), 10)


def answers(board):
    with contextlib.suppress(OSError):
        return request(board, "GET", "/api/health/ready").status == 200


def test_a_board_that_was_killed_leaves_its_port(make_board, other):
    board = make_board()
    board.kill("supervisor")
    # Its edge ends a moment later.
    assert eventually(lambda: starting(other, board.port).wait(120) == 0, 20)
