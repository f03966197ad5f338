# SPDX-License-Identifier: Apache-2.0
"""scoreboardctl doctor and what belongs to a PostgreSQL besides the workers' way to it: its owner, a
standby, connections, and a disk that its role is not told of."""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from absent import absent
from boards import eventually
from doctor_host import Host
from test_scoreboardctl import TOP

sys.path.insert(0, str(TOP / "scripts" / "lib"))
from postgresql import Cluster  # noqa: E402

OWNER = "SCOREBOARD_DATABASE_OWNER_URI"
REPLICA = "SCOREBOARD_DATABASE_REPLICA_URI"
ADDRESS = "127.83.12.7"  # of this host, and nobody else's
# What runs under this sees no process of this host.
ELSEWHERE = ("unshare", "--pid", "--fork", "--mount-proc")


@pytest.fixture(scope="module")
def servers():
    """A primary with a migrated board, and its standby."""
    directory = Path(tempfile.mkdtemp(prefix="sbpg"))
    directory.chmod(0o711)  # another user runs them, and must get there
    primary = Cluster(directory / "1", f"listen_addresses = '{ADDRESS}'\n")
    standby = Cluster(directory / "2", "listen_addresses = ''\n")
    running = []
    try:
        primary.initialize()
        with open(primary.data / "pg_hba.conf", "a", encoding="utf-8") as file:
            file.write("host scoreboard scoreboard 127.0.0.0/8 trust\n")
        running.append(primary.start() and primary)
        primary.make_board()
        standby.follow(f"host={primary.directory} user=postgres")
        running.append(standby.start() and standby)
        yield primary, standby
    finally:
        for one in reversed(running):
            one.stop()
        shutil.rmtree(directory)


@pytest.fixture
def host(tmp_path_factory, servers):
    """That is in order, on the primary."""
    one = Host(tmp_path_factory.mktemp("h"))
    primary, _ = servers
    one.uris = {"SCOREBOARD_DATABASE_URI": primary.uri(), OWNER: primary.uri("scoreboard_owner")}
    one.ctl("migrate", **one.uris)
    yield one
    one.close()


def one(found, check):
    (only,) = found[check]
    return only


def test_the_owner_is_looked_at(host, servers):
    primary, _ = servers
    assert one(host.doctor(**host.uris), "database.owner")["level"] == "ok"
    host.fails("database.owner", "does not own the tables", "database.owner_uri",
               **{**host.uris, OWNER: primary.uri()})
    host.fails("database.owner", "database.owner_uri: ", "no migrations",
               **{**host.uris, OWNER: primary.uri("nobody_there")})
    primary.psql("CREATE DATABASE another OWNER scoreboard_owner")
    host.fails("database.owner", "another database", "same host",
               **{**host.uris, OWNER: primary.uri("scoreboard_owner", "another")})


def test_a_standby_is_one_that_follows(host, servers):
    primary, standby = servers
    wanted = {**host.uris, REPLICA: standby.uri()}
    assert eventually(lambda: one(host.doctor(**wanted), "database.replica")["level"] == "ok", 10)
    found = host.doctor(**wanted)
    assert one(found, "database.replica_lag")["level"] == "ok"
    assert one(found, "database.replica_connections")["level"] == "ok"
    # What it is not given, as a standby without a connection would lack it.
    standby.psql("SELECT pg_wal_replay_pause()")
    primary.psql("UPDATE journal_head SET seq = seq + 3", database="scoreboard")
    try:
        told = host.told("warn", "database.replica_lag", "lacks 3 entries", "pg_stat_replication", **wanted)
        assert "the primary is read" in told["what"]
    finally:
        standby.psql("SELECT pg_wal_replay_resume()")
        primary.psql("UPDATE journal_head SET seq = seq - 3", database="scoreboard")
    assert eventually(lambda: one(host.doctor(**wanted), "database.replica_lag")["level"] == "ok", 10)


def test_what_is_no_standby_or_not_there(host, servers, tmp_path):
    primary, _ = servers
    host.told("warn", "database.replica", "no standby", "follows the primary",
              **{**host.uris, REPLICA: primary.uri()})
    host.fails("database.replica", "database.replica_uri: ", "until then the primary is read",
               **{**host.uris, REPLICA: f"postgresql:///scoreboard?host={tmp_path}&user=scoreboard"})


def test_connections_are_counted(host, servers):
    """Two workers want 8 each: 2 committers, 2 for accounts, 4 readers."""
    primary, _ = servers
    assert "16" in one(host.doctor(**host.uris), "database.connections")["what"]
    primary.psql("ALTER ROLE scoreboard CONNECTION LIMIT 16")
    try:
        host.told("warn", "database.connections", "of 16 connections the workers want 16", "raise", **host.uris)
        primary.psql("ALTER ROLE scoreboard CONNECTION LIMIT 15")
        host.fails("database.connections", "may have 15", "max_connections", **host.uris)
        fewer = {**host.uris, "SCOREBOARD_DATABASE_READERS": "1"}
        assert "want 10" in one(host.doctor(**fewer), "database.connections")["what"]
    finally:
        primary.psql("ALTER ROLE scoreboard CONNECTION LIMIT -1")


def test_a_disk_that_the_role_is_not_told_of(host, servers):
    primary, _ = servers
    told = host.told("warn", "disk.database", "was not looked at", "SHOW data_directory", **host.uris)
    assert "does not tell the role scoreboard" in told["what"]
    primary.psql("GRANT pg_read_all_settings TO scoreboard")
    try:
        assert str(primary.directory) in one(host.doctor(**host.uris), "disk.database")["what"]
    finally:
        primary.psql("REVOKE pg_read_all_settings FROM scoreboard")


def test_a_server_of_this_host_is_known_by_whatever_way(host, servers):
    """By TCP, as behind a pooler: what the server says of its address tells of the pooler's way alone."""
    primary, _ = servers
    uris = {**host.uris, "SCOREBOARD_DATABASE_URI":
            f"postgresql://{ADDRESS}/scoreboard?user=scoreboard&sslmode=disable"}
    host.told("warn", "disk.database", "does not tell the role scoreboard", "SHOW data_directory", **uris)
    primary.psql("GRANT pg_read_all_settings TO scoreboard")
    try:
        assert str(primary.directory) in one(host.doctor(**uris), "disk.database")["what"]
    finally:
        primary.psql("REVOKE pg_read_all_settings FROM scoreboard")


def server_that_is_not_seen_here_is_not_taken_for_ours(host, servers):
    """Another host's PgBouncer reaches its server through a socket, and here may be a directory of the
    same name."""
    primary, _ = servers
    primary.psql("GRANT pg_read_all_settings TO scoreboard")
    host.ctl.by = ELSEWHERE
    try:
        told = host.told("warn", "disk.database", "not seen to run on this host", "where it runs", **host.uris)
        assert "psql" not in told["advice"]
    finally:
        primary.psql("REVOKE pg_read_all_settings FROM scoreboard")


if subprocess.run([*ELSEWHERE, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
    test_a_server_that_is_not_seen_here_is_not_taken_for_ours = \
        server_that_is_not_seen_here_is_not_taken_for_ours
else:
    absent("doctor beside a server of another host, which takes a process namespace")
