# SPDX-License-Identifier: Apache-2.0
"""docs/benchmarks/overload.md and its drawing."""
import time

from nginx_files import PLACES, PLACES_AGAIN
from plot import Line, Panel, drawing

GREEN, RED, BLUE = "#2a7d4f", "#b3432b", "#2b5fb3"
NONE = {"count": 0, "p50_ms": 0.0, "p99_ms": 0.0, "max_ms": 0.0}

FLOODS = {
    "logins": ("logins with names that nobody has, twice full load",
               "The hashes: each worker has one thread of low priority for them and turns away whoever"
               " comes while it has work. Logins by those who have an account are refused like the rest;"
               " scores only feel what the hashes take of the processor."),
    "forged": ("wrong signatures, twice full load",
               "The workers' processor: token and signature are checked before the refusal. Neither the"
               " commit queue nor the database hears of it; it costs a sixth of an award."),
    "replays": ("repeated actions, twice full load",
                "The same as with awards, only later: a repeat is looked up with its batch and answered"
                " from the stored receipt, for a third of what an award costs."),
    "one": ("one player's actions, with the players full load",
            "Nothing of its own: a batch locks the player's row once, however many of its actions are in"
            " it, so one player costs what many do. The limit of ten a minute, which was lifted here,"
            " refuses all but ten."),
    "once": ("another player each time, with the players full load",
             "Nothing of its own: a player's first action costs what a later one does."),
}


def of(told, status="200"):
    return told["status"].get(status, NONE)


def statuses(told):
    whole = sum(count["count"] for count in told["status"].values())
    parts = [f"{count['count'] / whole:.1%} {status} (p99 {count['p99_ms']:.0f} ms)"
             for status, count in told["status"].items()]
    lost = told["broken"] + told["timed_out"]
    return ", ".join(parts) + (f", {lost} without an answer" if lost else "")


def shares(used):
    whole = sum(used.values()) or 1
    return ", ".join(f"{part} {seconds / whole:.0%}" for part, seconds in used.items())


def bars(full, ten):
    """(what, measured, bar, met)"""
    flood, refused = ten["flood"], of(ten["flood"], "503")
    accepted, usual = of(flood)["p99_ms"], of(full)["p99_ms"]
    unanswered = flood["broken"] + flood["timed_out"] + sum(
        count["count"] for status, count in flood["status"].items() if status not in ("200", "503"))
    back = ten["recovered_s"]
    return [
        ("p99 of what is accepted / p99 at full load", f"{accepted:.0f} ms / {usual:.0f} ms ="
         f" {accepted / usual:.2f}", "≤ 2", accepted <= 2 * usual),
        ("p99 of the refusals (503)", f"{refused['p99_ms']:.1f} ms", "< 50 ms",
         0 < refused["p99_ms"] < 50),
        ("refusals without Retry-After", f"{flood['without_retry_after']}", "0",
         flood["without_retry_after"] == 0),
        ("broken connections, silence, other statuses", f"{unanswered}", "0", unanswered == 0),
        (f"of {ten['acknowledged']:,} acknowledged actions not stored exactly once", f"{ten['lost']}",
         "0", ten["lost"] == 0),
        ("back to normal after the end", "not in time" if back is None else f"{back:.1f} s", "≤ 2 s",
         back is not None and back <= 2),
    ]


def picture(ten):
    def rate(rows, name, offset=0.0):
        return [(row["second"] + offset, row[name] * 10) for row in rows]

    def latency(rows, name, offset=0.0):
        return [(row["second"] + offset, row[name]) for row in rows]

    probe, flood, at = ten["probe_series"], ten["flood_series"], ten["at"]
    span = (at, ten["until"])
    return drawing([
        Panel("answers a second", [
            Line("flood: accepted", GREEN, rate(flood, "ok", at)),
            Line("flood: refused", RED, rate(flood, "refused", at)),
            Line("players: accepted", BLUE, rate(probe, "ok"))], span, "ten times full load"),
        Panel("p99, ms, of each tenth of a second", [
            Line("flood: accepted", GREEN, latency(flood, "ok_p99_ms", at)),
            Line("flood: refused", RED, latency(flood, "refused_p99_ms", at)),
            Line("players: accepted", BLUE, latency(probe, "ok_p99_ms"))], span, "ten times full load"),
    ], probe[-1]["second"] + 0.1)


