# SPDX-License-Identifier: Apache-2.0
"""Two hosts and the host of their PostgreSQL: sets of workers with their own Nginx pairs, which
share nothing but the database and the keys.

Where this process may make network namespaces each of the three has one, and the database is reached
by TCP and password; elsewhere they stand side by side and reach it through a name that can be taken
away.
"""
import contextlib
import secrets
import shutil
import tempfile
from pathlib import Path

from boards import Board
from client import Player
from namespaces import network_or_none
from pairs import PlacedCluster, give_password, point
from postgresql import DATABASE, OWNER, RUNTIME

UNLIMITED = {"SCOREBOARD_LIMITS_AWARDS": "1000000"}


class Hosts:
    def __init__(self, apart=True, environment=None):
        """`apart`: in namespaces, if that is permitted. Nothing stays if it fails."""
        with contextlib.ExitStack() as undo:
            self.network = network_or_none(("db", "1"), ("db", "2")) if apart else None
            if self.network:
                undo.callback(self.network.remove)
            directory = Path(tempfile.mkdtemp(prefix="sbpg"))
            undo.callback(shutil.rmtree, directory, ignore_errors=True)
            self.cluster = PlacedCluster(directory, self.network and self.network["db"])
            self.boards = []
            for number in (1, 2):
                board = Board({**UNLIMITED, **(environment or {})}, cluster=self.cluster,
                              namespace=self.network and self.network[str(number)])
                undo.callback(board.remove)
                self.boards.append(board)
            self._start_database(undo)
            for number, board in enumerate(self.boards, 1):
                self._point(board, number)
                if number == 2:
                    shutil.copytree(self.boards[0].data / "keys", board.data / "keys")
                board.start()
                undo.callback(board.stop)
            self._undo = undo.pop_all()

    def close(self):
        self._undo.close()

    def _start_database(self, undo):
        cluster = self.cluster
        cluster.initialize()
        if self.network:
            cluster.let_in(f"host {DATABASE} {RUNTIME},{OWNER} {self.network.everybody}"
                           " scram-sha-256")
        cluster.start()
        undo.callback(cluster.stop)
        cluster.make_board()
        if self.network:
            self.password = secrets.token_hex(16)
            give_password(cluster, self.password)

    def _point(self, board, number):
        """Tells a board where its database is."""
        if self.network:
            point(board, self.network.address("db", str(number)), self.password)
        else:
            self._name(number).symlink_to(self.cluster.directory)
            board.use(f"postgresql:///{DATABASE}?host={self._name(number)}"
                      f"&application_name=host{number}")

    def _name(self, number):
        return self.boards[number - 1].data / "database"

    def cut(self, number):
        """Between that host and the database."""
        if self.network:
            self.network.plug("db", str(number), False)
            return
        self._name(number).unlink()
        self.cluster.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                          f" WHERE application_name = 'host{number}'")

    def heal(self, number):
        if self.network:
            self.network.plug("db", str(number), True)
        else:
            self._name(number).symlink_to(self.cluster.directory)


def as_seen_by(player, board):
    """The same session, through another host."""
    other = Player.__new__(Player)
    other.__dict__.update(player.__dict__, board=board)
    return other
