"""What is drawn side by side: curves of survival on shared axes, and grids with a column a side.

A side is what is compared: a country, one person's beliefs, a study, an arm of a claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ... import wording as words
from ...endings import ENDINGS
from ...study import stats
from ..charts import lasting
from ..futures import weeks

Chart = dict[str, Any]
UNITS = "Days in jail are person-days, days below the poverty line per head, the rest people."


class Side(NamedTuple):
    """A side: what to call it, how each of its futures ended, and on which day.

    days: to play.
    """

    name: str
    ending: Sequence[str]
    day: npt.NDArray[np.int64]
    days: int

    @property
    def lasted(self) -> npt.NDArray[np.float64]:
        """Whether each is in power on its last day, 0 or 1."""
        return np.array([float(e == "in power") for e in self.ending])

    def in_power_on(self, day: int) -> npt.NDArray[np.bool_]:
        """Whether each is in power at the end of a day."""
        return (self.day > day) | ((self.day == day) & (self.lasted > 0))


def curves(sides: Sequence[Side], title: str, apart: bool) -> Chart:
    """Futures still in power by day, of 100, with intervals.

    apart: a panel each, on the same axes; else all in one.
    """
    lines = [_curve(s) for s in sides]
    ends = [(s.name, line["y"][-1], s.days) for s, line in zip(sides, lines, strict=True)]
    told = [f"{name}: {words.two(y)} of 100 on day {days:,}" for name, y, days in ends]
    panels = [[line] for line in lines] if apart else [lines]
    table: list[list[Any]] = []
    days = sorted({d for line in lines for d in line["x"]})
    for d in days:
        table.append([d, *(_at(line, k, d) for line in lines for k in ("y", "low", "high"))])
    head = ["day"]
    for s in sides:
        head += [s.name, f"{s.name}, low", f"{s.name}, high"]
    return {
        "title": title,
        "unit": "futures of 100",
        "x_label": "day",
        "x_most": max(s.days for s in sides),
        "high": 100,
        "panels": panels,
        "sentence": f"Still in power. {'; '.join(told)}.",
        "table": {"head": head, "rows": table},
    }


def _curve(side: Side) -> dict[str, Any]:
    about = {"name": side.name, "x": weeks(side.days)}
    return about | lasting(side.day, side.ending, side.days)


def _at(line: Mapping[str, Any], key: str, day: int) -> float | None:
    return line[key][line["x"].index(day)] if day in line["x"] else None


def endings(sides: Sequence[Side]) -> Chart:
    """How futures end, of 100."""
    rows: list[dict[str, Any]] = []
    for ending, says in ENDINGS.items():
        found = [stats.share(list(s.ending).count(ending), len(s.ending)) for s in sides]
        if ending == "in power" or any(f.value for f in found):
            cells = [cell(*(100 * x for x in f)) for f in found]
            rows.append({"label": ending, "says": says, "cells": cells})
    told = []
    for k, s in enumerate(sides):
        most = max(rows, key=lambda r: r["cells"][k]["value"] or 0)
        told.append(f"{s.name}: {words.two(most['cells'][k]['value'])} {most['label']}")
    text = f"Of 100 futures, the commonest ending. {'; '.join(told)}."
    return grid("How futures end", "futures of 100", sides, rows, text) | {"high": 100}


def cell(value: float, low: float, high: float) -> dict[str, Any]:
    """A number with its range, and as it is said."""
    told = f"{words.two(value)} ({words.two(low)} to {words.two(high)})"
    return {"value": value, "low": low, "high": high, "told": told}


def grid(
    title: str, unit: str, sides: Sequence[Side], rows: list[dict[str, Any]], text: str
) -> Chart:
    """A table with a column a side, and bars in it on one scale a row."""
    head = [s.name for s in sides]
    return {"title": title, "unit": unit, "head": head, "rows": rows, "sentence": text}


def costs(
    sides: Sequence[Side],
    values: Sequence[Mapping[str, npt.NDArray[np.float64]]],
    called: Mapping[str, str],
    unit: str,
    text: str,
) -> Chart:
    """What futures cost citizens: the median and 90 of 100.

    values: of each side, by column, over its futures.  text: what it is of, a sentence.
    """
    rows = []
    for name, label in called.items():
        cells: list[dict[str, Any] | None] = []
        for of in values:
            x = of.get(name)
            q = [] if x is None or not len(x) else np.quantile(x, [0.5, 0.05, 0.95]).tolist()
            cells.append(cell(*q) if q else None)
        if any(cells):
            rows.append({"label": label, "says": label, "cells": cells})
    return grid("What it costs citizens", unit, sides, rows, text)


def flat(chart: Chart) -> list[list[Any]]:
    """A chart as rows of a table."""
    rows: list[list[Any]] = [[], [chart["title"], chart["unit"]]]
    if "table" in chart:
        return rows + [chart["table"]["head"], *chart["table"]["rows"]]
    head: list[Any] = [""]
    for name in chart["head"]:
        head += [name, f"{name}, low", f"{name}, high"]
    rows.append(head)
    for r in chart["rows"]:
        numbers = [(c or {}).get(k) for c in r["cells"] for k in ("value", "low", "high")]
        rows.append([r["label"], *numbers])
    return rows
