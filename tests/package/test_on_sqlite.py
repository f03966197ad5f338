# SPDX-License-Identifier: Apache-2.0
"""The package with a board in one SQLite file, which three services of two users share."""
import re

from administrator import bring, make_certificate, readme_commands
from boards import eventually
from client import Player
from debian import TOP
from visitors import Site, ready

FILE = "/var/lib/scoreboard/scoreboard.db"


def test_two_commands_less_lead_to_a_board_in_a_file(machine, package):
    machine.run("apt-get", "install", "-yq", bring(machine, package))
    make_certificate(machine)
    for command in readme_commands(machine)[2:]:
        machine.shell(command)
    site = Site(machine)
    assert eventually(lambda: ready(site), 10)
    player = Player(site)
    for _ in range(3):
        assert player.update().status == 200
    assert player.get("/api/scores/me").json["score"] == 30
    assert machine.run("stat", "-c", "%U:%G %a", FILE).stdout.strip() == "scoreboard_owner:scoreboard 660"


def test_owner_and_workers_write_the_same_file(machine):
    site = Site(machine)
    machine.run("systemctl", "start", "scoreboard-retention.service")
    machine.run("systemctl", "start", "scoreboard-migrate.service")
    for unit in ("scoreboard@1.service", "scoreboard@2.service"):
        machine.run("systemctl", "restart", unit)
    assert Player(site).update().status == 200
    verified = machine.run("runuser", "-u", "scoreboard", "--", "scoreboardctl", "verify").stdout
    assert "everything agrees" in verified


def test_the_manuals_backup_comes_back(machine):
    """What was scored after the copy is gone, what was before it is there."""
    (commands,) = re.findall(r"^```sh sqlite\n(.*?)^```", (TOP / "docs" / "operations.md").read_text(),
                             re.MULTILINE | re.DOTALL)
    copy, rest = commands.split("\n", 1)
    site = Site(machine)
    kept = Player(site)
    assert kept.update().status == 200
    assert machine.run("bash", text="set -euo pipefail\n" + copy).stderr == ""
    assert kept.update().status == 200
    assert "everything agrees" in machine.run("bash", text="set -euo pipefail\n" + rest).stdout
    assert eventually(lambda: ready(site), 10)
    assert kept.get("/api/scores/me").json["score"] == 10
    assert kept.update().status == 200
    assert machine.run("stat", "-c", "%U:%G %a", FILE).stdout.strip() == "scoreboard_owner:scoreboard 660"


def test_the_board_is_back_after_a_reboot(machine):
    machine.reboot()
    assert eventually(lambda: ready(Site(machine)), 30), \
        machine.shell("journalctl -b -n 60 -u 'scoreboard*' -u nginx").stdout


def test_purge_leaves_the_file_and_the_users_that_it_belongs_to(machine):
    machine.run("apt-get", "purge", "-yq", "scoreboard")
    assert "scoreboard.db" in machine.run("ls", "/var/lib/scoreboard").stdout
    assert machine.run("stat", "-c", "%U:%G", FILE).stdout.strip() == "scoreboard_owner:scoreboard"
    assert machine.shell("getent passwd scoreboard_live", check=False).returncode == 2
    for path in ("/etc/scoreboard", "/run/scoreboard", "/var/log/scoreboard",
                 "/etc/nginx/sites-available/scoreboard.conf"):
        assert machine.run("test", "-e", path, check=False).returncode == 1, path
    machine.run("nginx", "-t")
