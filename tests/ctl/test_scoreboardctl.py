# SPDX-License-Identifier: Apache-2.0
"""scoreboardctl as an operator uses it, without a running board."""

import json
import os
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SCOREBOARD_BUILD_DIR", TOP / "build/release"))


class Ctl:
    """The program with a configuration of its own, and no other variables of ours. `by`: a command
    that runs it."""

    def __init__(self, directory):
        self.by = ()
        self.directory = directory
        self.database = directory / "scoreboard.db"
        self.config = directory / "scoreboard.toml"
        self.config.write_text(
            f'[database]\nuri = "sqlite://{self.database}"\n'
            f'[auth]\naccess_keys = "{directory}/access.jwks"\n'
            f'action_keys = "{directory}/action.jwks"\npassword_cost = 1\n'
        )

    def __call__(self, *arguments, status=0, stdin="", **variables):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SCOREBOARD_")}
        done = subprocess.run(
            [*self.by, BUILD / "bin/scoreboardctl", "--config", self.config, *arguments],
            input=stdin,
            env=environment | variables,
            text=True,
            capture_output=True,
            timeout=60,
        )
        assert status in (done.returncode, None), done.stdout + done.stderr
        return done

    def with_keys_and_database(self):
        for name in ("access", "action"):
            self("key", "new", "--out", self.directory / f"{name}.jwks")
        self("migrate")
        return self


@pytest.fixture
def ctl(tmp_path):
    return Ctl(tmp_path)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["config"],
        ["key", "new"],
        ["key", "retire"],
        ["jws", "verify"],
        ["session", "issue"],
        ["--nope"],
    ],
)
def test_a_wrong_command_line_is_status_2(ctl, arguments):
    assert "--help" in ctl(*arguments, status=2).stderr


def test_help_and_version_are_no_mistakes(ctl):
    assert "migrate" in ctl("--help").stdout
    assert ctl("--version").stdout.strip()


def test_config_check_finds_every_mistake_with_its_place(ctl):
    assert "good" in ctl("config", "check").stdout
    ctl.config.write_text("[server]\nthreads = 0\n[auht]\n")
    stderr = ctl("config", "check", status=1, SCOREBOARD_LIMITS_AWARDS="none").stderr
    assert f"{ctl.config}:2:11: server.threads is 0" in stderr
    assert f"{ctl.config}:3:2: there is no section [auht]; did you mean [auth]?" in stderr
    assert "environment: SCOREBOARD_LIMITS_AWARDS must be a whole number" in stderr


def test_a_named_configuration_file_must_be_there(ctl):
    ctl.config.unlink()
    assert "No such file" in ctl("config", "check", status=1).stderr


def test_config_default_is_a_good_configuration(ctl):
    ctl.config.write_text(ctl("config", "default").stdout)
    ctl("config", "check")


def test_config_show_tells_values_and_where_they_come_from(ctl):
    shown = ctl("config", "show", "--origin", SCOREBOARD_SERVER_THREADS="7").stdout
    assert "threads = 7  # SCOREBOARD_SERVER_THREADS\n" in shown
    assert f"password_cost = 1  # {ctl.config}:6\n" in shown
    assert "readers = 4  # default\n" in shown
    shown = ctl("--database", "sqlite:///x/#  # y", "config", "show").stdout
    assert 'uri = "sqlite:///x/#  # y"\n' in shown
    ctl.config.write_text(shown)
    ctl("config", "check")


def test_key_new_makes_and_rotates_a_private_file(ctl):
    file = ctl.directory / "k.jwks"
    ctl("key", "new", "--out", file)
    assert mode(file) == 0o600
    first = json.loads(file.read_text())["keys"]
    ctl("key", "new", "--out", file)
    second = json.loads(file.read_text())["keys"]
    assert len(second) == 2 and second[1:] == first
    assert second[0]["kid"] != first[0]["kid"] and second[0]["k"] != first[0]["k"]
    assert not list(ctl.directory.glob("k.jwks.*"))


def test_key_new_keeps_the_service_s_right_to_read(ctl):
    file = ctl.directory / "k.jwks"
    ctl("key", "new", "--out", file)
    file.chmod(0o640)
    ctl("key", "new", "--out", file)
    assert mode(file) == 0o640


def kids(file):
    return [key["kid"] for key in json.loads(file.read_text())["keys"]]


def test_key_list_names_keys_and_never_shows_them(ctl):
    ctl.with_keys_and_database()
    access, action = ctl.directory / "access.jwks", ctl.directory / "action.jwks"
    ctl("key", "new", "--out", access)
    first, second = kids(access)
    (only,) = kids(action)
    listed = ctl("key", "list").stdout
    assert listed == (
        f"{access}  {first}  HS256  makes and checks\n{access}  {second}  HS256  checks\n"
        f"{action}  {only}  HS256  makes and checks\n"
    )
    assert ctl("key", "list", "--file", action).stdout in listed
    for key in json.loads(access.read_text())["keys"]:
        assert key["k"] not in listed
    action.chmod(0o644)
    assert "chmod o-rwx" in ctl("key", "list", status=1).stderr


