# SPDX-License-Identifier: Apache-2.0
"""More than the board can do: it is refused, at once and plainly, and what was accepted counts."""
import os
import signal
import time

import pytest
from overloads import Load, fill

from boards import eventually
from client import request

FEW = ("--connections", 8, "--seconds", 1)
RATE, SECONDS = 200, 2
# At two workers, of each of the edge's two processes.
PLACES = 2 * 2 * 20


@pytest.fixture
def filled(make_board):
    board = make_board({"SCOREBOARD_LIMITS_AWARDS": "1000000"})
    fill(board)
    return board


def assert_only_refused_and_accepted(told):
    assert set(told["status"]) == {"200", "503"}, told
    assert (told["broken"], told["timed_out"], told["without_retry_after"]) == (0, 0, 0), told


def refused(board):
    return board.log("edge-access").count('"status":503')


def test_while_nothing_is_done_few_wait_and_the_others_are_refused_at_once(filled):
    """Two workers that stand still: twenty requests wait at each for each of the edge's two processes."""
    pids = [filled.pid("worker-1"), filled.pid("worker-2")]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        load = Load(filled, "--rate", RATE, "--seconds", SECONDS, "--connections", 500)
        # Then what has not arrived yet finds a place, whenever that is.
        assert eventually(lambda: refused(filled) >= RATE * SECONDS - PLACES, 20)
        time.sleep(2)
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    told = load.told()
    assert_only_refused_and_accepted(told)
    accepted, turned_away = told["status"]["200"], told["status"]["503"]
    assert accepted["count"] + turned_away["count"] == RATE * SECONDS, told
    assert PLACES / 2 <= accepted["count"] <= PLACES, told
    assert turned_away["p99_ms"] < accepted["p50_ms"] / 2, told
    assert load.lost() == set()
    assert set(Load(filled, *FEW).told()["status"]) == {"200"}


def test_health_is_answered_while_the_rest_is_refused(filled):
    """It was refused with the rest: a load balancer would have taken a busy host out, and so burdened the
    next one."""
    full = Load(filled, "--connections", 32, "--seconds", 1).told()
    load = Load(filled, "--rate", min(10 * full["per_second"], 20_000), "--poisson", "--seconds", 4,
                "--connections", 2000, "--timeout", 30)
    assert eventually(lambda: refused(filled), 20)
    answers = []
    while load.process.poll() is None:
        answers += [request(filled, "GET", f"/api/health/{what}") for what in ("ready", "live")]
    assert load.told()["status"]["503"]["count"] > 100
    assert len(answers) >= 6 and [one for one in answers if one.status != 200] == []


def test_ten_times_more_than_it_can_do_loses_nothing_and_leaves_nothing_behind(filled):
    full = Load(filled, "--connections", 32, "--seconds", 2).told()
    assert set(full["status"]) == {"200"}, full
    load = Load(filled, "--rate", min(10 * full["per_second"], 20_000), "--poisson", "--seconds", 2,
                "--connections", 2000, "--timeout", 30)
    told = load.told()
    assert_only_refused_and_accepted(told)
    assert told["status"]["503"]["p50_ms"] < told["status"]["200"]["p50_ms"], told
    # Nothing waits any more for whom nobody waits.
    after = eventually(lambda: (answer := Load(filled, *FEW).told())["per_second"] >
                       full["per_second"] / 8 and answer, 10)
    assert set(after["status"]) == {"200"}, after
    assert load.lost() == set()
    assert filled.ctl("verify", check=False).returncode == 0
