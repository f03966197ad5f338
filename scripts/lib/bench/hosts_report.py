# SPDX-License-Identifier: Apache-2.0
"""docs/benchmarks/hosts.md."""
import os
import platform
import time

from hosts_bars import RATE_PART, bars
from verdict import missed

PARTS = ("hosts", "primary", "standby", "pgbouncer")


def line(count, kind, found):
    return (f"| {count} | {kind} | {found['per_second']:,.0f} | {found['p50_ms']:.1f} |"
            f" {found['p99_ms']:.0f} | {found['entries']:,.0f} |"
            f" {found['per_second'] / max(1, found['entries']):.1f} |"
            + "".join(f" {found[part]:.2f} |" if part in found else " |" for part in PARTS))


def conclusions(rows):
    """What one processor carries, by the costs of the closed loops."""
    full = [found for _, kind, found in rows if kind == "closed"]
    host, primary = full[0]["hosts"], full[0]["primary"]
    text = (f"By the first closed loop a processor of hosts would be full at {1000 / host:,.0f}"
            f" updates a second and one of the primary at {1000 / primary:,.0f}: reckoned from these costs,"
            f" measured were {full[0]['per_second']:,.0f} a second with all on one.")
    paced = [(count, found) for count, kind, found in rows if kind == "open"]
    if len(paced) > 1:
        (few, first), (many, last) = paced[0], paced[-1]
        costs = {part: (last[part] - first[part]) * first["per_second"] / 10 / (many - few)
                 for part in ("hosts", "primary")}  # percent of a processor
        text += (f" By the open loops, a further host costs {costs['hosts']:.0f} % of a processor of its"
                 f" own before anybody plays on it, for following the journal and showing the board,"
                 f" and {costs['primary']:.0f} % of one of the primary's.")
    return text


def judged(rows, rate):
    found = bars(rows, rate)
    text = (f"Bars: every update is answered 200, and those of the open loop are {RATE_PART:.0%} of what was"
            " asked for at least. ")
    return text + ("All are met." if not missed(found) else
                   "**Missed**: " + "; ".join(missed(found)) + ".")


def write_report(directory, rows, run):
    directory.mkdir(parents=True, exist_ok=True)
    lines = "\n".join(line(*row) for row in rows)
    (directory / "hosts.md").write_text(f"""# One, two and three hosts

```sh
scripts/bench hosts
```

{time.strftime("%Y-%m-%d")}, {run["cores"]} processors ({platform.machine()}) for everything: {max(1, run["cores"] - 1)} for the hosts and both database servers together, the last
for the load generators; {run["seconds"]:g} s each; load average at the end {os.getloadavg()[0]:.1f}. A host is an edge, a live Nginx and two workers; the
servers are a PostgreSQL 15 primary and its synchronous standby with a PgBouncer each, fsync on, on one disk. {run["players"]:,} players. `open`: {run["rate"]} updates a
second in all, whoever is waiting. `closed`: {run["connections"]} clients a host, each of which asks as soon as it is answered. `queue`: no
host at all but, in the place of each, a commit queue with {run["callers"]} callers: what the primary takes, with its standby's confirmation.

| hosts | load | updates a second | p50 ms | p99 ms | commits a second | updates a commit | ms of hosts | of the primary | of the standby | of PgBouncer |
|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
{lines}

The last four columns are milliseconds of processor time for one update. {conclusions(rows)}

{judged(rows, run["rate"])}
[scaling.md](../scaling.md) says what follows.
""")
