# SPDX-License-Identifier: Apache-2.0
"""docs/benchmarks/soak.md and its drawing."""
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "bench"))
from plot import Line, Panel, drawing  # noqa: E402
from soak_bars import COUNT, MEMORY_KIB, MEMORY_PART, WARM_UP_SECONDS, bars, flatness, series  # noqa: E402

COLOURS = ("#2a7d4f", "#b3432b", "#2b5fb3", "#8a6d3b", "#7b3fa0", "#2b8fa3", "#a3842b", "#555",
           "#c2549d", "#6b8e23", "#000")


def picture(rows):
    panels = []
    for field, title in (("memory_kib", "KiB"), ("descriptors", "descriptors")):
        panels.append(Panel(title=title, lines=[
            Line(what, COLOURS[number % len(COLOURS)], points)
            for number, (what, points) in enumerate(series(rows, field).items())]))
    return drawing(panels, float(rows[-1]["second"]))


def command(facts):
    words = ["scripts/soak", f"--hours {facts['hours']:g}"]
    words += [f"--{name} {facts[name]:g}" for name, usual in (("rate", 500), ("watchers", 5000))
              if facts[name] != usual]
    return " ".join(words)


def bars_table(found):
    names = {True: "met", False: "**missed**", None: "not known"}
    return "\n".join(["| | measured | bar | |", "|---|---|---|---|",
                      *(f"| {what} | {measured} | {bar} | {names[met]} |"
                        for what, measured, bar, met in found)])


def flatness_table(found):
    lines = ["| | | at the end | rise of the line | bound | |", "|---|---|--:|--:|--:|---|"]
    for what, unit, value, risen, bound, too_much in found:
        lines.append(f"| {what} | {unit} | {value:,.0f} | {risen:,.0f} | {bound:,.0f} |"
                     f" {'**grew**' if too_much else 'flat'} |")
    return "\n".join(lines)


def page(facts, rows):
    told = facts["told"]
    return f"""# For hours

```sh
{command(facts)}
```

{facts["date"]}, {facts["machine"]}. {facts["rate"]:g} updates a second were asked for and {facts["counted"]:,} counted, {facts["counted"] / facts["seconds"]:.0f} a second, while {told["up"]:,} watchers,
half of them WebSockets and half event streams, were told {told["messages"]:,} boards. All of it on one machine, clients included.

{bars_table(bars(facts, rows))}

The memory and descriptors of each process, Nchan's shared memory and the temporary files were sampled every ten seconds. Flat means that once warm (a quarter of the run, at most
{WARM_UP_SECONDS // 60} minutes) the straight line through the samples rises by no more than {MEMORY_PART:.0%} of what there is, or {MEMORY_KIB // 1024} MiB, or {COUNT} descriptors or files, over the whole
run. A leak that is smaller than that over this time is not seen: a longer run sees smaller ones.

{flatness_table(flatness(rows, facts["seconds"]))}

PostgreSQL's processes count together, without the buffers that they share.

![memory and descriptors over the run](soak.svg)
"""


def write_report(directory, facts, rows):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "soak.md").write_text(page(facts, rows), encoding="utf-8")
    (directory / "soak.svg").write_text(picture(rows), encoding="utf-8")
