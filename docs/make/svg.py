"""A picture of a published model as a small SVG: lines, points and marks on one pair of axes, each
line labelled at its end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 780, 400, 72, 218, 54, 54
# So that words stay legible on lines.
HALO = ' stroke="#ffffff" stroke-width="3.5" paint-order="stroke" stroke-linejoin="round"'
INK, FAINT, COLOURS = (
    "#222222",
    "#dddddd",
    ("#0b5fa5", "#c4451c", "#2a7f3f", "#7a4aa3", "#8a6a00", "#555555"),
)


def ticks(low: float, high: float, log: bool) -> list[float]:
    """Round numbers between low and high."""
    if log:
        steps = (1,) if math.log10(high / low) > 1.6 else (1, 2, 5)
        found = [
            s * 10.0**e
            for e in range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
            for s in steps
        ]
        kept = [t for t in found if low * 0.999 <= t <= high * 1.001]
        return kept[:: max(1, math.ceil(len(kept) / 8))]
    step = 10.0 ** math.floor(math.log10((high - low) / 4))
    step *= next(s for s in (1, 2, 2.5, 5, 10) if (high - low) / (s * step) <= 6)
    return [
        k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]


def number(x: float) -> str:
    return (
        f"{x:.0e}".replace("e+0", "e").replace("e-0", "e-")
        if x and not 1e-3 <= abs(x) < 1e5
        else f"{round(x, 10):,.10g}"
    )


def _span(
    values: Sequence[float], limits: tuple[float, float] | None, log: bool
) -> tuple[float, float]:
    if limits:
        return limits
    v = np.array([x for x in values if math.isfinite(x) and (x > 0 or not log)])
    low, high = float(v.min()), float(v.max())
    if log:
        return low / (high / low) ** 0.03, high * (high / low) ** 0.05
    room = (high - low) or 1.0
    return low - 0.03 * room, high + 0.06 * room


def _scale(
    low: float, high: float, start: float, end: float, log: bool
) -> Callable[[float], float]:
    if log:
        return lambda x: (
            start + (end - start) * math.log(x / low) / math.log(high / low) if x > 0 else math.nan
        )
    return lambda x: start + (end - start) * (x - low) / (high - low)


def _spread(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """The same heights, moved apart so that none is nearer than the gap to the next."""
    order = np.argsort(places, kind="stable")
    out = np.clip(np.array(places, float), low, high)
    for _ in range(200):
        for a, b in zip(order[:-1], order[1:], strict=True):
            if (short := gap - (out[b] - out[a])) > 1e-6:
                out[a] -= short / 2
                out[b] += short / 2
        out = np.clip(out, low, high)
    return list(out)


def _text(
    x: float,
    y: float,
    words: str,
    anchor: str = "start",
    colour: str = INK,
    size: int = 13,
    more: str = "",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
        f'font-size="{size}"{more}>{escape(words)}</text>'
    )


def draw(picture: dict[str, Any]) -> str:
    """The SVG of a picture as thermidor/published/__init__.py describes it."""
    log, lines, marks = picture.get("log", ""), picture["lines"], picture.get("marks", [])
    xs, ys = (
        [float(v) for line in lines for v in line[k]] + [m[k] for m in marks if k in m]
        for k in "xy"
    )
    spans = [_span(v, picture.get(f"{k}lim"), k in log) for k, v in (("x", xs), ("y", ys))]
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM
    x, y = _scale(*spans[0], left, right, "x" in log), _scale(*spans[1], bottom, top, "y" in log)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" '
        'font-family="system-ui, Segoe UI, Helvetica, Arial, '
        f'sans-serif"><title>{escape(picture["title"])}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<clipPath id="plot"><rect x="{left}" y="{top - 4}" width="{right - left}" '
        f'height="{bottom - top + 8}"/></clipPath>',
        _text(left, 24, picture["title"], size=16, more=' font-weight="600"'),
    ]
    for t in ticks(*spans[0], "x" in log):
        out += [
            f'<path d="M{x(t):.1f} {top}V{bottom + 5}" stroke="{FAINT}"/>',
            _text(x(t), bottom + 20, number(t), "middle", "#444444", 12),
        ]
    for t in ticks(*spans[1], "y" in log):
        out += [
            f'<path d="M{left - 5} {y(t):.1f}H{right}" stroke="{FAINT}"/>',
            _text(left - 9, y(t) + 4, number(t), "end", "#444444", 12),
        ]
    out += [
        f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#888888"/>',
        _text((left + right) / 2, HEIGHT - 12, picture["x"], "middle"),
        _text(
            0,
            0,
            picture["y"],
            "middle",
            more=f' transform="translate(17 {(top + bottom) / 2:.0f}) rotate(-90)"',
        ),
    ]
    ends = []
    for k, line in enumerate(lines):
        colour = COLOURS[k % len(COLOURS)]
        points = [(x(float(a)), y(float(b))) for a, b in zip(line["x"], line["y"], strict=True)]
        points = [p for p in points if all(map(math.isfinite, p))]
        out.append(_line(line, points, colour))
        inside = [
            p for p in points if left - 1 <= p[0] <= right + 1 and top - 1 <= p[1] <= bottom + 1
        ] or points
        ends.append(max(inside, key=lambda p: p[0]))
    outer = [
        k for k, e in enumerate(ends) if e[0] > right - 90
    ]  # labelled beyond the axes, the others where they end
    for k in set(range(len(ends))) - set(outer):
        out.append(
            _text(
                ends[k][0] + 7,
                max(ends[k][1], top) + 5,
                lines[k]["label"],
                colour=COLOURS[k % len(COLOURS)],
                more=HALO,
            )
        )
    for k, place in zip(
        outer, _spread([ends[k][1] for k in outer], 17, top + 4, bottom - 2), strict=True
    ):
        colour = COLOURS[k % len(COLOURS)]
        out += [
            f'<path d="M{ends[k][0] + 3:.1f} {ends[k][1]:.1f}L{right + 9} {place:.1f}" '
            f'stroke="{colour}" stroke-width="0.7"/>',
            _text(right + 13, place + 4, lines[k]["label"], colour=colour),
        ]
    out += _marks(marks, x, y, left, right, top, bottom)
    return "\n".join([*out, "</svg>", ""])


def _line(line: dict[str, Any], points: list[tuple[float, float]], colour: str) -> str:
    dots = (
        "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{colour}"/>' for a, b in points)
        if line.get("points")
        else ""
    )
    if line.get("points") and not line.get("dash"):
        return f'<g clip-path="url(#plot)">{dots}</g>'
    step = "H{0:.1f}V{1:.1f}" if line.get("step") else "L{0:.1f} {1:.1f}"
    path = "M{:.1f} {:.1f}".format(*points[0]) + "".join(step.format(*p) for p in points[1:])
    dash = ' stroke-dasharray="6 4"' if line.get("dash") else ""
    return (
        f'<g clip-path="url(#plot)"><path d="{path}" fill="none" stroke="{colour}" '
        f'stroke-width="2"{dash}/>{dots}</g>'
    )


def _marks(
    marks: list[dict[str, Any]],
    x: Callable,
    y: Callable,
    left: float,
    right: float,
    top: float,
    bottom: float,
) -> list[str]:
    out = []
    for m in marks:
        if "x" in m and "y" in m:
            a, b = x(m["x"]), y(m["y"])
            out += [
                f'<circle cx="{a:.1f}" cy="{b:.1f}" r="5" fill="none" stroke="{INK}" '
                'stroke-width="1.5"/>',
                _text(a + 9, b - 7, m["label"], size=12, more=HALO),
            ]
        elif "x" in m:
            a = x(m["x"])
            out += [
                f'<path d="M{a:.1f} {top}V{bottom}" stroke="{INK}" stroke-dasharray="2 3"/>',
                _text(a, top - 5, m["label"], "middle", size=12),
            ]
        else:
            b = y(m["y"])
            out += [
                f'<path d="M{left} {b:.1f}H{right}" stroke="{INK}" stroke-dasharray="2 3"/>',
                _text(left + 6, b - 5, m["label"], size=12, more=HALO),
            ]
    return out
