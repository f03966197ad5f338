# SPDX-License-Identifier: Apache-2.0
"""Two hosts on a primary and its synchronous standby: a few rounds of what happens between them, and
what an administrator is told of PgBouncer. Takes network namespaces: where there are none, this file
has no test, and says so."""
import random

import check
import faults
import pytest
from boards import eventually
from client import Player, assert_problem
from evidence import gather
from many_hosts import many_hosts
from namespaces import network_or_none
from rounds import Rounds
from schedule import schedule

BETWEEN_HOSTS = ("host-cut", "postgresql-killed", "primary-lost", "standby-cut", "worker-killed")


@pytest.fixture
def stage():
    with many_hosts(2) as made:
        yield made


def no_promise_is_broken(stage, tmp_path):
    faults.load()
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"scripts/chaos --hosts 2 --seed {seed} --faults {','.join(BETWEEN_HOSTS)}")
    with Rounds(stage, tmp_path, seed) as rounds:
        for turn in schedule(seed, BETWEEN_HOSTS, 1, 1):
            print(rounds.play(turn))
    assert not check.broken(gather(tmp_path, stage.boards[0]))


def pgbouncer_must_be_told_of_a_promotion(stage):
    """It goes on telling clients that its server is a standby, and who looks for the one that takes writes
    passes on."""
    player = Player(stage.boards[0])
    stage.cluster.stop()
    stage.pooler_of(stage.cluster).end()
    # Whoever looks for another server now is told by the standby's PgBouncer what it will not forget.
    assert_problem(player.increment(), 503)
    assert eventually(lambda: stage.pooler_of(stage.standby).admin("SHOW SERVERS"), 10)
    stage.pair.promote()
    assert not eventually(lambda: player.increment().status == 200, 4)
    stage.pooler_of(stage.pair.primary).admin("RECONNECT")
    assert eventually(lambda: player.increment().status == 200, 5)
    stage.take_parts()


if probe := network_or_none(("one", "other")):
    probe.remove()
    test_no_promise_is_broken = no_promise_is_broken
    test_pgbouncer_must_be_told_of_a_promotion = pgbouncer_must_be_told_of_a_promotion
