# SPDX-License-Identifier: Apache-2.0
"""What happens to processes: workers and both Nginx are killed, stopped, reloaded, restarted."""
import os
import signal

from faults import fault, repeatedly

KILL_EVERY_SECONDS = 0.2


def worker_names(board):
    return sorted(file.stem for file in (board.data / "run").glob("worker-*.pid"))


@fault("worker-killed", seconds=2)
def worker_killed(stage, dice):
    """kill -9 of a random worker of a random host, again and again."""
    def kill():
        board = dice.choice(stage.boards)
        try:
            board.kill(dice.choice(worker_names(board)))
        except ProcessLookupError:
            pass  # its successor is not there yet
    with repeatedly(KILL_EVERY_SECONDS, kill):
        yield


@fault("worker-stopped", seconds=2)
def worker_stopped(stage, dice):
    """Half of the requests wait for it; none fails."""
    board = dice.choice(stage.boards)
    pid = board.kill(dice.choice(worker_names(board)), signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
