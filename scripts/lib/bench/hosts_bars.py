# SPDX-License-Identifier: Apache-2.0
"""What scripts/bench hosts has to show. Its costs are told and not judged: they are costs of an update only
where each was answered, and of the load that was asked for."""
RATE_PART = 0.95   # of the open loop's updates


def bars(rows, rate):
    """(what, measured, bar, met) of rows (hosts, load, figures)."""
    found = []
    for hosts, kind, figures in rows:
        name = f"{hosts} host{'s' if hosts > 1 else ''}, {kind}"
        found.append((f"{name}: updates that failed", f"{figures['others']}", "0", figures["others"] == 0))
        if kind == "open":
            found.append((f"{name}: updates a second", f"{figures['per_second']:.0f}",
                          f"≥ {RATE_PART * rate:.0f}", figures["per_second"] >= RATE_PART * rate))
        else:
            found.append((f"{name}: updates", f"{figures['per_second']:.0f} a second", "some",
                          figures["per_second"] > 0))
    return found
