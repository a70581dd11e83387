"""The base-rate gate: left to themselves, do simulated regimes fail as often, at such an age and in
such ways as real ones did?

A history is a country of the rule in country.py from the year in which its regime begins, with no
uprising planted, until it ends or 20 years have passed. Its income, population and openness are
drawn from what regimes of its type had, attempts of a coup and armed conflict before the first day
by their frequency; they stay, and its frailty is that of a regime of eight years. Exposure is in
years begun, as in a table of regime-years.

What is put in. Some endings no mechanism here follows: lost elections, insurgents, foreign
imposition, rules changed from inside, the end of the state (106 of 219 in the table). They are
drawn apart from it, at the yearly rate that the table has for the type, and end a history where
they come before its own ending:

    rate = -ln(1 - failures/regime-years) . their share of failures, a year;   waiting time ~ Exp(rate)        (gate.1)

So this part of every hazard is built in, and nothing is tested by it. The rate at which coups are
tried and the odds that they succeed come from tables too (country.COUPS, elites.coup_success), and
uprisings by type enter the fit (quiet.py). Each band says what of it is built in. A collapse or a
pact in the simulation is a failure of its own, so what it shares with the outside endings counts
twice.

Pooled values weigh each type by its regime-years w in the table, not by how many histories were
simulated:

    share = sum of w endings/regime-years / sum of w failures/regime-years, both sums over types                (gate.2)
"""

from __future__ import annotations

import datetime as dt
import math
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ...engine.simulate import simulate
from ...kernels.draws import Draw
from ...study.stats import Z95, share
from ..tables.covariates import Covariates
from ..tables.tablefile import rows, table
from .strikes import FEWEST, luck, made, rivals, row
from .work import Counted, Job, over

TYPES = ("party", "personal", "military", "monarchy")
AGE = (
    8.0  # years at which the frailty of a whole history is taken; time in power itself runs from 0
)
FIRST_DAY = dt.date(1978, 1, 1)  # the middle of the table's 1946 to 2010
# What regimes of a type had, 1946 to 2010, from the panel of covariates.py: tenth, fiftieth and
# ninetieth percentile of regime-years for income (USD of 2015 a head), population (persons) and
# openness (0 to 1); median growth (per cent a year); mean protests a year since 1990; share of
# regime-years with an attempt of a coup in the five years before, and with an armed conflict in the
# year before.
COLUMNS = ("income", "population", "openness", "growth", "protests", "coups", "conflict")
TYPICAL: dict[str, dict[str, Any]] = {
    t: dict(zip(COLUMNS, x, strict=True))
    for t, x in {
        "party": (
            (455, 1539, 6280),
            (1.47e6, 10.12e6, 62.3e6),
            (0.084, 0.177, 0.381),
            2.50,
            1.77,
            0.103,
            0.115,
        ),
        "personal": (
            (372, 1092, 5366),
            (1.90e6, 7.18e6, 30.8e6),
            (0.081, 0.184, 0.349),
            1.40,
            2.16,
            0.332,
            0.247,
        ),
        "military": (
            (259, 1585, 6086),
            (2.95e6, 13.78e6, 85.7e6),
            (0.077, 0.146, 0.311),
            2.13,
            2.20,
            0.605,
            0.314,
        ),
        "monarchy": (
            (330, 3438, 39666),
            (0.68e6, 4.59e6, 23.2e6),
            (0.014, 0.105, 0.235),
            1.56,
            0.94,
            0.090,
            0.096,
        ),
    }.items()
}
FOLLOWED = (
    "military coup",
    "popular uprising",
)  # of the table's modes of failure, those that the mechanisms follow
HISTORY = {
    "type": pl.String,
    "number": pl.Int64,
    "days": pl.Int64,
    "ending": pl.String,
    "attempts": pl.List(pl.Int64),
}
AGES, WORLD = (
    ((1, 5), (11, 20)),
    50,
)  # years in power that are compared; pairs of rival countries in a world
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
}  # 95 % bands of the record, set before any history was simulated; that of age comes from the table


