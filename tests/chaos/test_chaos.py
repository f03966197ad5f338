# SPDX-License-Identifier: Apache-2.0
"""Some rounds of scripts/chaos. The same ones each time, so that who breaks something sees it at once;
scripts/chaos itself takes others each time."""
import os

import bars
import faults
import pytest
from absent import absent
from boards import DATABASE
from campaign import Campaign
from disks import can_mount
from schedule import Turn, schedule
from stage import one_host

ENGINE = DATABASE or "sqlite"
MIXED = 4 if DATABASE else 2
SEED = int(os.environ.get("SCOREBOARD_CHAOS_SEED", 1))
# clang-tidy runs beside this in scripts/test.
PATIENCE = 4


@pytest.fixture
def campaign(tmp_path):
    faults.load()
    one = Campaign(lambda own_clock: one_host(ENGINE, own_clock=own_clock), tmp_path, SEED, PATIENCE)
    yield one
    print(one.summary())
    assert one.broken == {}


def possible(own_clock):
    """On such a stage: names by the file that they are in."""
    with one_host(ENGINE, own_clock=own_clock) as stage:
        return [name for name, fault in faults.FAULTS.items()
                if fault.possible(stage) and ("clock" in fault.needs) == own_clock]


def test_promises_are_held_whatever_happens(campaign):
    """Each fault alone, and some of them mixed."""
    campaign.play(schedule(campaign.seed, possible(own_clock=False), rounds=1, mixed=MIXED))


def test_promises_are_held_when_the_clock_is_stepped(campaign):
    names = possible(own_clock=True)
    assert names, "faketime is not installed"
    campaign.play(schedule(campaign.seed, names, rounds=1, mixed=0))


def test_killed_workers_are_not_noticed(campaign):
    """One every 200 ms: of a thousand requests none fails, and 99 of 100 take less than 250 ms. A machine
    that was busy with something else for a moment is asked for more of them; the campaign judges all."""
    def enough():
        return (sum(one.requests for one in campaign.figures) >= bars.P99_REQUESTS and
                not bars.broken(campaign.figures, campaign.patience))
    campaign.play([Turn(("worker-killed",), campaign.seed + number) for number in range(60)],
                  lambda: not enough())
    assert enough(), campaign.broken


def test_the_board_is_read_while_everything_behind_it_is_away(campaign):
    campaign.play([Turn(("outage" if DATABASE else "workers-away",), campaign.seed)])
    reads, _ = campaign.board_reads()
    assert reads > 20  # of which the campaign judges


def power_cut_takes_nothing_that_was_acknowledged(campaign):
    campaign.play([Turn(("power-cut",), campaign.seed + number) for number in range(3)])


if DATABASE:  # whose disk it is
    if can_mount():
        test_a_power_cut_takes_nothing_that_was_acknowledged = \
            power_cut_takes_nothing_that_was_acknowledged
    else:
        absent("a power cut, which takes root and a loop device")
