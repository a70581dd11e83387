"""A picture of numbers with their intervals, one a line, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np

WIDTH, LEFT, ROW, TOP = 860, 300, 26, 62
RIGHT, LETTER = 110, 7  # room behind a line at least, and for a letter
MOST_LINES, MOST_LETTERS = 20, 44


class Line(NamedTuple):
    """A number with its interval; told: what stands behind the line."""

    name: str
    value: float
    low: float
    high: float
    told: str = ""


def bars(title: str, unit: str, lines: Sequence[Line]) -> str:
    """The picture: a point and its interval for each, on one scale that holds zero."""
    lines = [x for x in lines if np.isfinite(x.value)][:MOST_LINES]
    ends = [e for x in lines for e in (x.value, x.low, x.high) if np.isfinite(e)] or [1.0]
    low, high = min(0.0, *ends), max(0.0, *ends)
    span = (high - low) or 1.0
    right = max([RIGHT, *(24 + LETTER * len(x.told) for x in lines)])
    room = WIDTH - LEFT - right
    height = TOP + ROW * len(lines) + 44

    def at(v: float) -> float:
        v = high if v == np.inf else low if not np.isfinite(v) else v
        return LEFT + room * (v - low) / span

    bottom = height - 38
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="13"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
        f'<text x="14" y="26" font-size="15" font-weight="bold">{escape(title)}</text>'
    ]
    for v in sorted({low, 0.0, high}) if lines else ():
        near = abs(v) < 0.08 * span and v != 0  # its number would run into that of zero
        out.append(
            f'<line x1="{at(v):.1f}" x2="{at(v):.1f}" y1="{TOP - 14}" y2="{bottom}" '
            f'stroke="{"#444" if v == 0 else "#ddd"}"/>'
        )
        if not near:
            out.append(
                f'<text x="{at(v):.1f}" y="{bottom + 16}" text-anchor="middle">{v:.3g}</text>'
            )
    if lines:
        out.append(
            f'<text x="{LEFT + room / 2}" y="{height - 6}" text-anchor="middle" fill="#555">'
            f"{escape(unit)}</text>"
        )
    for k, x in enumerate(lines):
        y = TOP + ROW * k
        name = x.name if len(x.name) <= MOST_LETTERS else x.name[: MOST_LETTERS - 1] + "…"
        out.append(
            f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>'
            f'<line x1="{at(x.low):.1f}" x2="{at(x.high):.1f}" y1="{y}" y2="{y}" '
            f'stroke="#0072B2" stroke-width="3" stroke-opacity="0.45"/>'
            f'<circle cx="{at(x.value):.1f}" cy="{y}" r="5" fill="#0072B2"/>'
            f'<text x="{WIDTH - right + 12}" y="{y + 4}">{escape(x.told)}</text>'
        )
    if not lines:
        out.append(f'<text x="14" y="{TOP}">nothing can be told from luck</text>')
    return "".join(out) + "</svg>\n"
