# SPDX-License-Identifier: Apache-2.0
"""The package in a Debian of its own, on PostgreSQL, in the order in which an administrator meets it:
installation, README.Debian, faults, upgrades under load, removal. Each test goes on where the last
one ended."""
import json
import signal
import time

import pytest

from administrator import CERTIFICATE, NAME, bring, make_certificate, readme_commands
from boards import eventually
from client import Player, request
from debian import call
from visitors import PLAYERS, RATE, Load, Site, issue_sessions, ready
from watchers import Watcher

NAMED = "/etc/scoreboard/nginx/name.conf"
# Where everything that a machine does leaves traces, whoever does it.
ELSEWHERE = ("/proc /sys /dev /run /tmp /var/cache /var/lib/apt /var/lib/dpkg /var/log/journal"
             " /var/log/apt /var/log/dpkg.log /var/lib/postgresql /var/log/postgresql /var/lib/nginx"
             " /var/lib/logrotate /var/log/nginx /etc/letsencrypt /opt").split()


@pytest.fixture(scope="module")
def site(machine):
    return Site(machine)


@pytest.fixture(scope="module")
def sessions(machine):
    return issue_sessions(machine, PLAYERS)


@pytest.fixture(scope="module")
def acknowledged():
    """Points that each of `sessions` was told of."""
    return [0] * PLAYERS


def files_of(machine):
    prune = " -o ".join(f"-path {path}" for path in ELSEWHERE)
    return set(machine.shell(f"find / \\( {prune} \\) -prune -o -print").stdout.splitlines())


def fetched(machine, path):
    """As a browser gets it that knows the board's name."""
    return machine.run("curl", "-sSk", "--resolve", f"{NAME}:443:127.0.0.1", f"https://{NAME}{path}",
                       check=False).stdout


def test_installation_makes_secrets_and_starts_nothing(machine, package):
    machine.before = files_of(machine)
    machine.users_before = machine.run("cut", "-d:", "-f1", "/etc/passwd").stdout
    machine.run("apt-get", "install", "-yq", bring(machine, package))
    for name in ("access", "action"):
        shown = machine.run("stat", "-c", "%U:%G %a", f"/etc/scoreboard/keys/{name}.jwks").stdout
        assert shown.strip() == "root:root 600"
    assert machine.run("stat", "-c", "%U:%G %a", "/etc/scoreboard/keys").stdout.strip() == "root:root 700"
    assert machine.run("systemctl", "is-enabled", "scoreboard.target", check=False).stdout == "disabled\n"
    assert machine.shell("systemctl list-units --no-legend 'scoreboard*'").stdout == ""
    assert machine.shell("ls /etc/nginx/sites-enabled").stdout == "default\n"
    assert "scoreboard" not in machine.run("runuser", "-u", "postgres", "--", "psql", "-lqt").stdout
    assert machine.shell("ls /var/lib/scoreboard").stdout == ""


def test_the_installed_units_are_read_without_a_word_and_as_closed_as_they_claim(machine):
    units = machine.shell("cd /lib/systemd/system && ls scoreboard*").stdout.split()
    done = machine.run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units)
    assert done.stdout + done.stderr == ""
    for unit, most in (("scoreboard@1.service", 10), ("scoreboard-live.service", 30)):
        machine.run("systemd-analyze", "security", f"--threshold={most}", unit)


def test_a_name_without_a_certificate_leaves_nginx_as_it_was(machine):
    done = machine.run("scoreboard-site", NAME, check=False)
    assert done.returncode == 1 and "certbot certonly" in done.stderr and NAME in done.stderr
    assert machine.shell("ls /etc/nginx/sites-enabled").stdout == "default\n"
    for bad in (["no name;"], ["good.test\ns/x/y/"], ["Scores.test"], [""], [],
                [NAME, "/c.pem"], [NAME, "c.pem", "/k.pem"], [NAME, "/c.pem;", "/k.pem"]):
        assert machine.run("scoreboard-site", *bad, check=False).returncode == 2, bad
    assert machine.run("test", "-e", NAMED, check=False).returncode == 1
    machine.run("nginx", "-t")


