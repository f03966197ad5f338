# SPDX-License-Identifier: Apache-2.0
"""The units as systemd reads them: without a complaint, and as closed as they claim to be."""
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[2] / "systemd"
NAMES = sorted(path.name for path in UNITS.iterdir()
               if path.suffix in {".service", ".socket", ".target", ".timer"})
# The most that each may expose, in tenths.
EXPOSURE_MAX = {
    "scoreboard@.service": 10, "scoreboard-live.service": 30,
    "scoreboard-retention.service": 10, "scoreboard-migrate.service": 10,
}
# Programs that only an installed copy has.
INSTALLED = ("/usr/lib/scoreboard/scoreboard-worker", "/usr/bin/scoreboardctl")


@pytest.fixture
def units(tmp_path):
    """A copy whose programs exist."""
    for name in NAMES:
        text = (UNITS / name).read_text()
        for program in INSTALLED:
            text = re.sub(rf"^(Exec\w+=-?){program}", r"\1/bin/true", text, flags=re.MULTILINE)
        (tmp_path / name).write_text(text)
    return tmp_path


def analyze(*arguments):
    return subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True,
                          check=False, stdin=subprocess.DEVNULL)


def verify(file):
    return analyze("verify", "--man=no", "--recursive-errors=no", file)


def exposure(file, most):
    return analyze("security", "--offline=true", f"--threshold={most}", "--json=short", file)


@pytest.mark.parametrize("name", NAMES)
def test_systemd_reads_each_unit_without_a_word(units, name):
    done = verify(units / name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_key_that_systemd_does_not_know_would_be_noticed(units):
    file = units / "scoreboard@.service"
    file.write_text(file.read_text() + "\n[Service]\nProtectSystme=strict\n")
    assert "ProtectSystme" in verify(file).stderr


def test_every_service_has_a_most_that_it_may_expose():
    assert {name for name in NAMES if name.endswith(".service")} == set(EXPOSURE_MAX)


@pytest.mark.parametrize("name,most", EXPOSURE_MAX.items())
def test_no_service_exposes_more_than_it_may(units, name, most):
    done = exposure(units / name, most)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", [name for name in EXPOSURE_MAX if "live" not in name])
def test_even_with_the_network_a_service_keeps_to_it(units, name):
    file = units / name
    file.write_text(file.read_text() + (UNITS / "examples" / "network.conf").read_text())
    assert verify(file).stderr == ""
    done = exposure(file, EXPOSURE_MAX[name])
    assert done.returncode == 0, done.stderr
    found = {row["json_field"]: row["set"] for row in json.loads(done.stdout)}
    assert found["PrivateNetwork"] is False  # the drop-in was read


@pytest.mark.parametrize("name", EXPOSURE_MAX)
def test_a_service_without_its_hardening_would_be_noticed(units, name):
    file = units / name
    file.write_text(re.sub(r"^(Protect|Private|Restrict|SystemCall|Capab).*\n", "", file.read_text(),
                           flags=re.MULTILINE))
    assert exposure(file, EXPOSURE_MAX[name]).returncode != 0


def test_users_and_directories_are_what_systemd_can_read(tmp_path):
    for program, kind in (("systemd-sysusers", "sysusers"), ("systemd-tmpfiles", "tmpfiles")):
        if not shutil.which(program):
            pytest.fail(f"{program} is missing; it is in Debian's package systemd")
        arguments = ["--create"] if kind == "tmpfiles" else []
        root = tmp_path / "root"
        (root / "etc").mkdir(parents=True, exist_ok=True)
        if kind == "tmpfiles":  # Debian's own groups, beside those that sysusers has just made
            with open(root / "etc" / "group", "a", encoding="ascii") as group:
                group.write("www-data:x:33:\nadm:x:4:\n")
            with open(root / "etc" / "passwd", "a", encoding="ascii") as passwd:
                passwd.write("www-data:x:33:33::/:/bin/false\n")
        done = subprocess.run([program, *arguments, f"--root={root}",
                               UNITS / f"scoreboard.{kind}"], capture_output=True, text=True,
                              check=False)
        assert (done.returncode, done.stderr.replace(f"{root}", "")) == (0, done.stderr), done.stderr
    modes = {path: oct((root / path).stat().st_mode & 0o7777) for path in
             ("run/scoreboard", "run/scoreboard/live", "run/scoreboard/used-tokens",
              "var/lib/scoreboard")}
    assert modes == {"run/scoreboard": "0o2750", "run/scoreboard/live": "0o750",
                     "run/scoreboard/used-tokens": "0o700", "var/lib/scoreboard": "0o2770"}


def paused(tmp_path, code, status):
    """The seconds for which ExecStopPost waits after a worker that ended so."""
    (line,) = re.findall(r"^ExecStopPost=\+(.*)$", (UNITS / "scoreboard@.service").read_text(), re.MULTILINE)
    sleep = tmp_path / "sleep"
    sleep.write_text("#!/bin/sh\necho $1\n")
    sleep.chmod(0o755)
    done = subprocess.run(shlex.split(line), capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL,
                          env={"PATH": str(tmp_path), "EXIT_CODE": code, "EXIT_STATUS": status})
    assert (done.returncode, done.stderr) == (0, "")
    return int(done.stdout or 0)


def test_who_could_not_be_executed_pauses_and_who_was_killed_does_not(tmp_path):
    """As systemd.exec(5) has $EXIT_CODE and $EXIT_STATUS; a worker's own 1 and 2 end a pause of its own."""
    for status in ("106", "127", "203", "217", "243"):
        assert paused(tmp_path, "exited", status) >= 2
    for code, status in (("killed", "KILL"), ("dumped", "SEGV"), ("exited", "0"), ("exited", "1"),
                         ("exited", "2"), ("", "")):
        assert paused(tmp_path, code, status) == 0


def test_the_target_wants_what_the_board_consists_of():
    text = (UNITS / "scoreboard.target").read_text()
    wanted = {word for line in re.findall(r"^Wants=(.*)$", text, re.MULTILINE) for word in line.split()}
    assert wanted == {"scoreboard@1.socket", "scoreboard@1.service", "scoreboard@2.socket",
                      "scoreboard@2.service", "scoreboard-live.service", "scoreboard-retention.timer"}
    assert {re.sub(r"@\d", "@", name) for name in wanted} <= set(NAMES)
