# SPDX-License-Identifier: Apache-2.0
"""A board with players who were never logged in, and the load generator beside it."""
import json
import subprocess
import sys

from boards import BUILD, DATABASE, TOP, Cluster

sys.path.insert(0, str(TOP / "scripts" / "lib" / "bench"))
from fill import fill_postgresql, fill_sqlite  # noqa: E402

PLAYERS = 1000


def fill(board):
    if DATABASE == "postgresql":
        fill_postgresql(Cluster(board.data / "postgresql"), PLAYERS)
    else:
        fill_sqlite(board.data / "scoreboard.db", PLAYERS)


class Load:
    """load-bench at this board, running. Its figures are there once it is done."""

    def __init__(self, board, *arguments):
        self.board = board
        self.actions = board.data / "acknowledged.txt"
        keys = board.data / "keys"
        self.process = subprocess.Popen(
            [str(word) for word in (
                BUILD / "bin" / "load-bench", "--port", board.port, "--players", PLAYERS,
                "--access-keys", keys / "access.jwks", "--action-keys", keys / "action.jwks",
                "--acknowledged", self.actions, *arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def told(self):
        out, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return json.loads(out)

    def lost(self):
        """The acknowledged actions that the database does not hold once."""
        stored = self.board.sql("SELECT action_id FROM events WHERE action_id LIKE 'load-%'").split()
        acknowledged = self.actions.read_text().split()
        assert len(set(stored)) == len(stored) and len(set(acknowledged)) == len(acknowledged)
        return set(acknowledged) - set(stored)
