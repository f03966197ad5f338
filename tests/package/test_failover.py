# SPDX-License-Identifier: Apache-2.0
"""docs/scaling.md, block after block, on two Debians that a cable joins: a pair of servers is made, its
primary lost, and it comes back behind the other. Each test goes on where the one before has ended."""
import contextlib
import re
import secrets

import pytest

from boards import eventually
from debian import TOP, Machine, call

TEXT = (TOP / "docs" / "scaling.md").read_text()
BLOCKS = re.findall(r"^```sh test\n# on (db1|db2|db1 and db2)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
URI = re.search(r'^uri = "(.*)"$', TEXT, re.MULTILINE)[1]
ADDRESSES = {"db1": "10.77.0.1", "db2": "10.77.0.2"}
PASSFILE = "/etc/scoreboard/pgpass"
FOLLOWS = "SELECT application_name || ' ' || state || ' ' || sync_state FROM pg_stat_replication"


class Server:
    def __init__(self, name, machine, password):
        self.name, self.machine = name, machine
        machine.run("hostname", name)
        machine.shell("".join(f"echo {address} {host} >> /etc/hosts;"
                              for host, address in ADDRESSES.items()))
        self.write("/etc/pgbouncer/pgbouncer.ini", (TOP / "docs" / "pgbouncer.ini").read_text())
        self.write("/etc/pgbouncer/userlist.txt", "".join(
            f'"{role}" "{password}"\n' for role in ("scoreboard", "scoreboard_owner")))
        self.write("/var/lib/postgresql/.pgpass", f"*:*:*:postgres:{password}\n")
        self.write(PASSFILE, f"*:*:*:*:{password}\n", "root")
        # As when the packages are installed.
        machine.run("pg_ctlcluster", "15", "main", "start", check=False)

    def write(self, path, text, user="postgres"):
        self.machine.shell(f"mkdir -p $(dirname {path}) && install -m 0600 -o {user} /dev/null {path}")
        self.machine.run("tee", path, text=text)

    def psql(self, sql):
        return self.machine.run("runuser", "-u", "postgres", "--", "psql", "-XAtqc", sql, "scoreboard").stdout.strip()

    def score(self, points):
        """As a worker on this machine would: by the page's URI, to whoever takes writes; whether a COMMIT was
        confirmed within three seconds."""
        sql = f"INSERT INTO told VALUES ({points})"
        return self.machine.run("timeout", "3", "psql", f"{URI}&target_session_attrs=read-write", "-Xqc", sql,
                                check=False).returncode == 0

    def told(self):
        return self.psql("SELECT string_agg(points::text, ',' ORDER BY points) FROM told")

    def pull(self, out):
        call("nsenter", "-t", self.machine.init, "-n", "ip", "link", "set", "pair", "down" if out else "up")


def join(machines):
    """A cable between two machines."""
    names = {name: f"sb{secrets.token_hex(4)}" for name in machines}
    call("ip", "link", "add", names["db1"], "type", "veth", "peer", "name", names["db2"])
    for name, machine in machines.items():
        call("ip", "link", "set", names[name], "netns", machine.init)
        for words in (("link", "set", names[name], "name", "pair"),
                      ("address", "add", f"{ADDRESSES[name]}/24", "dev", "pair"),
                      ("link", "set", "pair", "up")):
            call("nsenter", "-t", machine.init, "-n", "ip", *words)


@pytest.fixture(scope="module")
def servers(package):
    password = secrets.token_hex(16)
    with contextlib.ExitStack() as undo:
        machines = {}
        for name in ADDRESSES:
            machines[name] = Machine(package)
            undo.callback(machines[name].remove)
            machines[name].start()
        join(machines)
        made = {name: Server(name, machine, password) for name, machine in machines.items()}
        roles = (TOP / "scripts" / "lib" / "debian" / "postgresql.sql").read_text()
        made["db1"].machine.run("runuser", "-u", "postgres", "--", "psql", "-v", "ON_ERROR_STOP=1", text=roles)
        made["db1"].psql(f"ALTER ROLE scoreboard PASSWORD '{password}'")
        made["db1"].psql("CREATE TABLE told (points int PRIMARY KEY); GRANT ALL ON told TO scoreboard")
        yield made


blocks = iter(BLOCKS)


def run_block(servers, where):
    """The page's next one, which has to be for that server."""
    names, commands = next(blocks)
    assert names == where, commands
    for name in names.split(" and "):
        # There is no ssh between the two: what it would do is done there, as far as it can be reached.
        for there, command in re.findall(r"^timeout \d ssh (db\d) (.*?) \|\| true", commands, re.MULTILINE):
            servers[there].machine.run(*command.split(), check=False)
        mine = re.sub(r"^timeout \d ssh .*$", "", commands, flags=re.MULTILINE)
        done = servers[name].machine.run("bash", text="set -euo pipefail; cd /\n" + mine, check=False)
        if done.returncode != 0:
            journal = servers[name].machine.shell("journalctl -n 30 --no-pager").stdout
            pytest.fail("\n".join((name, commands, done.stdout, done.stderr, journal)))


def follows(server, state):
    return eventually(lambda: server.psql(FOLLOWS) == state, 20)


def test_a_pair_is_made(servers):
    db1, db2 = servers.values()
    run_block(servers, "db1 and db2")
    run_block(servers, "db1")
    assert eventually(lambda: db1.score(1), 10)
    run_block(servers, "db2")
    assert follows(db1, "db2 streaming async"), db1.psql(FOLLOWS)
    run_block(servers, "db1")
    assert follows(db1, "db2 streaming sync"), db1.psql(FOLLOWS)
    assert db1.score(2) and db2.score(3)
    assert db2.told() == "1,2,3"


def test_without_its_standby_the_primary_confirms_nothing(servers):
    db1, db2 = servers.values()
    db2.pull(out=True)
    assert not db1.score(4)
    db2.pull(out=False)
    assert eventually(lambda: db1.told() == "1,2,3,4", 20), "what waited is there when it is back"


def test_the_standby_takes_over_and_nothing_is_missing(servers):
    db1, db2 = servers.values()
    db1.machine.shell("kill -9 $(head -1 /var/lib/postgresql/15/main/postmaster.pid)")
    assert not db2.score(5)
    # As a worker does that looks for a primary: PgBouncer is told by its first client what its server is.
    db2.machine.run("psql", URI.replace("db1:6432,", ""), "-Xqc", "SELECT 1")
    run_block(servers, "db2")
    assert db2.score(6)
    assert db2.told() == "1,2,3,4,6"


def test_the_old_primary_confirms_nothing_when_it_is_back(servers):
    db1, _ = servers.values()
    db1.machine.run("pg_ctlcluster", "15", "main", "start")
    assert db1.machine.run("runuser", "-u", "postgres", "--", "timeout", "3", "psql", "-Xqc",
                           "INSERT INTO told VALUES (7)", "scoreboard", check=False).returncode != 0
    assert db1.machine.run("systemctl", "is-active", "pgbouncer", check=False).stdout.strip() == "inactive"


def test_it_comes_back_behind_the_other(servers):
    db1, db2 = servers.values()
    run_block(servers, "db2")
    run_block(servers, "db1")
    assert follows(db2, "db1 streaming async"), db2.psql(FOLLOWS)
    run_block(servers, "db2")
    assert follows(db2, "db1 streaming sync"), db2.psql(FOLLOWS)
    assert db1.score(8)
    assert db1.told() == db2.told() == "1,2,3,4,6,8"


def test_it_was_the_whole_page(servers):
    assert next(blocks, None) is None and len(BLOCKS) == 8
