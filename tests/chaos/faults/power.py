# SPDX-License-Identifier: Apache-2.0
"""A power cut, as the database's disk sees it: what it was not told to keep is gone."""
import signal

from boards import eventually
from faults import fault
from faults.database import children, hit, postmaster, wait_until_back
from faults.process import stopped


@fault("power-cut", needs=("disk", "supervised"), may=("refusal",), seconds=0.5, alone=True)
def power_cut(stage, dice):
    cluster = stage.cluster
    disk = stage.disks[cluster.directory]
    with stopped(stage.boards[0].pid("supervisor")):
        pid = postmaster(cluster)
        family = [pid, *children(pid)]
        disk.cut_off()
        for one in family:
            hit(one, signal.SIGKILL)
        yield
        assert eventually(disk.put_back, 10)
    wait_until_back(stage, cluster)
