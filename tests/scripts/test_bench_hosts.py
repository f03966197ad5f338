# SPDX-License-Identifier: Apache-2.0
"""What scripts/bench hosts makes of its figures: each bar can be missed, each for its own reason."""
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "scripts" / "lib" / part)
                for part in ("", "bench")]
from hosts_bars import bars  # noqa: E402
from hosts_report import write_report  # noqa: E402
from verdict import missed  # noqa: E402

COST = {"p50_ms": 2.0, "p99_ms": 9.0, "entries": 100.0, "hosts": 0.25, "primary": 0.2,
        "standby": 0.04, "pgbouncer": 0.04, "others": 0}
ROWS = [(hosts, kind, {**COST, "per_second": per_second}) for hosts in (1, 2)
        for kind, per_second in (("open", 299.0), ("closed", 1600.0), ("queue", 7000.0))]
RUN = {"cores": 2, "seconds": 8, "rate": 300, "players": 1000, "connections": 32, "callers": 128}


def changed(number, **figures):
    return [(*row[:2], {**row[2], **figures}) if number == at else row for at, row in enumerate(ROWS)]


def test_everything_is_met_where_everything_is():
    assert missed(bars(ROWS, 300)) == []


@pytest.mark.parametrize("number, figures, what", [
    (0, {"others": 1}, "1 host, open: updates that failed: 1 (bar 0)"),
    (4, {"others": 2}, "2 hosts, closed: updates that failed: 2 (bar 0)"),
    (5, {"others": 1}, "2 hosts, queue: updates that failed: 1 (bar 0)"),
    (3, {"per_second": 284.0}, "2 hosts, open: updates a second: 284 (bar ≥ 285)"),
    (2, {"per_second": 0.0}, "1 host, queue: updates: 0 a second (bar some)"),
])
def test_each_bar_is_missed_by_itself(number, figures, what):
    assert missed(bars(changed(number, **figures), 300)) == [what]


def test_the_page_says_what_was_missed_and_what_is_reckoned(tmp_path):
    write_report(tmp_path, ROWS, RUN)
    page = (tmp_path / "hosts.md").read_text()
    assert "All are met." in page and "would be full at 4,000 updates a second" in page
    write_report(tmp_path, changed(0, others=1), RUN)
    assert "**Missed**: 1 host, open" in (tmp_path / "hosts.md").read_text()
