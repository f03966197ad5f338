# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL's disk is full, and then it is not. On a small file system of its own, which takes root
and a loop device: where there is none, this file has no test, and says so."""
from absent import absent
from boards import Board, eventually
from burst import Burst
from client import request
from disks import Disk, can_mount

UNLIMITED = {"SCOREBOARD_LIMITS_AWARDS": "1000000"}


def the_disk_is_full(tmp_path):
    board = Board(UNLIMITED)
    disk = Disk(board.data / "postgresql", tmp_path / "disk.img", "200M")
    try:
        board.start()
        try:
            with Burst(board) as burst:
                disk.fill()
                assert eventually(lambda: burst.refused > 0, 60)
                assert request(board, "GET", "/api/leaderboard").status == 200
                disk.empty()
                assert burst.good_again_within(30)
            burst.check()
        finally:
            board.stop()
    finally:
        disk.remove()
        board.remove()


if can_mount():
    test_the_disk_of_the_database_is_full = the_disk_is_full
else:
    absent("a full disk, which takes root and a loop device")