def test_key_list_names_issuers_keys_and_what_is_passed_over(ctl):
    ctl.with_keys_and_database()
    keys = ctl.directory / "acme.jwks"
    x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    okp = {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "one"}
    keys.write_text(json.dumps({"keys": [okp, {**okp, "kid": "two", "use": "enc"}]}))
    with ctl.config.open("a") as config:
        config.write(f'[issuers.acme]\nissuer = "a"\naudience = "us"\nkeys = "{keys}"\n')
    listed = ctl("key", "list").stdout
    assert f"{keys}  one  EdDSA  checks a\n" in listed
    assert f"{keys}  passed over: key 2: its use is not sig\n" in listed
    keys.write_text("{}")
    assert "kty is missing" in ctl("key", "list", status=1).stderr


def test_key_retire_takes_one_key_away_and_never_the_last(ctl):
    ctl.with_keys_and_database()
    access = ctl.directory / "access.jwks"
    (old,) = kids(access)
    assert "the last one" in ctl("key", "retire", old, status=1).stderr
    ctl("key", "new", "--out", access)
    fresh = kids(access)[0]
    access.chmod(0o640)
    before = access.read_text()
    assert "in neither" in ctl("key", "retire", "unknown", status=1).stderr
    assert "is not in the file" in ctl("key", "retire", "x", "--file", access, status=1).stderr
    assert access.read_text() == before
    said = ctl("key", "retire", old).stdout
    assert "within two seconds" in said and "Restart" not in said
    assert kids(access) == [fresh] and mode(access) == 0o640
    assert json.loads(before)["keys"][0] == json.loads(access.read_text())["keys"][0]


def test_key_retire_wants_to_know_which_of_two_files(ctl):
    ctl.with_keys_and_database()
    access, action = ctl.directory / "access.jwks", ctl.directory / "action.jwks"
    ctl("key", "new", "--out", access)
    action.write_text(access.read_text())
    shared = kids(access)[1]
    assert "in both files" in ctl("key", "retire", shared, status=1).stderr
    ctl("key", "retire", shared, "--file", action)
    assert len(kids(action)) == 1 and len(kids(access)) == 2


@pytest.mark.parametrize("text", ["{}", "no json", '{"keys":[]}'])
def test_key_new_leaves_a_file_alone_that_it_does_not_understand(ctl, text):
    file = ctl.directory / "k.jwks"
    file.write_text(text)
    file.chmod(0o600)
    ctl("key", "new", "--out", file, status=1)
    assert file.read_text() == text
    assert not list(ctl.directory.glob("k.jwks.*"))


def test_without_a_schema_the_advice_is_to_migrate(ctl):
    for command in (["top"], ["verify"]):
        assert "scoreboardctl migrate" in ctl(*command, status=1).stderr


def test_migrate_makes_the_whole_schema_and_is_repeatable(ctl):
    assert "applied 0001" in ctl("migrate").stdout
    assert "already" in ctl("migrate").stdout
    tables = sqlite3.connect(ctl.database).execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    )
    wanted = {"users", "sessions", "scores", "events", "journal", "journal_head"}
    assert wanted <= {name for (name,) in tables}


def test_user_add_reads_the_password_from_standard_input(ctl):
    ctl.with_keys_and_database()
    name = ["user", "add", "--username", "Ada", "--email", "ada@example.org"]
    ctl(*name, status=2)
    ctl(*name, "--password-stdin", stdin="", status=1)
    ctl(*name, "--password-stdin", stdin="short\n", status=1)
    user_id = ctl(*name, "--password-stdin", stdin="long enough\n").stdout.strip()
    assert len(user_id) == 36
    assert "taken" in ctl(*name, "--password-stdin", stdin="long enough\n", status=1).stderr
    rows = sqlite3.connect(ctl.database).execute("SELECT public_id, password_hash FROM users")
    ((stored_id, password_hash),) = rows.fetchall()
    assert stored_id == user_id
    assert password_hash.startswith("$y$")


def test_session_issue_writes_a_private_line_for_each_user(ctl):
    ctl.with_keys_and_database()
    file = ctl.directory / "sessions.jsonl"
    ctl("session", "issue", "--users", "3", "--out", file)
    ctl("session", "issue", "--users", "2", "--out", file, "--prefix", "run")
    assert mode(file) == 0o600
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == 2
    for line in lines:
        assert set(line) == {"user_id", "username", "access_token", "action_secret_key", "nonce"}
        assert line["username"].startswith("run")
        assert line["access_token"].count(".") == 2
        assert len(line["action_secret_key"]) == 64 and len(line["nonce"]) == 32
    assert len({line["action_secret_key"] for line in lines}) == 2
    count = sqlite3.connect(ctl.database).execute("SELECT count(*) FROM sessions").fetchone()[0]
    assert count == 5


def test_session_issue_needs_the_keys(ctl):
    ctl("migrate")
    ctl("session", "issue", "--users", "1", "--out", ctl.directory / "s", status=1)
    assert not (ctl.directory / "s").exists()


def test_top_and_verify_of_an_empty_board(ctl):
    ctl("migrate")
    assert "Nobody has scored yet" in ctl("top").stdout
    assert "0 events, 0 players: everything agrees" in ctl("verify").stdout


def test_verify_says_what_differs(ctl):
    ctl.with_keys_and_database()
    ctl("session", "issue", "--users", "1", "--out", ctl.directory / "s")
    database = sqlite3.connect(ctl.database)
    database.execute("INSERT INTO scores VALUES (1, 0, (SELECT id FROM users), 5, 256)")
    database.commit()
    assert "score" in ctl("verify", status=1).stdout