@cache
def observed() -> dict[str, dict[str, Any]]:
    """The table by type: regime_years, failures, modes left out here with their counts, and the
    yearly rate of these (gate.1).
    """
    years, failures = (
        {
            r["stratum"]: int(r[c])
            for r in rows(table("base_rates.csv"))
            if r["group"] == "type GWF 1946-2010"
        }
        for c in ("regime_years", "failures")
    )
    modes, out = rows(table("failure_modes_by_type.csv")), {}
    for t in TYPES:
        outside = {r["mode"]: float(r[t]) for r in modes if r["mode"] not in FOLLOWED}
        rate = -math.log(1 - failures[t] / years[t]) * sum(outside.values()) / failures[t]
        out[t] = {
            "regime_years": years[t],
            "failures": failures[t],
            "outside": outside,
            "rate": rate,
        }
    return out


def age_band() -> tuple[float, float]:
    """Hazard in years 1 to 5 over years 11 to 20 in the table: 95 % interval of the ratio, on a
    logarithmic scale.
    """
    by_age = {
        r["stratum"]: (int(r["failures"]), int(r["regime_years"]))
        for r in rows(table("base_rates.csv"))
        if r["group"] == "age GWF 1946-2010"
    }
    (a, m), (b, n) = np.add(by_age["0-2y"], by_age["3-5y"]), by_age["11-20y"]
    ratio, width = (a / m) / (b / n), Z95 * math.sqrt(1 / a - 1 / m + 1 / b - 1 / n)
    return float(ratio * math.exp(-width)), float(ratio * math.exp(width))


def country(kind: str, number: int, seed: int) -> Covariates:
    """The country of a history: linear between the percentiles (income and population: of their
    logarithm), none beyond the outer two.
    """
    u, usual = Draw(seed, number, f"gate {kind}"), TYPICAL[kind]
    income, population = (
        float(np.exp(np.interp(u.uniform(k), (0.1, 0.5, 0.9), np.log(usual[k]))))
        for k in ("income", "population")
    )
    openness = float(np.interp(u.uniform("openness"), (0.1, 0.5, 0.9), usual["openness"]))
    coups, conflict = (float(u.happens(k, usual[k])) for k in ("coups", "conflict"))
    return Covariates(
        f"{kind} {number}",
        kind,
        FIRST_DAY,
        population,
        AGE,
        income,
        usual["growth"],
        openness,
        usual["protests"],
        coups,
        conflict,
    )


def lives(
    kind: str,
    first: int,
    count: int,
    seed: int,
    values: np.ndarray | None,
    days: int,
    assumptions: Mapping[str, Any] | None = None,
) -> pl.DataFrame:
    """Histories of a type: days lived, ending in the simulation, and the days on which a coup was
    attempted.
    """
    found: list[tuple[Any, ...]] = []
    for k in range(first, first + count):
        last = min(days, outside_day(kind, k, seed))  # nothing later would count
        run = simulate(
            made(
                country(kind, k, seed),
                last,
                FEWEST,
                assumptions={"elites.tenure": 0.0} | dict(assumptions or {}),
                values=row(values, k),
            ),
            luck(kind, seed),
            k,
        )
        found.append(
            (
                kind,
                k,
                run.day,
                run.ending,
                (np.flatnonzero(np.diff(run["attempts"]) > 0) + 1).tolist(),
            )
        )
    return pl.DataFrame(found, schema=HISTORY, orient="row")


def wars(first: int, count: int, seed: int, values: np.ndarray | None, days: int) -> pl.DataFrame:
    """Campaigns begun against countries with a rival, the types in turn: pair, day, the adversary's
    chance to prevail.
    """
    found = [
        (k, day, chance)
        for k in range(first, first + count)
        for day, chance in rivals(country(TYPES[k % len(TYPES)], k, seed), k, seed, values, days)
    ]
    return pl.DataFrame(
        found, schema={"pair": pl.Int64, "day": pl.Int64, "chance": pl.Float64}, orient="row"
    )


