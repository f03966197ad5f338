# SPDX-License-Identifier: Apache-2.0
"""What scripts/soak makes of its samples: each bar can be missed, each for its own reason."""
import copy
import math
import subprocess
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "scripts" / "lib" / part)
                for part in ("", "bench")]
from flatness import grew, rise  # noqa: E402
from soak import Load  # noqa: E402
from soak_bars import bars, replaced  # noqa: E402
from soak_report import command, page, picture  # noqa: E402
from verdict import ended, missed  # noqa: E402

SECONDS = 3600
FACTS = {"date": "2026-01-02", "machine": "2 cores", "hours": 1, "rate": 500, "watchers": 100,
         "seconds": SECONDS, "counted": 1_790_000, "failed_loads": 0,
         "told": {"up": 100, "cut": 0, "messages": 100_000, "fell": 0}}


def rows(memory=lambda second: 50_000, files=lambda second: 30, pid=lambda second: 7):
    """Of a worker that is as told, and of an edge that is as it should be. An empty pid: it is away."""
    found = []
    for second in range(0, SECONDS, 10):
        if pid(second):
            found.append(sample(second, "worker-1", memory(second), files(second), pid(second)))
        found.append(sample(second, "edge 1", 20_000 + second % 30, 100, 8))
        found.append(sample(second, "Nchan's memory", 2_000, "", ""))
    return found


def sample(*values):
    """As a CSV file has it."""
    return dict(zip(("second", "what", "memory_kib", "descriptors", "pid"), map(str, values)))


def what_is_missed(samples=None, **changes):
    facts = copy.deepcopy(FACTS)
    for name, value in changes.items():
        (facts["told"] if name in facts["told"] else facts)[name] = value
    found = bars(facts, samples or rows())
    assert len(missed(found)) == sum(met is False for *_, met in found)
    return [number for number, (*_, met) in enumerate(found) if met is not True]


def test_everything_is_met_where_everything_is():
    assert what_is_missed() == []


@pytest.mark.parametrize("bar, changes", [
    (0, {"counted": 0}),                   # no load at all
    (0, {"counted": 1_619_000}),           # less than nine tenths of it
    (1, {"failed_loads": 1}),
    (2, {"up": 99}),
    (3, {"cut": 1}),
    (4, {"messages": 5_000}),              # connected, but nothing came
    (5, {"fell": 1}),
])
def test_each_bar_is_missed_by_itself(bar, changes):
    assert what_is_missed(**changes) == [bar]


@pytest.mark.parametrize("changed", [
    lambda second: 7 if second < 1800 else 9,
    lambda second: "" if second == 1800 else 7,        # away when it was looked at
    lambda second: 7 if second < 3590 else "",         # and never back
])
def test_a_process_that_was_replaced_is_noticed(changed):
    assert replaced(rows(pid=changed)) == ["worker-1"]
    assert what_is_missed(rows(pid=changed)) == [6]


def test_what_was_not_noted_is_not_taken_for_proof():
    without = [{**row, "pid": ""} for row in rows()]
    assert replaced(without) is None
    assert what_is_missed(without) == [6]
    assert missed(bars(FACTS, without)) == []
    assert "| not noted | none | not known |" in page(FACTS, without)
    assert what_is_missed(failed_loads=None) == [1]  # nor are load generators nobody looked at
    assert missed(bars({**FACTS, "failed_loads": None}, rows())) == []


@pytest.mark.parametrize("series, grows", [
    (lambda second: 50_000, False),
    (lambda second: 50_000 + second, True),                              # 1 KiB a second
    (lambda second: 50_000 + second / 4, False),                         # less than can be told apart
    (lambda second: 50_000 - 5 * second, False),
    (lambda second: 50_000 + 8_000 * (second % 100 > 50), False),        # breath
    (lambda second: 50_000 + 40_000 * min(1, second / 900), False),      # warm by then
    (lambda second: 90_000 - 40_000 * math.exp(-second / 150), False),   # saturates while warming up
    (lambda second: 90_000 - 40_000 * math.exp(-second / 3600), True),   # and here long afterwards
    (lambda second: 50_000 + 60_000 * (second > 3000), True),            # a step is growth
])
def test_memory_that_grows_is_told_from_memory_that_does_not(series, grows):
    assert what_is_missed(rows(memory=series)) == ([7] if grows else [])


