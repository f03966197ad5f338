# SPDX-License-Identifier: Apache-2.0
"""scoreboardctl export, import and retention as an operator uses them."""

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SCOREBOARD_BUILD_DIR", TOP / "build/release"))
LIST = "username,email,score\nana,ana@example.org,5\nbob,bob@example.org,7\n"


def ctl(database, *arguments, status=0, stdin=None):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SCOREBOARD_")}
    done = subprocess.run(
        [BUILD / "bin/scoreboardctl", "--database", f"sqlite://{database}", *arguments],
        input=stdin, stdin=None if stdin else subprocess.DEVNULL,
        env=environment, text=True, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    return done


@pytest.fixture
def board(tmp_path):
    ctl(tmp_path / "a.db", "migrate")
    ctl(tmp_path / "a.db", "import", "--in", "-", stdin=LIST)
    return tmp_path / "a.db"


@pytest.fixture
def empty(tmp_path):
    ctl(tmp_path / "b.db", "migrate")
    return tmp_path / "b.db"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_board_moves_through_a_pipe(board, empty):
    exported = ctl(board, "export", "--out", "-")
    lines = [json.loads(line) for line in exported.stdout.splitlines()]
    assert {k: lines[0][k] for k in ("format", "version")} == {
        "format": "scoreboard-export", "version": 1}  # fmt: skip
    assert "2 users" in exported.stderr
    imported = ctl(empty, "import", "--in", "-", stdin=exported.stdout)
    assert "2 events" in imported.stderr and "verify" in imported.stderr
    assert "everything agrees" in ctl(empty, "verify").stdout
    assert ctl(empty, "top").stdout == ctl(board, "top").stdout


def test_what_holds_password_hashes_is_private(board, tmp_path):
    ctl(board, "export", "--out", tmp_path / "board.jsonl")
    ctl(board, "export", "--format", "csv", "--out", tmp_path / "board")
    assert mode(tmp_path / "board.jsonl") == 0o600
    assert mode(tmp_path / "board") == 0o700
    assert all(mode(file) == 0o600 for file in (tmp_path / "board").iterdir())
    assert "password hashes" in ctl(board, "export", "--help").stdout
    assert "File exists" in ctl(board, "export", "--out", tmp_path / "board.jsonl", status=1).stderr


def test_csv_is_never_one_file(board):
    assert "directory" in ctl(board, "export", "--out", "-", "--format", "csv", status=2).stderr
    ctl(board, "export", "--out", "-", "--format", "xml", status=2)


def test_a_refused_file_is_told_with_its_line(empty, tmp_path):
    (tmp_path / "list.csv").write_text(LIST + "x,x@example.org,1\n")
    stderr = ctl(empty, "import", "--in", tmp_path / "list.csv", status=1).stderr
    assert "list.csv, line 4: username must be 3 to 50 characters" in stderr
    assert "Nothing was imported." in stderr
    assert "Nobody has scored yet" in ctl(empty, "top").stdout


def test_only_an_empty_board_is_filled(board):
    stderr = ctl(board, "import", "--in", "-", stdin=LIST, status=1).stderr
    assert "has users or journal entries" in stderr


@pytest.mark.parametrize("keep", ["90", "d", "0d", "23h", "-1d", "90m", "1.5d", "90days", ""])
def test_how_long_events_are_kept_is_at_least_a_day(board, keep):
    ctl(board, "retention", f"--keep={keep}", status=2)


@pytest.mark.parametrize("keep", ["24h", "90d", "12w"])
def test_retention_says_what_it_did(board, keep):
    assert "0 events would leave" in ctl(board, "retention", "--keep", keep, "--dry-run").stdout
    assert "0 events left; those from 20" in ctl(board, "retention", "--keep", keep).stdout
    assert "everything agrees" in ctl(board, "verify").stdout
