# SPDX-License-Identifier: Apache-2.0
"""The database's file is gone in the middle, or nobody may write it. Run with boards on SQLite."""
import os
import signal
import subprocess

from absent import absent
from boards import eventually
from client import Player, board_is_read

BACK_SECONDS = 3
UNLIMITED = {"SCOREBOARD_LIMITS_AWARDS": "1000000"}


def test_the_sqlite_file_is_unreadable_for_a_while(make_board):
    """The bytes at its beginning are gone and come back: what a failing disk does."""
    board = make_board(UNLIMITED)
    player = Player(board)
    player.update()
    assert eventually(lambda: board_is_read(board))
    file = board.data / "scoreboard.db"
    board.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(file, "r+b") as database:
        kept = database.read(100)
        database.seek(0)
        database.write(b"\0" * 100)
        database.flush()
        refused = [player.increment() for _ in range(6)]
        assert board_is_read(board)
        database.seek(0)
        database.write(kept)
    assert all(answer.status in (200, 503) for answer in refused)
    assert eventually(lambda: player.increment().status == 200, BACK_SECONDS)
    assert board.ctl("verify").returncode == 0


def files_open(board, worker):
    directory = f"/proc/{board.pid(worker)}/fd"
    return sum(os.readlink(f"{directory}/{one}").endswith("scoreboard.db") for one in os.listdir(directory))


def nobody_may_write(make_board):
    """Workers that begin meanwhile do not keep the file once more for each action that they refuse."""
    board = make_board(UNLIMITED)
    player = Player(board)
    assert player.update().status == 200
    files = [board.data / "scoreboard.db", board.data / "scoreboard.db-wal"]
    subprocess.run(["chattr", "+i", *files], check=True)
    try:
        for worker in ("worker-1", "worker-2"):
            board.kill(worker, signal.SIGKILL)
        assert eventually(lambda: player.get("/api/scores/me").status == 200)
        before = files_open(board, "worker-1") + files_open(board, "worker-2")
        assert {player.increment().status for _ in range(60)} == {503}
        after = files_open(board, "worker-1") + files_open(board, "worker-2")
    finally:
        subprocess.run(["chattr", "-i", *files], check=True)
    assert after <= before + 6  # those of connections that were not needed before
    assert eventually(lambda: player.increment().status == 200, BACK_SECONDS)
    assert board.ctl("verify").returncode == 0


if os.geteuid() == 0:
    test_nobody_may_write_the_file = nobody_may_write
else:
    absent("a SQLite file that nobody may write, which takes root")
