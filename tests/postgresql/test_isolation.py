# SPDX-License-Identifier: Apache-2.0
"""The same game at PostgreSQL's level SERIALIZABLE: nobody notices, and everything agrees."""
import threading
import time

from boards import eventually
from burst import Burst
from client import Player


def test_a_burst_at_the_level_serializable_is_exact_and_refuses_nobody(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "1000000",
                        "SCOREBOARD_DATABASE_ISOLATION": "serializable"})
    with Burst(board, players=12) as burst:
        # What only transactions of that level have.
        assert eventually(lambda: int(board.sql(
            "SELECT count(*) FROM pg_locks WHERE mode = 'SIReadLock'")) > 0, 5, 0.001)
        # Accounts are made meanwhile, several at once.
        faults = []

        def register():
            try:
                assert Player(board).increment().status == 200
            except AssertionError as fault:
                faults.append(fault)

        threads = [threading.Thread(target=register) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults, faults
        time.sleep(1)
    assert burst.refused == 0
    burst.check()
