# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL primary and its streaming standby, side by side or each on a host of its own
(namespaces.py): either may go, take over, and come back behind the other."""
import contextlib
import os
import secrets
import shutil
import signal
import time

from boards import eventually
from postgresql import BINARIES, DATABASE, OWNER, RUNTIME, Cluster

# A cable that was pulled is noticed in seconds, and a primary that was left behind can be rewound.
SETTINGS = """
wal_log_hints = on
wal_keep_size = '1GB'
wal_sender_timeout = '3s'
wal_receiver_timeout = '3s'
wal_receiver_status_interval = '1s'
wal_retrieve_retry_interval = '500ms'
"""


class PlacedCluster(Cluster):
    """On the host `namespace`, reached by TCP and a password, or nowhere in particular."""

    def __init__(self, directory, namespace=None, settings=""):
        super().__init__(directory, ("listen_addresses = '*'\n" if namespace else "") + settings)
        self.namespace = namespace
        self.process = None

    def inside(self):
        return self.namespace.inside() if self.namespace else contextlib.nullcontext()

    def start(self):
        with self.inside():
            return super().start()

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def end(self, number=signal.SIGINT):
        """stop(), also where something else has ended it."""
        if self.running:
            self.stop(number)

    def start_again(self, seconds=30):
        """After a crash: it refuses to start while a process of its former life has not ended, and may
        look as if it ran when it has ended."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if self.running:
                    return self.wait_until_ready()
                return self.start()
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise

    def wait_until_ready(self, seconds=30):
        deadline = time.monotonic() + seconds
        while not self.ready():
            if not self.running or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not become ready")
            time.sleep(0.02)

    def let_in(self, line):
        with open(self.data / "pg_hba.conf", "a", encoding="utf-8") as file:
            file.write(line + "\n")


def give_password(cluster, password, roles=(RUNTIME, OWNER)):
    cluster.psql("".join(f"ALTER ROLE {role} PASSWORD '{password}';" for role in roles))


def point(board, servers, password):
    """Tells a board of servers that it reaches by TCP: "10.77.1.1", "10.77.1.1:6432,10.77.2.1:6432"."""
    passfile = board.data / "pgpass"
    passfile.touch(0o600)
    passfile.write_text(f"*:*:*:*:{password}\n")
    board.use(f"postgresql://{servers}/{DATABASE}?passfile={passfile}")


class Pair:
    """Started by start(). `hosts`: the two names in `network`, if the two stand apart; all that one
    receives of the other goes over their cable then."""

    def __init__(self, directory, network=None, hosts=(None, None)):
        os.chmod(directory, 0o711)  # whoever PostgreSQL runs as must get through
        self.network = network
        self.hosts = hosts
        self.clusters = [PlacedCluster(directory / str(number), network and network[host], SETTINGS)
                         for number, host in enumerate(hosts, 1)]
        self.primary, self.standby = self.clusters
        self.password = secrets.token_hex(16)

    def start(self):
        primary = self.primary
        primary.initialize()
        if self.network:
            primary.let_in(f"host all,replication postgres {self.network.everybody} scram-sha-256")
        primary.start()
        primary.make_board()
        give_password(primary, self.password, (RUNTIME, OWNER, "postgres"))
        with self.standby.inside():
            self.standby.follow(self._conninfo(primary, self.standby))
        self.standby.start()
        return self

    def end(self):
        for cluster in (self.standby, self.primary):
            cluster.end()

    def _conninfo(self, of, seen_from):
        """How one is reached by the other, as a superuser."""
        if not self.network:
            return f"host={of.directory} user=postgres dbname=postgres"
        there, here = (self.hosts[self.clusters.index(one)] for one in (of, seen_from))
        seen_from.make_directory()
        passfile = seen_from.directory / "pgpass"
        passfile.write_text(f"*:*:*:postgres:{self.password}\n")
        passfile.chmod(0o600)
        seen_from.give(passfile)
        return (f"host={self.network.address(there, seen_from=here)} user=postgres dbname=postgres"
                f" passfile={passfile} connect_timeout=2 keepalives_idle=1 keepalives_interval=1"
                " keepalives_count=2 tcp_user_timeout=3000")

    def make_synchronous(self, seconds=10):
        """An award is answered when the standby has it on its disk."""
        self.primary.psql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.primary.psql("SELECT pg_reload_conf()")
        assert self.wait_for_standby("sync", seconds)

    def wait_for_standby(self, state, seconds=10):
        return eventually(lambda: self.primary.psql(
            "SELECT sync_state FROM pg_stat_replication").strip() == state, seconds)

    def promote(self):
        """The standby takes over, and waits for nobody's confirmation until it has a standby of its
        own. What was the primary is `standby` from here on, whatever it believes itself to be."""
        self.standby.psql("SELECT pg_promote()")
        self.standby.psql("ALTER SYSTEM RESET synchronous_standby_names")
        self.standby.psql("SELECT pg_reload_conf()")
        self.primary, self.standby = self.standby, self.primary

    def rejoin(self, anew=False):
        """What was the primary, and is stopped, follows who has taken over: what it has and the other
        one has not goes, or, if it is made `anew`, all that it has."""
        back = self.standby
        source = self._conninfo(self.primary, back)
        with back.inside():
            if anew:
                shutil.rmtree(back.data)
                back.follow(source)
            else:
                self.primary.psql("CHECKPOINT")  # pg_rewind reads the new timeline from what this writes
                back.call(BINARIES / "pg_rewind", "-R", "--target-pgdata", back.data,
                          "--source-server", source)
        back.start_again()
