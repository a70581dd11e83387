"""Write docs/updating.md: what observations of the first weeks add to forecasts of past uprisings.

    python -m docs.make.updating [--panel FILE] [--futures 192] [--processes N] [--out DIR]

Each case is forecast from futures under a posterior that has not seen its country
(history/folds.py). On day 7, 14 or 28 the futures are those in which the regime stood on that day,
weighed by what was seen up to it (analysis/updating/weights.py): for Leipzig 1989 and Belarus 2020
crowds of the weeks over that of the first, for every case its largest day where the table dates it
no later. A largest day that was still to come is not known, and is not used. Cases that were over
by the day are left out of it, on both sides of the comparison. Some 40 core-minutes with the
default on the plain loop, five when steps are compiled.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from thermidor.analysis.updating.weights import effective, normal
from thermidor.history import score
from thermidor.history.emulator import LEAST_ERROR, WEEKLY
from thermidor.history.folds import FORWARD, country, folds
from thermidor.history.forecast import FUTURES, forecasts
from thermidor.history.listing import LISTING
from thermidor.history.simulated.bank import SHARED
from thermidor.history.tables.case import Case
from thermidor.history.tables.cases import read_cases
from thermidor.history.tables.covariates import Panel, covariates
from thermidor.history.tables.tablefile import rows, table
from thermidor.wording import hundred

from . import DOCS

DAYS = (0, 7, 14, 28)
MAIN = 14
FEW = 10  # effective futures under which a case is said to rest on little


class Seen(NamedTuple):
    """What was known of a case on a day. weeks: (week, log10 over the first, error).  peak: log10
    of the largest day as a share of residents, and its error.
    """

    weeks: tuple[tuple[int, float, float], ...]
    peak: tuple[float, float] | None


def crowds(case: Case) -> list[tuple[int, float, float]]:
    """Weeks after the onset with the log10 of the crowd over that of the first, and its error."""
    if case.id not in WEEKLY:
        return []
    found = []
    for r in rows(table(WEEKLY[case.id][0])):
        week = (dt.date.fromisoformat(r["date"]) - case.known.onset).days // 7
        low, best, high = (float(r[k]) for k in ("low", "best", "high"))
        found.append((week, math.log10(best), max(LEAST_ERROR, math.log10(high / low) / 2.56)))
    _, start, error = found[0]
    return [(w, x - start, math.hypot(e, error)) for w, x, e in found[1:]]


def seen(case: Case, crowd_day: int | None, day: int) -> Seen:
    """What the tables let one know on a day. crowd_day: of the largest crowd, None if not dated."""
    weeks = tuple(x for x in crowds(case) if 7 * (x[0] + 1) <= day)
    peak = case.observed.peak
    if peak is None or crowd_day is None or not 0 <= crowd_day < day:
        return Seen(weeks, None)
    return Seen(weeks, (peak[1], max(LEAST_ERROR, (peak[2] - peak[0]) / 2.56)))


def crowd_days() -> dict[str, int]:
    """Day of the largest crowd after the onset, by case, where the table has a date."""
    out = {}
    for r in rows(table("cases.csv")):
        dates = pl.Series([r["onset"], r["crowd_date"]]).str.to_date("%Y-%m-%d", strict=False)
        if dates.null_count() == 0:
            out[r["case_id"]] = (dates[1] - dates[0]).days
    return out


def chance(futures: pl.DataFrame, case: Case, what: Seen, day: int) -> tuple[float, float]:
    """Chance of a fall as it stood on a day, and the effective sample; with none left, that of the
    futures that stood.
    """
    fell = futures["fell"].to_numpy()
    days = 10 ** futures["duration"].to_numpy()
    stood = ~((fell == 1) & (days <= day))
    log = np.where(stood, 0.0, -np.inf)
    first = WEEKLY[case.id][1] if case.id in WEEKLY else 0
    for w, x, e in what.weeks:
        over = (futures[f"week{w}"] - futures[f"week{first}"]).fill_nan(None).fill_null(-9.0)
        log -= ((over.to_numpy() - x) / e) ** 2 / 2
    if what.peak is not None:
        weeks = [f"week{w}" for w in range(math.ceil(day / 7))]
        largest = futures.select(pl.max_horizontal(pl.col(weeks).fill_nan(-9.0))).to_series()
        log -= ((largest.to_numpy() - what.peak[0]) / what.peak[1]) ** 2 / 2
    w = normal(log)
    n = effective(w)
    return (float(w @ fell) * n + 0.5) / (n + 1), n


def over_by(case: Case, day: int) -> bool:
    """Whether the uprising had ended by a day, one way or the other."""
    return case.observed.duration is not None and 10 ** case.observed.duration[1] <= day + 0.5


def computed(
    panel: Path | None, futures: int, processes: int | None, out: Path | None
) -> list[dict[str, Any]]:
    """A row a case and day: chances on day 0, of those that stood, and with what was seen."""
    cases, _ = read_cases()
    book = Panel(panel) if panel else None
    known = {x.id: covariates(x.known, book) for x in cases}
    kept = pl.read_parquet(Path(str(files("thermidor.fitted") / "data" / "folds.parquet")))
    parts = {n: p for n, p in folds(cases).items() if n != FORWARD}
    draws = {
        x.id: kept.filter(pl.col("fold") == n).select([*SHARED, *LISTING]).to_numpy().astype(float)
        for n, (_, left_out) in parts.items()
        for x in left_out
    }
    usable = [x for x in cases if x.observed.fell is not None and len(draws.get(x.id, ()))]
    made = forecasts(
        [known[x.id] for x in usable], draws, futures=futures, out=out, processes=processes
    )
    dated, found = crowd_days(), []
    for x in usable:
        base, _ = chance(made[x.id], x, Seen((), None), 0)
        for day in DAYS:
            if over_by(x, day):
                continue
            what = seen(x, dated.get(x.id), day)
            alive, _ = chance(made[x.id], x, Seen((), None), day)
            after, n = chance(made[x.id], x, what, day)
            found.append(
                {
                    "case": x.id,
                    "country": country(x),
                    "day": day,
                    "fell": float(bool(x.observed.fell)),
                    "futures": made[x.id].height,
                    "before": base,
                    "stood": alive,
                    "after": after,
                    "effective": n,
                    "seen": len(what.weeks) + (what.peak is not None),
                }
            )
    return found


def brier(some: Sequence[dict[str, Any]], key: str) -> np.ndarray:
    return score.brier([r[key] for r in some], [r["fell"] for r in some])


def compared(some: Sequence[dict[str, Any]], key: str) -> tuple[float, float, float]:
    """Brier score less that of day 0 on the same cases, below 0 if better; countries drawn anew."""
    less = brier(some, key) - brier(some, "before")
    low, high = score.bootstrap(lambda i: float(less[i].mean()), [r["country"] for r in some])
    return float(less.mean()), low, high


def page(found: Sequence[dict[str, Any]], futures: int, panel: Path | None) -> str:
    """The page, from the rows."""
    main = [r for r in found if r["day"] == MAIN]
    looked = [r for r in main if r["seen"]]
    d, low, high = compared(looked, "after") if looked else (0.0, 0.0, 0.0)
    every, least, most = compared(main, "after")
    verdict = (
        "is better" if high < 0 else "is worse" if low > 0 else "is not shown to be better or worse"
    )
    lines = [
        "# What observations of the first weeks add",
        "",
        f"- Of {len(main)} past uprisings that were not over by day {MAIN}, the tables say "
        f"something of the first two weeks of {len(looked)}. On these the forecast of day {MAIN} "
        f"{verdict} than that of day 0: Brier score {brier(looked, 'after').mean():.3f} against "
        f"{brier(looked, 'before').mean():.3f}, difference {d:+.3f} ({low:+.3f} to {high:+.3f}, "
        "countries drawn anew).",
        f"- On all {len(main)} the difference is {every:+.3f} ({least:+.3f} to {most:+.3f}). To "
        f"know only that a regime still stood on day {MAIN} takes the score from "
        f"{brier(main, 'before').mean():.3f} to {brier(main, 'stood').mean():.3f}.",
        f"- {len(looked)} cases settle little; the interval says how little. Most were given one "
        "number, their largest day; that it came so early was known only later, which may tell "
        "these cases from the others.",
        "",
        f"Seed 11, {futures} futures a case, "
        + (f"covariates from `{panel.name}`" if panel else "without a panel of covariates")
        + ". Generated by `python -m docs.make.updating`.",
        "",
        *(__doc__ or "").split("\n\n")[2].splitlines(),
        "",
        "| day | cases | with something seen | falls | Brier score on day 0 | of those that stood "
        "| with what was seen | difference from day 0 | 95 % interval |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for day in DAYS:
        for some, name in (
            ([r for r in found if r["day"] == day], "all"),
            ([r for r in found if r["day"] == day and r["seen"]], "seen"),
        ):
            if not some or (name == "seen" and day == 0):
                continue
            x, a, b = compared(some, "after")
            number = str(len(some)) if name == "all" else f"{len(some)} (only these)"
            lines.append(
                f"| {day} | {number} | {sum(r['seen'] > 0 for r in some)} | "
                f"{sum(r['fell'] for r in some):.0f} | {brier(some, 'before').mean():.3f} | "
                f"{brier(some, 'stood').mean():.3f} | {brier(some, 'after').mean():.3f} | {x:+.3f} "
                f"| {a:+.3f} to {b:+.3f} |"
            )
    lines += [
        "",
        f"## Case by case, day {MAIN}",
        "",
        f"Chances of a fall are of 100. An effective sample under {FEW} is marked: such a chance "
        "rests on few futures.",
        "",
        "| case | what happened | day 0 | those that stood | with what was seen | observations | "
        "effective sample |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for r in sorted(looked, key=lambda r: r["case"]):
        few = " (few)" if r["effective"] < FEW else ""
        lines.append(
            f"| {r['case']} | {'fell' if r['fell'] else 'stood'} | {hundred(r['before'])} | "
            f"{hundred(r['stood'])} | {hundred(r['after'])} | {r['seen']} | "
            f"{r['effective']:.0f}{few} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--panel", type=Path)
    ask.add_argument("--futures", type=int, default=FUTURES)
    ask.add_argument("--processes", type=int)
    ask.add_argument("--out", type=Path, help="folder for finished parts")
    given = ask.parse_args()
    found = computed(given.panel, given.futures, given.processes, given.out)
    path = DOCS / "updating.md"
    path.write_text(page(found, given.futures, given.panel), encoding="utf-8")
    print(path)


if __name__ == "__main__":
    main()
