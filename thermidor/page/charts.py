"""The charts that a reader may choose, as data: title, sentence, lines or rows, and the same as a
table. Every word of them is made here, from what the model declares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import wording as words
from ..endings import ENDINGS
from ..scenario.scenario import Scenario
from ..study import stats
from ..study.costs import of_columns
from ..support.faults import Fault, near
from .address import State
from .answer import Played
from .futures import Some, evenly, weeks

SERIES = "series."  # begins the name of a chart of a state
SHOWN = 8  # actual futures beside the bands
SPAN = [0.05, 0.5, 0.95]  # quantiles of futures that a series shows
CROWD = "turnout_country"
SIDES = {
    "base": "as it is",
    "assumed": "under your assumptions",
    "chosen": "with your choices",
}
Chart = dict[str, Any]
Named = Sequence[tuple[str, str, Some]]  # key, name, futures of each side that is shown


def listed(scenario: Scenario) -> list[dict[str, str]]:
    """The charts that there are: key and title."""
    own = [{"key": k, "title": title} for k, (title, _) in CHARTS.items()]
    return own + [
        {"key": SERIES + c.name, "title": words.upper(c.quantity.why)}
        for c in scenario.columns.series[: len(scenario.columns.single)]
        if c.name != CROWD
    ]


def check(key: str, scenario: Scenario) -> None:
    """Raises Fault for a chart that there is not."""
    known = [c["key"] for c in listed(scenario)]
    if key not in known:
        raise Fault(
            f"there is no chart '{key[:60]}'; there are {', '.join(CHARTS)}, and {SERIES} with the "
            f"name of a state.{near(key, known)}"
        )


def shown(state: State, played: Played) -> Named:
    """The sides that differ, the last of them the reader's."""
    out = [("base", SIDES["base"], played.base)]
    if state.assumptions:
        out.append(("assumed", SIDES["assumed"], played.assumed))
    if state.choices:
        out.append(("chosen", SIDES["chosen"], played.chosen))
    return out


def chart(key: str, scenario: Scenario, sides: Named) -> Chart:
    """A chart by its key, which `check` has found."""
    if key in CHARTS:
        title, make = CHARTS[key]
        return {"key": key, "title": title} | make(scenario, sides)
    name = key.removeprefix(SERIES)
    (why,) = (c.quantity.why for c in scenario.columns.series if c.name == name)
    return {"key": key, "title": words.upper(why)} | series(scenario, sides, name)


def survival(scenario: Scenario, sides: Named) -> Chart:
    """Futures still in power by day, of 100, with the interval of the last side."""
    days = weeks(scenario.days)
    lines: list[dict[str, Any]] = []
    for key, name, some in sides:
        line = {"side": key, "name": name}
        lines.append(line | lasting(some.day, some.ending, scenario.days))
    y = lines[-1]["y"]
    fall = int(np.argmax(-np.diff(y))) if len(y) > 1 else 0
    end = f"Of 100 futures {words.two(y[-1])} are in power on day {days[-1]:,}"
    steepest = "; none ends before"
    if min(y) < 100:
        steepest = f"; the line falls most about day {days[fall + 1]:,}"
    return _over_days(days, "futures of 100", lines, f"{end}{steepest}.") | {"high": 100}


def lasting(day: npt.NDArray[np.int64], ending: Sequence[str], days: int) -> dict[str, list[float]]:
    """Of 100 futures those still in power by week (y), with the interval (low, high).

    day, ending: of each future.  days: to play.
    """
    ended = np.array([e != "in power" for e in ending])
    curve = stats.survival_curve(day, ended, days)
    at = np.searchsorted(curve.day, weeks(days), side="right") - 1
    drawn = {"y": curve.alive, "low": curve.low, "high": curve.high}
    return {k: (100 * np.asarray(x)[at]).round(2).tolist() for k, x in drawn.items()}


def series(scenario: Scenario, sides: Named, name: str) -> Chart:
    """A daily state by week: the median of each side, the middle 90 of 100 futures of the last, and
    some of its futures. Futures that ended count until then.
    """
    k = [c.name for c in scenario.columns.series].index(name)
    unit, times = in_units(scenario, scenario.columns.series[k].quantity.unit)
    days = weeks(scenario.days)
    lines: list[dict[str, Any]] = []
    for key, side, some in sides:
        low, middle, high = _quantiles(times * some.series[:, :, k])
        lines.append({"side": key, "name": side, "y": middle, "low": low, "high": high})
    some = sides[-1][2]
    first = zip(some.runs[:SHOWN], some.series[:SHOWN, :, k], strict=True)
    runs = [{"run": int(r), "y": _plain(times * y)} for r, y in first]
    told = [(y, d) for y, d in zip(lines[-1]["y"], days, strict=True) if y is not None]
    peak, day = max(told)
    text = (
        f"The median over futures that have not ended begins at {words.two(told[0][0])} and has "
        f"its largest value, {words.two(peak)}, on day {day:,}; it ends at "
        f"{words.two(told[-1][0])} ({unit})."
    )
    return _over_days(days, unit, lines, text) | {"runs": runs}


