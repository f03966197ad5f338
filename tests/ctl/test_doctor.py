# SPDX-License-Identifier: Apache-2.0
"""scoreboardctl doctor: each thing that is wrong with a host is made so here, and must be found."""
import json
import os
import resource
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path

import pytest

from boards import eventually
from doctor_host import NGINX, Host
from test_scoreboardctl import TOP

sys.path.insert(0, str(TOP / "scripts" / "lib"))
from postgresql import Cluster  # noqa: E402


@pytest.fixture
def host(tmp_path_factory):
    # Short: the paths of unix sockets are.
    directory = tmp_path_factory.mktemp("h")
    one = Host(directory)
    yield one
    one.close()


def test_a_host_in_order_has_no_failure(host):
    found = host.doctor()
    failed = [one for many in found.values() for one in many if one["level"] == "FAIL"]
    assert not failed
    assert {"configuration", "nginx.version", "nginx.nchan", "edge.connections", "edge.overload",
            "live.connections",
            "live.processes", "socket.worker", "socket.publish", "socket.subscribe",
            "database.reach", "database.schema", "database.journal_mode", "database.synchronous",
            "keys.access", "keys.action", "clock", "disk.runtime", "disk.snapshot", "disk.log",
            "disk.database", "snapshot.tmpfs"} <= set(found)
    assert len(found["socket.worker"]) == 2


def test_each_check_is_a_line_with_what_to_do(host):
    (host.directory / "access.jwks").unlink()
    environment = {"PATH": f"{host.bin}:{os.environ['PATH']}"}
    lines = host.ctl("doctor", "--edge-config", host.edge, "--live-config", host.live_config,
                     status=1, **environment).stdout.splitlines()
    assert "ok    Nginx 1.22.1-9+deb12u11" in lines
    (line,) = [line for line in lines if line.startswith("FAIL")]
    assert "access.jwks" in line and "  - keep " in line and "scoreboardctl key new --out" in line


def test_faults_of_the_configuration_are_told(host):
    with host.ctl.config.open("a") as config:
        config.write("spacing = 1\n")
    host.fails("configuration", ":11:1: [live] has no key spacing; did you mean spacing_ms?",
               "mend it")


def test_an_old_nginx(host):
    host.program("nginx", NGINX.format(version="1.18.0", modules=host.modules))
    host.packages("1.18.0-6", "1:1.3.6+dfsg-2")
    host.fails("nginx.version", "Nginx 1.18.0-6 is too old", "1.22.1")


def test_an_nginx_without_the_fixes(host):
    host.packages("1.22.1-9+deb12u4", "1:1.3.6+dfsg-2")
    host.told("warn", "nginx.version", "1.22.1-9+deb12u4 lacks fixes", "apt")


def test_an_nginx_without_nchan(host):
    (host.modules / "ngx_nchan_module.so").unlink()
    host.fails("nginx.nchan", "no Nchan", "apt install libnginx-mod-nchan")


def test_an_old_nchan(host):
    host.packages("1.22.1-9+deb12u11", "1:1.2.15-1")
    host.fails("nginx.nchan", "Nchan 1.2.15 is too old", "1.3.6")


def test_too_few_connections_at_the_edge(host):
    host.edge.write_text("user root;\nevents { worker_connections 100; }\nworker_rlimit_nofile 4096;\n")
    told = host.fails("edge.connections", "room for 50 live connections, 250 are wanted",
                      "worker_connections 625;")
    assert str(host.edge) in told["advice"]
    assert host.doctor("--subscribers", "50")["edge.connections"][0]["level"] == "ok"
    host.fails("edge.connections", "51 are wanted", "", "--subscribers", "51")
    host.fails("edge.connections", "51 are wanted", "",
               SCOREBOARD_LIVE_SUBSCRIBERS_WANTED="51")


def test_an_edge_that_refuses_nothing(host):
    """Its workers stand in a file that an administrator may write, three includes away."""
    assert host.doctor()["edge.overload"][0]["level"] == "ok"
    bounded = host.workers.read_text()
    for text in (bounded.replace("max_conns=4 backup", "backup"), bounded.replace("=16", "=0")):
        assert text != bounded
        host.workers.write_text(text)
        told = host.told("warn", "edge.overload", "worker-1.sock has no max_conns", "16 on the first")
        assert str(host.workers) in told["advice"]
    host.workers.write_text("")
    host.told("warn", "edge.overload", f"leads to a worker in {host.run}", "--edge-config")


