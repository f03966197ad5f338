# SPDX-License-Identifier: Apache-2.0
"""Faults of an installed board, and what its administrator changes while it runs."""
import json
import signal
import time

from boards import eventually
from client import Player, request
from visitors import Load, ready
from watchers import Watcher


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
    for check in ("keys.access", "keys.action", "database.owner", "database.connections", "edge.overload"):
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