def outside_day(kind: str, number: int, seed: int) -> int:
    """Day on which an ending that no mechanism follows would come (gate.1)."""
    return math.ceil(
        Draw(seed, number, f"outside {kind}").exponential("day") / observed()[kind]["rate"] * 365
    )


def compete(histories: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Histories with the outside endings that come before their own (gate.1); `ending` is then the
    mode's name, `outside` true.
    """
    out = []
    for h in histories.iter_rows(named=True):
        u, known = Draw(seed, h["number"], f"outside {h['type']}"), observed()[h["type"]]
        day, total = (
            outside_day(h["type"], h["number"], seed),
            np.cumsum(list(known["outside"].values())),
        )
        if day <= h["days"]:
            mode = list(known["outside"])[
                int(np.searchsorted(total, u.uniform("mode") * total[-1]))
            ]
            h |= {"ending": mode, "attempts": [d for d in h["attempts"] if d <= day]}
        out.append(h | {"days": min(day, h["days"]), "outside": day <= h["days"]})
    return pl.DataFrame(out, schema=HISTORY | {"outside": pl.Boolean})


def tally(histories: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Histories by type, outside endings included: exposure in years begun, failures, hazard with
    its Wilson interval, endings, coups.
    """
    out = {}
    for t in TYPES:
        mine = histories.filter(pl.col("type") == t)
        begun, failed = (
            np.ceil(mine["days"].to_numpy() / 365).astype(int),
            (mine["ending"] != "in power").to_numpy(),
        )
        spans = {
            f"{a} to {b}": (
                int((begun.clip(max=b) - a + 1).clip(min=0).sum()),
                int(failed[(begun >= a) & (begun <= b)].sum()),
            )
            for a, b in AGES
        }
        failures, years, outside, attempts = (
            int(x.sum()) for x in (failed, begun, mine["outside"], mine["attempts"].list.len())
        )
        hazard, low, high = share(failures, years)
        out[t] = {
            "histories": mine.height,
            "regime_years": years,
            "failures": failures,
            "hazard": hazard,
            "low": low,
            "high": high,
            "outside": outside,
            "outside_rate": observed()[t]["rate"],
            "attempts": attempts,
            "by_age": spans,
            "endings": dict(sorted(mine["ending"].value_counts().iter_rows())),
        }
    return out


def pooled(
    by_type: Mapping[str, Mapping[str, Any]], *of: Callable[[Mapping[str, Any]], float]
) -> float | None:
    """(gate.2): the first of these counts over the second, weighted sums over types."""
    weight = {
        t: observed()[t]["regime_years"] / x["regime_years"]
        for t, x in by_type.items()
        if x["regime_years"]
    }
    above, below = (sum(w * f(by_type[t]) for t, w in weight.items()) for f in of)
    return above / below if below else None


def onsets(found: pl.DataFrame, pairs: int, seed: int, years: int) -> float | None:
    """Variance over mean of campaigns begun in a year, in worlds of 50 pairs watched for half the
    years; rivalries begin evenly over the half before.
    """
    half, worlds = years // 2, max(1, pairs // WORLD)
    counts = np.zeros((worlds, half))
    for pair, day, _ in found.iter_rows():
        year = (
            day - 1 - math.floor(Draw(seed, pair, "rivalry").uniform("begins") * half * 365)
        ) // 365
        if pair // WORLD < worlds and 0 <= year < half:
            counts[pair // WORLD, year] += 1
    return (
        float(counts.var(1, ddof=1).mean() / counts.mean()) if half > 1 and counts.any() else None
    )


def assess(
    histories: pl.DataFrame, campaigns: pl.DataFrame, *, seed: int, pairs: int, years: int
) -> dict[str, Any]:
    """The ten bands from histories as simulated and from campaigns begun; see the head of this file
    for what is put in.
    """
    by_type = tally(compete(histories, seed))
    coups, uprisings = (lambda x, e=e: x["endings"].get(e, 0) for e in ("coup", "uprising"))
    outside, by_coup, by_uprising = (
        pooled(by_type, f, lambda x: x["failures"])
        for f in (lambda x: x["outside"], coups, uprisings)
    )
    young, old = (
        pooled(
            by_type,
            lambda x, k=f"{a} to {b}": x["by_age"][k][1],
            lambda x, k=f"{a} to {b}": x["by_age"][k][0],
        )
        for a, b in AGES
    )
    found_ = [
        (
            f"hazard {t}",
            f"failures a year of {t} regimes",
            x["hazard"],
            f"{x['outside']} of {x['failures']} failures are outside endings, put in at their observed {x['outside_rate']:.4f} a year; "
            "the rate of coups is set by type from the same table.",
        )
        for t, x in by_type.items()
    ]
    found_ += [
        (
            "coup success",
            "attempts of a coup that succeed",
            pooled(by_type, coups, lambda x: x["attempts"]),
            "The odds are an assumption with nearly this range; tested is only that weakness and protest do not move them out of it.",
        ),
        (
            "endings by coup",
            "share of failures by coup",
            by_coup,
            f"The rate of attempts is set by type from the same table's coups, and {outside or 0:.0%} of the failures are put in.",
        ),
        (
            "endings by uprising",
            "share of failures by popular uprising",
            by_uprising,
            f"The yearly rate of uprisings is fitted to the same table; of the failures, over which they are counted, {outside or 0:.0%} are put in.",
        ),
        (
            "age",
            "hazard in years 1 to 5 over that in years 11 to 20",
            young / old if young is not None and old else None,
            "Attempts of a coup fall with time in power by an exponent from the record; outside endings have one rate for a type at every age, "
            "and types that fail soon are few later.",
        ),
        (
            "war onsets",
            "variance over mean of the campaigns that begin in a year in a world of 50 pairs",
            onsets(campaigns, pairs, seed, years),
            "Pairs do not touch each other, so no war spreads; only how regular or bunched campaigns are within a pair can move it from 1.",
        ),
        (
            "initiator wins",
            "the adversary's mean chance to prevail when it opens a campaign",
            campaigns["chance"].mean(),
            "The chance for a given level of the programme is an assumption; only the level at which campaigns begin is a result.",
        ),
    ]
    bands = []
    for name, says, value, built_in in found_:
        low, high = age_band() if name == "age" else BANDS[name]
        value = None if value is None or math.isnan(value) else float(value)
        met = value is not None and low <= value <= high
        bands.append(
            {
                "name": name,
                "says": says,
                "value": value,
                "low": low,
                "high": high,
                "met": met,
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
    progress: Counted | None = None,
) -> dict[str, Any]:
    """Simulate the histories of each of four types and the pairs of rivals, and hold them against
    the bands.

    values: rows of bank.SHARED (posterior draws), one for each history in turn; without, all is
    drawn over the ledger's ranges. out: folder for finished parts; the same call again goes on from
    them.  progress: called with parts done and parts in all.
    """
    days, what = (
        years * 365,
        zlib.crc32(b"" if values is None else np.ascontiguousarray(values).tobytes()),
    )
    work = [(lives, t, (t,), histories) for t in TYPES] + [(wars, "rivals", (), pairs)]
    jobs = [
        Job(
            f,
            (*which, k, min(chunk, n - k), seed, values, days),
            out and out / f"{name}-{k}-{min(chunk, n - k)}-{seed}-{years}-{what:08x}.parquet",
        )
        for f, name, which, n in work
        for k in range(0, n, chunk)
    ]
    parts = over(jobs, processes, progress)
    ours, theirs = (
        [p for p, j in zip(parts, jobs, strict=True) if j.work is f] for f in (lives, wars)
    )
    return assess(
        pl.concat(ours),
        pl.concat(theirs or [wars(0, 0, seed, values, days)]),
        seed=seed,
        pairs=pairs,
        years=years,
    )
