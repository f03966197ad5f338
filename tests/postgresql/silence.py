# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL that stands still: its connections stay open, its kernel lets in whoever connects, and
nobody answers. No timeout of its own can fire in there."""
import contextlib
import os
import signal


@contextlib.contextmanager
def standing_still(cluster, postmaster):
    """The server of that pid and the workers' sessions in it."""
    pids = [postmaster] + [int(pid) for pid in cluster.psql(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'scoreboard'").split()]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
