# SPDX-License-Identifier: Apache-2.0
"""docs/benchmarks/fanout.md and its drawing."""
import time

from fanout_bars import BACK_SECONDS, BAR, MERGED_PART, reader_kib, risen_kib
from plot import Line, Panel, drawing

GREEN, RED = "#2a7d4f", "#b3432b"
PER_SECOND = 5


def size(row):
    return f"{row['watchers']:,}{', TLS' if row['tls'] else ''}"


def met(row):
    return "met" if not row["missed"] else f"**missed** ({'; '.join(row['missed'])})"


def fanout_table(rows):
    lines = ["| watchers | | p50 | p95 | p99 | last: median | worst | missing | last / bare Nchan's | |",
             "|--:|---|--:|--:|--:|--:|--:|--:|--:|---|"]
    for row in rows:
        for name, figures in (("board", row["board"]), ("bare Nchan", row["nchan"])):
            ratio, verdict = "", ""
            if name == "board":
                ratio, verdict = f"{row['ratio']:.2f} (bar {BAR})", met(row)
            lines.append(
                f"| {size(row) if name == 'board' else ''} | {name} | {figures['p50_ms']:.1f} |"
                f" {figures['p95_ms']:.1f} | {figures['p99_ms']:.1f} |"
                f" {figures['last_ms_median']:.1f} | {figures['last_ms_worst']:.1f} |"
                f" {figures['missing']} | {ratio} | {verdict} |")
    return "\n".join(lines)


def merged(rows):
    count = sum(row["board"]["merged"] for row in rows)
    if not count:
        return "Every change was shown by a board of its own."
    return (f"{count} of {sum(row['board']['changes'] for row in rows)} changes were shown by the board"
            " of the next one, which counts as theirs.")


def restart_table(rows):
    lines = ["| watchers | cut | p50 | p99 | last | updates meanwhile | refused | |",
             "|--:|--:|--:|--:|--:|--:|--:|---|"]
    for row in rows:
        lines.append(f"| {row['watchers']:,} | {row['cut']:,} | {row['p50']:.2f} s | {row['p99']:.2f} s |"
                     f" {row['last']:.2f} s (bar {BACK_SECONDS}) | {row['changes']} | {row['refused']} |"
                     f" {met(row)} |")
    return "\n".join(lines)


def memory_table(rows):
    lines = ["| watcher | edge | live Nginx | together |", "|---|--:|--:|--:|"]
    names = {"websocket": "WebSocket", "eventsource": "EventSource"}
    for row in rows:
        edge, live = row["edge"][1], row["live"][1]
        lines.append(f"| {names[row['kind']]}{', TLS' if row['tls'] else ''} | {edge:.1f} KiB |"
                     f" {live:.1f} KiB | {edge + live:.1f} KiB |")
    return "\n".join(lines)


def deaf_text(row):
    def grew(name, since, until):
        return f"{(row[until][name] - row[since][name]) / 1024:+.1f} MiB"
    return (f"{row['deaf']} who never read a byte joined {row['readers']:,} who do, and were sent 12 MB"
            f" each; then as many once more. Within 15 seconds {row['dropped'][0]} and"
            f" {row['dropped'][1]} of them were dropped. Memory grew the first time, by what messages"
            f" under way take: edge {grew('edge', 'before', 'between')}, live Nginx"
            f" {grew('live', 'before', 'between')}; the second time it was there already: edge"
            f" {grew('edge', 'between', 'after')}, live Nginx {grew('live', 'between', 'after')}. The"
            f" others missed {row['missing']} boards and {row['cut']} of them were cut.\n\n"
            f"Bars: all are dropped, nobody else misses anything, and the second {row['deaf']} take no more memory"
            f" ({risen_kib(row, 'between', 'after') / 1024:+.1f} MiB) than as many who read do"
            f" ({row['deaf'] * reader_kib(row) / 1024:.1f} MiB): {met(row)}.")


def panels(rows):
    return [Panel(title=f"{size(row)} watchers: from the update to the last of them, ms", lines=[
        Line(name, colour, [(i / PER_SECOND, ms) for i, ms in enumerate(row[key]["last_ms"])])
        for name, colour, key in (("board", GREEN, "board"), ("bare Nchan", RED, "nchan"))])
        for row in rows]


def write_report(directory, told, machine):
    parts = [f"""# Watchers

```sh
scripts/bench fanout
```

{time.strftime("%Y-%m-%d")}, {machine["cores"]} cores ({machine["machine"]}) for clients and servers, {machine["minutes"]:.0f} minutes in all, load
average at the end {machine["load"]:.1f}. Half of the watchers are WebSockets, half event streams."""]
    if told["fanout"]:
        parts.append(f"""
## From an update to the last who sees it

Milliseconds from the first byte of the request that changes the board: to the board, a player's signed action through the edge, {PER_SECOND} a second; to
bare Nchan (stock Nginx, one location to publish and one to subscribe), the same bytes handed to its publisher. Alternating, as many watchers of both.

{fanout_table(told["fanout"])}

Missing: watchers, summed over the changes, who did not receive a board that others did. {merged(told["fanout"])}
Besides the ratio each of these has to be so: nobody misses a board, is cut, is shown an older board after a newer one, and no change is refused, by either
server; and at most {MERGED_PART:.0%} of the changes are shown by the board of the next one.

![the last receipt of each change](fanout.svg)""")
    if told["restart"]:
        parts.append(f"""
## After a restart of the live Nginx

It ends under its watchers while the board goes on changing. Until each has again the newest board that was acknowledged, counted from the first cut;
they come back as the page does, with jitter.

{restart_table(told["restart"])}""")
    if told["deaf"]:
        parts.append(f"""
## Who does not read

{deaf_text(told["deaf"])}""")
    if told["memory"]:
        parts.append(f"""
## Memory of a watcher

Proportional set size, all processes of each Nginx, of {told["memory"][0]["watchers"]:,} watchers; what the kernel keeps for the sockets comes on top.

{memory_table(told["memory"])}""")
    (directory / "fanout.md").write_text("\n".join(parts) + "\n")
    if told["fanout"]:
        seconds = max(len(row["board"]["last_ms"]) for row in told["fanout"]) / PER_SECOND
        (directory / "fanout.svg").write_text(drawing(panels(told["fanout"]), seconds))