def test_the_commands_of_the_readme_lead_to_a_board(machine, site):
    make_certificate(machine)
    for command in readme_commands(machine):
        machine.shell(command)
    assert eventually(lambda: "<html" in fetched(machine, "/"), 10)  # the page
    assert json.loads(fetched(machine, "/api/leaderboard"))["success"] is True
    assert eventually(lambda: ready(site), 10)
    watcher = Watcher(site, "/ws/leaderboard")
    player = Player(site)
    assert player.update().status == 200
    assert eventually(lambda: watcher.last() and player.name in json.dumps(watcher.last()), 5), \
        watcher.fault
    watcher.stop()
    assert request(site, "GET", "/api/leaderboard").json["data"]["leaderboard"]


def test_another_name_without_a_certificate_leaves_the_board_as_it_is_served(machine, site):
    before = machine.run("cat", NAMED).stdout
    assert f"server_name {NAME};" in before
    assert machine.run("scoreboard-site", "other.test", check=False).returncode == 1
    assert machine.run("cat", NAMED).stdout == before
    # A certificate that Nginx does not take.
    done = machine.run("scoreboard-site", NAME, "/etc/hostname", "/etc/hostname", check=False)
    assert done.returncode == 1
    assert machine.run("cat", NAMED).stdout == before
    machine.run("nginx", "-t")
    # An administrator's own.
    machine.shell(f"sed -i '1d; s/server_name {NAME};/server_name {NAME} www.{NAME};/' {NAMED} && nginx -t")
    done = machine.run("scoreboard-site", "other.test", check=False)
    assert done.returncode == 1 and "write other.test there yourself" in done.stderr
    assert f"www.{NAME}" in machine.run("cat", NAMED).stdout
    machine.run("rm", NAMED)
    # From elsewhere, and from where certbot puts it.
    machine.shell(f"cp {CERTIFICATE}/privkey.pem /opt/key.pem && cp {CERTIFICATE}/fullchain.pem /opt/")
    machine.run("scoreboard-site", NAME, "/opt/fullchain.pem", "/opt/key.pem")
    assert "ssl_certificate /opt/fullchain.pem;" in machine.run("cat", NAMED).stdout
    machine.run("scoreboard-site", NAME)
    assert machine.run("cat", NAMED).stdout == before


def test_no_program_has_changed_what_the_package_brought(machine):
    """A conffile that was changed by hand makes apt ask at the next upgrade; by a program it must not."""
    conffiles = machine.run("dpkg-query", "-W", "-f", "${Conffiles}", "scoreboard").stdout
    sums = "".join(f"{line.split()[1]}  {line.split()[0]}\n" for line in conffiles.strip().splitlines())
    assert "/etc/nginx/sites-available/scoreboard.conf" in sums
    machine.run("md5sum", "--check", "--quiet", text=sums)


def test_the_workers_may_add_events_and_neither_change_nor_delete_them(machine):
    for statement in ("DELETE FROM events", "UPDATE events SET points = 1"):
        done = machine.run("runuser", "-u", "scoreboard", "--", "psql", "-c", statement, check=False)
        assert "permission denied" in done.stderr


def test_each_user_reaches_only_what_it_needs(machine):
    def may(user, what):
        return machine.run("runuser", "-u", user, "--", "sh", "-c", what, check=False).returncode == 0
    assert may("www-data", "test -r /run/scoreboard/board/a-10.json")
    assert may("www-data", "test -S /run/scoreboard/watch/subscribe.sock")
    assert not may("www-data", "test -S /run/scoreboard/live/publish.sock")
    assert not may("www-data", "ls /run/scoreboard/connections /run/scoreboard/used-tokens")
    assert not may("scoreboard", "cat /etc/scoreboard/keys/access.jwks")
    assert not may("nobody", "ls /run/scoreboard")
    assert not may("scoreboard_live", "ls /var/lib/scoreboard")


