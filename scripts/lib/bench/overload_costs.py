# SPDX-License-Identifier: Apache-2.0
"""What a request costs, in processor time of the edge, the workers and the database, by `used`: {part:
seconds}."""
from overload_bars import of


def per_request(used, count):
    """{part: ms}"""
    return {part: 1000 * seconds / count for part, seconds in used.items()}


def whole(cost):
    return sum(cost.values())


def refusal(ten, award):
    """Of one that is refused in the run of ten times: what the edge, which does it alone, used beside the
    accepted ones, each of which counts as an award does."""
    accepted = of(ten["flood"])["count"] + of(ten["probe"])["count"]
    refused = of(ten["flood"], "503")["count"] + of(ten["probe"], "503")["count"]
    left = ten["used"]["edge"] - accepted * award["edge"] / 1000
    return per_request({"edge": left, "workers": 0, "database": 0}, max(1, refused))


def added(used, alone, longer=1):
    """{part: seconds} that a flood added to what its players used alone, in a run `longer` times as
    long."""
    return {part: used[part] - longer * alone[part] for part in used}


def gives_way(extra):
    """(the part that had to do most of it, its share)"""
    positive = {part: max(0, seconds) for part, seconds in extra.items()}
    part = max(positive, key=positive.get)
    return part, positive[part] / (sum(positive.values()) or 1)
