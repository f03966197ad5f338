# SPDX-License-Identifier: Apache-2.0
"""What scripts/bench overload makes of its figures: each bar can be missed, each for its own reason."""
import copy
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "scripts" / "lib" / part)
                for part in ("", "bench")]
from overload_bars import bars, middle, recovered  # noqa: E402
from overload_costs import added, gives_way, per_request, refusal, whole  # noqa: E402
from overload_report import COSTS, FLOODS, picture, write_report  # noqa: E402


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
TEN = {"flood": told(_200=(8_000, 90.0), _503=(90_000, 20.0)), "probe": told(_200=(1_400, 60.0)),
       "acknowledged": 8_000, "lost": 0, "recovered_s": 0.3}
GOOD = TEN["flood"]["status"]


def missed(number=0, who="flood", **changes):
    """By three rounds of which the one with this number is otherwise than the others."""
    rounds = [(FULL, copy.deepcopy(TEN)) for _ in range(3)]
    for name, value in changes.items():
        ten = rounds[number][1]
        (ten[who] if name in ten[who] else ten)[name] = value
    return [number for number, bar in enumerate(bars(*middle(rounds))) if not bar[3]]


def test_everything_is_met_where_everything_is():
    assert missed() == []


@pytest.mark.parametrize("bar, status", [
    (0, told(_200=(8_000, 101.0), _503=(90_000, 20.0))),
    (1, told(_200=(8_000, 90.0), _503=(90_000, 50.0))),
    (1, told(_200=(98_000, 90.0))),  # nothing was refused: no overload
])
def test_each_bar_of_latency_is_missed_by_itself(bar, status):
    rounds = [(FULL, {**TEN, "flood": status})] * 3
    assert [number for number, one in enumerate(bars(*middle(rounds))) if not one[3]] == [bar]


def test_one_round_may_be_slower_than_the_bar():
    for number in range(3):
        assert missed(number, status=told(_200=(8_000, 400.0), _503=(90_000, 20.0))["status"]) == []
    tens = [{**TEN, "flood": told(_200=(8_000, p99), _503=(90_000, 20.0))} for p99 in (95.0, 45.0, 70.0)]
    full, ten = middle([(FULL, one) for one in tens])
    assert ten["flood"] is tens[2]["flood"] and ten["slowed"] == [0.9, 1.4, 1.9]


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("bar, changes", [
    (2, {"without_retry_after": 1}),
    (3, {"broken": 1}),
    (3, {"timed_out": 1}),
    (3, {"status": {**GOOD, "500": told(_500=(1, 1.0))["status"]["500"]}}),
    (3, {"who": "probe", "broken": 1}),
    (4, {"lost": 1}),
    (5, {"recovered_s": 2.1}),
    (5, {"recovered_s": None}),
])
def test_a_fault_of_any_round_counts(bar, changes, number):
    assert missed(number, **changes) == [bar]


def test_what_is_acknowledged_counts_in_every_round():
    _, ten = middle([(FULL, TEN)] * 3)
    assert ten["acknowledged"] == 24_000


USED = {"edge": 2.0, "workers": 4.0, "database": 6.0}


def test_what_the_edge_refuses_costs_what_is_left_beside_the_accepted():
    award = per_request(USED, 10_000)
    assert award == pytest.approx({"edge": 0.2, "workers": 0.4, "database": 0.6})
    ten = {**TEN, "used": {part: ms * 9_400 / 1000 for part, ms in award.items()}}
    assert whole(refusal(ten, award)) == pytest.approx(0)
    ten["used"]["edge"] += 9.0
    ten["used"]["database"] += 1.0  # which has nothing to do with them
    assert refusal(ten, award) == pytest.approx({"edge": 0.1, "workers": 0, "database": 0}, abs=1e-9)


def test_what_gives_way_is_what_had_to_do_most_of_what_was_added():
    assert gives_way(added({"edge": 3.0, "workers": 7.0, "database": 6.0}, USED)) == ("workers", 0.75)
    assert gives_way(added({"edge": 5.0, "workers": 8.0, "database": 16.0}, USED, 2)) == (
        "database", 0.8)
    assert gives_way(added(USED, USED))[1] == 0  # nothing was added


def test_the_page_tells_the_costs_that_were_measured(tmp_path):
    """None of its ratios is in the program."""
    everything = {"count": 10_000, "p50_ms": 5.0, "p99_ms": 9.0}
    late = {"p50_ms": 0.1, "p99_ms": 0.2}
    alone = {**FULL, "all": everything, "due_per_second": 100.0}
    flood = {"players": alone, "flood": {**TEN["flood"], "all": everything}, "longer": 1,
             "used": {"edge": 3.0, "workers": 7.0, "database": 6.0}}
    floods = {"alone": {"players": alone, "used": USED, "longer": 1},
              **{name: flood for name in FLOODS}}
    floods["logins"] = {**flood, "let_in": (3, 41)}
    costs = {name: {"cost": {"edge": 0.1, "workers": 0.1 * number, "database": 0.0}, "told": FULL}
             for number, name in enumerate(COSTS, 1)}
    del costs["refused"]["told"]
    ten = {**TEN, "probe_series": rows(14), "flood_series": rows(6), "at": 3.0, "until": 9.0,
           "rate": 1e4, "used": USED}
    ten["flood"] = {**ten["flood"], "sent_late": late}
    full, ten = middle([({**FULL, "connections": 32, "per_second": 1e3}, ten)] * 3)
    write_report(tmp_path, full, ten, floods, costs,
                 {"cores": 2, "machine": "x", "load": 1, "minutes": 1, "seconds": 6, "players": 10})
    page = (tmp_path / "overload.md").read_text()
    assert "for\n2.00 of what an award costs" in page                # 0.1 + 0.3, by 0.1 + 0.1
    assert "| a repeated action (100.0% 200) | 0.100 ms | 0.400 ms | 0.000 ms | 0.500 ms | 2.50 |" in page
    assert "Of 41 logins by account holders beside it 3 were let in." in page
    assert page.count("75% of the processor time that it added is of the workers") == 5


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
