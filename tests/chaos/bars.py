# SPDX-License-Identifier: Apache-2.0
"""What a campaign's figures must reach, over all of its rounds. Pure functions from figures to
violations, as in check.py, which looks at each request for itself."""
KILLED = "worker-killed"
KILLED_P99_SECONDS = 0.25
P99_REQUESTS = 1000         # of fewer a moment in which the machine is busy is more than one in a hundred
BAD_BOARD_READS = 0.001


def percentile(values, share):
    """By nearest rank; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)] if ordered else 0.0


def by_killed_workers(figures):
    """The rounds in which workers were killed and nothing else happened."""
    return [one for one in figures if one.faults == KILLED]


def by_many_killed_workers(figures):
    """The same, where they are enough requests to speak of one in a hundred."""
    chosen = by_killed_workers(figures)
    return chosen if sum(one.requests for one in chosen) >= P99_REQUESTS else []


def all_rounds(figures):
    """Figures count reads only where an edge is there."""
    return figures


def board_reads(figures):
    """(how many, how many failed)"""
    return (sum(one.board_reads for one in figures),
            sum(one.board_reads_failed for one in figures))


def no_request_fails(figures, _):
    failed = sum(one.failed for one in figures)
    if failed:
        yield f"{failed} of {sum(one.requests for one in figures)} requests failed"


def few_requests_take_long(figures, patience):
    seconds = [taken for one in figures for taken in one.seconds]
    p99, limit = percentile(seconds, 99), KILLED_P99_SECONDS * patience
    if p99 >= limit:
        yield (f"one of a hundred requests took {1000 * p99:.0f} ms or longer ({len(seconds)} were "
               f"asked), and {1000 * limit:.0f} ms are the limit")


def the_board_is_read(figures, _):
    """By the fault, so that many harmless rounds do not hide one that is none."""
    for faults in sorted({one.faults for one in figures}):
        reads, failed = board_reads([one for one in figures if one.faults == faults])
        if failed > reads * BAD_BOARD_READS:
            yield f"{failed} of {reads} reads of the board failed ({faults})"


# {promise: (which rounds tell of it, what they tell)}
BARS = {
    "killed workers cost no request": (by_killed_workers, no_request_fails),
    "killed workers cost no time": (by_many_killed_workers, few_requests_take_long),
    "999 of 1000 reads of the board are good": (all_rounds, the_board_is_read),
}


def broken(figures, patience=1.0):
    """{promise: [violations]} of those that were broken."""
    found = {promise: list(violations(rounds(figures), patience))
             for promise, (rounds, violations) in BARS.items()}
    return {promise: violations for promise, violations in found.items() if violations}
