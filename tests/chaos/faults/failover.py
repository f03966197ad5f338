# SPDX-License-Identifier: Apache-2.0
"""What happens between a primary and its synchronous standby: the standby away, and the primary lost
for good, upon which the standby is promoted, as docs/scaling.md tells an administrator to."""
import signal
import time

from boards import eventually
from faults import fault
from faults.database import end, family, go_on, paused, wait_until_back
from postgresql import BINARIES, DATABASE

RESUME_SECONDS = 30


def head(cluster):
    return int(cluster.psql("SELECT seq FROM journal_head", DATABASE))


def accepts_nothing(cluster):
    """A COMMIT there waits for a standby that follows somebody else."""
    before = head(cluster)
    try:
        cluster.call("timeout", "1", BINARIES / "psql", "-X", "-q", "-h", cluster.directory, "-U",
                     "postgres", "-d", DATABASE, "-c", "UPDATE journal_head SET seq = seq + 1")
    except RuntimeError:
        return head(cluster) == before
    return False


def lose(stage, dice):
    """The primary's host, in one of three ways: without a word, with its processes gone, or cut off
    from everybody and going on by itself."""
    lost = stage.cluster
    what = dice.choice(("power", "processes", "cables"))
    if what != "processes":
        stage.plug(lost, False)
    if what != "cables":
        end(stage, lost, dice.choice((signal.SIGKILL, signal.SIGQUIT)))
        stage.pooler_of(lost).end(signal.SIGKILL)
    return lost


@fault("primary-lost", needs=("standby", "poolers", "network"), may=("refusal",), seconds=1)
def primary_lost(stage, dice):
    """Writes resume within half a minute. The old primary comes back and accepts nothing, and then
    follows the new one; or a new server does, which begins with nothing."""
    began = time.monotonic()
    lost = stage.lost = lose(stage, dice)
    yield
    go_on(family(stage.standby))  # who does not answer cannot be promoted
    stage.promote()
    at = head(stage.cluster)
    resumed = eventually(lambda: head(stage.cluster) > at,
                         RESUME_SECONDS - (time.monotonic() - began))
    # Of four workers one is killed each fifth of a second: none lives long enough to get past a server
    # that is silent.
    assert resumed or "worker-killed" in stage.suffers, "writes did not resume"
    if not lost.running:
        lost.start_again()
    stage.plug(lost, True)
    assert accepts_nothing(lost), "the old primary confirmed a COMMIT"
    lost.end()
    stage.rejoin(anew=dice.choice((False, True)))
    stage.lost = None


@fault("standby-killed", needs=("standby", "poolers"), may=("refusal",))
def standby_killed(stage, dice):
    """Awards wait for it and are refused; those that waited are counted when it is back."""
    standby = stage.standby
    end(stage, standby, dice.choice((signal.SIGKILL, signal.SIGQUIT, signal.SIGINT)))
    yield
    wait_until_back(stage, standby)


@fault("standby-paused", needs=("standby", "poolers"), may=("refusal",), seconds=2)
def standby_paused(stage, dice):
    with paused(stage, stage.standby):
        yield
