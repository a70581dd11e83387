"""A map of an argument: a box for each claim with its verdict, an arrow for each link of two.

Claims that support others stand below them. Plain data: the page's template draws it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten, wrap
from typing import Any

from ...study.matrix.links import Links, failing, ranks
from .plain import TEXT, plain

MARKS = {"supported": "✓", "not supported": "✕", "not settled": "?", "not testable": "–"}
WIDE, HIGH, GAP, BETWEEN = 200, 96, 16, 46  # of a box, and between boxes and rows: pixels
MOST_IN_A_ROW, LETTERS, LINES = 5, 31, 3


def argument_map(
    claims: Sequence[Mapping[str, Any]], supports: Links, attacks: Links
) -> dict[str, Any] | None:
    """Boxes, arrows and the size of the picture; None where no claim bears on another.

    claims: with id, sentence and verdict, in their order.
    """
    ids = [str(c["id"]) for c in claims]
    arrows = [
        (kind, a, b)
        for kind, links in (("supports", supports), ("attacks", attacks))
        for a, of in links.items()
        for b in of
        if a in ids and b in ids and a != b
    ]
    if not arrows:
        return None
    verdicts = {str(c["id"]): str(c["verdict"]) for c in claims}
    lost = failing(supports, verdicts)
    at = _places(ids, supports)
    boxes = [_box(c, at[str(c["id"])], lost.get(str(c["id"]), [])) for c in claims]
    drawn = [
        {"kind": kind, "weak": kind == "supports" and verdicts[a] == "not supported"}
        | _line(at[a], at[b])
        for kind, a, b in arrows
    ]
    told = "; ".join(f"{a} {kind} {b}" for kind, a, b in arrows)
    weak = [f"{k}, whose support {' and '.join(v)} fails" for k, v in lost.items() if k in ids]
    return {
        "boxes": boxes,
        "arrows": drawn,
        "width": max(x for x, _ in at.values()) + WIDE + 2,
        "height": max(y for _, y in at.values()) + HIGH + 2,
        "told": plain(f"Map of the argument: {told}.", TEXT),
        "weak": plain(f"Not carried by what was to support it: {'; '.join(weak)}.", TEXT)
        if weak
        else None,
    }


def _places(ids: Sequence[str], supports: Links) -> dict[str, tuple[int, int]]:
    """Left upper corner of each box: row by row, at most so many in each."""
    rank = ranks(ids, supports)
    rows: list[list[str]] = []
    for r in sorted(set(rank.values())):
        of = [i for i in ids if rank[i] == r]
        rows += [of[k : k + MOST_IN_A_ROW] for k in range(0, len(of), MOST_IN_A_ROW)]
    return {
        i: (1 + k * (WIDE + GAP), 1 + row * (HIGH + BETWEEN))
        for row, of in enumerate(rows)
        for k, i in enumerate(of)
    }


def _box(c: Mapping[str, Any], at: tuple[int, int], lost: Sequence[str]) -> dict[str, Any]:
    x, y = at
    text = shorten(plain(str(c["sentence"]), TEXT), LETTERS * LINES, placeholder=" …")
    verdict = str(c["verdict"])
    return {
        "id": plain(str(c["id"])),
        "x": x,
        "y": y,
        "verdict": verdict,
        "mark": MARKS.get(verdict, "?"),
        "lines": wrap(text, LETTERS)[:LINES],
        "lost": plain(f"support fails: {', '.join(lost)}") if lost else None,
    }


def _line(a: tuple[int, int], b: tuple[int, int]) -> dict[str, float]:
    """From the edge of one box to the edge of another, along the line of their centres."""
    ax, ay = a[0] + WIDE / 2, a[1] + HIGH / 2
    bx, by = b[0] + WIDE / 2, b[1] + HIGH / 2
    dx, dy = bx - ax, by - ay
    t = min(
        WIDE / 2 / abs(dx) if dx else float("inf"),
        HIGH / 2 / abs(dy) if dy else float("inf"),
    )
    return {
        "x1": round(ax + t * dx, 1),
        "y1": round(ay + t * dy, 1),
        "x2": round(bx - t * dx, 1),
        "y2": round(by - t * dy, 1),
    }
