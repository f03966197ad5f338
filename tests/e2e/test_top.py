# SPDX-License-Identifier: Apache-2.0
"""scoreboardctl top on a terminal: the board, live."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading

from boards import BUILD, eventually
from client import Player


class Terminal:
    def __init__(self, *command, rows=12, **options):
        self.bytes = b""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, 100, 0, 0))
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=follower,
                                        stderr=follower, start_new_session=True, **options)
        os.close(follower)
        self.leader = leader
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        try:
            while piece := os.read(self.leader, 65536):
                self.bytes += piece
        except OSError:  # the other side is closed
            pass

    def screens(self):
        """Each of what was drawn, from the upper left corner."""
        return [re.sub(r"\x1b\[[KJ]", "", screen).replace("\r", "")
                for screen in self.bytes.decode().split("\x1b[H")[1:]]

    def line_of(self, name):
        """Of the last complete screen, as words."""
        lines = self.screens()[-2].splitlines() if len(self.screens()) > 1 else []
        return next((line.split() for line in lines if line.endswith(name)), [])

    def close(self):
        # Not SIGINT: whoever starts tests in the background has it ignored, for children too.
        self.process.terminate()
        self.process.wait(5)
        self.thread.join()
        os.close(self.leader)


def test_the_board_changes_on_the_terminal(make_board):
    board = make_board()
    first, second = Player(board), Player(board)
    assert first.increment(delta=5).status == 200
    assert second.increment(delta=3).status == 200
    terminal = Terminal(BUILD / "bin" / "scoreboardctl", "--config", board.data / "scoreboard.toml", "top")
    try:
        assert eventually(lambda: terminal.line_of(second.name)[:2] == ["2", "3"], 5), terminal.bytes
        assert second.increment(delta=4).status == 200
        assert eventually(lambda: terminal.line_of(second.name)[:3] == ["1", "+1", "7"], 3), terminal.bytes
        assert terminal.line_of(first.name)[:3] == ["2", "-1", "5"]
        newcomer = Player(board)
        assert newcomer.increment().status == 200
        assert eventually(lambda: terminal.line_of(newcomer.name)[:3] == ["3", "new", "1"], 3)
        # After a while they stand as if they always had.
        assert eventually(lambda: terminal.line_of(second.name)[:2] == ["1", "7"], 10)
        assert all(len(screen.splitlines()) <= 12 for screen in terminal.screens())
    finally:
        terminal.close()


def test_no_more_players_than_lines(make_board):
    board = make_board()
    for _ in range(4):
        assert Player(board).increment().status == 200
    terminal = Terminal(BUILD / "bin" / "scoreboardctl", "--config", board.data / "scoreboard.toml", "top", rows=6)
    try:
        assert eventually(lambda: len(terminal.screens()) > 2, 5)
        assert len(re.findall("player_", terminal.screens()[1])) == 2
    finally:
        terminal.close()