def test_descriptors_that_grow_are_noticed():
    assert what_is_missed(rows(files=lambda second: 30 + second // 20)) == [7]
    assert what_is_missed(rows(files=lambda second: 30 + second // 60)) == []


def test_the_bound_is_a_part_of_what_there_is_and_at_least_so_much():
    line = [(second, 1000 + second) for second in range(0, 101)]
    assert rise(line) == pytest.approx(100)
    assert grew(line, 0.02, 99)[2] and not grew(line, 0.02, 101)[2]
    assert grew(line, 0.09, 1)[2] and not grew(line, 0.10, 1)[2]
    assert not grew([(5, 1.0)], 0, 0)[2]


class Board:
    players = 1

    def arguments(self):
        return []


@pytest.mark.parametrize("program, failed", [("exit 3", 2), ("exit 0", 0)])
def test_a_load_generator_that_fails_is_counted(program, failed, tmp_path, monkeypatch):
    generator = tmp_path / "bin" / "load-bench"
    generator.parent.mkdir()
    generator.write_text(f"#!/bin/sh\n{program}\n")
    generator.chmod(0o755)
    monkeypatch.setenv("SCOREBOARD_BUILD_DIR", str(tmp_path))
    load = Load(Board(), 1, 1)
    for _ in range(2):
        load.keep_going()
        load.process.wait(timeout=30)
    load.stop()
    assert load.failed == failed


def test_one_that_is_told_to_end_has_not_failed(tmp_path, monkeypatch):
    monkeypatch.setenv("SCOREBOARD_BUILD_DIR", str(tmp_path))
    load = Load(Board(), 1, 1)
    load.command = ["/bin/sleep", "60"]
    load.keep_going()
    load.stop()
    assert load.failed == 0 and load.process.poll() is not None


def test_the_page_names_what_was_missed_and_how_to_repeat_it():
    assert command(FACTS) == "scripts/soak --hours 1 --watchers 100"
    good = page(FACTS, rows())
    assert "missed" not in good and "grew |" not in good.replace("what grew |", "")
    bad = page({**FACTS, "counted": 5}, rows(memory=lambda second: 50_000 + second))
    assert bad.count("**missed**") == 2 and "| worker-1 | KiB |" in bad and "**grew**" in bad
    assert picture(rows()) == picture(rows())


def test_what_was_missed_is_the_exit_status_and_said(capsys):
    assert ended([]) == 0 and capsys.readouterr().out == "no bar missed\n"
    assert ended(["one: 2 (bar 1)", "other"]) == 1
    assert capsys.readouterr().out == "missed: one: 2 (bar 1)\nmissed: other\nbars missed: 2\n"


def test_a_run_that_is_told_again_ends_as_it_did(tmp_path):
    """The program itself: its exit status and its line."""
    import csv
    import json
    for facts, status in ((FACTS, 0), ({**FACTS, "failed_loads": 2}, 1)):
        (tmp_path / "soak.json").write_text(json.dumps(facts))
        with open(tmp_path / "soak.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows()[0]))
            writer.writeheader()
            writer.writerows(rows())
        done = subprocess.run(
            [sys.executable, Path(__file__).resolve().parents[2] / "scripts" / "lib" / "soak.py",
             "--again", "--samples", tmp_path, "--out", tmp_path],
            capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        assert ("missed: load generators that failed: 2 (bar 0)" in done.stdout) == bool(status)
        assert (tmp_path / "soak.md").exists() and (tmp_path / "soak.svg").exists()
