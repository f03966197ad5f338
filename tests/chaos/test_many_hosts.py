# SPDX-License-Identifier: Apache-2.0
"""Two hosts on a primary and its synchronous standby: a few rounds of what happens between them, and
what an administrator is told of PgBouncer. Takes network namespaces: where there are none, this file
has no test, and says so."""
import os

import faults
from absent import absent
from boards import eventually
from campaign import Campaign
from client import Player, assert_problem
from many_hosts import many_hosts
from namespaces import network_or_none
from schedule import schedule

BETWEEN_HOSTS = ("host-cut", "postgresql-killed", "primary-lost", "standby-cut", "worker-killed")
SEED = int(os.environ.get("SCOREBOARD_CHAOS_SEED", 1))
# clang-tidy runs beside this in scripts/test.
PATIENCE = 4


def no_promise_is_broken(tmp_path):
    faults.load()
    campaign = Campaign(lambda own_clock: many_hosts(2, own_clock=own_clock), tmp_path, SEED, PATIENCE)
    campaign.play(schedule(SEED, BETWEEN_HOSTS, rounds=1, mixed=1))
    print(campaign.summary())
    assert campaign.broken == {}


def pgbouncer_must_be_told_of_a_promotion():
    """It goes on telling clients that its server is a standby, and who looks for the one that takes writes
    passes on."""
    with many_hosts(2) as stage:
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
else:
    absent("several hosts, which take root and network namespaces")
