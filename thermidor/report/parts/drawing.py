"""A figure as plain data: its sentence, its words, its numbers; and how endings are marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .plain import NAME, plain

SectionData = dict[str, Any] | list[str] | None  # what a section shows, as JSON values

FEWEST = 20  # futures below which a band would claim more than it knows
BANDS = ((0.025, 0.975), (0.10, 0.90), (0.25, 0.75))  # of futures
# letter, shape and colour (Okabe and Ito 2008) of each ending, the same everywhere on the page
LOOK = {
    "in power": ("", "circle", "power"),
    "imposed": ("I", "square", "imposed"),
    "coup": ("C", "diamond", "coup"),
    "uprising": ("U", "triangle", "uprising"),
    "collapse": ("X", "hexagon", "collapse"),
    "pact": ("P", "pentagon", "pact"),
}


def look(ending: str) -> dict[str, str]:
    """How an ending is marked."""
    letter, shape, colour = LOOK.get(ending, (ending[:1].upper(), "square", "other"))
    return {
        "ending": plain(ending, NAME),
        "letter": plain(letter),
        "shape": shape,
        "colour": colour,
    }


def neat(x: np.ndarray | Sequence[float], figures: int = 4) -> list[float | None]:
    """Numbers rounded to what a figure can show; what is not a number is empty."""
    return [None if not np.isfinite(v) else float(f"{v:.{figures}g}") for v in np.asarray(x, float)]


def figure(
    name: str,
    title: str,
    summary: str,
    caption: str,
    head: list[str],
    rows: list[list[str]],
    saved: dict[str, list[Any]],
    data: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A figure.

    title: its sentence. summary: what is drawn, in words. caption: how to read it. head, rows: its
    numbers as a table to read. saved: columns of the file that a reader may keep, each of the same
    length. data: what the page's script draws; None where the page is drawn without a script.
    """
    return {
        "id": name,
        "title": title,
        "summary": summary,
        "caption": caption,
        "head": head,
        "rows": rows,
        "saved": saved,
        "data": data,
    } | more
