"""The figures over time, survival and protest: numbers are made here, the page draws them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..wording import hundred, span
from .drawing import figure, look, neat
from .phrases import count, part_between, people, two
from .study_view import Reading

LINES = 12  # futures drawn one by one
FEWEST = 20  # futures below which a band would claim more than it knows
BANDS = ((0.025, 0.975), (0.10, 0.90), (0.25, 0.75))
TURNOUT = "turnout_country"


def survival(read: Reading) -> dict[str, Any] | None:
    """Share of futures still in power over time (Kaplan and Meier 1958)."""
    if not read.n:
        return None
    p, time = read.results.survival(), read.time
    day, alive, low, high = (np.array(x, float) for x in read.results.curve())
    # the log-log interval is not defined where none is left
    low, high = np.where(alive > 0, low, 0.0), np.where(alive > 0, high, p.high)
    ends = np.sort(read.ended["day"].to_numpy())
    lasted = read.n - len(ends)
    if not len(ends):
        low[:] = low[-1]  # no step to hang the interval on: the last day's serves for all
        futures = count(read.n, "future")
        title = (
            f"No future ends within {count(read.days, 'day')}; with {futures}, "
            f"up to {hundred(1 - p.low)} of 100 still could."
        )
    else:
        kept = part_between(lasted, read.n, headline=True)
        first = (
            f"the first ends on day {ends[0]:,}"
            if len(ends) > 1
            else f"the only one that ends does so on day {ends[0]:,}"
        )
        title = (
            f"{kept} {'is' if kept.startswith('1 of') else 'are'} still in power on day "
            f"{read.days:,}; {first}."
        )
    days = read.finished["day"].to_numpy()
    risk = [{"day": t["day"], "n": int((days >= t["day"]).sum())} for t in time["ticks"]]
    rows = []
    for t, r in zip(time["ticks"], risk, strict=True):
        k = int(np.searchsorted(day, t["day"], side="right")) - 1
        rows.append(
            [
                f"{t['day']:,.0f}",
                read.date(round(t["day"])),
                f"{r['n']:,}",
                hundred(alive[k]),
                span(low[k], high[k]),
            ]
        )
    summary = (
        "Still in power of 100 futures: "
        + "; ".join(f"day {r[0]}: {r[3]} ({r[4]})" for r in rows)
        + "."
    )
    if len(ends) > 2:
        middle = int(ends[(len(ends) - 1) // 2])
        summary += f" Half of the {len(ends)} ends come by day {middle:,}."
    caption = (
        "Line: of 100 futures, those in which the group in power still holds it. Band: 95 % "
        "interval. Below: futures still at risk. What comes after the last day is not "
        "known."
    )
    drawn = {
        "day": neat(day),
        "alive": neat(100 * alive),
        "low": neat(100 * low),
        "high": neat(100 * high),
    }
    saved = {
        "day": drawn["day"],
        "in_power_of_100": drawn["alive"],
        "low": drawn["low"],
        "high": drawn["high"],
    }
    head = ["day", "date", "futures at risk", "in power, of 100", "95 % interval"]
    return figure(
        "survival", title, summary, caption, head, rows, saved, drawn | {"time": time, "risk": risk}
    )


def protest(read: Reading) -> dict[str, Any] | None:
    """People in the street over time: bands of futures, and a dozen of them one by one."""
    if not read.n or not read.has("series", "run", "day", TURNOUT):
        return None
    runs, days, turnout = read.series(TURNOUT)
    turnout, days = turnout[:, days > 0], days[days > 0]
    some = np.isfinite(turnout).any(axis=1)
    runs, turnout = runs[some], turnout[some]
    if not len(runs) or not len(days):
        return None
    scale = read.population or 1e6
    peak = _peaks(read, runs, turnout)
    alive = np.isfinite(turnout).sum(axis=0)
    quantiles = {q: _quantile(turnout, q) for q in (0.5, *[x for b in BANDS for x in b])}
    banded = len(runs) >= FEWEST

    def draw(x: np.ndarray) -> list[float | None]:
        return neat(np.where(np.isfinite(x), np.maximum(x * scale, 1.0), np.nan), 3)

    order = np.lexsort((runs, peak))
    picked = np.linspace(0, len(order) - 1, min(LINES, len(order))).round().astype(int)
    lines = _lines(read, runs, turnout, order[np.unique(picked)], draw)
    when = np.unique(np.linspace(0, len(days) - 1, min(14, len(days))).round().astype(int))
    columns = (
        [quantiles[q] for q in sorted(quantiles)]
        if banded
        else [_quantile(turnout, q) for q in (0.0, 0.5, 1.0)]
    )
    rows = [
        [
            f"{days[k]:,}",
            read.date(days[k]),
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
        "time": read.time,
        "day": days.tolist(),
        "lines": lines,
        "unit": "people" if read.population else "of a million residents",
        "median": draw(middle) if len(runs) > 1 else None,
        "bands": [{"low": draw(quantiles[a]), "high": draw(quantiles[b])} for a, b in BANDS]
        if banded
        else [],
    }
    return figure(
        "protest",
        _crowds(read, turnout, peak, banded),
        _course(read, days, middle, peak),
        _how_to_read(read, alive, len(lines), banded),
        ["day", "date", "futures", *names],
        rows,
        saved,
        data,
    )


def _peaks(read: Reading, runs: np.ndarray, turnout: np.ndarray) -> np.ndarray:
    """The largest crowd of each future: of every day where that is known, else of those drawn."""
    seen = np.nanmax(turnout, axis=1)
    known = f"peak_{TURNOUT}"
    if known not in read.finished.columns:
        return seen
    table = dict(read.finished.select("run", known).iter_rows())
    return np.array([table.get(int(r), s) for r, s in zip(runs, seen, strict=True)])


def _crowds(read: Reading, turnout: np.ndarray, peak: np.ndarray, banded: bool) -> str:
    """The sentence on how many are in the street."""
    each = np.nanmedian(turnout, axis=1)
    typical = people(float(np.median(each)), read.population)
    if not banded:
        return (
            f"On a typical day {typical} are in the street; the largest crowd of "
            f"{count(len(peak), 'future')} is {people(float(peak.max()), read.population)}."
        )
    low, high = np.quantile(each, [0.05, 0.95]) * (read.population or 1e6)
    passed = people(float(np.quantile(peak, 0.95)), read.population)
    return (
        f"On a typical day {typical} are in the street ({two(low)} to {two(high)} in nine of "
        f"ten of {count(len(peak), 'future')}); in one of twenty the largest crowd passes "
        f"{passed}."
    )


def _course(read: Reading, days: np.ndarray, middle: np.ndarray, peak: np.ndarray) -> str:
    """The median crowd at three times, and the largest."""
    at = [
        f"{people(float(middle[k]), read.population)} on day {days[k]}"
        for k in (0, len(days) // 2, -1)
    ]
    return (
        f"Median crowd: {', '.join(at)}. The largest crowd of any future is "
        f"{people(float(peak.max()), read.population)}."
    )


def _how_to_read(read: Reading, alive: np.ndarray, lines: int, banded: bool) -> str:
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
    if read.step > 1:
        caption += f" Drawn every {read.step} days; a crowd of one day may fall between."
    return caption


def _lines(
    read: Reading, runs: np.ndarray, turnout: np.ndarray, shown: np.ndarray, draw: Any
) -> list[dict[str, Any]]:
    """Some futures one by one, each with the mark of its ending."""
    how = dict(read.finished.select("run", "ending").iter_rows())
    over = [int(runs[k]) for k in shown if how[runs[k]] != "in power"]
    ends = read.at_end(TURNOUT, over)
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
