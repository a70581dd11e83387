"""What the figures over time draw: survival and protest. Python prepares the numbers; the page only draws them."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from ..study import stats
from ..words import hundred, of_futures, span
from .answer import look
from .phrases import count, listed, of_hundred, people, two
from .reading import Reading

LINES = 12  # futures drawn one by one
FEWEST = 20  # futures below which a band would claim more than it knows
BANDS = ((0.025, 0.975), (0.10, 0.90), (0.25, 0.75))


def neat(x: np.ndarray | list[float], figures: int = 4) -> list[float | None]:
    """Numbers for the page, rounded to what a figure can show; what is not a number is empty."""
    return [None if not np.isfinite(v) else float(f"{v:.{figures}g}") for v in np.asarray(x, float)]


def figure(kind: str, title: str, summary: str, caption: str, head: list[str], rows: list[list[str]], data: dict[str, Any],
           name: str | None = None, **more: Any) -> dict[str, Any]:
    """A figure: a sentence, the same told in words, how to read it, its numbers as a table, and what is drawn."""
    return {"id": name or kind, "kind": kind, "title": title, "summary": summary, "caption": caption, "head": head, "rows": rows, "data": data} | more


def survival(read: Reading) -> dict[str, Any] | None:
    """Share of futures still in power over time (Kaplan and Meier 1958)."""
    if not read.n:
        return None
    curve, p, time = read.results.curve(), read.results.survival(), read.time
    last = [float(read.days)]
    day, alive, low, high = (np.array(curve[k] + extra) for k, extra in
                             (("day", last), ("alive", [curve["alive"][-1]]), ("low", [curve["low"][-1]]), ("high", [curve["high"][-1]])))
    low, high = np.where(alive > 0, low, 0.0), np.where(alive > 0, high, p.high)  # the log-log interval is not defined where none is left
    ends = np.sort(read.ended["day"].to_numpy())
    if not len(ends):
        low[:] = low[-1]  # no step to hang the interval on: the bound on the last day stands for all
        title = f"No future ends within {count(read.days, 'day')}; with {count(read.n, 'future')}, up to {hundred(1 - p.low)} of 100 still could."
    else:
        title = (f"{of_futures(read.n - len(ends), read.n)} are still in power on day "
                 f"{read.days:,} ({span(p.low, p.high)} of 100); the first end"
                 f"{'s' if len(ends) > 1 else ''} on day {ends[0]:,}{'' if len(ends) > 1 else ', the only one that does'}.")
    days = read.finished["day"].to_numpy()
    risk = [{"day": t["day"], "n": int((days >= t["day"]).sum())} for t in time["ticks"]]
    rows = []
    for t, r in zip(time["ticks"], risk, strict=True):
        k = int(np.searchsorted(day, t["day"], side="right")) - 1
        rows.append([f"{t['day']:,.0f}", read.date(round(t["day"])), f"{r['n']:,}", hundred(alive[k]), span(low[k], high[k])])
    summary = "Still in power of 100 futures: " + "; ".join(f"day {r[0]}: {r[3]} ({r[4]})" for r in rows) + "."
    if len(ends) > 2:
        summary += f" Half of the {len(ends)} ends come by day {int(ends[(len(ends) - 1) // 2]):,}."
    caption = ("Line: futures of 100 in which the group in power still holds it. Band: 95 % interval. Below: futures still at risk. "
               "What comes after the last day is not known.")
    return figure("survival", title, summary, caption, ["day", "date", "futures at risk", "in power, of 100", "95 % interval"], rows, {
        "time": time, "day": neat(day), "alive": neat(100 * alive), "low": neat(100 * low), "high": neat(100 * high), "risk": risk})


def protest(read: Reading) -> dict[str, Any] | None:
    """People in the street over time: bands of futures, and a dozen of them one by one."""
    state = "turnout_country"
    if not read.n or not read.has("series", "run", "day", state):
        return None
    runs, days, turnout = read.series(state)
    turnout, days = turnout[:, days > 0], days[days > 0]
    if not len(runs) or not len(days):
        return None
    scale = read.population or 1e6
    floor = 1.0 / scale
    peak = np.nanmax(turnout, axis=1)
    if f"peak_{state}" in read.finished.columns:  # of every day, not only of those drawn
        peak = read.finished.sort("run").filter(pl.col("run").is_in(runs.tolist()))[f"peak_{state}"].to_numpy()
    alive = np.isfinite(turnout).sum(axis=0)
    quantiles = {q: _quantile(turnout, q) for q in (0.5, *[x for b in BANDS for x in b])}
    order = np.lexsort((runs, peak))
    shown = order[np.unique(np.linspace(0, len(order) - 1, min(LINES, len(order))).round().astype(int))]
    how = dict(read.finished.select("run", "ending").iter_rows())
    draw = lambda x: neat(np.where(np.isfinite(x), np.maximum(x, floor) * scale, np.nan), 3)  # noqa: E731
    banded = len(runs) >= FEWEST
    each = np.nanmedian(turnout, axis=1)
    typical = float(np.median(each))
    if banded:
        low, high = np.quantile(each, [0.05, 0.95]) * scale
        title = (f"On a typical day {people(typical, read.population)} are in the street ({two(low)} to {two(high)} in 90 of 100 futures); in 5 of 100 "
                 f"the largest crowd passes {people(float(np.quantile(peak, 0.95)), read.population)}.")
    else:
        title = (f"On a typical day {people(typical, read.population)} are in the street; the largest crowd of {count(len(runs), 'future')} is "
                 f"{people(float(peak.max()), read.population)}.")
    when = np.unique(np.linspace(0, len(days) - 1, min(14, len(days))).round().astype(int))
    middle = quantiles[0.5]
    summary = (f"Median crowd: {people(float(middle[0]), read.population)} on day {days[0]}, {people(float(middle[len(days) // 2]), read.population)} "
               f"on day {days[len(days) // 2]}, {people(float(middle[-1]), read.population)} on day {days[-1]}. "
               f"The largest crowd of any future is {people(float(peak.max()), read.population)}.")
    bands = "Bands hold 50, 80 and 95 of 100 futures, the heavy line is the median; " if banded else f"Too few futures for bands (fewer than {FEWEST}); "
    caption = (f"Each step up the scale is ten times as many people. {bands}thin lines are {len(shown)} actual futures, from the smallest to the largest "
               "peak in even steps; a letter marks where one ended.")
    if alive[-1] < alive[0]:
        caption += (f" Ends thin the crowd: on the last day {'the bands hold' if banded else 'there are'} only the {count(int(alive[-1]), 'future')} "
                    f"of {int(alive[0]):,} still in power.")
    if read.step > 1:
        caption += f" Drawn every {read.step} days; a crowd of one day may fall between."
    unit = "people" if read.population else "of a million residents"
    columns = [quantiles[q] for q in sorted(quantiles)] if banded else [_quantile(turnout, q) for q in (0.0, 0.5, 1.0)]
    rows = [[f"{days[k]:,}", read.date(days[k]), f"{alive[k]:,}", *(two(float(c[k]) * scale, 3) for c in columns)] for k in when if alive[k]]
    head = ["day", "date", "futures", *(["2.5 %", "10 %", "25 %", "median", "75 %", "90 %", "97.5 %"] if banded else ["smallest", "median", "largest"])]
    ends = read.at_end(state, [int(runs[k]) for k in shown if how[runs[k]] != "in power"])
    lines = [{"run": r, "values": draw(turnout[k]), "end": look(how[r]) | {"day": ends[r][0], "y": draw(np.array(ends[r][1:]))[0]} if r in ends else None}
             for k, r in ((k, int(runs[k])) for k in shown)]
    return figure("protest", title, summary, caption, head, rows, {
        "time": read.time, "day": days.tolist(), "unit": unit, "lines": lines,
        "median": draw(middle) if banded or len(runs) > 1 else None,
        "bands": [{"low": draw(quantiles[a]), "high": draw(quantiles[b])} for a, b in BANDS] if banded else []})


def _quantile(x: np.ndarray, q: float) -> np.ndarray:
    """Quantiles over the futures that are still there on a day."""
    out = np.full(x.shape[1], np.nan)
    some = np.isfinite(x).any(axis=0)
    out[some] = np.nanquantile(x[:, some], q, axis=0)
    return out


def costs(read: Reading) -> dict[str, Any] | None:
    """What it costs citizens, beside whether the regime lasts, for futures still in power and for those that ended."""
    from ..study.results import COSTS
    known = [c for c in COSTS if c in read.finished.columns]
    if not read.n or not known:
        return None
    p = read.results.survival()
    groups = [("all futures", read.finished), ("still in power", read.finished.filter(pl.col("ending") == "in power")), ("ended", read.ended)]
    groups = [(name, g) for name, g in groups if name == "all futures" or g.height]
    rows = []
    for c in [*known, "day"]:
        cells = [_range(g[c].to_numpy().astype(float), (lambda d: f"{d:,.0f}") if c == "day" else two) for _, g in groups]
        top = max(x["high"] for x in cells)
        for x in cells:
            x |= {"from": 100 * x["low"] / top if top else 0.0, "to": 100 * x["high"] / top if top else 0.0, "at": 100 * x["median"] / top if top else 0.0}
        rows.append({"says": COSTS.get(c, "days lived under it, to the end or the last day"), "cells": cells})
    named = [f"{two(float(read.finished[c].median()))} {COSTS[c]}" for c in known[:3]]
    title = (f"{of_futures(round(p.value * read.n), read.n)} stay in power ({span(p.low, p.high)} "
             f"of 100); the median future counts {listed(named)}.")
    note = ("Median, and the range that holds 90 of 100 futures. A future that ended is counted to its end only, so fewer days stand behind its costs "
            "(last row); what people suffer afterwards is not in the model.")
    if any(g.height < FEWEST for _, g in groups):
        note += f" Fewer than {FEWEST} futures stand behind some columns: read their ranges with care."
    return {"title": title, "groups": [{"name": name, "n": count(g.height, "future")} for name, g in groups], "rows": rows, "note": note,
            "survival": [of_hundred(*stats.share(g.filter(pl.col("ending") == "in power").height,
                                                 g.height), g.height) if k == 0 else
                         ("all of them" if name == "still in power" else "none of them") for k, (name, g) in enumerate(groups)]}


def _range(x: np.ndarray, say: Callable[[float], str]) -> dict[str, Any]:
    low, median, high = (float(v) for v in np.quantile(x, [0.05, 0.5, 0.95]))
    return {"median": median, "low": low, "high": high, "text": say(median), "range": f"{say(low)} to {say(high)}" if len(x) > 1 else "one future"}