def test_a_request_starts_a_stopped_worker(machine, site):
    machine.shell("systemctl stop 'scoreboard@*.service'")
    assert machine.pid("scoreboard@1.service") == machine.pid("scoreboard@2.service") == 0
    for _ in range(20):  # each of Nginx's processes takes turns of its own
        assert request(site, "GET", "/api/health/ready").status == 200
    assert machine.pid("scoreboard@1.service") and machine.pid("scoreboard@2.service")


def test_a_killed_worker_is_replaced_and_nobody_notices(machine, site, sessions, acknowledged):
    before = machine.pid("scoreboard@1.service")
    with Load(site, sessions, acknowledged) as load:
        for _ in range(4):
            time.sleep(1.5)
            machine.kill("scoreboard@1.service")
        time.sleep(1.5)
    print(f"{load.requests} requests in {load.seconds:.1f} s, slowest {load.slowest:.2f} s")
    assert load.faults == []
    assert load.requests > 50  # most wait for the killed one
    assert machine.pid("scoreboard@1.service") not in (0, before)


def test_a_worker_that_hangs_is_replaced_by_the_watchdog(machine, site):
    before = machine.pid("scoreboard@2.service")
    machine.kill("scoreboard@2.service", signal.SIGSTOP)
    assert eventually(lambda: machine.pid("scoreboard@2.service") not in (0, before), 25, 0.5)
    assert "Watchdog timeout" in machine.run("journalctl", "-u", "scoreboard@2.service").stdout
    assert eventually(lambda: ready(site), 10)


def tries_within(machine, seconds):
    """How often systemd started the first worker anew."""
    def restarts():
        return int(machine.unit("scoreboard@1.service", "NRestarts")["NRestarts"])
    before = restarts()
    time.sleep(seconds)
    return restarts() - before


def test_a_worker_that_was_killed_is_back_at_once(machine, site):
    for _ in range(3):
        before = machine.pid("scoreboard@1.service")
        machine.kill("scoreboard@1.service")
        # One that cannot start pauses for three seconds.
        assert eventually(lambda: machine.pid("scoreboard@1.service") not in (0, before), 2.5, 0.05)
        assert eventually(lambda: machine.unit("scoreboard@1.service", "ActiveState") ==
                          {"ActiveState": "active"}, 5)
    assert ready(site)


def test_a_worker_with_a_faulty_configuration_pauses_between_its_tries(machine, site):
    machine.shell("printf '[server]\nthreads = 0\n' > /etc/scoreboard/conf.d/zz.toml")
    assert machine.run("systemctl", "restart", "scoreboard@1.service", check=False).returncode != 0
    assert tries_within(machine, 8) in (1, 2, 3)
    assert "zz.toml:2:11: server.threads is 0" in \
        machine.run("journalctl", "-u", "scoreboard@1.service", "-n", "20").stdout
    # Whoever is led to it is led on to the other one, and waits for nothing.
    began = time.monotonic()
    assert [request(site, "GET", "/api/health/ready").status for _ in range(10)] == [200] * 10
    assert time.monotonic() - began < 8  # Nginx's patience with one that does not answer
    machine.run("rm", "/etc/scoreboard/conf.d/zz.toml")
    assert eventually(lambda: machine.unit("scoreboard@1.service", "ActiveState") ==
                      {"ActiveState": "active"}, 10)


def test_without_its_keys_a_worker_does_not_start_and_the_other_serves(machine, site):
    machine.shell("mv /etc/scoreboard/keys/action.jwks /opt/")
    assert machine.run("systemctl", "restart", "scoreboard@1.service", check=False).returncode != 0
    assert machine.pid("scoreboard@1.service") == 0
    shown = machine.run("journalctl", "-u", "scoreboard@1.service", "-n", "20").stdout
    assert "CREDENTIALS" in shown
    assert request(site, "GET", "/api/leaderboard").status == 200
    # Not four times a second.
    assert tries_within(machine, 8) in (1, 2, 3)
    machine.shell("mv /opt/action.jwks /etc/scoreboard/keys/")
    assert eventually(lambda: machine.pid("scoreboard@1.service"), 10)  # it was being tried


