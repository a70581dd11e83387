"""Futures as an analysis takes them: what differed between them, and one outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ...expression.check import FLAG, TEXT, outcome_faults
from ...expression.parser import parse
from ...expression.tree import columns
from ...expression.values import numbers
from ...study.results import AT_ONCE, CHANCE, Study, chance
from ...support.faults import Fault

SURVIVAL = "survived"  # the outcome where none is named, a coup counted by its daily chances
ASSUMPTION, LEVER = "assumption", "lever"


@dataclass(frozen=True)
class Sample:
    """Finished futures in which an outcome has a value.

    names: what differed between them.  values: float64[futures, inputs], options of a text by their
    number.  roles: assumption or lever, by input.  ledger: what each is, its unit and its meaning.
    y: the outcome, float64[futures], NaN where a future has no value of it.  run: their numbers.
    """

    outcome: str
    names: tuple[str, ...]
    values: NDArray[np.float64]
    roles: tuple[str, ...]
    ledger: Mapping[str, Mapping[str, Any]]
    y: NDArray[np.float64]
    run: NDArray[np.int64]

    def known(self) -> Sample:
        """Without the futures in which the outcome has no value."""
        there = np.isfinite(self.y)
        if there.all():
            return self
        return replace(self, values=self.values[there], y=self.y[there], run=self.run[there])

    def of(self, role: str) -> Sample:
        """Only its assumptions, or only its levers."""
        mine = [k for k, r in enumerate(self.roles) if r == role]
        return replace(
            self,
            names=tuple(self.names[k] for k in mine),
            values=self.values[:, mine],
            roles=(role,) * len(mine),
        )

    @property
    def constant(self) -> bool:
        """Whether the outcome is the same in all futures but for rounding: nothing moves it."""
        return len(self.y) == 0 or bool(np.ptp(self.y) <= 1e-12 * np.abs(self.y).max())

    @property
    def yes_no(self) -> bool:
        """Whether the outcome is 1 or 0 in every future."""
        return bool(np.isin(self.y, (0.0, 1.0)).all())

    def says(self, name: str) -> str:
        """What the ledger says of an input."""
        return str(self.ledger.get(name, {}).get("says") or name)

    def unit(self, name: str) -> str:
        return str(self.ledger.get(name, {}).get("unit") or "")


def sample(study: Study, outcome: str | None = None) -> Sample:
    """The finished futures of a study with an outcome.

    outcome: an expression over the columns of `runs`; survival if left out. Raises Fault with all
    that is wrong with it, or if the study has no finished future.
    """
    table = study.scan("runs")
    schema = table.collect_schema()
    needed = outcome_columns(outcome, dict(schema)) if outcome else list(CHANCE)
    done = table.filter(pl.col("ending").is_not_null())
    frame = done.select(c for c in dict.fromkeys(["run", *needed]) if c in schema).collect()
    if not frame.height:
        raise Fault(
            f"no future of {study.path} is finished, so nothing can be told of what moves them."
        )
    y = numbers(outcome, frame) if outcome else chance(frame)
    names, values = _inputs(done, study)
    ledger = {str(r.get("key")): r for r in study._model().get("ledger", ())}
    levers = {k for k, r in ledger.items() if r.get("role") == "choice"}
    return Sample(
        outcome or SURVIVAL,
        tuple(names),
        values,
        tuple(LEVER if n in levers else ASSUMPTION for n in names),
        ledger,
        np.asarray(y, float),
        frame["run"].cast(pl.Int64).to_numpy(),
    )


def outcome_columns(outcome: str, schema: Mapping[str, Any]) -> list[str]:
    """The columns that an expression reads. Raises Fault with all that is wrong with it."""
    tree = parse(outcome)
    kinds = {c: TEXT if t == pl.String else FLAG for c, t in schema.items()}
    faults = outcome_faults(tree, kinds)
    read = list(dict.fromkeys(c.name for c in columns(tree)))
    faults += [
        f"'{c}' is an assumption or a lever, and what is drawn moves itself; name an outcome, as "
        "`thermidor outcomes` lists them."
        for c in read
        if "." in c
    ]
    if faults:
        raise Fault([f"--outcome {outcome}: {f}" for f in faults])
    return read


def _inputs(done: pl.LazyFrame, study: Study) -> tuple[list[str], NDArray[np.float64]]:
    """Assumptions and levers in which futures differ, of mechanisms that are not switched off."""
    off = study.off
    there = [
        c
        for c, kind in done.collect_schema().items()
        if "." in c and c.partition(".")[0] not in off and (kind.is_numeric() or kind == pl.String)
    ]
    names: list[str] = []
    found: list[NDArray[np.float64]] = []
    for k in range(0, len(there), AT_ONCE):
        for column in done.select(there[k : k + AT_ONCE]).collect():
            if column.dtype == pl.String:
                column = column.rank("dense")
            x = column.cast(pl.Float64).to_numpy()
            if np.isfinite(x).all() and np.ptp(x) > 0:
                names.append(column.name)
                found.append(x)
    width = done.select(pl.len()).collect().item()
    return names, np.column_stack(found) if found else np.empty((width, 0))
