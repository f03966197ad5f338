# SPDX-License-Identifier: Apache-2.0
"""What running processes hold: memory and descriptors, as the kernel tells."""
import os
from pathlib import Path


def tree(pid):
    """The process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except (FileNotFoundError, ProcessLookupError):
                pass
    return found


def memory_kib(pid):
    """(resident, proportional, anonymous): the second shares what is shared, the third is what the
    process itself asked for."""
    told = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        key, value = line.split(":")
        told[key] = int(value.split()[0])
    return told["Rss"], told["Pss"], told["Anonymous"]


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))
