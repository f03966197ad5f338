# SPDX-License-Identifier: Apache-2.0
"""Restarts, reloads and an upgrade under load; removal, purge."""
import json
import time

from administrator import NAME, NAMED, bring
from boards import eventually
from client import request
from debian import call
from left_behind import files_of
from visitors import RATE, Load
from watchers import Watcher

NEWER = "# Of the newer version.\n"
CHANGED = ("etc/scoreboard/scoreboard.toml", "etc/scoreboard/nginx/snippets/tls.conf")


def upgraded(package, version):
    """The same package under a higher version, with settings and a part of the site that differ."""
    work = package.parent / "upgraded"
    call("rm", "-rf", work)
    call("dpkg-deb", "--raw-extract", package, work)
    control = work / "DEBIAN" / "control"
    control.write_text("".join(
        f"Version: {version}\n" if line.startswith("Version:") else line
        for line in control.read_text().splitlines(keepends=True)))
    for file in CHANGED:
        with (work / file).open("a") as text:
            text.write(NEWER)
    made = package.parent / f"scoreboard_{version}.deb"
    call("dpkg-deb", "--root-owner-group", "--build", work, made)
    call("rm", "-rf", work)
    return made


def test_restarts_reloads_and_an_upgrade_under_load_lose_nothing(machine, site, sessions, acknowledged,
                                                                package):
    newer = bring(machine, upgraded(package, "99.0"))
    live = machine.pid("scoreboard-live.service")
    first = machine.pid("scoreboard@1.service")
    watcher = Watcher(site, "/ws/leaderboard")
    assert watcher.opened.wait(5)
    with Load(site, sessions, acknowledged) as load:
        time.sleep(1)
        for unit in ("scoreboard@1.service", "scoreboard@2.service"):
            machine.run("systemctl", "restart", unit)
        for _ in range(3):
            machine.run("nginx", "-s", "reload")
            time.sleep(1)
        between = machine.pid("scoreboard@1.service")
        machine.run("apt-get", "install", "-yq", newer)
        time.sleep(1)
    print(f"{load.requests} requests in {load.seconds:.1f} s, slowest {load.slowest:.2f} s")
    assert load.faults == []
    assert load.requests > 0.8 * RATE * load.seconds
    assert machine.run("dpkg-query", "-W", "-f", "${Version}", "scoreboard").stdout == "99.0"
    # Workers are new, the live connections are not.
    assert len({first, between, machine.pid("scoreboard@1.service")}) == 3
    assert machine.pid("scoreboard-live.service") == live
    assert not watcher.closed.is_set()

    def board():
        return request(site, "GET", "/api/leaderboard").json["data"]["leaderboard"]
    assert eventually(lambda: json.dumps(watcher.last()["data"]).count(board()[0]["username"]) and
                      watcher.last()["data"]["leaderboard"] == board(), 5), (watcher.last(), board())
    watcher.stop()


def test_everything_that_was_acknowledged_counts_once(machine, sessions, acknowledged):
    rows = machine.run("runuser", "-u", "postgres", "--", "psql", "-AtF,", "-c",
                       "SELECT public_id, sum(points) FROM events JOIN users ON id = user_id"
                       " GROUP BY 1", "scoreboard").stdout
    stored = dict(row.split(",") for row in rows.split())
    assert sum(acknowledged) > 0
    assert [int(stored.get(one["user_id"], 0)) for one in sessions] == acknowledged
    verified = machine.run("runuser", "-u", "scoreboard", "--", "scoreboardctl", "verify").stdout
    assert "everything agrees" in verified


def test_an_upgrade_keeps_what_the_administrator_has_set(machine):
    assert 'uri = "postgresql:///scoreboard?user=scoreboard"' in \
        machine.run("cat", "/etc/scoreboard/conf.d/database.toml").stdout
    # What was not changed here is the newer version's.
    for file in CHANGED:
        assert machine.run("tail", "-n", "1", f"/{file}").stdout == NEWER, file
    assert f"server_name {NAME};" in machine.run("cat", NAMED).stdout


def test_the_timer_runs_retention_as_the_owner(machine):
    assert "scoreboard-retention.timer" in machine.run("systemctl", "list-timers", "--no-pager").stdout
    machine.run("systemctl", "start", "scoreboard-retention.service")
    assert "events left" in machine.run("journalctl", "-u", "scoreboard-retention.service").stdout


def test_no_system_call_was_refused(machine):
    log = machine.run("journalctl", "-u", "scoreboard@*", "-u", "scoreboard-live").stdout
    assert "Operation not permitted" not in log and "SIGSYS" not in log


def test_removal_takes_the_board_from_visitors_and_nginx_goes_on(machine):
    machine.run("apt-get", "remove", "-yq", "scoreboard")
    assert machine.shell("ls /etc/nginx/sites-enabled").stdout == "default\n"
    machine.run("nginx", "-t")
    assert machine.run("curl", "-sS", "http://127.0.0.1/").returncode == 0
    assert machine.shell("systemctl list-units --no-legend --state=active 'scoreboard*'").stdout == ""
    assert machine.run("stat", "/etc/scoreboard/scoreboard.toml").returncode == 0


def test_purge_leaves_nothing_but_the_database(machine):
    machine.run("apt-get", "purge", "-yq", "scoreboard")
    left = {path for path in files_of(machine) - machine.before
            if path not in ("/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-")
            # Of other timers, and systemd's own.
            and not (path.startswith("/var/lib/systemd/") and "scoreboard" not in path)}
    assert left == set()
    assert machine.run("cut", "-d:", "-f1", "/etc/passwd").stdout == machine.users_before
    assert machine.shell("ls /run/scoreboard", check=False).returncode != 0
    count = machine.run("runuser", "-u", "postgres", "--", "psql", "-Atc",
                        "SELECT count(*) FROM events", "scoreboard").stdout
    assert int(count) > 0
