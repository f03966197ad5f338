# SPDX-License-Identifier: Apache-2.0
"""What scripts/bench fanout makes of its figures: each bar can be missed, each for its own reason."""
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "scripts" / "lib" / part)
                for part in ("", "bench")]
from fanout_bars import missed_by_comparison, missed_by_deaf, missed_by_restart  # noqa: E402
from fanout_report import write_report  # noqa: E402

SUMMARY = {"p50_ms": 5.0, "p95_ms": 8.0, "p99_ms": 9.0, "last_ms_median": 10.0, "last_ms_worst": 20.0,
           "last_ms": [10.0, 20.0], "changes": 75, "missing": 0, "merged": 0, "refused": 0, "cut": 0,
           "fell": 0}
RESTART = {"watchers": 5000, "cut": 5000, "away": 0, "up": 5000, "p50": 0.5, "p99": 1.3, "last": 10.0,
           "changes": 60, "refused": 0, "fell": 0}
# KiB: a thousand who read took 32 each.
DEAF = {"readers": 1000, "deaf": 200, "dropped": [200, 200], "missing": 0, "cut": 0,
        "empty": {"edge": 10_000, "live": 20_000}, "before": {"edge": 30_000, "live": 32_000},
        "between": {"edge": 33_000, "live": 115_000}, "after": {"edge": 33_000, "live": 121_000}}


def test_everything_is_met_where_everything_is():
    assert missed_by_comparison({**SUMMARY, "last_ms_median": 15.0, "merged": 1}, SUMMARY) == []
    assert missed_by_restart(RESTART) == []
    assert missed_by_deaf(DEAF) == []


@pytest.mark.parametrize("changes, what", [
    ({"last_ms_median": 15.1}, "the last receipt"),
    ({"missing": 1}, "missing: 1"),
    ({"cut": 1}, "cut: 1"),
    ({"fell": 2}, "fell: 2"),
    ({"refused": 1}, "refused: 1"),
    ({"merged": 2}, "merged: 2 of 75"),
])
def test_each_bar_of_the_comparison_is_missed_by_itself(changes, what):
    assert missed_by_comparison({**SUMMARY, **changes}, SUMMARY) == [what]


@pytest.mark.parametrize("what", ["missing", "cut", "fell", "refused"])
def test_nor_does_a_bare_nchan_count_that_lost_its_watchers(what):
    assert missed_by_comparison(SUMMARY, {**SUMMARY, what: 3}) == [f"bare Nchan's {what}: 3"]


@pytest.mark.parametrize("changes, what", [
    ({"cut": 0, "last": 0.0}, "cut: 0"),          # nothing was restarted
    ({"cut": 4999}, "cut: 4999"),
    ({"away": 1}, "not back: 1"),
    ({"up": 4998}, "not back: 2"),
    ({"last": 10.1}, "the last one back"),
    ({"refused": 1}, "refused: 1"),
    ({"fell": 1}, "fell: 1"),
])
def test_each_bar_of_the_restart_is_missed_by_itself(changes, what):
    assert missed_by_restart({**RESTART, **changes}) == [what]


@pytest.mark.parametrize("changes, what", [
    ({"dropped": [200, 199]}, "dropped: [200, 199]"),
    ({"dropped": [0, 200]}, "dropped: [0, 200]"),
    ({"missing": 1}, "missing: 1"),
    ({"cut": 1}, "cut: 1"),
    # As much again as the first time.
    ({"after": {"edge": 36_000, "live": 197_000}},
     "memory of the second wave: 83.0 MiB, bound 6.2"),
    ({"after": {"edge": 33_000, "live": 121_401}}, "memory of the second wave: 6.3 MiB, bound 6.2"),
])
def test_each_bar_of_the_deaf_is_missed_by_itself(changes, what):
    assert missed_by_deaf({**DEAF, **changes}) == [what]


def test_the_page_says_what_was_missed(tmp_path):
    def told(missed):
        return {"fanout": [{"watchers": 1000, "tls": False, "board": SUMMARY, "nchan": SUMMARY,
                            "ratio": 1.0, "missed": missed}],
                "restart": [{**RESTART, "missed": missed}], "deaf": {**DEAF, "missed": missed},
                "memory": []}
    machine = {"cores": 2, "machine": "x86_64", "minutes": 1, "load": 0.5}
    for missed, verdict in (([], "**missed**"), (["cut: 0"], "**missed** (cut: 0)")):
        write_report(tmp_path, told(missed), machine)
        assert (tmp_path / "fanout.md").read_text().count(verdict) == 3 * len(missed)
