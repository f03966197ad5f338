# SPDX-License-Identifier: Apache-2.0
"""What a board holds: descriptors, memory and temporary files of its processes, Nchan's shared memory.
Processes come and go, so it is looked at by what they are for."""
import os
import re
from pathlib import Path

from live_nginx import shared_bytes

# What may come and go between two looks at a healthy board.
DESCRIPTORS_SLACK = 24
MEMORY_SLACK_BYTES = 24 << 20
MEMORY_SLACK = 1.25
FILES_SLACK = 4
SHARED_SLACK_BYTES = 512 << 10


def role_of(board, pid):
    """worker-1, edge, live, supervisor, postgresql, or None: none of this board's."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        parent = int(re.search(r"^PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(),
                               re.MULTILINE)[1])
    except (OSError, UnicodeDecodeError, TypeError):
        return None
    data = str(board.data)
    if f"{data}/scoreboard.toml --instance" in command:
        return f"worker-{command.split()[-1]}"
    for name in ("edge", "live"):
        if f"{data}/run/nginx/{name}/nginx.conf" in command:
            return name
        if command.startswith("nginx: ") and parent == board_pid(board, name):
            return f"{name} (ending)" if "shutting down" in command else name
    if f"{data}/postgresql" in command:
        return "postgresql"
    return "supervisor" if pid == board_pid(board, "supervisor") else None


def board_pid(board, name):
    try:
        return int((board.data / "run" / f"{name}.pid").read_text())
    except (OSError, ValueError):
        return None


def look(board):
    """{what: number}: for each role its descriptors and its bytes of memory, and what the board has."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        role = role_of(board, pid)
        if role is None or "ending" in role:
            continue
        try:
            descriptors = len(os.listdir(entry / "fd"))
            memory = private_bytes(entry)
        except OSError:
            continue  # ended meanwhile
        for what, number in ((f"{role}: descriptors", descriptors), (f"{role}: memory", memory),
                             (f"{role}: processes", 1)):
            found[what] = found.get(what, 0) + number
    found["temporary files"] = temporary_files(board)
    found["live: shared memory"] = shared_bytes(board.data)
    return found


def private_bytes(entry):
    """Without what is shared with others: PostgreSQL's processes map the same buffers."""
    status = (entry / "status").read_text()
    return 1024 * int(re.search(r"^RssAnon:\s+(\d+) kB", status, re.MULTILINE)[1])


def temporary_files(board):
    """What is written beside and renamed, and what Nginx puts aside."""
    places = [board.data / "run", board.data / "postgresql" / "data" / "base" / "pgsql_tmp"]
    return sum(1 for place in places for file in place.rglob("*")
               if file.name.endswith((".next", ".tmp")) or
               (file.parent.parent.name == "temp" or file.parent.name.startswith("edge-") or
                file.parent.name == "pgsql_tmp") and file.is_file())


def grown(before, after, left=0):
    """A line for each thing that grew. `left`: what the faults may have taken of Nchan's memory for good."""
    for what in sorted(before.keys() & after.keys()):
        old, new = before[what], after[what]
        limit = old + {"descriptors": DESCRIPTORS_SLACK, "processes": 0}.get(
            what.rsplit(": ", 1)[-1], FILES_SLACK)
        if what.endswith("memory"):
            limit = (old + SHARED_SLACK_BYTES + left if "shared" in what else
                     old * MEMORY_SLACK + MEMORY_SLACK_BYTES)
        elif what == "postgresql: processes":
            limit = old + 12  # its sessions and autovacuum's
        if "postgresql" in what and "descriptors" in what:
            limit = old * 2   # files that a session has seen stay open
        if new > limit:
            yield f"{what} grew from {shown(what, old)} to {shown(what, new)}"


def shown(what, number):
    return f"{number / (1 << 20):.1f} MiB" if what.endswith("memory") else str(number)
