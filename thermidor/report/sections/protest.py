"""Protest: people in the street over time."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from ...wording import count, people, two
from ..parts.drawing import BANDS, FEWEST, figure, look, neat
from .study_view import StudyView

LINES = 12  # futures drawn one by one
TURNOUT = "turnout_country"


def protest(view: StudyView) -> dict[str, Any] | None:
    """People in the street over time: bands of futures, and a dozen of them one by one."""
    if not view.n or not view.has("series", "run", "day", TURNOUT):
        return None
    runs, days, turnout = view.series(TURNOUT)
    turnout, days = turnout[:, days > 0], days[days > 0]
    some = np.isfinite(turnout).any(axis=1)
    runs, turnout = runs[some], turnout[some]
    if not len(runs) or not len(days):
        return None
    scale = view.population or 1e6
    peak = _peaks(view, runs, turnout)
    alive = np.isfinite(turnout).sum(axis=0)
    quantiles = {q: _quantile(turnout, q) for q in (0.5, *chain(*BANDS))}
    banded = len(runs) >= FEWEST

    def draw(x: np.ndarray) -> list[float | None]:
        return neat(np.where(np.isfinite(x), np.maximum(x * scale, 1.0), np.nan), 3)

    order = np.lexsort((runs, peak))
    picked = np.linspace(0, len(order) - 1, min(LINES, len(order))).round().astype(int)
    lines = _lines(view, runs, turnout, order[np.unique(picked)], draw)
    when = np.unique(np.linspace(0, len(days) - 1, min(14, len(days))).round().astype(int))
    columns = (
        [quantiles[q] for q in sorted(quantiles)]
        if banded
        else [_quantile(turnout, q) for q in (0.0, 0.5, 1.0)]
    )
    rows = [
        [
            f"{days[k]:,}",
            view.date(days[k]),
            f"{alive[k]:,}",
            *(two(float(c[k]) * scale, 3) for c in columns),
        ]
        for k in when
        if alive[k]
    ]
    names = (
        ["2.5 %", "10 %", "25 %", "median", "75 %", "90 %", "97.5 %"]
        if banded
        else ["smallest", "median", "largest"]
    )
    saved = {"day": days.tolist(), "futures": alive.tolist()}
    saved |= {n: neat(c * scale, 4) for n, c in zip(names, columns, strict=True)}
    saved |= {f"future {line['run']}": line["values"] for line in lines}
    middle = quantiles[0.5]
    data = {
        "time": view.time,
        "day": days.tolist(),
        "lines": lines,
        "seen": _observed(view, scale),
        "unit": "people" if view.population else "of a million residents",
        "median": draw(middle) if len(runs) > 1 else None,
        "bands": [{"low": draw(quantiles[a]), "high": draw(quantiles[b])} for a, b in BANDS]
        if banded
        else [],
    }
    return figure(
        "protest",
        _crowds(view, turnout, peak, banded),
        _course(view, days, middle, peak),
        _how_to_read(view, alive, len(lines), banded),
        ["day", "date", "futures", *names],
        rows,
        saved,
        data,
    )


def _observed(view: StudyView, scale: float) -> list[dict[str, Any]]:
    """Crowds that were observed, with the range that each may have had."""
    out = []
    for p in view.sightings(TURNOUT):
        ends = np.array([p["value"], p["low"], p["high"]]) * scale
        value, low, high = neat(np.maximum(ends, 1.0))
        out.append({"day": p["day"], "y": value, "low": low, "high": high})
    return out


def _peaks(view: StudyView, runs: np.ndarray, turnout: np.ndarray) -> np.ndarray:
    """The largest crowd of each future: of every day where that is known, else of those drawn."""
    seen = np.nanmax(turnout, axis=1)
    known = f"peak_{TURNOUT}"
    if known not in view.finished.columns:
        return seen
    table = dict(view.finished.select("run", known).iter_rows())
    return np.array([table.get(int(r), s) for r, s in zip(runs, seen, strict=True)])


def _crowds(view: StudyView, turnout: np.ndarray, peak: np.ndarray, banded: bool) -> str:
    """The sentence on how many are in the street."""
    each = np.nanmedian(turnout, axis=1)
    typical = people(float(np.median(each)), view.population)
    if not banded:
        return (
            f"On a typical day {typical} are in the street; the largest crowd of "
            f"{count(len(peak), 'future')} is {people(float(peak.max()), view.population)}."
        )
    low, high = np.quantile(each, [0.05, 0.95]) * (view.population or 1e6)
    passed = people(float(np.quantile(peak, 0.95)), view.population)
    return (
        f"On a typical day {typical} are in the street ({two(low)} to {two(high)} in nine of "
        f"ten of {count(len(peak), 'future')}); in one of twenty the largest crowd passes "
        f"{passed}."
    )


def _course(view: StudyView, days: np.ndarray, middle: np.ndarray, peak: np.ndarray) -> str:
    """The median crowd at three times, and the largest."""
    at = [
        f"{people(float(middle[k]), view.population)} on day {days[k]}"
        for k in (0, len(days) // 2, -1)
    ]
    return (
        f"Median crowd: {', '.join(at)}. The largest crowd of any future is "
        f"{people(float(peak.max()), view.population)}."
    )


def _how_to_read(view: StudyView, alive: np.ndarray, lines: int, banded: bool) -> str:
    bands = f"Too few futures for bands (fewer than {FEWEST}); "
    if banded:
        bands = "Bands hold 50, 80 and 95 of 100 futures, the heavy line is the median; "
    caption = (
        f"Each step up the scale is ten times as many people. {bands}thin lines are {lines} "
        "actual futures, from the smallest to the largest peak in even steps; a letter "
        "marks where one ended."
    )
    if alive[-1] < alive[0]:
        caption += (
            f" Ends thin the crowd: on the last day "
            f"{'the bands hold' if banded else 'there are'} only the "
            f"{count(int(alive[-1]), 'future')} of {int(alive[0]):,} still in power."
        )
    if view.step > 1:
        caption += f" Drawn every {view.step} days; a crowd of one day may fall between."
    return caption


def _lines(
    view: StudyView, runs: np.ndarray, turnout: np.ndarray, shown: np.ndarray, draw: Any
) -> list[dict[str, Any]]:
    """Some futures one by one, each with the mark of its ending."""
    how = dict(view.finished.select("run", "ending").iter_rows())
    over = [int(runs[k]) for k in shown if how[runs[k]] != "in power"]
    ends = view.at_end(TURNOUT, over)
    lines = []
    for k in shown:
        run, end = int(runs[k]), None
        if run in ends:
            day, value = ends[run]
            end = look(how[run]) | {"day": day, "y": draw(np.array([value]))[0]}
        lines.append({"run": run, "values": draw(turnout[k]), "end": end})
    return lines


def _quantile(x: np.ndarray, q: float) -> np.ndarray:
    """Quantiles over the futures that are still there on a day."""
    out = np.full(x.shape[1], np.nan)
    some = np.isfinite(x).any(axis=0)
    out[some] = np.nanquantile(x[:, some], q, axis=0)
    return out