def test_the_live_nginx_is_replaced_even_where_it_left_its_sockets(machine, site):
    before = machine.pid("scoreboard-live.service")
    machine.shell("kill -9 $(cat /sys/fs/cgroup/system.slice/scoreboard-live.service/cgroup.procs)")
    assert eventually(lambda: machine.pid("scoreboard-live.service") not in (0, before), 10)
    watcher = Watcher(site, "/ws/leaderboard")
    if not eventually(watcher.last, 3):
        watcher = Watcher(site, "/ws/leaderboard")
    assert eventually(watcher.last, 5), watcher.fault
    watcher.stop()


def both_pids(machine):
    return [machine.pid(f"scoreboard@{number}.service") for number in (1, 2)]


def reloads(machine, event):
    return machine.run("journalctl", "-o", "cat", f"EVENT={event}", check=False).stdout.splitlines()


def test_a_reload_takes_new_points_and_keeps_processes_and_connections(machine, site):
    before = both_pids(machine)
    watcher = Watcher(site, "/ws/leaderboard")
    assert watcher.opened.wait(5)
    machine.shell("printf '[points]\nCOMPLETE_TASK = 77\n' > /etc/scoreboard/conf.d/zz.toml")
    machine.shell("systemctl reload 'scoreboard@*.service'")
    assert eventually(lambda: sum("points.COMPLETE_TASK" in line for line in reloads(machine, "reloaded")) == 2, 5)
    player = Player(site)
    for times in range(1, 5):  # by either worker
        assert player.update().status == 200
        assert player.get("/api/scores/me").json["score"] == 77 * times
    assert both_pids(machine) == before
    assert not watcher.closed.is_set()
    watcher.stop()


def test_a_reload_of_a_faulty_configuration_fails_and_changes_nothing(machine, site):
    before = both_pids(machine)
    taken, refused = (len(reloads(machine, event)) for event in ("reloaded", "reload_refused"))
    machine.shell("printf '[points]\nCOMPLETE_TASK = 0\n' > /etc/scoreboard/conf.d/zz.toml")
    done = machine.shell("systemctl reload 'scoreboard@*.service'", check=False)
    assert done.returncode != 0 and "scoreboard@1.service" in done.stderr
    assert "zz.toml:2:17: points.COMPLETE_TASK" in \
        machine.run("journalctl", "-u", "scoreboard@1.service", "-n", "20").stdout
    assert both_pids(machine) == before
    assert {machine.unit(f"scoreboard@{n}.service", "ActiveState")["ActiveState"] for n in (1, 2)} == {"active"}
    player = Player(site)
    assert player.update().status == 200
    assert player.get("/api/scores/me").json["score"] == 77
    machine.run("rm", "/etc/scoreboard/conf.d/zz.toml")
    machine.shell("systemctl reload 'scoreboard@*.service'")
    assert eventually(lambda: len(reloads(machine, "reloaded")) == taken + 2, 5)
    assert len(reloads(machine, "reload_refused")) == refused


def test_doctor_tells_what_systemd_gives_the_workers(machine):
    """As root, on the board that the README's commands made."""
    def told(check):
        lines = json.loads(machine.run("scoreboardctl", "doctor", "--json", check=False).stdout)["findings"]
        return [(one["level"], one["what"]) for one in lines if one["check"] == check]
    assert told("configuration") == [("ok", "the configuration is good")]
    assert told("configuration.unit") == [
        ("ok", f'scoreboard@.service sets auth.{name}_keys to "/etc/scoreboard/keys/{name}.jwks"')
        for name in ("access", "action")]
    for check in ("keys.access", "keys.action", "database.owner", "database.connections"):
        assert [level for level, _ in told(check)] == ["ok"], check
    assert [level for level, _ in told("disk.database")] == ["warn"]
    machine.shell("printf '[auth]\naccess_keys = \"/opt/mine.jwks\"\n' > /etc/scoreboard/conf.d/zz.toml")
    (level, what), _ = told("configuration.unit")
    assert level == "warn" and 'access_keys = "/opt/mine.jwks" of /etc/scoreboard/conf.d/zz.toml:2' in what
    shown = machine.run("scoreboardctl", "config", "show", "--origin").stdout
    assert "# SCOREBOARD_AUTH_ACCESS_KEYS=/etc/scoreboard/keys/access.jwks" in shown
    machine.run("rm", "/etc/scoreboard/conf.d/zz.toml")


