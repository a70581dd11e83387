"""Out of sample: every case forecast by a posterior that has not seen its country."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..execution.progress import Watch, renamed
from .baseline import base_rate, by_logistic, fit_logistic
from .bins import by_largest_day
from .forecast import FUTURES, chance, forecasts, row, totals
from .simulated.observe import CONTINUOUS
from .tables.case import Case
from .tables.covariates import Covariates
from .tables.tablefile import table

LATER = 2011  # the forward split fits cases before that year and forecasts the rest
SAME = {"Burma": "Myanmar", "FR Yugoslavia": "Serbia"}
FORWARD = "forward"
GROUPS = 8  # folds of the countries of which there are campaigns only
FIRST, CAMPAIGNS = "leave one country out", "campaigns, their countries left out"
RULES = "rules"  # the board without those for backing and revolution, written after looking
KEPT = (  # scores that the board has of each split
    "brier",
    "brier_base",
    "skill",
    "skill_low",
    "skill_high",
    "auc",
    "logistic",
    "crps",
    "coverage",
)


def country(case: Case) -> str:
    """A country's cases are left out together."""
    return SAME.get(case.known.country, case.known.country)


def fingerprint() -> str:
    """Of the table of cases that comes with the package."""
    return hashlib.sha256(table("cases.csv").read_bytes()).hexdigest()[:16]


def climatology(cases: Sequence[Case]) -> dict[str, np.ndarray]:
    """Values observed of cases, by quantity."""
    out = {}
    for k in CONTINUOUS:
        known = [getattr(c.observed, k) for c in cases]
        out[k] = np.array([three[1] for three in known if three])
    return out


def folds(
    cases: Sequence[Case], campaigns: Collection[str] = ()
) -> dict[str, tuple[list[Case], list[Case]]]:
    """By name: cases that are fitted and cases that are forecast. One fold for each country, for
    those that have only campaigns GROUPS of them, and one forward in time.

    campaigns: ids of the cases that are campaigns.
    """
    apart = sorted({country(c) for c in cases if c.id not in campaigns})
    others = sorted({country(c) for c in cases} - set(apart))
    groups = {name: [name] for name in apart} | {
        f"campaigns {k + 1}": others[k::GROUPS] for k in range(min(GROUPS, len(others)))
    }
    out = {}
    for name, left_out in groups.items():
        out[name] = (
            [c for c in cases if country(c) not in left_out],
            [c for c in cases if country(c) in left_out],
        )
    out[FORWARD] = (
        [c for c in cases if c.known.onset.year < LATER],
        [c for c in cases if c.known.onset.year >= LATER],
    )
    return out


def _without_rules(
    rows: Sequence[Mapping[str, Any]],
    known: Mapping[str, Covariates],
    folded: Mapping[str, np.ndarray],
    out: Path | None,
    futures: int,
    processes: int | None,
    progress: Watch | None,
) -> dict[str, Any]:
    """Totals with no case taken for backed, or for born of a revolution, by the same posteriors:
    the cases to which one of the two rules applies are forecast anew.
    """
    plain = [
        dataclasses.replace(c, backing=0.0, revolution=0.0)
        for c in (known[r["id"]] for r in rows)
        if c.backing or c.revolution
    ]
    fold = {r["id"]: r["fold"] for r in rows}
    made = forecasts(
        plain,
        {c.id: folded[fold[c.id]] for c in plain},
        futures=futures,
        out=out / "without rules" if out else None,
        processes=processes,
        progress=renamed(progress, "without the rules for backing and revolution"),
    )
    return totals(
        [{**r, "fall": round(chance(made[r["id"]]), 4)} if r["id"] in made else r for r in rows]
    )


def out_of_sample(
    cases: Sequence[Case],
    known: Mapping[str, Covariates],
    folded: Mapping[str, np.ndarray],
    out: Path | None,
    *,
    campaigns: Collection[str] = (),
    futures: int = FUTURES,
    processes: int | None = None,
    progress: Watch | None = None,
) -> dict[str, Any]:
    """Every case forecast by a posterior that has not seen its country; and the cases since 2011 by
    one of the cases before. Campaigns are scored apart, each by the rate of other campaigns, and
    no row of theirs is kept.
    """
    parts, by_split, crowds = folds(cases, campaigns), {}, {}
    every = [(x, n) for n in parts if n != FORWARD for x in parts[n][1]]
    for split, tested in (
        (FIRST, [(x, n) for x, n in every if x.id not in campaigns]),
        (
            f"forward: fitted before {LATER}",
            [(x, FORWARD) for x in parts[FORWARD][1] if x.id not in campaigns],
        ),
        (CAMPAIGNS, [(x, n) for x, n in every if x.id in campaigns]),
    ):
        if not tested:
            continue
        ensembles = forecasts(
            [known[x.id] for x, _ in tested],
            {x.id: folded[n] for x, n in tested},
            futures=futures,
            out=out / "forecasts" if out else None,
            processes=processes,
            progress=renamed(progress, split),
        )
        rows = []
        for x, n in tested:
            inside = parts[n][0]
            fell = [bool(i.observed.fell) for i in inside]
            plain = by_logistic(fit_logistic([known[i.id] for i in inside], fell), known[x.id])
            alike = [i for i in inside if (i.id in campaigns) == (split == CAMPAIGNS)]
            rate = base_rate([bool(i.observed.fell) for i in alike])
            others = climatology(inside)
            rows.append(row(x, known[x.id], ensembles[x.id], rate, plain, others, country(x)))
        by_split[split] = rows
        crowds[split] = by_largest_day(rows, ensembles)
    scores = {name: totals(rows) for name, rows in by_split.items()}
    plainer = _without_rules(by_split[FIRST], known, folded, out, futures, processes, progress)
    scores[FIRST]["without"][RULES] = {k: plainer[k] for k in ("n", "falls", *KEPT) if k in plainer}
    splits = [{"name": name} | {k: t[k] for k in ("n", *KEPT)} for name, t in scores.items()]
    return {
        "made": {
            "version": __version__,
            "cases_sha256": fingerprint(),
            "futures_per_case": futures,
            "date": str(dt.date.today()),
        },
        "cases": sorted(by_split[FIRST], key=lambda r: r["onset"]),
        "not_used": {},
        "totals": scores[FIRST] | {"splits": splits},
        "crowds": crowds[FIRST],
    }
