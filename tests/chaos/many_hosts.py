# SPDX-License-Identifier: Apache-2.0
"""A stage of several hosts: boards that share nothing but the keys and a PostgreSQL primary with its
synchronous standby, each host and each server in a network of its own.

    host1   host2   host3      edge, live Nginx and workers each
      |  \\ /  |  \\ /  |       a cable from every host to every server
     db1 ------------- db2     PostgreSQL and beside it PgBouncer, which is all that hosts can reach

The workers' URI names both PgBouncers with target_session_attrs=read-write. docs/scaling.md says why.
"""
import contextlib
import shutil
import tempfile
from pathlib import Path

import boards
import poolers
from boards import Board
from disks import Disk, can_mount
from namespaces import Network
from pairs import Pair, point
from poolers import Pooler
from stage import DISK_SIZE, UNLIMITED, Stage

class ManyHosts(Stage):
    """Of `servers`, by name, `pair` is the primary and its standby; Stage's `cluster` and `standby`
    are whoever has the part now. `poolers` is in the order of `servers`."""

    servers = ("db1", "db2")

    def host_of(self, board):
        return f"host{self.boards.index(board) + 1}"

    def server_of(self, cluster):
        return self.servers[self.pair.clusters.index(cluster)]

    def pooler_of(self, cluster):
        return self.poolers[self.pair.clusters.index(cluster)]

    def plug(self, cluster, in_):
        """All cables of a server."""
        server = self.server_of(cluster)
        for cable in self.network.cables:
            if server in cable:
                self.network.plug(*cable, in_)

    def take_parts(self):
        """After anybody was promoted."""
        self.cluster, self.standby = self.pair.primary, self.pair.standby
        for board in self.boards:
            board.cluster = self.cluster

    def promote(self):
        """What an administrator does once the primary is lost: if its host can still be reached somehow,
        nobody is to come through there; then the standby takes over."""
        self.pooler_of(self.pair.primary).end()
        if not self.pair.standby.running:
            self.pair.standby.start_again()
        self.pair.promote()
        # PgBouncer tells clients what its server said of itself when the first of them came: that it
        # is a standby.
        self.pooler_of(self.pair.primary).admin("RECONNECT")
        self.take_parts()

    def rejoin(self, anew):
        """Everything is mended; the server that was lost, or a new one in its place, becomes the standby of
        the one that took over, and with that a COMMIT waits for both again."""
        for cable in self.network.cables:
            self.network.plug(*cable, True)
        for disk in self.disks.values():
            disk.empty()
        self.pair.rejoin(anew)
        pooler = self.pooler_of(self.standby)
        if not pooler.running:
            pooler.start()
        self.pair.make_synchronous()


def many_hosts(count, environment=None, arguments=(), own_clock=False):
    """OSError where this process may not have network namespaces."""
    poolers.unpack()
    hosts = [f"host{number}" for number in range(1, count + 1)]
    boards.DATABASE = "postgresql"
    stage = ManyHosts()
    servers = stage.servers
    with contextlib.ExitStack() as undo:
        if own_clock:
            environment = {**(environment or {}), **stage.make_clock(undo)}
        stage.network = Network(servers, *((server, host) for host in hosts for server in servers))
        undo.callback(stage.network.remove)
        directory = Path(tempfile.mkdtemp(prefix="sbdb"))
        undo.callback(shutil.rmtree, directory, ignore_errors=True)
        for number in (1, 2) if can_mount() else ():
            disk = Disk(directory / str(number), directory / f"{number}.img", DISK_SIZE)
            undo.callback(disk.remove)
            stage.disks[disk.directory] = disk
        stage.pair = Pair(directory, stage.network, servers)
        undo.callback(stage.pair.end)
        stage.pair.start()
        stage.pair.make_synchronous()
        stage.poolers = []
        for cluster in stage.pair.clusters:
            pooler = Pooler(cluster, stage.pair.password)
            stage.poolers.append(pooler)
            undo.callback(pooler.end)
            pooler.start()
        for host in hosts:
            board = Board({**UNLIMITED, **(environment or {})}, arguments,
                          namespace=stage.network[host])
            undo.callback(board.remove)
            point(board, ",".join(
                f"{stage.network.address(server, seen_from=host)}:{poolers.PORT}"
                for server in servers), stage.pair.password)
            if stage.boards:
                shutil.copytree(stage.boards[0].data / "keys", board.data / "keys")
            undo.callback(board.stop)  # also one that was started by half
            board.start()
            stage.boards.append(board)
        stage.take_parts()
        stage.undo = undo.pop_all()
    return stage