def test_keys_are_exchanged_under_load(machine, site, sessions, acknowledged):
    """As docs/operations.md has it: sessions of the old keys go on, and nothing is refused."""
    with Load(site, sessions, acknowledged) as load:
        time.sleep(0.5)
        for name in ("access", "action"):
            machine.run("scoreboardctl", "key", "new", "--out", f"/etc/scoreboard/keys/{name}.jwks")
        machine.shell("systemctl restart 'scoreboard@*.service'")
        time.sleep(1)
        assert Player(site).update().status == 200  # a session of the new ones
        time.sleep(1)
    assert load.faults == []
    listed = machine.run("scoreboardctl", "key", "list", "--file", "/etc/scoreboard/keys/access.jwks").stdout
    assert len(listed.splitlines()) == 2


def test_a_third_worker_is_two_lines(machine, site):
    machine.run("systemctl", "enable", "--now", "scoreboard@3.socket")
    machine.shell("echo 'server unix:/run/scoreboard/worker-3.sock max_fails=0 max_conns=20;'"
                  " >> /etc/scoreboard/nginx/workers.conf && nginx -t -q && systemctl reload nginx")
    assert eventually(lambda: ready(site) and machine.pid("scoreboard@3.service"), 10)


def test_logs_are_rotated_and_the_edge_goes_on_writing(machine, site):
    log = "/var/log/scoreboard/edge-access.log"
    assert machine.run("stat", "-c", "%s", log).stdout != "0\n"
    machine.run("logrotate", "--force", "/etc/logrotate.d/scoreboard")
    assert machine.run("stat", "-c", "%U:%G %a", log).stdout == "www-data:adm 640\n"

    def written():
        return ready(site) and "/api/health/ready" in machine.run("cat", log).stdout
    assert eventually(written, 5)


def test_the_drop_in_lets_a_worker_reach_its_database_over_the_network(machine, site):
    machine.run("runuser", "-u", "postgres", "--", "psql", "-c", "ALTER ROLE scoreboard PASSWORD 'of the test'")
    machine.shell("install -m 0600 -o scoreboard -g scoreboard /dev/null /etc/scoreboard/pgpass"
                  " && echo '127.0.0.1:5432:scoreboard:scoreboard:of the test' > /etc/scoreboard/pgpass")
    uri = "postgresql://127.0.0.1/scoreboard?user=scoreboard&passfile=/etc/scoreboard/pgpass"
    machine.shell("d=/etc/systemd/system/scoreboard@2.service.d; mkdir $d"
                  " && cp /usr/share/doc/scoreboard/examples/network.conf $d"
                  f" && echo 'Environment=\"SCOREBOARD_DATABASE_URI={uri}\"' >> $d/network.conf"
                  " && systemctl daemon-reload && systemctl restart scoreboard@2.service")
    connected = machine.run("runuser", "-u", "postgres", "--", "psql", "-Atc",
                            "SELECT count(*) FROM pg_stat_activity WHERE client_addr = '127.0.0.1'").stdout
    assert int(connected) > 0
    assert eventually(lambda: ready(site), 5)
    machine.shell("rm -r /etc/systemd/system/scoreboard@2.service.d && systemctl daemon-reload"
                  " && systemctl restart scoreboard@2.service")


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