def test_too_few_files_at_the_edge(host):
    """Limits in an included file, as Debian's modules are."""
    pieces = host.directory / "pieces"
    pieces.mkdir()
    (pieces / "files.conf").write_text("worker_rlimit_nofile 164;\n")
    host.edge.write_text(f"user root;\ninclude {pieces}/*.conf;\nevents {{ worker_connections 768; }}\n")
    host.fails("edge.connections", "room for 50 live connections", "worker_rlimit_nofile 689;")


def test_the_limit_of_a_running_nginx_is_its_master_s(host):
    pid = host.directory / "nginx.pid"
    host.edge.write_text(f"user root;\npid {pid};\nevents {{ worker_connections 9000; }}\n")
    host.told("warn", "edge.files", "does not run", "start it", "--subscribers", "1")
    pid.write_text(f"{os.getpid()}\n")
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    room = min(9000, soft - 64) // 2
    told = host.doctor("--subscribers", "1")["edge.connections"][0]
    assert f"room for {room} live connections" in told["what"]


def test_too_few_connections_or_too_many_processes_of_the_live_nginx(host):
    host.live_config.write_text("worker_rlimit_nofile 999;\nevents { worker_connections 249; }\n"
                                + host.servers())
    host.fails("live.connections", "room for 249 live connections, 250 are wanted")
    host.live_config.write_text("worker_processes 2;\nworker_rlimit_nofile 999;\n"
                                "events { worker_connections 900; }\n" + host.servers())
    host.fails("live.processes", "has 2 processes", "worker_processes 1;")


def test_configurations_that_are_not_there(host):
    host.live_config.unlink()
    host.fails("live.configuration", "cannot be read", "--live-config")
    host.live_config.write_text("worker_rlimit_nofile 999;\nevents { worker_connections 999; }\n")
    host.edge.unlink()
    host.fails("edge.configuration", "cannot be read", "--edge-config")


@pytest.mark.parametrize("name, check", [("worker-2.sock", "socket.worker"),
                                         ("publish.sock", "socket.publish"),
                                         ("subscribe.sock", "socket.subscribe")])
def test_a_dead_socket(host, name, check):
    host.end(name)
    host.fails(check, f"{name}", "systemctl start")


def test_a_socket_that_listens_without_a_worker(host):
    """As systemd's do while the worker cannot start."""
    host.end("worker-2.sock")
    (host.run / "worker-2.sock").unlink()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(host.run / "worker-2.sock"))
    listener.listen(4)
    (host.run / "worker-2.sock").chmod(0o660)
    host.fails("worker", "no worker answers at", "journalctl")
    assert [one["level"] for one in host.doctor()["worker"]].count("ok") == 1
    listener.close()


def test_no_worker_at_all(host):
    for name in ("worker-1.sock", "worker-2.sock"):
        host.end(name)
        (host.run / name).unlink()
    host.fails("socket.worker", "no worker has a socket", "systemctl start scoreboard.target")


def test_a_socket_that_nginx_may_not_use(host):
    """The first worker's by its own mode; then all of them by a directory above."""
    host.let_pass(host.live)
    text = host.edge.read_text()
    host.edge.write_text(text.replace("user root", "user www-data"))
    shutil.chown(host.run / "worker-2.sock", group="www-data")
    shutil.chown(host.live / "subscribe.sock", group="www-data")
    host.fails("socket.worker", f"www-data may not connect to {host.run}/worker-1.sock",
               "SocketGroup=")
    host.run.chmod(0o700)
    for check in ("socket.worker", "socket.subscribe"):
        for one in host.doctor()[check]:
            assert one["level"] == "FAIL" and "www-data may not connect" in one["what"]


def test_a_socket_that_everybody_may_use(host):
    (host.live / "publish.sock").chmod(0o666)
    host.let_pass(host.live)
    host.fails("socket.publish", "everybody on this host may connect", "chmod 0660")
    host.live.chmod(0o700)
    assert host.doctor()["socket.publish"][0]["level"] == "ok"


def test_keys_that_others_may_read(host):
    (host.directory / "action.jwks").chmod(0o644)
    host.fails("keys.action", "action.jwks", "mode 0600")


def test_old_keys(host):
    long_ago = time.time() - 366 * 86400
    os.utime(host.directory / "access.jwks", (long_ago, long_ago))
    host.told("warn", "keys.access", "for 366 days", "scoreboardctl key new --out")


def test_an_issuer_without_keys(host):
    with host.ctl.config.open("a") as config:
        config.write('[issuers.acme]\nissuer = "a"\naudience = "b"\nkeys = "/nonexistent/k"\n')
    host.fails("keys.issuers.acme", "/nonexistent/k", "JWK Set")


