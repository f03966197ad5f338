# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL's disk is full, and then it is not. On a small file system of its own, which takes root
and a loop device: where there is none, this file has no test, and says so."""
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from boards import Board, eventually
from burst import Burst
from client import request

UNLIMITED = {"SCOREBOARD_LIMITS_AWARDS": "1000000"}


def mount(directory, image):
    subprocess.run(["truncate", "-s", "200M", image], check=True)
    subprocess.run(["/sbin/mkfs.ext4", "-q", "-m", "0", image], check=True)
    return subprocess.run(["mount", "-o", "loop", image, directory], check=False,
                          capture_output=True).returncode == 0


def can_mount():
    if os.geteuid() != 0 or not Path("/sbin/mkfs.ext4").exists():
        return False
    with tempfile.TemporaryDirectory() as directory:
        mounted = Path(directory) / "mounted"
        mounted.mkdir()
        if not mount(mounted, Path(directory) / "disk.img"):
            return False
        subprocess.run(["umount", mounted], check=True)
        return True


@pytest.fixture
def small_disk(tmp_path):
    mounted = []

    def make(directory):
        directory.mkdir()
        assert mount(directory, tmp_path / "disk.img")
        mounted.append(directory)
        (directory / "lost+found").rmdir()
        subprocess.run(["chown", "postgres", directory], check=True)
        directory.chmod(0o700)

    yield make
    for directory in mounted:
        subprocess.run(["umount", directory], check=True)


def the_disk_is_full(small_disk):
    board = Board(UNLIMITED)
    mounted = board.data / "postgresql"
    small_disk(mounted)
    try:
        board.start()
        try:
            with Burst(board) as burst:
                filler = mounted / "filler"
                with open(filler, "wb") as file:
                    try:
                        while True:
                            file.write(b"x" * 65536)
                    except OSError:
                        pass
                assert eventually(lambda: burst.refused > 0, 60)
                assert request(board, "GET", "/api/leaderboard").status == 200
                filler.unlink()
                assert burst.good_again_within(30)
            burst.check()
        finally:
            board.stop()
    finally:
        board.remove()


if can_mount():
    test_the_disk_of_the_database_is_full = the_disk_is_full
else:
    print("no loop device here: nothing is known about a full disk")
