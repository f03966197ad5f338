# SPDX-License-Identifier: Apache-2.0
"""scoreboardctl jws verify, as a script calls it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SCOREBOARD_BUILD_DIR", TOP / "build/release"))
VECTORS = json.loads((TOP / "tests/vectors/rfc_jws.json").read_text())
HS256, RS256, ES256, _, _, _, _, _, EDDSA = VECTORS["cases"]


def verify(jwk, jws, *more):
    done = subprocess.run(
        [BUILD / "bin/scoreboardctl", "jws", "verify", "--jwk", jwk, *more],
        input=jws if isinstance(jws, bytes) else jws.encode(),
        capture_output=True,
        timeout=30,
    )
    assert done.returncode in (0, 1), done
    if done.returncode == 1:
        assert done.stdout == b"" and done.stderr.startswith(b"scoreboardctl: ")
        return None
    assert done.stderr == b""
    return done.stdout


def test_a_wrong_command_line_is_2_as_the_help_says():
    def run(*words):
        return subprocess.run([BUILD / "bin/scoreboardctl", "jws", "verify", *words],
                              input=b"", capture_output=True, timeout=30)

    for words in ([], ["--jwk"], ["--jwk", "key.json", "--algorithm", "HS256"]):
        assert run(*words).returncode == 2, words
    told = run("--help")
    assert told.returncode == 0
    assert b"2 for a mistake in the command line" in told.stdout


@pytest.fixture
def key_file(tmp_path):
    def write(jwk):
        file = tmp_path / "key.json"
        file.write_text(jwk if isinstance(jwk, str) else json.dumps(jwk))
        return file

    return write


def key_of(case):
    return json.loads(VECTORS["keys"][case["key"]])


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["comment"])
def test_the_examples_of_the_rfcs(key_file, case):
    payload = verify(key_file(key_of(case)), case["jws"])
    assert payload == (case["payload"].encode() if case["valid"] else None)


def test_the_end_of_the_line_is_the_shell_s(key_file):
    file = key_file(key_of(HS256))
    for end in ("\n", "\r\n"):
        assert verify(file, HS256["jws"] + end) == HS256["payload"].encode()
    for jws in (HS256["jws"] + "\n\n", " " + HS256["jws"], HS256["jws"] + " ", "", "\n"):
        assert verify(file, jws) is None, repr(jws)


def test_the_named_algorithm_is_the_only_one(key_file):
    for case, name in ((HS256, "HS256"), (RS256, "RS256"), (ES256, "ES256"), (EDDSA, "EdDSA")):
        file = key_file(key_of(case))
        assert verify(file, case["jws"], "--alg", name) == case["payload"].encode()
        for other in {"HS256", "RS256", "ES256", "EdDSA", "PS256", "none", "HS512", ""} - {name}:
            if other == "":
                continue
            assert verify(file, case["jws"], "--alg", other) is None, (name, other)


def test_a_set_is_searched_by_key_id(key_file):
    keys = [{**key_of(case), "kid": name} for case, name in ((RS256, "r"), (ES256, "e"))]
    assert verify(key_file({"keys": keys[:1]}), RS256["jws"]) == RS256["payload"].encode()
    assert verify(key_file({"keys": keys}), RS256["jws"]) is None  # the token names none of two


def test_a_key_that_is_no_good_is_status_1(key_file, tmp_path):
    for jwk in ("", "{", "[]", {"keys": []}, {**key_of(ES256), "use": "enc"},
                {**key_of(ES256), "key_ops": ["sign"]}, {**key_of(ES256), "alg": "ES512"},
                {**key_of(ES256), "x": key_of(ES256)["y"]}, "x" * 70_000):
        assert verify(key_file(jwk), ES256["jws"]) is None, jwk
    assert verify(tmp_path / "absent", ES256["jws"]) is None
    assert verify(tmp_path, ES256["jws"]) is None


def test_what_comes_in_is_bounded(key_file):
    assert verify(key_file(key_of(HS256)), "a" * 4097) is None
    assert verify(key_file(key_of(HS256)), b"\xff\x00" * 500_000) is None
