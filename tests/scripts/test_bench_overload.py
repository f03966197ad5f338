# SPDX-License-Identifier: Apache-2.0
"""What scripts/bench overload makes of its figures: each bar can be missed, each for its own reason."""
import copy
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "scripts" / "lib" / part)
                for part in ("", "bench")]
from overload import recovered  # noqa: E402
from overload_report import bars, picture  # noqa: E402


def told(**status):
    return {"status": {code[1:]: {"count": count, "p50_ms": p99 / 2, "p99_ms": p99, "max_ms": p99}
                       for code, (count, p99) in status.items()},
            "broken": 0, "timed_out": 0, "without_retry_after": 0}


def rows(seconds, slow=(), refused=()):
    """A series in which every request takes 10 ms; 100 ms in the tenths of `slow`, and none is accepted
    in those of `refused`."""
    return [{"second": tenth / 10, "ok": 0.0 if tenth in refused else 10.0,
             "refused": 10.0 if tenth in refused else 0.0, "lost": 0.0, "other": 0.0,
             "ok_p99_ms": 100.0 if tenth in slow else 10.0, "refused_p99_ms": 1.0}
            for tenth in range(int(seconds * 10))]


FULL = told(_200=(10_000, 50.0))
TEN = {"flood": told(_200=(8_000, 90.0), _503=(90_000, 20.0)), "acknowledged": 8_000, "lost": 0,
       "recovered_s": 0.3}


def missed(**changes):
    ten = copy.deepcopy(TEN)
    for name, value in changes.items():
        (ten["flood"] if name in ten["flood"] else ten)[name] = value
    return [number for number, bar in enumerate(bars(FULL, ten)) if not bar[3]]


def test_everything_is_met_where_everything_is():
    assert missed() == []


@pytest.mark.parametrize("bar, changes", [
    (0, {"status": told(_200=(8_000, 101.0), _503=(90_000, 20.0))["status"]}),
    (1, {"status": told(_200=(8_000, 90.0), _503=(90_000, 50.0))["status"]}),
    (1, {"status": told(_200=(98_000, 90.0))["status"]}),  # nothing was refused: no overload
    (2, {"without_retry_after": 1}),
    (3, {"broken": 1}),
    (3, {"timed_out": 1}),
    (3, {"status": told(_200=(8_000, 90.0), _503=(90_000, 20.0), _500=(1, 1.0))["status"]}),
    (4, {"lost": 1}),
    (5, {"recovered_s": 2.1}),
    (5, {"recovered_s": None}),
])
def test_each_bar_is_missed_by_itself(bar, changes):
    assert missed(**changes) == [bar]


def test_normal_is_a_second_without_refusals_at_the_usual_latency():
    assert recovered(rows(14), 3, 9) == pytest.approx(0)
    assert recovered(rows(14, refused=range(90, 95)), 3, 9) == pytest.approx(0.5)
    assert recovered(rows(14, slow=range(90, 110)), 3, 9) == pytest.approx(1.6)  # most of it is
    assert recovered(rows(14, slow=[93, 97]), 3, 9) == pytest.approx(0)
    assert recovered(rows(14, refused=range(90, 140, 5)), 3, 9) is None


def test_the_same_figures_draw_the_same_picture():
    ten = {"probe_series": rows(14, refused=[40]), "flood_series": rows(6), "at": 3.0, "until": 9.0}
    assert picture(ten) == picture(copy.deepcopy(ten))
    assert picture(ten).count("<path") == 6
