# SPDX-License-Identifier: Apache-2.0
"""The figures as a table and as a drawing: Markdown and SVG, without a library."""
import html
import time

BAR = 360          # pixels of a ratio that just reaches its bar
ROW = 26


def _number(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _table(rows):
    lines = ["| part | what | measured | against | ratio | bar | |", "|---|---|--:|--:|--:|--:|---|"]
    for row in rows:
        bar = "" if row["bar"] is None else ("≥ " if row["better"] == "more" else "≤ ") + str(row["bar"])
        met = {None: "", True: "met", False: "**missed**"}[row["met"]]
        lines.append(f"| {row['part']} | {row['what']} | {_number(row['value'])} |"
                     f" {_number(row['base'])} | {row['ratio']:.2f} | {bar} | {met} |")
    return "\n".join(lines)


def _drawing(rows):
    """Each ratio against its bar: beyond the line is better."""
    shown = [row for row in rows if row["bar"] is not None]
    height = ROW * len(shown) + 40
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="{height}"'
             ' font-family="sans-serif" font-size="12">',
             '<rect width="100%" height="100%" fill="#fff"/>',
             f'<line x1="{430 + BAR}" x2="{430 + BAR}" y1="10" y2="{height - 20}" stroke="#444"/>',
             f'<text x="{434 + BAR}" y="{height - 6}" fill="#444">the bar</text>']
    for i, row in enumerate(shown):
        reached = row["ratio"] / row["bar"] if row["better"] == "more" else row["bar"] / row["ratio"]
        width = min(reached, 1.5) * BAR
        colour = "#2a7d4f" if row["met"] else "#b3432b"
        y = 14 + i * ROW
        parts += [f'<text x="420" y="{y + 12}" text-anchor="end">{html.escape(row["what"])}</text>',
                  f'<rect x="430" y="{y}" width="{width:.0f}" height="16" fill="{colour}"/>',
                  f'<text x="{436 + width:.0f}" y="{y + 12}">{row["ratio"]:.2f}</text>']
    return "\n".join([*parts, "</svg>", ""])


def write_report(directory, rows, machine):
    directory.mkdir(parents=True, exist_ok=True)
    form = " --long" if machine["long"] else ""
    (directory / "README.md").write_text(f"""# Benchmarks

Everything is a ratio of two figures taken in alternation on one machine, the better of two rounds each: the absolute ones mean
nothing elsewhere. To repeat all of it:

```sh
scripts/bench{form}
```

{time.strftime("%Y-%m-%d")}, {machine["cores"]} cores ({machine["machine"]}), runs of {machine["seconds"]:.0f} s, {machine["minutes"]:.0f} minutes in all, load
average at the end {machine["load"]:.1f}. PostgreSQL 15 with fsync on the same disk.

{_table(rows)}

![each ratio against its bar](ratios.svg)

a: throughput. b: what the commit queue is worth. c: what exact ranks cost. d: SQLite. e: reading, and boards that begin
again. f: memory. g: telling other processes. `scripts/bench --only c` measures one part.

Too much of it: [overload.md](overload.md), by `scripts/bench overload`. Those who watch: [fanout.md](fanout.md), by `scripts/bench fanout`.
For hours: [soak.md](soak.md), by `scripts/soak`. Several hosts: [hosts.md](hosts.md), by `scripts/bench hosts`.
""")
    (directory / "ratios.svg").write_text(_drawing(rows))
