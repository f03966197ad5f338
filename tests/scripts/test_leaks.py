# SPDX-License-Identifier: Apache-2.0
"""That the search of the logs finds what it looks for, says where, and does not repeat it."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import leaks  # noqa: E402

HEX = "0123456789abcdef" * 4
LEAKS = {
    "a token (JWT)": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
    "a signature (v1=)": f"v1={HEX[:40]}",
    "64 hex digits": HEX.upper(),
    "a mail address": "ana.b+c@mail.example.org",
    "refresh_token": "Zq4vW1cX9_yT-3pLk8RmN2sBf6HdJ0uEaGi7oQwKzVM",
}
HARMLESS = """{"time":"2026-02-02T10:30:00.000000Z","level":"info","event":"request","request_id":"00112233445566778899aabbccddeeff"}
2026/02/02 10:30:00 [error] 12#12: *3 client intended to send too large body: 9000 bytes
a key of 63 digits 012345678abcdef0123456789abcdef0123456789abcdef0123456789abcdef
a longer run of them 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff0011223344
user@localhost 7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d17 alg v1 signature does not match
"""


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setattr(leaks, "handed_out", {})
    leaks.remember_body(f'{{"refresh_token":"{LEAKS["refresh_token"]}","password":"short"}}')
    file = tmp_path / "worker-1.log"
    file.write_text(HARMLESS + "short\n")
    return file


def test_what_logs_may_hold_is_no_find(log):
    assert leaks.in_logs(log.parent) == []
    leaks.check_logs(log.parent)


@pytest.mark.parametrize("what", LEAKS)
@pytest.mark.parametrize("frame", ['{{"reason":"{}"}}', "{}", "x={}&y", "GET /?q={} HTTP/1.1"])
def test_each_leak_is_found_with_file_and_line_and_is_not_repeated(log, what, frame):
    with log.open("a") as file:
        file.write(frame.format(LEAKS[what]) + "\n")
    line = len(log.read_text().splitlines())
    assert leaks.in_logs(log.parent) == [f"worker-1.log:{line}: {what}"]
    with pytest.raises(AssertionError) as failed:
        leaks.check_logs(log.parent)
    assert f"worker-1.log:{line}: {what}" in str(failed.value)
    assert LEAKS[what] not in str(failed.value)


def test_bytes_that_are_no_text_do_not_hide_a_leak(log):
    with log.open("ab") as file:
        file.write(b"\x00\xff\xfe " + LEAKS["a token (JWT)"].encode() + b"\n")
    assert len(leaks.in_logs(log.parent)) == 1


def test_cookies_and_answers_are_remembered(log):
    cookie = "Ab3" * 14 + "x"
    leaks.remember_cookies([f"__Host-scoreboard-refresh={'0' * 32}.{cookie}; Path=/; HttpOnly"])
    leaks.remember_body(b'{"action_secret_key":"' + b"k" * 40 + b'","expires_in":3600}')
    leaks.remember_body(b"no JSON")
    leaks.remember_body(b"[1]")
    with log.open("a") as file:
        file.write(f"{cookie}\n{'k' * 40}\n")
    assert {found.split(": ")[1] for found in leaks.in_logs(log.parent)} == {
        "cookie __Host-scoreboard-refresh", "action_secret_key"}
