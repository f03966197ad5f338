# SPDX-License-Identifier: Apache-2.0
"""What each part of scripts/bench fanout has to show. Each function says what was missed: nothing is
good."""
BAR = 1.5            # the last receipt, against bare Nchan
BACK_SECONDS = 10    # everybody on the current board after a restart
MERGED_PART = 0.02   # of the changes, shown by the board of the next one

UNHARMED = ("missing", "cut", "fell", "refused")  # of both: who loses watchers has fewer to serve


def missed_by_comparison(board, nchan):
    found = []
    if board["last_ms_median"] > BAR * nchan["last_ms_median"]:
        found.append("the last receipt")
    for name, figures in (("", board), ("bare Nchan's ", nchan)):
        found += [f"{name}{what}: {figures[what]}" for what in UNHARMED if figures[what]]
    if board["merged"] > MERGED_PART * board["changes"]:
        found.append(f"merged: {board['merged']} of {board['changes']}")
    return found


def missed_by_restart(row):
    """A restart that cuts nobody is none."""
    found = []
    if row["cut"] != row["watchers"]:
        found.append(f"cut: {row['cut']}")
    if row["away"] or row["up"] != row["watchers"]:
        found.append(f"not back: {max(row['away'], row['watchers'] - row['up'])}")
    if row["last"] > BACK_SECONDS:
        found.append("the last one back")
    found += [f"{what}: {row[what]}" for what in ("refused", "fell") if row[what]]
    return found


def risen_kib(row, since, until):
    """Of the edge and the live Nginx together."""
    return sum(row[until][name] - row[since][name] for name in ("edge", "live"))


def reader_kib(row):
    """What one who reads takes."""
    return risen_kib(row, "empty", "before") / row["readers"]


def missed_by_deaf(row):
    """The first wave leaves memory behind that Nginx and Nchan keep for the next messages. The second finds
    it there: it may not take again what as many who read would."""
    found = []
    if row["dropped"] != [row["deaf"]] * 2:
        found.append(f"dropped: {row['dropped']}")
    found += [f"{what}: {row[what]}" for what in ("missing", "cut") if row[what]]
    risen, bound = risen_kib(row, "between", "after"), row["deaf"] * reader_kib(row)
    if risen > bound:
        found.append(f"memory of the second wave: {risen / 1024:.1f} MiB, bound {bound / 1024:.1f}")
    return found
