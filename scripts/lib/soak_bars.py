# SPDX-License-Identifier: Apache-2.0
"""What a soak has to show: that its load was there, that its watchers were, that the processes at the end
are those of the beginning, and that nothing grew. `rows` are what was sampled (soak.csv), `facts` what
else is known of the run (soak.json)."""
from flatness import grew

WARM_UP_PART = 0.25      # of the run, at most WARM_UP_SECONDS
WARM_UP_SECONDS = 900
MEMORY_PART, MEMORY_KIB = 0.02, 2048
COUNT_PART, COUNT = 0.02, 100  # a worker answers 64 at once, and the edge holds as many
RATE_PART = 0.9          # of the updates that were asked for


def series(rows, field):
    """{what: [(second, value)]}"""
    found = {}
    for row in rows:
        if row[field] not in ("", None):
            found.setdefault(row["what"], []).append((float(row["second"]), float(row[field])))
    return found


def flatness(rows, seconds):
    """(what, unit, at the end, rise, bound, whether it is beyond it) of each series, once warm."""
    warm = min(seconds * WARM_UP_PART, WARM_UP_SECONDS)
    found = []
    for field, unit, part, least in (("memory_kib", "KiB", MEMORY_PART, MEMORY_KIB),
                                     ("descriptors", "descriptors", COUNT_PART, COUNT)):
        for what, points in series(rows, field).items():
            counted = [point for point in points if point[0] >= warm]
            if counted:
                found.append((what, unit, counted[-1][1], *grew(counted, part, least)))
    return found


def replaced(rows):
    """Who was another process, or none, in some sample. None if process ids were not noted."""
    samples, pids = set(), {}
    for row in rows:
        samples.add(row["second"])
        if row.get("pid"):
            pids.setdefault(row["what"], []).append(int(row["pid"]))
    if not pids:
        return None
    return [what for what, seen in pids.items()
            if len(set(seen)) > 1 or len(seen) < len(samples)]


def bars(facts, rows):
    """(what, measured, bar, met); met is None where it was not noted."""
    told, seconds = facts["told"], facts["seconds"]
    a_second = facts["counted"] / seconds
    others, failed = replaced(rows), facts["failed_loads"]
    grown = [f"{what} ({unit})" for what, unit, *_, too_much in flatness(rows, seconds) if too_much]
    return [
        ("updates counted a second", f"{a_second:.0f}",
         f"≥ {RATE_PART * facts['rate']:.0f}, {RATE_PART:.0%} of what was asked for",
         a_second >= RATE_PART * facts["rate"]),
        ("load generators that failed", "not noted" if failed is None else f"{failed}", "0",
         None if failed is None else failed == 0),
        ("watchers at the end", f"{told['up']:,}", f"{facts['watchers']:,}",
         told["up"] == facts["watchers"]),
        ("watchers who were cut", f"{told['cut']:,}", "0", told["cut"] == 0),
        ("boards that the watchers were told", f"{told['messages']:,}", "one a minute each",
         told["messages"] >= facts["watchers"] * seconds / 60),
        ("watchers who were told an older board after a newer one", f"{told['fell']:,}", "0",
         told["fell"] == 0),
        ("processes that were replaced", "not noted" if others is None else ", ".join(others) or "none",
         "none", None if others is None else not others),
        ("what grew", ", ".join(grown) or "nothing", "nothing", not grown),
    ]
