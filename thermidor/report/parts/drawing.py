"""A figure as plain data: its sentence, its words, its numbers; and how endings are marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .plain import NAME, plain

SectionData = dict[str, Any] | list[str] | None  # what a section shows, as JSON values

FEWEST = 20  # futures below which a band would claim more than it knows
BANDS = ((0.025, 0.975), (0.10, 0.90), (0.25, 0.75))  # of futures
# colours of endings (Okabe and Ito 2008), in all figures of the report and of the page
COLOURS = {
    "power": "#0072b2",
    "imposed": "#56b4e9",
    "coup": "#e69f00",
    "uprising": "#d55e00",
    "collapse": "#cc79a7",
    "pact": "#009e73",
    "other": "#9aa1ab",
}
DARK = {"power": "#2b8fcf"}  # those that are others on a dark page
# letter, shape and colour of each ending
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


def colour_of(ending: str) -> str:
    """The colour of an ending, on white."""
    return COLOURS[look(ending)["colour"]]


def colours() -> str:
    """The colours of endings as a style sheet: --power, --coup and so on."""
    light, dark = (" ".join(f"--{k}: {v};" for k, v in of.items()) for of in (COLOURS, DARK))
    only = "@media screen and (prefers-color-scheme: dark)"
    return f":root {{ {light} }}\n{only} {{ :root:not(.paper) {{ {dark} }} }}\n"


def apportioned(wanted: Mapping[str, float], of: int) -> dict[str, int]:
    """Dots of so many for each ending, which wants so many (not whole): the largest remainders are
    rounded up; of two that are alike, the one that a sentence rounds up (56.5 is 56 there), then
    that of the rarer ending.
    """
    given = {ending: int(x) for ending, x in wanted.items()}
    left = max(0, of - sum(given.values()))

    def last(e: str) -> tuple[float, bool, float]:
        return round(given[e] - wanted[e], 9), round(wanted[e]) == given[e], wanted[e]

    rest = sorted(wanted, key=last)
    return given | {ending: given[ending] + 1 for ending in rest[:left]}


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
