# SPDX-License-Identifier: Apache-2.0
"""What scripts/bench overload has to show."""
import statistics

NONE = {"count": 0, "p50_ms": 0.0, "p99_ms": 0.0, "max_ms": 0.0}


def of(told, status="200"):
    return told["status"].get(status, NONE)


def recovered(rows, began, ended):
    """Seconds from the end of the flood to the first second in which nobody is refused and the slow ones
    are as they were before, within a factor of two."""
    usual = statistics.median(row["ok_p99_ms"] for row in rows if row["second"] < began - 0.1)
    after = [row for row in rows if row["second"] >= ended]
    for start in range(len(after) - 9):
        second = after[start:start + 10]
        if all(row["refused"] + row["lost"] + row["other"] == 0 for row in second) and \
                statistics.median(row["ok_p99_ms"] for row in second) <= 2 * usual:
            return second[0]["second"] - ended
    return None


def slowed(full, ten):
    """What is accepted, slower than at full load: the ratio of their p99."""
    return of(ten["flood"])["p99_ms"] / of(full)["p99_ms"]


def unanswered(told):
    """Broken connections, silence, other statuses."""
    return told["broken"] + told["timed_out"] + sum(
        count["count"] for status, count in told["status"].items() if status not in ("200", "503"))


def middle(rounds):
    """(full, ten) of the round whose ratio is the middle one, with the faults of all of them: the other
    load of a machine makes an answer late, and none wrong."""
    rounds = sorted(rounds, key=lambda one: slowed(*one))
    full, ten = rounds[len(rounds) // 2]
    every = [one[1] for one in rounds]
    sent = [one[who] for one in every for who in ("flood", "probe")]
    back = [one["recovered_s"] for one in every]
    return full, {**ten, "slowed": [slowed(*one) for one in rounds],
                  "acknowledged": sum(one["acknowledged"] for one in every),
                  "lost": sum(one["lost"] for one in every),
                  "without_retry_after": sum(told["without_retry_after"] for told in sent),
                  "unanswered": sum(unanswered(told) for told in sent),
                  "recovered_s": None if None in back else max(back)}


def bars(full, ten):
    """(what, measured, bar, met)"""
    refused, back = of(ten["flood"], "503"), ten["recovered_s"]
    accepted, usual = of(ten["flood"])["p99_ms"], of(full)["p99_ms"]
    return [
        ("p99 of what is accepted / p99 at full load", f"{accepted:.0f} ms / {usual:.0f} ms ="
         f" {accepted / usual:.2f}", "≤ 2", accepted <= 2 * usual),
        ("p99 of the refusals (503)", f"{refused['p99_ms']:.1f} ms", "< 50 ms",
         0 < refused["p99_ms"] < 50),
        ("refusals without Retry-After", f"{ten['without_retry_after']}", "0",
         ten["without_retry_after"] == 0),
        ("broken connections, silence, other statuses", f"{ten['unanswered']}", "0",
         ten["unanswered"] == 0),
        (f"of {ten['acknowledged']:,} acknowledged actions not stored exactly once", f"{ten['lost']}",
         "0", ten["lost"] == 0),
        ("back to normal after the end", "not in time" if back is None else f"{back:.1f} s", "≤ 2 s",
         back is not None and back <= 2),
    ]
