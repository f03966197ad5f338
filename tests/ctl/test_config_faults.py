# SPDX-License-Identifier: Apache-2.0
"""Broken configurations: each is refused with its place and what was meant, by scoreboardctl and by
the worker, which does not start."""

import os
import subprocess

import pytest
from test_scoreboardctl import BUILD, Ctl

MAIN = "scoreboard.toml"
PIECE = "conf.d/10-piece.toml"

# (what is wrong, {file: text}, {variable: value}, [--set ...], the fault)
BROKEN = [
    ("unknown section", {MAIN: "[servr]\nthreads = 1\n"}, {}, [],
     "{main}:1:2: there is no section [servr]; did you mean [server]?"),
    ("no such section at all", {MAIN: "\n\n[wholly_other]\n"}, {}, [],
     "{main}:3:2: there is no section [wholly_other]"),
    ("unknown key", {MAIN: "[server]\n  tread = 2\n"}, {}, [],
     "{main}:2:3: [server] has no key tread; did you mean threads?"),
    ("key of another section", {MAIN: "[database]\nthreads = 2\n"}, {}, [],
     "{main}:2:1: [database] has no key threads; did you mean [server] threads?"),
    ("key before the sections", {MAIN: "threads = 1\n"}, {}, [],
     "{main}:1:1: threads stands in no section; did you mean [server] threads?"),
    ("below the range", {MAIN: "[server]\nthreads = 0\n"}, {}, [],
     "{main}:2:11: server.threads is 0; it must be from 1 to 1024 threads"),
    ("above the range", {MAIN: "[server]\nthreads = 1025\n"}, {}, [],
     "{main}:2:11: server.threads is 1025; it must be from 1 to 1024 threads"),
    ("negative", {MAIN: "[limits]\nawards = -1\n"}, {}, [],
     "{main}:2:10: limits.awards is -1; it must be from 1 to 1000000 actions"),
    ("beyond 64 bits", {MAIN: "[limits]\nawards = 99999999999999999999\n"}, {}, [],
     "{main}:2:30: Error while parsing decimal integer: '99999999999999999999' is not"),
    ("text for a number", {MAIN: '[limits]\nawards = "10"\n'}, {}, [],
     "{main}:2:10: limits.awards must be a whole number from 1 to 1000000 actions"),
    ("fraction", {MAIN: "[auth]\naccess_lifetime_s = 60.5\n"}, {}, [],
     "{main}:2:21: auth.access_lifetime_s must be a whole number from 60 to 3600 seconds"),
    ("number for a text", {MAIN: "[auth]\nissuer = 7\n"}, {}, [],
     "{main}:2:10: auth.issuer must be a text in quotes"),
    ("list for a text", {MAIN: '[boards]\nperiods = ["day"]\n'}, {}, [],
     "{main}:2:11: boards.periods must be a text in quotes"),
    ("empty text", {MAIN: '[auth]\nissuer = ""\n'}, {}, [],
     "{main}:2:10: auth.issuer must not be empty"),
    ("text too long", {MAIN: f'[live]\nnchan_socket = "{"s" * 108}"\n'}, {}, [],
     "{main}:2:16: live.nchan_socket is too long; it must be from 1 to 107 bytes long"),
    ("NUL in a text", {MAIN: '[auth]\nissuer = "a\\u0000"\n'}, {}, [],
     "{main}:2:10: auth.issuer must not contain a NUL byte"),
    ("open bracket", {MAIN: "[server\nthreads = 1\n"}, {}, [],
     "{main}:1:8: Error while parsing table header: expected ']', saw '\\n'"),
    ("no value", {MAIN: "[server]\nthreads =\n"}, {}, [],
     "{main}:2:10: Error while parsing key-value pair: expected value, saw '\\n'"),
    ("key twice", {MAIN: "[server]\nthreads = 1\nthreads = 2\n"}, {}, [],
     "{main}:3:11: Error while parsing key-value pair: cannot redefine existing integer 'threads'"),
    ("section twice", {MAIN: "[server]\n[auth]\n[server]\n"}, {}, [],
     "{main}:3:1: Error while parsing table header: cannot redefine existing table 'server'"),
    ("no UTF-8", {MAIN: b'[auth]\nissuer = "\xff"\n'}, {}, [],
     "{main}:2:10: Encountered invalid utf-8 sequence"),
    ("text without its end", {MAIN: '[auth]\nissuer = "open\n'}, {}, [],
     "{main}:2:15: Error while parsing string: unescaped control characters"),
    ("action type in small letters", {MAIN: "[points]\njump = 1\n"}, {}, [],
     "{main}:2:1: points.jump is no action type; one has up to 50 capital letters"),
    ("no points", {MAIN: "[points]\nJUMP = 0\n"}, {}, [],
     "{main}:2:8: points.JUMP is 0; it must be from 1 to 1000000 points"),
    ("points table without points", {MAIN: "[points]\n"}, {}, [],
     "{main}:1:1: [points] must name at least one action type"),
    ("level of isolation", {MAIN: '[database]\nisolation = "snapshot"\n'}, {}, [],
     '{main}:2:13: database.isolation must be "read committed" or "serializable"'),
    ("time zone", {MAIN: '[boards]\ntime_zone = "Europe/Wien"\n'}, {}, [],
     "{main}:2:13: boards.time_zone is no time zone that this system knows: Europe/Wien"),
    ("board", {MAIN: '[boards]\nperiods = "day,year"\n'}, {}, [],
     "{main}:2:11: boards.periods may name day, week and month, not: year"),
    ("board without a name", {MAIN: '[boards]\nperiods = "day,"\n'}, {}, [],
     "{main}:2:11: boards.periods has a comma without a name on both sides: day,"),
    ("board without a name between", {MAIN: ""}, {"SCOREBOARD_BOARDS_PERIODS": "day,,week"}, [],
     "SCOREBOARD_BOARDS_PERIODS: boards.periods has a comma without a name on both sides: day,,week"),
    ("list of sections", {MAIN: "\n[[server]]\nthreads = 1\n"}, {}, [],
     "{main}:2:3: [[server]] begins a list, and there is one section of a name: write [server]"),
    ("list of issuers", {MAIN: '[[issuers.acme]]\nissuer = "a"\n'}, {}, [],
     "{main}:1:11: [[issuers.acme]] begins a list, and there is one section of a name: write [issuers.acme]"),
    ("section as a key", {MAIN: "server = 1\n"}, {}, [], "{main}:1:1: server is a section: write [server]"),
    ("variable that is a section", {MAIN: ""}, {"SCOREBOARD_ISSUERS": "x"}, [],
     "environment: SCOREBOARD_ISSUERS sets nothing: it names a section, whose keys are"
     " SCOREBOARD_ISSUERS_<NAME>_<KEY>"),
    ("another one", {MAIN: ""}, {"SCOREBOARD_SERVER": "x"}, [],
     "environment: SCOREBOARD_SERVER sets nothing: it names a section, whose keys are SCOREBOARD_SERVER_<KEY>"),
    ("a terminal's commands", {MAIN: '"\\u001b[2J\\u009bm" = 1\n'}, {}, [],
     "{main}:1:1: \\x1b[2J\\xc2\\x9bm stands in no section"),
    ("one key file in two spellings",
     {MAIN: '[auth]\naccess_keys = "/k/../a//k"\naction_keys = "/a/./k"\n'}, {}, [],
     "{main}:2:15: auth.access_keys and auth.action_keys ({main}:3) are the same file"),
    ("an issuer with our own keys in another spelling",
     {MAIN: '[auth]\naccess_keys = "/a/k"\n[issuers.acme]\nissuer = "a"\naudience = "b"\nkeys = "/a//k"\n'},
     {}, [], "{main}:6:8: [issuers.acme] has a file of our own secret keys as its keys"),
    ("one key file for two purposes",
     {MAIN: '[auth]\naccess_keys = "/k"\naction_keys = "/k"\n'}, {}, [],
     "{main}:2:15: auth.access_keys and auth.action_keys ({main}:3) are the same file"),
    ("issuer without its keys",
     {MAIN: '[issuers.acme]\nissuer = "a"\naudience = "b"\n'}, {}, [],
     "{main}:1:1: [issuers.acme] has no keys"),
    ("issuer's key misspelt",
     {MAIN: '[issuers.acme]\nissuer = "a"\naudience = "b"\nkeys = "/k"\nalgorithm = "ES256"\n'},
     {}, [], "{main}:5:1: [issuers.acme] has no key algorithm; did you mean algorithms?"),
    ("issuer's algorithm",
     {MAIN: '[issuers.acme]\nissuer = "a"\naudience = "b"\nkeys = "/k"\nalgorithms = "HS256"\n'},
     {}, [], '{main}:5:14: issuers.acme.algorithms names "HS256"; there are RS256, ES256, EdDSA'),
    ("issuer that is us",
     {MAIN: '[issuers.acme]\nissuer = "scoreboard"\naudience = "b"\nkeys = "/k"\n'}, {}, [],
     "{main}:2:10: [issuers.acme] is our own issuer, auth.issuer"),
    ("two issuers of one name", {
        MAIN: '[issuers.a]\nissuer = "x"\naudience = "b"\nkeys = "/k"\n',
        PIECE: '[issuers.b]\nissuer = "x"\naudience = "b"\nkeys = "/k"\n'}, {}, [],
     "{piece}:2:10: [issuers.b] and [issuers.a] are the same issuer"),
    ("issuer in no section of its own", {MAIN: '[issuers]\nissuer = "a"\n'}, {}, [],
     "{main}:2:1: [issuers] has no key issuer; an issuer is a section of its own"),
    ("piece with an unknown key", {MAIN: "", PIECE: "\n[limits]\naward = 1\n"}, {}, [],
     "{piece}:3:1: [limits] has no key award; did you mean awards?"),
    ("piece with a value out of range", {MAIN: "", PIECE: "[limits]\nawards = 0\n"}, {}, [],
     "{piece}:2:10: limits.awards is 0; it must be from 1 to 1000000 actions"),
    ("piece with a syntax error", {MAIN: "", PIECE: "[limits\n"}, {}, [],
     "{piece}:1:8: Error while parsing table header: expected ']', saw '\\n'"),
    ("variable out of range", {MAIN: ""}, {"SCOREBOARD_SERVER_THREADS": "0"}, [],
     "environment: SCOREBOARD_SERVER_THREADS is 0; it must be from 1 to 1024 threads"),
    ("variable that is no number", {MAIN: ""}, {"SCOREBOARD_SERVER_THREADS": "8 "}, [],
     "environment: SCOREBOARD_SERVER_THREADS must be a whole number from 1 to 1024 threads"),
    ("variable misspelt", {MAIN: ""}, {"SCOREBOARD_SERVER_THREAD": "8"}, [],
     "environment: SCOREBOARD_SERVER_THREAD sets nothing; did you mean SCOREBOARD_SERVER_THREADS?"),
    ("variable that contradicts", {MAIN: ""}, {"SCOREBOARD_BOARDS_PERIODS": "day,day"}, [],
     "SCOREBOARD_BOARDS_PERIODS: boards.periods names a board twice: day"),
    ("assignment out of range", {MAIN: ""}, {}, ["server.threads=0"],
     "command line: --set server.threads is 0; it must be from 1 to 1024 threads"),
    ("assignment misspelt", {MAIN: ""}, {}, ["server.thread=8"],
     "command line: --set server.thread sets nothing; did you mean server.threads?"),
    ("a database that nobody knows", {MAIN: '[database]\nuri = "mysql://db/x"\n'}, {}, [],
     "{main}:2:7: database.uri must begin with sqlite:// or postgresql://"),
    ("a database in another spelling", {MAIN: '[database]\nowner_uri = "host=db password=x"\n'}, {}, [],
     "{main}:2:13: database.owner_uri must begin with sqlite:// or postgresql://"),
    ("a password in a database's URI", {MAIN: '[database]\nuri = "postgresql://u:s3cret@db/x"\n'}, {}, [],
     "{main}:2:7: database.uri must not hold a password: name a file with ?passfile="),
    ("a collector that is none", {MAIN: '[traces]\nendpoint = "file:///etc/passwd"\n'}, {}, [],
     "{main}:2:12: traces.endpoint must begin with http:// or https://"),
    ("a file that is too large", {MAIN: "#" * 65537}, {}, [], "{main}: cannot be read: above 64 KiB"),
    ("tables in tables without end", {MAIN: ".".join(["a"] * 300000) + " = 1"}, {}, [],
     "{main}: cannot be read: above 64 KiB"),
    ("as many as fit", {MAIN: ".".join(["a"] * 32700) + " = 1"}, {}, [], "{main}:1:1: there is no section [a]"),
    ("as many in a heading", {MAIN: "[" + ".".join(["a"] * 32700) + "]"}, {}, [], "{main}:1:2: there is no section [a]"),
    ("assignment without a value", {MAIN: ""}, {}, ["server.threads"],
     "command line: --set server.threads has no value; it is --set section.key=value"),
]  # fmt: skip


