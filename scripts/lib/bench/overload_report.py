# SPDX-License-Identifier: Apache-2.0
"""docs/benchmarks/overload.md and its drawing."""
import time

from nginx_files import PLACES, PLACES_AGAIN
from overload_bars import bars, of
from overload_costs import added, gives_way, whole
from plot import Line, Panel, drawing

GREEN, RED, BLUE = "#2a7d4f", "#b3432b", "#2b5fb3"
# What is flooded, and what the code makes of it; the figures are put beside it.
FLOODS = {
    "logins": ("logins with names that nobody has, twice full load",
               "Each worker has one thread of low priority for hashes and turns away whoever comes while"
               " it and those who wait for it have work, account or not."),
    "forged": ("wrong signatures, twice full load",
               "Token and signature are checked before the refusal: neither the commit queue nor the"
               " database hears of it."),
    "replays": ("repeated actions, twice full load",
                "A repeat is looked up with its batch and answered from the stored receipt."),
    "one": ("one player's actions, with the players full load",
            "A batch locks the player's row once, however many of its actions are in it. The limit of ten"
            " a minute, which was lifted here, refuses all but ten."),
    "once": ("another player each time, with the players full load", ""),
}
COSTS = {"award": "an award at full load", "forged": "a wrong signature, refused by a worker",
         "refused": "a request at ten times full load, refused by the edge",
         "replays": "a repeated action", "one": "an award, always the same player",
         "once": "an award, another player each time",
         "logins": "a login with a name that nobody has, hashed"}


def statuses(told, latency=True):
    every = sum(count["count"] for count in told["status"].values())
    parts = [f"{count['count'] / every:.1%} {status}"
             + (f" (p99 {count['p99_ms']:.0f} ms)" if latency else "")
             for status, count in told["status"].items()]
    lost = told["broken"] + told["timed_out"]
    return ", ".join(parts) + (f", {lost} without an answer" if lost else "")


def shares(used):
    every = sum(used.values()) or 1
    return ", ".join(f"{part} {seconds / every:.0%}" for part, seconds in used.items())


def costs_table(costs):
    award = whole(costs["award"]["cost"])
    lines = ["| one request | edge | workers | database | together | / an award |",
             "|---|--:|--:|--:|--:|--:|"]
    for kind, name in COSTS.items():
        cost = costs[kind]["cost"]
        answers = f" ({statuses(costs[kind]['told'], False)})" if "told" in costs[kind] else ""
        lines.append(f"| {name}{answers} |" + "".join(
            f" {cost[part]:.3f} ms |" for part in ("edge", "workers", "database"))
            + f" {whole(cost):.3f} ms | {whole(cost) / award:.2f} |")
    return "\n".join(lines)


def flood_line(name, found, alone, costs):
    """What gives way first, by the figures; then what the code makes of it."""
    extra = added(found["used"], alone["used"], found["longer"])
    part, share = gives_way(extra)
    told = found["flood"]
    refused = of(told, "503")["count"] / told["all"]["count"]
    text = (f"{share:.0%} of the processor time that it added is of the {part},"
            f" {refused:.0%} of the requests got a 503.")
    if "let_in" in found:
        text += " Of {1:,} logins by account holders beside it {0:,} were let in.".format(*found["let_in"])
    text += f" One costs {whole(costs[name]['cost']) / whole(costs['award']['cost']):.2f} of an award."
    return f"- **{FLOODS[name][0].partition(',')[0].capitalize()}.** {text} {FLOODS[name][1]}".rstrip()


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


def write_report(directory, full, ten, floods, costs, machine):
    directory.mkdir(parents=True, exist_ok=True)
    flood, alone = ten["flood"], floods["alone"]["players"]
    measured = "\n".join(f"| {what} | {value} | {bar} | {'met' if met else '**missed**'} |"
                         for what, value, bar, met in bars(full, ten))
    rows = "\n".join(flood_row(name, floods[name], alone) for name in FLOODS)
    lines = "\n".join(flood_line(name, floods[name], floods["alone"], costs) for name in FLOODS)
    refusal = whole(costs["refused"]["cost"]) / whole(costs["award"]["cost"])
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
(p99 at ten times as much / at full load: {", ".join(f"{ratio:.2f}" for ratio in ten["slowed"])}), with the faults of all three:

| | measured | bar | |
|---|---|---|---|
{measured}

{of(flood)["count"] / machine["seconds"]:.0f} a second were accepted ({of(flood)["count"] / machine["seconds"] / full["per_second"]:.0%} of full load; p50 {of(flood)["p50_ms"]:.0f} ms), {of(flood, "503")["count"] / machine["seconds"]:.0f} refused (p50 {of(flood, "503")["p50_ms"]:.1f} ms, the slowest {of(flood, "503")["max_ms"]:.0f} ms). The generator itself sent
late by {flood["sent_late"]["p99_ms"]:.1f} ms (p99), which is part of these figures. Processor time from the first to the last player: {shares(ten["used"])}.

![answers and latency before, during and after](overload.svg)

What gives way first is the edge, on purpose: each of its processes asks a worker for at most {PLACES + PLACES_AGAIN} things at once (`max_conns`) and refuses the rest by itself, for
{refusal:.2f} of what an award costs. Behind it the commit queue has bounds of its own.

## What a request costs

Milliseconds of processor time. Each kind alone in a closed loop of {full["connections"]} clients, logins of two; what the edge refuses is reckoned from the round above: what the edge
used there beside the accepted ones at the price of an award; the workers and the database hear nothing of it.

{costs_table(costs)}

## Floods

Players send a fifth of full load ({alone["due_per_second"]:.0f} a second: p50 {of(alone)["p50_ms"]:.1f} ms, p99 {of(alone)["p99_ms"]:.1f} ms alone) while somebody floods the board. The limits per address, which would
stop each of these floods from one address ([nginx.md](../nginx.md)), do not hold on loopback: think of thousands of addresses.

| flood | it is answered | players' p50 / alone | p99 / alone | players accepted | processor time |
|---|---|--:|--:|--:|---|
{rows}

What gives way first:

{lines}
""")
