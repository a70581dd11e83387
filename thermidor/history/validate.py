"""`thermidor validate`: the score board that comes with the package, made anew, or on cases that nobody here has seen."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..faults import Fault
from ..past import load_board
from ..posterior import load as posterior
from .bank import SHARED
from .baseline import by_logistic
from .cases import read_cases, table
from .covariates import Covariates, Panel, covariates
from .forecast import FUTURES, forecasts, row, totals

FEWEST = 8  # futures that make a forecast
Progress = Callable[[str, int, int], None]


def validate(cases: str | Path | None = None, panel: str | Path | None = None, *, fresh: bool = False, futures: int = FUTURES, out: Path | None = None,
             processes: int | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """The score board.

    cases: a file with the columns of cases.csv, scored by the posterior that comes with the package, without refitting; the board
    of the package if left out.  panel: the user's own download of the autocracy-year panel, for covariates.  fresh: compute the
    package's board again (some twenty minutes on two cores) from the posteriors that left each country out.
    """
    if cases is not None:
        return unseen(cases, panel, futures=futures, out=out, processes=processes, progress=progress)
    if not fresh:
        board = load_board()
        if board is None:
            raise Fault("this copy of thermidor has no score board; `thermidor calibrate` makes one.")
        return board
    if panel is None:
        raise Fault("--fresh needs --panel: the covariates of the 37 cases are rows of others' data sets, which do not come with the package.")
    return again(panel, futures, out, processes, progress)


def unseen(cases: str | Path, panel: str | Path | None, *, futures: int, out: Path | None, processes: int | None, progress: Progress | None) -> dict[str, Any]:
    """Cases of a file, forecast by the posterior of all cases of the package."""
    learnt = posterior()
    if learnt is None or learnt.keys != SHARED:
        raise Fault("this copy of thermidor has no posterior; `thermidor calibrate` makes one.")
    found, refused = read_cases(cases)
    book = Panel(panel) if panel else None
    known, usable = {}, []
    for c in found:
        try:
            known[c.id] = _buildable(covariates(c.known, book))
            usable.append(c)
        except Fault as e:
            refused[c.id] = str(e)
    trained, _ = read_cases()
    seen_before = {(c.known.country, c.known.onset) for c in trained}
    from .fit import country, observed
    others = observed(trained)
    ensembles = forecasts([known[c.id] for c in usable], learnt.draws, futures=futures, out=out, processes=processes,
                          progress=(lambda k, n: progress("cases", k, n)) if progress else None) if usable else {}
    for c in [c for c in usable if ensembles[c.id].height < FEWEST]:
        usable.remove(c)
        refused[c.id] = f"only {ensembles[c.id].height} of {futures} futures became an uprising; {FEWEST} are needed"
    rows = [row(c, known[c.id], ensembles[c.id], learnt.logistic["base_rate"], by_logistic(learnt.logistic, known[c.id]), others, country(c)) for c in usable]
    told: dict[str, Any] = {
        "made": {"cases": str(cases), "panel": str(panel) if panel else None, "futures_per_case": futures, "posterior": learnt.hash},
        "cases": rows, "not_used": refused, "fitted_before": [c.id for c in usable if (c.known.country, c.known.onset) in seen_before]}
    told["totals"] = totals(rows) if rows else {"n": 0}
    if told["fitted_before"]:
        told["warning"] = f"{len(told['fitted_before'])} of these cases were fitted, so their scores are not out of sample: {', '.join(told['fitted_before'])}."
    return told


def _buildable(c: Covariates) -> Covariates:
    """Raises Fault where the rule cannot make a scenario of it."""
    from .country import scenario
    scenario(c)
    return c


def again(panel: str | Path, futures: int, out: Path | None, processes: int | None, progress: Progress | None) -> dict[str, Any]:
    """The package's board, computed anew from the posteriors that come with it."""
    from .fit import out_of_sample
    cases, _ = read_cases()
    book = Panel(panel)
    known = {x.id: covariates(x.known, book) for x in cases}
    kept = pl.read_parquet(table("folds.parquet"))
    folded = {name: kept.filter(pl.col("fold") == name).select(SHARED).to_numpy().astype(np.float64) for name in set(kept["fold"])}
    before = load_board() or {}
    made = out_of_sample(cases, known, folded, out, futures=futures, processes=processes, progress=progress)
    return before | made | {"made": before.get("made", {}) | made["made"] | {"panel": Path(panel).name}}