def in_units(scenario: Scenario, unit: str) -> tuple[str, float]:
    """The unit in which a state is shown, and by what it is multiplied: residents as people."""
    if unit != "share of residents":
        return unit, 1.0
    residents = sum(r.population for r in scenario.file.place.provinces)
    return ("people", residents) if residents else ("of a million residents", 1e6)


def crowds(scenario: Scenario, sides: Named) -> Chart:
    """The street, as a series."""
    return series(scenario, sides, CROWD)


def _quantiles(x: npt.NDArray[np.float32]) -> list[list[float | None]]:
    """The 5th, 50th and 95th of 100 futures by week; None where none lives."""
    out, lives = np.full((3, x.shape[1]), np.nan), np.isfinite(x)
    every, some = lives.all(0), lives.any(0) & ~lives.all(0)  # many times quicker where none ended
    out[:, every] = np.quantile(x[:, every], SPAN, axis=0)
    out[:, some] = np.nanquantile(x[:, some], SPAN, axis=0)
    return [_plain(row) for row in out]


def _plain(y: npt.NDArray[Any]) -> list[float | None]:
    return [float(f"{v:.5g}") if np.isfinite(v) else None for v in y]


def _over_days(days: list[int], unit: str, lines: list[dict[str, Any]], text: str) -> Chart:
    head = ["day", *(x["name"] for x in lines)]
    last = lines[-1]
    head += [f"{last['name']}, low", f"{last['name']}, high"]
    columns = [*(x["y"] for x in lines), last["low"], last["high"]]
    rows = [[d, *(c[i] for c in columns)] for i, d in enumerate(days)]
    table = {"head": head, "rows": rows}
    about = {"kind": "lines", "x": days, "x_label": "day", "unit": unit}
    return about | {"lines": lines, "sentence": text, "table": table}


def endings(scenario: Scenario, sides: Named) -> Chart:
    """How futures end, of 100."""
    rows: list[dict[str, Any]] = []
    for ending, says in ENDINGS.items():
        values: list[dict[str, Any]] = []
        for key, name, some in sides:
            found = stats.share(some.ending.count(ending), len(some))
            values.append(
                {"side": key, "name": name, "value": round(100 * found.value, 2)}
                | {"low": round(100 * found.low, 2), "high": round(100 * found.high, 2)}
            )
        rows.append({"key": ending, "label": ending, "says": says, "values": values})
    rows = [r for r in rows if r["key"] == "in power" or any(v["value"] for v in r["values"])]
    last = [(r["values"][-1]["value"], r["label"]) for r in rows if r["values"][-1]["value"]]
    parts = [f"{words.two(v)} {label}" for v, label in sorted(last, reverse=True)]
    return _rows(rows, "futures of 100", f"Of 100 futures: {words.listed(parts)}.") | {
        "high": 100,
        "dots": [{"key": r["key"], "value": r["values"][-1]["value"]} for r in rows],
    }


def costs(scenario: Scenario, sides: Named) -> Chart:
    """What futures cost citizens: median and middle 90 of 100, over days that all sides lived."""
    even, cut = evenly([some for _, _, some in sides])
    called = of_columns(scenario.columns)
    columns = [c.name for c in scenario.columns.costs]
    units = {c.name: c.quantity.unit for c in scenario.columns.costs}
    rows: list[dict[str, Any]] = []
    for name in called:
        k = columns.index(name)
        values: list[dict[str, Any]] = []
        for (key, side, _), paid in zip(sides, even, strict=True):
            low, middle, high = np.quantile(paid[:, k], [0.05, 0.5, 0.95]).tolist()
            values.append({"side": key, "name": side, "value": middle, "low": low, "high": high})
        rows.append({"key": name, "label": called[name], "says": units[name], "values": values})
    told = [r for r in rows if r["values"][-1]["value"] > 0][:3]
    parts = [f"{words.two(r['values'][-1]['value'])} {r['label']}" for r in told]
    text = "No cost was counted."
    if parts:
        text = f"In the median: {words.listed(parts)}, {counted(cut, len(sides))}."
    return _rows(rows, "median (90 of 100 futures)", text)


def counted(cut: int, sides: int) -> str:
    """How costs were counted, for a sentence. cut: futures that lived longer on one side."""
    if sides == 1:
        return "each future counted to its own end"
    if not cut:
        return "over the same days on all sides"
    longer = words.count(cut, "future")
    return f"over the days that a future lived on all sides ({longer} lived longer on one)"


def _rows(rows: list[dict[str, Any]], unit: str, text: str) -> Chart:
    head, table = [""], []
    for v in rows[0]["values"] if rows else ():
        head += [v["name"], f"{v['name']}, low", f"{v['name']}, high"]
    for r in rows:
        for v in r["values"]:
            v["told"] = f"{words.two(v['value'])} ({words.two(v['low'])} to {words.two(v['high'])})"
        numbers = [v[k] for v in r["values"] for k in ("value", "low", "high")]
        table.append([r["label"], *numbers])
    about = {"kind": "rows", "unit": unit, "rows": rows, "sentence": text}
    return about | {"table": {"head": head, "rows": table}}


CHARTS: dict[str, tuple[str, Callable[[Scenario, Named], Chart]]] = {
    "survival": ("Futures still in power", survival),
    "endings": ("How futures end", endings),
    "crowds": ("People in the street", crowds),
    "costs": ("What it costs citizens", costs),
}
