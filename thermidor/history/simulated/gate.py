"""The base-rate gate: left to themselves, do simulated regimes fail as often, at such an age and in
such ways as real ones did?

The histories are those of lives.py. Exposure is in years begun, as in a table of regime-years.

What is put in. The endings that no mechanism follows are drawn apart, at the yearly rate that the
table has for the type (gate.1), so this part of every hazard is built in, and nothing is tested by
it. The rate at which coups are tried and the odds that they succeed come from tables too
(country.COUPS, elites.coup_success), and uprisings by type enter the fit (quiet.py). Each band says
what of it is built in. A collapse or a pact in the simulation is a failure of its own, so what it
shares with the outside endings counts twice.

Pooled values weigh each type by its regime-years w in the table, not by how many histories were
simulated; both sums run over types:

    share = sum of w endings/regime-years / sum of w failures/regime-years                 (gate.2)
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import polars as pl

from ...chance.draws import Draw
from ...execution.progress import Watch
from ...study.stats import Z95, share
from ..tables.tablefile import rows, table
from .lives import TYPES, compete, lives, record, wars
from .work import Job, over

YOUNG, OLD = (1, 5), (11, 20)  # years in power that are compared
WORLD = 50  # pairs of rival countries in a world
# 95 % bands of the record, set before any history was simulated; that of age comes from the table
BANDS = {
    "hazard party": (0.020, 0.032),
    "hazard personal": (0.053, 0.083),
    "hazard military": (0.104, 0.162),
    "hazard monarchy": (0.0116, 0.0349),
    "coup success": (0.45, 0.54),
    "endings by coup": (0.28, 0.41),
    "endings by uprising": (0.12, 0.23),
    "war onsets": (0.7, 1.3),
    "initiator wins": (0.55, 0.77),
}
ByType = Mapping[str, Mapping[str, Any]]
Count = Callable[[Mapping[str, Any]], float]


class Compared(NamedTuple):
    """A value of the simulation that is held against a band of the record."""

    name: str
    says: str
    value: float | None
    built_in: str  # what of it is put in beforehand


def age_band() -> tuple[float, float]:
    """Hazard in years 1 to 5 over years 11 to 20 in the table: 95 % interval of the ratio, on a
    logarithmic scale.
    """
    by_age = {}
    for r in rows(table("base_rates.csv")):
        if r["group"] == "age GWF 1946-2010":
            by_age[r["stratum"]] = (int(r["failures"]), int(r["regime_years"]))
    (a, m), (b, n) = np.add(by_age["0-2y"], by_age["3-5y"]), by_age["11-20y"]
    ratio, width = (a / m) / (b / n), Z95 * math.sqrt(1 / a - 1 / m + 1 / b - 1 / n)
    return float(ratio * math.exp(-width)), float(ratio * math.exp(width))


def tally(histories: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Histories by type, outside endings included: exposure in years begun, failures, hazard with
    its Wilson interval, endings, coups.
    """
    out = {}
    for t in TYPES:
        mine = histories.filter(pl.col("type") == t)
        begun = np.ceil(mine["days"].to_numpy() / 365).astype(int)
        failed = (mine["ending"] != "in power").to_numpy()
        spans = {}
        for a, b in (YOUNG, OLD):
            exposed = (begun.clip(max=b) - a + 1).clip(min=0)
            ended = failed[(begun >= a) & (begun <= b)]
            spans[f"{a} to {b}"] = (int(exposed.sum()), int(ended.sum()))
        failures, years = int(failed.sum()), int(begun.sum())
        hazard, low, high = share(failures, years)
        out[t] = {
            "histories": mine.height,
            "regime_years": years,
            "failures": failures,
            "hazard": hazard,
            "low": low,
            "high": high,
            "outside": int(mine["outside"].sum()),
            "outside_rate": record()[t]["rate"],
            "attempts": int(mine["attempts"].list.len().sum()),
            "by_age": spans,
            "endings": dict(sorted(mine["ending"].value_counts().iter_rows())),
        }
    return out


def pooled(by_type: ByType, above: Count, below: Count) -> float | None:
    """(gate.2): the first of these counts over the second, weighted sums over types."""
    weight = {}
    for t, x in by_type.items():
        if x["regime_years"]:
            weight[t] = record()[t]["regime_years"] / x["regime_years"]
    over_all = sum(w * above(by_type[t]) for t, w in weight.items())
    of_all = sum(w * below(by_type[t]) for t, w in weight.items())
    return over_all / of_all if of_all else None


