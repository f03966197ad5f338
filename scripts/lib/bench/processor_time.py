# SPDX-License-Identifier: Apache-2.0
"""How much processor time the parts of a board have used."""
import contextlib
import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def seconds_by_part(part_of):
    """`part_of`: {pid: part}; the children of a pid count with it. {part: seconds}."""
    used = dict.fromkeys(part_of.values(), 0.0)
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = file.read_text().rpartition(")")[2].split()
            part = part_of.get(int(file.parent.name)) or part_of.get(int(fields[1]))
            if part:
                used[part] += (int(fields[11]) + int(fields[12])) / TICK
    return used