def test_a_database_that_was_not_migrated(host):
    host.ctl.database.unlink()
    host.fails("database.reach", "no such file", "scoreboardctl migrate")
    host.ctl.database.touch()
    host.fails("database.schema", "no schema yet", "scoreboardctl migrate")


def test_a_directory_that_is_not_there(host):
    (host.run / "board").rmdir()
    host.fails("disk.snapshot", "there is no directory", "make it")


def test_a_snapshot_on_a_disk_and_one_in_memory(host):
    in_memory = host.doctor(SCOREBOARD_LIVE_SNAPSHOT_DIRECTORY="/dev/shm")["snapshot.tmpfs"][0]
    assert in_memory["level"] == "ok"
    on_disk = host.doctor(SCOREBOARD_LIVE_SNAPSHOT_DIRECTORY="/usr")["snapshot.tmpfs"][0]
    assert on_disk["level"] == "warn" and "tmpfs" in on_disk["advice"]


@pytest.fixture
def cluster():
    """A server of the test's own with an empty board."""
    # Another user runs it, and must get there.
    directory = Path(tempfile.mkdtemp(prefix="sbpg"))
    directory.chmod(0o711)
    one = Cluster(directory / "pg")
    one.initialize()
    one.start()
    one.make_board()
    yield one
    one.stop()
    shutil.rmtree(directory)


def told_off(found):
    """Once the server has read its configuration again."""
    return found if found["database.full_page_writes"][0]["level"] != "ok" else None


def on(cluster, role="scoreboard"):
    return {"SCOREBOARD_DATABASE_URI": cluster.uri(role),
            "SCOREBOARD_DATABASE_OWNER_URI": cluster.uri("scoreboard_owner")}


def test_a_postgresql_in_order_and_one_that_is_not(host, cluster):
    host.fails("database.schema", "no schema yet", "scoreboardctl migrate", **on(cluster))
    host.ctl("migrate", **on(cluster))
    found = host.doctor(**on(cluster))
    for check in ("reach", "schema", "fsync", "full_page_writes", "synchronous_commit", "role"):
        assert found[f"database.{check}"][0]["level"] == "ok", check
    assert "role scoreboard can add events" in found["database.role"][0]["what"]
    if os.geteuid() == 0:
        # Root looks as the workers' user. PostgreSQL knows postgres, and www-data it does not.
        cluster.directory.chmod(0o755)
        found = host.doctor("--user", "postgres", **on(cluster))
        assert found["database.role"][0]["level"] == "ok"
        refused = host.doctor("--user", "www-data", **on(cluster))["database.reach"][0]
        assert refused["level"] == "FAIL" and "peer" in refused["what"].lower()
    host.fails("database.role", "logs in as scoreboard_owner", "database.owner_uri",
               **on(cluster, "scoreboard_owner"))
    cluster.psql("GRANT DELETE ON events TO scoreboard", database="scoreboard")
    host.fails("database.role", "logs in as scoreboard", "scoreboard_runtime", **on(cluster))
    cluster.psql("REVOKE DELETE ON events FROM scoreboard", database="scoreboard")
    cluster.psql("DELETE FROM schema_migrations", database="scoreboard")
    host.fails("database.schema", "has schema 0", "scoreboardctl migrate", **on(cluster))
    # What would lose data.
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        cluster.psql(f"ALTER SYSTEM SET {name} = off")
    cluster.psql("SELECT pg_reload_conf()")
    found = eventually(lambda: told_off(host.doctor(**on(cluster))))
    assert found["database.fsync"][0]["level"] == "FAIL"
    assert "ALTER SYSTEM SET fsync = on" in found["database.fsync"][0]["advice"]
    assert found["database.full_page_writes"][0]["level"] == "FAIL"
    assert found["database.synchronous_commit"][0]["level"] == "warn"


def test_a_postgresql_that_is_away(host):
    nowhere = "postgresql:///scoreboard?host=/nonexistent&user=scoreboard"
    host.fails("database.reach", "", "server runs", SCOREBOARD_DATABASE_URI=nowhere)


def test_on_a_running_board(make_board):
    board = make_board()
    nginx = board.data / "run" / "nginx"
    options = ["doctor", "--json", "--edge-config", str(nginx / "edge" / "nginx.conf"),
               "--live-config", str(nginx / "live" / "nginx.conf"), "--log",
               str(board.data / "log"), "--subscribers", "100", "--user", "root"]
    told = json.loads(board.ctl(*options, check=False).stdout)["findings"]
    failed = [one for one in told if one["level"] == "FAIL"]
    assert not failed
    assert [one["level"] for one in told if one["check"] == "edge.overload"] == ["ok"]