def onsets(campaigns: pl.DataFrame, pairs: int, seed: int, years: int) -> float | None:
    """Variance over mean of campaigns begun in a year, in worlds of 50 pairs watched for half the
    years; rivalries begin evenly over the half before.
    """
    half, worlds = years // 2, max(1, pairs // WORLD)
    counts = np.zeros((worlds, half))
    for pair, day, _ in campaigns.iter_rows():
        begins = Draw(seed, pair, "rivalry").uniform("begins") * half * 365
        year = (day - 1 - math.floor(begins)) // 365
        if pair // WORLD < worlds and 0 <= year < half:
            counts[pair // WORLD, year] += 1
    if half < 2 or not counts.any():
        return None
    return float(counts.var(1, ddof=1).mean() / counts.mean())


def _failures(x: Mapping[str, Any]) -> float:
    return x["failures"]


def _endings(of: str) -> Count:
    """Counts the endings of one kind."""
    return lambda x: x["endings"].get(of, 0)


def _hazard(by_type: ByType, span: tuple[int, int]) -> float | None:
    """Failures over years in a span of years in power, pooled."""
    name = f"{span[0]} to {span[1]}"
    return pooled(by_type, lambda x: x["by_age"][name][1], lambda x: x["by_age"][name][0])


def _compared(
    by_type: ByType, campaigns: pl.DataFrame, outside: float, wars_vary: float | None
) -> list[Compared]:
    """The ten values, in the order of the board.

    outside: pooled share of failures by outside endings. wars_vary: variance over mean of wars.
    """
    found = [
        Compared(
            f"hazard {t}",
            f"failures a year of {t} regimes",
            x["hazard"],
            f"{x['outside']} of {x['failures']} failures are outside endings, put in at their "
            f"observed {x['outside_rate']:.4f} a year; the rate of coups is set by type from the "
            "same table.",
        )
        for t, x in by_type.items()
    ]
    coups, uprisings = _endings("coup"), _endings("uprising")
    young, old = _hazard(by_type, YOUNG), _hazard(by_type, OLD)
    return [
        *found,
        Compared(
            "coup success",
            "attempts of a coup that succeed",
            pooled(by_type, coups, lambda x: x["attempts"]),
            "The odds are an assumption with nearly this range; tested is only that weakness and "
            "protest do not move them out of it.",
        ),
        Compared(
            "endings by coup",
            "share of failures by coup",
            pooled(by_type, coups, _failures),
            "The rate of attempts is set by type from the same table's coups, and "
            f"{outside:.0%} of the failures are put in.",
        ),
        Compared(
            "endings by uprising",
            "share of failures by popular uprising",
            pooled(by_type, uprisings, _failures),
            "The yearly rate of uprisings is fitted to the same table; of the failures, over which "
            f"they are counted, {outside:.0%} are put in.",
        ),
        Compared(
            "age",
            "hazard in years 1 to 5 over that in years 11 to 20",
            young / old if young is not None and old else None,
            "Attempts of a coup fall with time in power by an exponent from the record; outside "
            "endings have one rate for a type at every age, and types that fail soon are few "
            "later.",
        ),
        Compared(
            "war onsets",
            "variance over mean of the campaigns that begin in a year in a world of 50 pairs",
            wars_vary,
            "Pairs do not touch each other, so no war spreads; only how regular or bunched "
            "campaigns are within a pair can move it from 1.",
        ),
        Compared(
            "initiator wins",
            "the adversary's mean chance to prevail when it opens a campaign",
            cast(float | None, campaigns["chance"].mean()),
            "The chance for a given level of the programme is an assumption; only the level at "
            "which campaigns begin is a result.",
        ),
    ]


def assess(
    histories: pl.DataFrame, campaigns: pl.DataFrame, *, seed: int, pairs: int, years: int
) -> dict[str, Any]:
    """The ten bands from histories as simulated and from campaigns begun; see the head of this file
    for what is put in.
    """
    by_type = tally(compete(histories, seed))
    outside = pooled(by_type, lambda x: x["outside"], _failures)
    wars_vary = onsets(campaigns, pairs, seed, years)
    bands = []
    for name, says, value, built_in in _compared(by_type, campaigns, outside or 0, wars_vary):
        low, high = age_band() if name == "age" else BANDS[name]
        value = None if value is None or math.isnan(value) else float(value)
        bands.append(
            {
                "name": name,
                "says": says,
                "value": value,
                "low": low,
                "high": high,
                "met": value is not None and low <= value <= high,
                "built_in": built_in,
            }
        )
    return {
        "histories": histories.height,
        "years": years,
        "pairs": pairs,
        "campaigns": campaigns.height,
        "seed": seed,
        "bands": bands,
        "met": sum(b["met"] for b in bands),
        "of": len(bands),
        "outside": outside,
        "by_type": by_type,
    }


def gate(
    histories: int = 1000,
    seed: int = 1,
    values: np.ndarray | None = None,
    *,
    years: int = 20,
    pairs: int = 300,
    chunk: int = 20,
    out: Path | None = None,
    processes: int | None = None,
    progress: Watch | None = None,
) -> dict[str, Any]:
    """Simulate the histories of each of four types and the pairs of rivals, and hold them against
    the bands.

    values: rows of bank.SHARED (posterior draws), one for each history in turn; without, all is
    drawn over the ledger's ranges. out: folder for finished parts; the same call again goes on from
    them.  progress: called with parts done and parts in all.
    """
    days = years * 365
    seen = b"" if values is None else np.ascontiguousarray(values).tobytes()
    made_of = f"{seed}-{years}-{zlib.crc32(seen):08x}"
    jobs: list[Job] = []

    def split(work: Callable[..., pl.DataFrame], name: str, of: tuple[str, ...], n: int) -> None:
        """Put a piece of work into jobs of `chunk` numbers each."""
        for k in range(0, n, chunk):
            count = min(chunk, n - k)
            path = out / f"{name}-{k}-{count}-{made_of}.parquet" if out else None
            jobs.append(Job(work, (*of, k, count, seed, values, days), path))

    for t in TYPES:
        split(lives, t, (t,), histories)
    first_war = len(jobs)
    split(wars, "rivals", (), pairs)
    parts = over(jobs, processes, progress)
    return assess(
        pl.concat(parts[:first_war]),
        pl.concat(parts[first_war:] or [wars(0, 0, seed, values, days)]),
        seed=seed,
        pairs=pairs,
        years=years,
    )
