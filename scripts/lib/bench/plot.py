# SPDX-License-Identifier: Apache-2.0
"""Lines over time as SVG, without a library: the same figures give the same bytes."""
import html
import math
from dataclasses import dataclass

WIDTH, HEIGHT = 860, 220     # of a panel
LEFT, TOP, RIGHT, BOTTOM = 70, 34, 150, 30


@dataclass
class Line:
    name: str
    colour: str
    points: list  # (second, value); a value of None interrupts it


@dataclass
class Panel:
    title: str
    lines: list
    span: tuple = None   # seconds (from, to) that are shaded, and what they are called
    span_name: str = ""


def _round_up(value):
    magnitude = 10 ** math.floor(math.log10(value))
    return next(step * magnitude for step in (1, 2, 5, 10) if step * magnitude >= value)


def _step(seconds):
    """Between two numbers below a panel: some twenty of them find room."""
    return next((step for step in (1, 5, 10, 60, 600, 3600) if seconds / step <= 25), 36000)


def _panel(panel, y, seconds):
    """The value axis is logarithmic: what is refused is ten times what is accepted."""
    values = [v for line in panel.lines for _, v in line.points if v]
    low = 10 ** math.floor(math.log10(min(values)))
    high = max(_round_up(max(values)), 10 * low)
    decades = math.log10(high / low)

    def at(second, value):
        x = LEFT + (WIDTH - LEFT - RIGHT) * second / seconds
        part = max(0.0, math.log10(max(value, low) / low) / decades)
        return f"{x:.1f}", f"{y + HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part:.1f}"

    parts = [f'<text x="{LEFT}" y="{y + 20}" font-weight="bold">{html.escape(panel.title)}</text>']
    if panel.span:
        (x1, top), (x2, bottom) = at(panel.span[0], high), at(panel.span[1], low)
        parts.append(f'<rect x="{x1}" y="{top}" width="{float(x2) - float(x1):.1f}"'
                     f' height="{float(bottom) - float(top):.1f}" fill="#f3ead8"/>')
        parts.append(f'<text x="{float(x1) + 4:.1f}" y="{float(top) + 13:.1f}" fill="#8a6d3b">'
                     f'{html.escape(panel.span_name)}</text>')
    value = low
    while value <= high * 1.001:
        (x1, line_y), (x2, _) = at(0, value), at(seconds, value)
        parts.append(f'<line x1="{x1}" x2="{x2}" y1="{line_y}" y2="{line_y}" stroke="#ddd"/>'
                     f'<text x="{LEFT - 6}" y="{float(line_y) + 4:.1f}" text-anchor="end">{value:g}'
                     '</text>')
        value *= 10
    for second in range(0, int(seconds) + 1, _step(seconds)):
        x, line_y = at(second, low)
        parts.append(f'<text x="{x}" y="{float(line_y) + 16:.1f}" text-anchor="middle">{second}</text>')
    for number, line in enumerate(panel.lines):
        path, pen = [], "M"
        for second, value in line.points:
            if not value:
                pen = "M"
                continue
            path.append(pen + " ".join(at(second, value)))
            pen = "L"
        parts.append(f'<path d="{"".join(path)}" fill="none" stroke="{line.colour}"'
                     ' stroke-width="1.5"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{y + TOP + 14 + 18 * number}"'
                     f' fill="{line.colour}">{html.escape(line.name)}</text>')
    return parts


def drawing(panels, seconds):
    height = HEIGHT * len(panels)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}"'
             ' font-family="sans-serif" font-size="12">',
             '<rect width="100%" height="100%" fill="#fff"/>']
    for number, panel in enumerate(panels):
        parts += _panel(panel, number * HEIGHT, seconds)
    return "\n".join([*parts, "</svg>", ""])