def flood_row(name, found, alone):
    sent = found["flood"]["all"]["count"]
    players, usual = of(found["players"]), of(alone)
    answered = players["count"] / found["players"]["all"]["count"]
    return (f"| {FLOODS[name][0]} ({sent:,}) | {statuses(found['flood'])} | {players['p50_ms'] / usual['p50_ms']:.1f} |"
            f" {players['p99_ms'] / usual['p99_ms']:.1f} | {answered:.1%} | {shares(found['used'])} |")


def write_report(directory, full, ten, floods, machine):
    directory.mkdir(parents=True, exist_ok=True)
    flood, alone = ten["flood"], floods["alone"]
    measured = "\n".join(f"| {what} | {value} | {bar} | {'met' if met else '**missed**'} |"
                         for what, value, bar, met in bars(full, ten))
    rows = "\n".join(flood_row(name, floods[name], alone) for name in FLOODS)
    lines = "\n".join(f"- **{FLOODS[name][0].partition(',')[0].capitalize()}.** {FLOODS[name][1]}"
                      for name in FLOODS)
    (directory / "overload.svg").write_text(picture(ten))
    (directory / "overload.md").write_text(f"""# Overload

```sh
scripts/bench overload
```

{time.strftime("%Y-%m-%d")}, {machine["cores"]} cores ({machine["machine"]}), {machine["players"]:,} players, measurements of {machine["seconds"]:.0f} s, {machine["minutes"]:.1f} minutes in all,
load average at the end {machine["load"]:.1f}. The load generator (`tests/bench/load_bench.cpp`) has one core, the board with its PostgreSQL the others: on one
machine each would otherwise measure the other. Latency is counted from the moment at which a request was due
(Poisson arrivals), so what a stall holds up is counted too; `tests/bench/test_load_bench.py` holds the generator to that.

## Ten times more than it can do

Full load is a closed loop whose doubling brings less than a tenth more, or a refusal: {full["connections"]} connections, **{full["per_second"]:.0f} updates a second**, p50 {of(full)["p50_ms"]:.0f} ms, p99
{of(full)["p99_ms"]:.0f} ms. Then {ten["rate"]:.0f} a second ({ten["rate"] / full["per_second"]:.1f} times as many) for {machine["seconds"]:.0f} s, beside 100 a second of players who were there before and stay afterwards; of three such rounds the middle one
(p99 at ten times as much / at full load: {", ".join(f"{ratio:.2f}" for ratio in ten["slowed"])}):

| | measured | bar | |
|---|---|---|---|
{measured}

{of(flood)["count"] / machine["seconds"]:.0f} a second were accepted ({of(flood)["count"] / machine["seconds"] / full["per_second"]:.0%} of full load; p50 {of(flood)["p50_ms"]:.0f} ms), {of(flood, "503")["count"] / machine["seconds"]:.0f} refused (p50 {of(flood, "503")["p50_ms"]:.1f} ms, the slowest {of(flood, "503")["max_ms"]:.0f} ms). The generator itself sent
late by {flood["sent_late"]["p99_ms"]:.1f} ms (p99), which is part of these figures. Processor time from the first to the last player: {shares(ten["used"])}.

![answers and latency before, during and after](overload.svg)

What gives way first is the edge, on purpose: each of its processes asks a worker for at most {PLACES + PLACES_AGAIN} things at once (`max_conns`) and refuses the rest by itself, for a
twentieth of what an award costs. Behind it the commit queue has bounds of its own.

## Floods

Players send a fifth of full load ({alone["due_per_second"]:.0f} a second: p50 {of(alone)["p50_ms"]:.1f} ms, p99 {of(alone)["p99_ms"]:.1f} ms alone) while somebody floods the board. The limits per address, which would
stop each of these floods from one address ([nginx.md](../nginx.md)), do not hold on loopback: think of thousands of addresses.

| flood | it is answered | players' p50 / alone | p99 / alone | players accepted | processor time |
|---|---|--:|--:|--:|---|
{rows}

What gives way first:

{lines}
""")
