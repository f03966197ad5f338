# SPDX-License-Identifier: Apache-2.0
"""The database's file is gone in the middle. Run with boards on SQLite."""
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
