# SPDX-License-Identifier: Apache-2.0
"""scoreboardctl doctor looks with the eyes of the workers' user, at what systemd hands to them too."""
import os

import pytest

from absent import absent
from doctor_host import Host

UNIT = """# /lib/systemd/system/scoreboard@.service
[Service]
LoadCredential=access.jwks:{directory}/access.jwks
LoadCredential=action.jwks:{directory}/action.jwks
Environment=SCOREBOARD_AUTH_ACCESS_KEYS=%d/access.jwks
Environment=SCOREBOARD_AUTH_ACTION_KEYS=%d/action.jwks
"""
SYSTEMCTL = """#!/bin/sh
[ "$*" = "--no-pager cat scoreboard@1.service" ] || exit 1
cat <<'END'
{text}
END
"""


@pytest.fixture
def host(tmp_path_factory):
    one = Host(tmp_path_factory.mktemp("h"))
    one.let_pass(one.directory)
    one.ctl.config.chmod(0o644)
    yield one
    one.close()


def under_systemd(host, more=""):
    host.program("systemctl", SYSTEMCTL.format(text=UNIT.format(directory=host.directory) + more))


def one(found, check):
    (only,) = found[check]
    return only


def files_that_the_workers_may_not_read(host):
    issuers = host.directory / "issuer.jwks"
    issuers.write_text('{"keys":[]}')
    issuers.chmod(0o600)
    with host.ctl.config.open("a") as config:
        config.write(f'[issuers.acme]\nissuer = "a"\naudience = "b"\nkeys = "{issuers}"\n')
    found = host.doctor("--user", "nobody")
    for check in ("keys.access", "keys.action", "keys.issuers.acme"):
        assert one(found, check)["level"] == "FAIL", check
        assert "Permission denied" in one(found, check)["what"], check
    assert "readable by nobody" in one(found, "keys.issuers.acme")["advice"]
    assert one(found, "configuration")["level"] == "ok"
    assert "Permission denied" not in one(host.doctor(), "keys.issuers.acme")["what"]


def a_configuration_that_the_workers_may_not_read(host):
    (host.directory / "conf.d").mkdir()
    (host.directory / "conf.d" / "private.toml").touch(0o600)
    told = one(host.doctor("--user", "nobody"), "configuration")
    assert told["level"] == "FAIL" and "private.toml: cannot be read: Permission denied" in told["what"]
    assert one(host.doctor(), "configuration")["level"] == "ok"


def keys_that_systemd_hands_over_are_roots_own(host):
    under_systemd(host)
    found = host.doctor("--user", "nobody")
    assert one(found, "keys.access")["level"] == one(found, "keys.action")["level"] == "ok"
    (host.directory / "access.jwks").unlink()
    assert one(host.doctor("--user", "nobody"), "keys.access")["level"] == "FAIL"


def test_a_setting_that_the_unit_overrides_is_told(host):
    """The operator's own file is never looked at: LoadCredential names another one."""
    under_systemd(host)
    assert [(told["level"], told["what"]) for told in host.doctor()["configuration.unit"]] == [
        ("ok", f'scoreboard@.service sets auth.{name}_keys to "{host.directory}/{name}.jwks"')
        for name in ("access", "action")]
    mine = host.directory / "mine.jwks"
    host.ctl("key", "new", "--out", mine)
    text = host.ctl.config.read_text()
    host.ctl.config.write_text(text.replace("/access.jwks", "/mine.jwks"))
    told = host.told("warn", "configuration.unit",
                     f'auth.access_keys = "{mine}" of {host.ctl.config}:4 is not what the workers use',
                     "systemctl edit scoreboard@.service, and name yours in LoadCredential")
    assert f'sets "{host.directory}/access.jwks"' in told["what"]
    # As advised.
    under_systemd(host, f"[Service]\nLoadCredential=access.jwks:{mine}\n")
    assert {one["level"] for one in host.doctor()["configuration.unit"]} == {"ok"}
    # Any other setting, too.
    under_systemd(host, '[Service]\nEnvironment="SCOREBOARD_DATABASE_URI=postgresql:///nowhere?host=/none" A=b\n')
    levels = {one["what"].split(" ")[0]: one["level"] for one in host.doctor()["configuration.unit"]}
    assert levels["database.uri"] == "warn"
    assert one(host.doctor(), "database.reach")["level"] == "FAIL"


def test_variables_of_environment_files_win_and_lines_go_on(host):
    """As systemd reads them: files after Environment=, each after the one before."""
    files = host.directory / "env"
    files.mkdir()
    (files / "a.env").write_text('# ours\nSCOREBOARD_DATABASE_READERS = "3"\nSCOREBOARD_SERVER_THREADS=9\n')
    (files / "b.env").write_text("SCOREBOARD_SERVER_THREADS=\\\n11\nHOME=/\n")
    under_systemd(host, "[Service]\nEnvironment=SCOREBOARD_SERVER_THREADS=7 \\\n"
                  "  SCOREBOARD_DATABASE_COMMITTERS=1\n"
                  f"EnvironmentFile={files}/*.env\nEnvironmentFile=-{files}/%i.none\n")
    told = {one["what"] for one in host.doctor()["configuration.unit"]}
    assert {f"scoreboard@.service sets {key} to {value}" for key, value in (
        ("server.threads", 11), ("database.readers", 3), ("database.committers", 1))} <= told


def test_an_environment_file_that_is_missing_is_told(host):
    under_systemd(host, f"[Service]\nEnvironmentFile={host.directory}/none.env\n")
    host.fails("configuration.unit", f"{host.directory}/none.env, which is not there", "make it")


def test_nothing_of_a_unit_reaches_the_terminal_as_it_is(host):
    """U+009B begins a command of a terminal's, as ESC [ does."""
    under_systemd(host, "[Service]\nEnvironment=SCOREBOARD_BOARDS_TIME_ZONE=x\x1b[2Jy\u009bz\n")
    environment = {"PATH": f"{host.bin}:{os.environ['PATH']}"}
    done = host.ctl("doctor", "--edge-config", host.edge, "--live-config", host.live_config, "--user",
                    "root", status=None, **environment)
    assert "y\\xc2\\x9bz" in done.stdout
    assert not {"\x1b", "\u009b"} & set(done.stdout + done.stderr)



def test_config_show_names_what_the_unit_sets(host):
    environment = {"PATH": f"{host.bin}:{os.environ['PATH']}"}
    under_systemd(host)
    shown = host.ctl("config", "show", "--origin", **environment).stdout
    assert f"\n# SCOREBOARD_AUTH_ACCESS_KEYS={host.directory}/access.jwks\n" in shown
    assert "scoreboard@.service" not in host.ctl("config", "show", **environment).stdout
    (host.bin / "systemctl").unlink()
    assert "scoreboard@.service" not in host.ctl("config", "show", "--origin", **environment).stdout


if os.geteuid() == 0:
    test_files_that_the_workers_may_not_read = files_that_the_workers_may_not_read
    test_a_configuration_that_the_workers_may_not_read = a_configuration_that_the_workers_may_not_read
    test_keys_that_systemd_hands_over_are_roots_own = keys_that_systemd_hands_over_are_roots_own
else:
    absent("doctor as somebody else, which takes root")