class Case:
    def __init__(self, directory, files, assignments):
        self.names = {"main": directory / MAIN, "piece": directory / PIECE}
        (directory / "conf.d").mkdir()
        for name, text in files.items():
            (directory / name).write_bytes(text.encode() if isinstance(text, str) else text)
        self.options = [word for one in assignments for word in ("--set", one)]


@pytest.mark.parametrize("files, variables, assignments, fault",
                         [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_configuration_is_refused_with_its_place(
        tmp_path, files, variables, assignments, fault):
    ctl = Ctl(tmp_path)
    case = Case(tmp_path, files, assignments)
    told = ctl("config", "check", *case.options, status=1, **variables).stderr.splitlines()
    assert len(told) == 1, told
    assert told[0].startswith(fault.format(**case.names)), told


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "directory"])
def test_what_is_no_file_is_refused_and_nobody_waits_for_it(tmp_path, make):
    ctl = Ctl(tmp_path)
    case = Case(tmp_path, {MAIN: ""}, [])
    make(case.names["piece"])
    told = ctl("config", "check", status=1).stderr.splitlines()
    assert told == [f"{case.names['piece']}: cannot be read: not a regular file"]


def test_a_link_is_no_second_key_file(tmp_path):
    ctl = Ctl(tmp_path)
    (tmp_path / "access.jwks").touch(0o600)
    (tmp_path / "action.jwks").symlink_to("access.jwks")
    assert "are the same file" in ctl("config", "check", status=1).stderr
    (tmp_path / "action.jwks").unlink()
    (tmp_path / "action.jwks").touch(0o600)
    ctl("config", "check")


