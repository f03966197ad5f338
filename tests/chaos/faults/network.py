# SPDX-License-Identifier: Apache-2.0
"""Cables that are pulled and plugged in again. Nobody is told: what is sent is lost."""
from faults import fault


@fault("host-cut", needs=("network", "poolers"), may=("refusal",), seconds=4, long=60)
def host_cut(stage, dice):
    """A host from the primary's, or from both servers. Its players are refused and its readers are not;
    the other hosts wait for what it had locked, five seconds at most."""
    host = stage.host_of(dice.choice(stage.boards))
    servers = dice.choice(([stage.server_of(stage.cluster)], list(stage.servers)))
    for server in servers:
        stage.network.plug(server, host, False)
    try:
        yield
    finally:
        for server in servers:
            stage.network.plug(server, host, True)


@fault("standby-cut", needs=("network", "standby"), may=("refusal",), seconds=4, long=60)
def standby_cut(stage, dice):
    """The primary from its synchronous standby: what is sent to be counted waits and is refused, and
    nothing is lost, neither what was acknowledged before nor what waits."""
    one, other = stage.servers
    stage.network.plug(one, other, False)
    try:
        yield
    finally:
        stage.network.plug(one, other, True)
