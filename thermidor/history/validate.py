"""`thermidor validate`: the score board of the package, made anew, or on cases of the user's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..execution.progress import Watch, renamed
from ..fitted.posterior import FOLDS
from ..fitted.posterior import load as posterior
from ..fitted.scoreboard import load_board
from ..support.faults import Fault
from .baseline import by_logistic
from .bins import by_largest_day
from .folds import climatology, out_of_sample
from .forecast import FUTURES, forecasts, row, totals
from .listing import LISTING
from .simulated.bank import SHARED
from .simulated.country import scenario
from .tables.case import Case, Observed
from .tables.cases import case_table, read_cases
from .tables.covariates import Covariates, Panel, covariates
from .tables.states import state

FEWEST = 8  # futures that make a forecast
SAME_UPRISING = 60  # days by which tables may date the onset of one uprising differently


def validate(
    cases: str | Path | None = None,
    panel: str | Path | None = None,
    *,
    fresh: bool = False,
    futures: int = FUTURES,
    out: Path | None = None,
    processes: int | None = None,
    progress: Watch | None = None,
) -> dict[str, Any]:
    """The score board.

    cases: a file with the columns of cases.csv, scored by the posterior that comes with the
    package, without refitting; the board of the package if left out.  panel: the user's own
    autocracy-year panel, for covariates.  fresh: compute the package's board again (some twenty
    minutes on two cores) from the posteriors that left each country out.
    """
    if cases is not None:
        return unseen(
            cases, panel, futures=futures, out=out, processes=processes, progress=progress
        )
    if not fresh:
        board = load_board()
        if board is None:
            raise Fault(
                "this copy of thermidor has no score board; `thermidor calibrate` makes one."
            )
        return board
    if panel is None:
        raise Fault(
            "--fresh needs --panel: the covariates of the 37 cases are rows of others' "
            "data sets, which do not come with the package; `thermidor panel` makes a "
            "panel from your own downloads."
        )
    return again(panel, futures, out, processes, progress)


def unseen(
    cases: str | Path,
    panel: str | Path | None,
    *,
    futures: int,
    out: Path | None,
    processes: int | None,
    progress: Watch | None,
) -> dict[str, Any]:
    """Cases of a file, forecast by the posterior of all cases of the package.

    Those that it was fitted to are scored apart.
    """
    learnt = posterior()
    if learnt is None or learnt.keys != SHARED:
        raise Fault("this copy of thermidor has no posterior; `thermidor calibrate` makes one.")
    found = case_table(cases)
    book, refused = Panel(panel) if panel else None, dict(found.refused)
    known, usable = {}, []
    for c in found.cases:
        try:
            known[c.id] = _buildable(covariates(c.known, book))
            usable.append(c)
        except Fault as e:
            refused[c.id] = str(e)
    ensembles: dict[str, pl.DataFrame] = {}
    if usable:
        ensembles = forecasts(
            [known[c.id] for c in usable],
            np.column_stack([learnt.draws, learnt.listing]),
            futures=futures,
            out=out,
            processes=processes,
            progress=renamed(progress, "cases"),
        )
    for c in [c for c in usable if ensembles[c.id].height < FEWEST]:
        usable.remove(c)
        refused[c.id] = (
            f"only {ensembles[c.id].height} of {futures} futures became an uprising; "
            f"{FEWEST} are needed"
        )
    trained, _ = read_cases()
    others, rows, rate = climatology(trained), [], learnt.logistic["base_rate"]
    for c in usable:
        plain = by_logistic(learnt.logistic, known[c.id])
        twin, here = fitted_as(c, trained), state(c.known.country, c.known.onset)
        new = row(c, known[c.id], ensembles[c.id], rate, plain, others, here)
        rows.append(new | {"fitted_as": twin.id if twin else None})
    apart, own = ([r for r in rows if bool(r["fitted_as"]) is known] for known in (True, False))
    made = {
        "cases": str(cases),
        "panel": str(panel) if panel else None,
        "futures_per_case": futures,
        "posterior": learnt.hash,
    }
    board = {
        "made": made,
        "cases": rows,
        "totals": _totals(own),
        "crowds": by_largest_day(own, ensembles) if own else None,
        "totals_fitted": _totals(apart) if apart else None,
        "fitted_before": [r["id"] for r in apart],
        "not_used": refused,
        "columns_not_used": list(found.not_used),
        "notes": found.notes,
        "panel_not_used": book.refused if book else {},
    }
    return board | ({"warning": _warning(apart)} if apart else {})


def fitted_as(case: Case, trained: Sequence[Case]) -> Case | None:
    """The case of the fit that this one is: the same state by any name, and days that overlap.

    A case of the fit lasts from its onset to its outcome, at least SAME_UPRISING days, and its
    onset may be dated as much earlier.
    """
    onset, near = case.known.onset, dt.timedelta(SAME_UPRISING)
    for t in trained:
        first, last = t.known.onset - near, max(t.known.onset + near, t.last_day)
        here = state(case.known.country, onset) == state(t.known.country, t.known.onset)
        if here and first <= case.last_day and onset <= last:
            return t
    return None


def read_campaigns(path: str | Path, trained: Sequence[Case]) -> tuple[list[Case], dict[str, str]]:
    """Campaigns of a file whose ending is known, without what else the file says of them and
    without those that are a case already; and those left out with the reason.
    """
    found, refused = read_cases(path)
    used = []
    for c in found:
        twin = fitted_as(c, trained)
        if twin is not None:
            refused[c.id] = f"it is the case {twin.id}"
        elif c.observed.fell is None:
            refused[c.id] = "its ending is not known"
        else:
            used.append(Case(c.known, Observed(c.observed.fell, None, None, None, None)))
    return used, refused


def _totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return totals(rows) if rows else {"n": 0}


def _warning(apart: list[dict[str, Any]]) -> str:
    named = [
        r["id"] if r["id"] == r["fitted_as"] else f"{r['id']} ({r['fitted_as']} of the fit)"
        for r in apart
    ]
    were = "were part of the fit, so their scores are no test of it and stand apart"
    if len(apart) == 1:
        were = "was part of the fit, so its score is no test of it and stands apart"
    return f"{len(apart)} of these cases {were}: {', '.join(named)}."


def _buildable(c: Covariates) -> Covariates:
    """Raises Fault where the rule cannot make a scenario of it."""
    scenario(c)
    return c


def left_out() -> dict[str, np.ndarray]:
    """The posteriors of the package that left each country out, float[draws, parameters + 2]."""
    kept = pl.read_parquet(FOLDS)
    return {
        name: kept.filter(pl.col("fold") == name)
        .select([*SHARED, *LISTING])
        .to_numpy()
        .astype(np.float64)
        for name in sorted(set(kept["fold"]))
    }


def again(
    panel: str | Path,
    futures: int,
    out: Path | None,
    processes: int | None,
    progress: Watch | None,
) -> dict[str, Any]:
    """The package's board, computed anew from the posteriors that come with it."""
    cases, _ = read_cases()
    book = Panel(panel)
    known = {x.id: covariates(x.known, book) for x in cases}
    before = load_board() or {}
    new = out_of_sample(
        cases, known, left_out(), out, futures=futures, processes=processes, progress=progress
    )
    made = before.get("made", {}) | new["made"] | {"panel": Path(panel).name}
    return before | new | {"made": made}