@pytest.mark.parametrize("uri", ["host=db user=s password=hunter2", "postgresql://u:hunter2@db/x"])
def test_a_password_in_the_wrong_place_is_not_told(tmp_path, uri):
    ctl = Ctl(tmp_path)
    Case(tmp_path, {MAIN: f'[database]\nuri = "{uri}"\n'}, [])
    for command in (("config", "check"), ("migrate",), ("status",)):
        told = ctl(*command, status=1)
        assert "hunter2" not in told.stdout + told.stderr
        assert "database.uri must" in told.stderr


def test_the_worker_tells_the_same_and_does_not_start(tmp_path):
    ctl = Ctl(tmp_path)
    case = Case(tmp_path, {MAIN: "[server]\nthreads = 0\n", PIECE: "[auht]\n"}, [])
    options = ["--set", "limits.award=1", "--set", "limits.awards=1"]
    told = ctl("config", "check", *options, status=1).stderr
    worker = subprocess.run([BUILD / "bin/scoreboard-worker", "--config", ctl.config, *options],
                            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    assert worker.returncode == 2
    assert worker.stderr == told
    assert told.count("\n") == 3 and str(case.names["piece"]) in told


def test_what_is_set_later_wins_and_is_told_so(tmp_path):
    ctl = Ctl(tmp_path)
    Case(tmp_path, {MAIN: "[server]\nthreads = 1\n", PIECE: "[server]\nthreads = 2\n"}, [])

    def threads(*options, **variables):
        shown = ctl("config", "show", "--origin", *options, **variables).stdout
        return next(line for line in shown.splitlines() if line.startswith("threads = "))

    variable = {"SCOREBOARD_SERVER_THREADS": "3"}
    option = ("--set", "server.threads=4")
    assert threads() == f"threads = 2  # {tmp_path / PIECE}:2"
    assert threads(**variable) == "threads = 3  # SCOREBOARD_SERVER_THREADS"
    assert threads(*option, **variable) == "threads = 4  # --set"
    assert threads(*option, "--set", "server.threads=5") == "threads = 5  # --set"
    (tmp_path / PIECE).unlink()
    assert threads() == f"threads = 1  # {tmp_path / MAIN}:2"
