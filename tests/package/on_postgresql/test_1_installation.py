# SPDX-License-Identifier: Apache-2.0
"""Installation, and the commands of README.Debian."""
import json

from administrator import CERTIFICATE, NAME, NAMED, bring, make_certificate, readme_commands
from boards import eventually
from client import Player, request
from left_behind import files_of
from visitors import ready
from watchers import Watcher


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
