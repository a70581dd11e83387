"""The assumptions of futures, drawn as numbers in arrays: many futures at once, or one.

Each assumption is drawn by its own name (chance/draws.py), so that what a future assumes depends
on no other future and on no other assumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from ..chance.draws import uniforms
from ..declaration.declare import Mechanism
from ..declaration.prior import Prior
from ..fitted.posterior import Posterior
from ..support.arrays import Array
from .assumption import Assumption

WHO = "assumptions"  # whose luck it is
Rows = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Sheets:
    """The parameter sheets of some futures.

    before, now: float64[futures, parameters], by the choices of the status quo and by those that
    hold now; the form of a rule is its number among the parameter's options. form: of the rows.
    """

    before: Array
    now: Array
    form: Form

    def __getitem__(self, mechanism: str) -> Array:
        """The numbers of a mechanism, float64[2 and later, futures, parameters]: before, now, and
        from each later day on which choices turn.
        """
        own = self.form.at[mechanism]
        return np.stack([some[:, own] for some in (self.before, self.now, *self.later)])

    @cached_property
    def later(self) -> list[Array]:
        """As `now`, from each later day on which choices turn."""
        out, row = [], self.now
        for turned in self.form.later:
            row = row.copy()
            for k, value in turned.items():
                row[:, k] = value
            out.append(row)
        return out

    def __len__(self) -> int:
        return len(self.now)

    def part(self, some: slice) -> Sheets:
        """Those of some of the futures."""
        return Sheets(self.before[some], self.now[some], self.form)

    def holding(self, values: Mapping[str, Array]) -> Sheets:
        """The same with parameters at given values, by key, float[futures]; all others stay as they
        are drawn.
        """
        before, now = self.before.copy(), self.now.copy()
        for key, column in values.items():
            k = self.form.keys.index(key)
            before[:, k] = now[:, k] = column
        return Sheets(before, now, self.form)

    def __iter__(self) -> Iterator[Rows]:
        """The sheets of each future as its mechanisms read them: those that it starts from, those
        by which it goes on, and those of later days.
        """
        every = [some.tolist() for some in (self.before, self.now, *self.later)]
        for rows in zip(*every, strict=True):
            yield tuple(map(self.form.read, rows))


class Form:
    """Where the parameters of a scenario stand in a row of numbers, which are held, and how the
    others are drawn.

    assumptions: by key.  learnt: what past uprisings say of the keys `fitted`.  status_quo: the
    choices of days before these, by key.  turned: choices by key on each later day on which any
    turns.
    """

    def __init__(
        self,
        mechanisms: Sequence[Mechanism],
        assumptions: Mapping[str, Assumption],
        learnt: Posterior | None,
        fitted: Sequence[str],
        status_quo: Mapping[str, float],
        turned: Sequence[Mapping[str, float]] = (),
    ):
        self.mechanisms, self.learnt = mechanisms, learnt
        rows = [assumptions[p.key] for m in mechanisms for p in m.parameters.values()]
        self.keys = [a.parameter.key for a in rows]
        ends = np.cumsum([0, *(len(m.parameters) for m in mechanisms)]).tolist()
        self.at = {
            m.name: slice(a, b) for m, (a, b) in zip(mechanisms, pairwise(ends), strict=True)
        }
        medians = {k: q[1] for k, q in learnt.quantiles.items()} if learnt else {}
        self.held = np.array(
            [medians[k] if k in fitted else _number(assumptions[k]) for k in self.keys]
        )
        self.before = {self.keys.index(k): x for k, x in status_quo.items()}
        self.later = [{self.keys.index(k): x for k, x in day.items()} for day in turned]
        self.options = {k: a.parameter.options for k, a in enumerate(rows) if a.parameter.options}
        drawn = {k: a for k, a in enumerate(rows) if a.drawn and self.keys[k] not in fitted}
        self.forms = {
            k: np.array([a.parameter.options.index(o) for o in a.options])
            for k, a in drawn.items()
            if a.options
        }
        self.priors = [
            (list(some), _prior(list(some.values()), log))
            for log in (False, True)
            if (some := {k: a for k, a in drawn.items() if not a.options and _log(a) == log})
        ]
        self.learns = [k for k, a in enumerate(rows) if self.keys[k] in fitted and not a.off]

    def draw(self, seed: int, runs: Sequence[int], *, fixed: bool = False) -> Sheets:
        """The sheets of these futures; fixed: all is held."""
        now = np.tile(self.held, (len(runs), 1))
        if not fixed:
            self._draw(seed, runs, now)
        before = now.copy()
        for k, value in self.before.items():
            before[:, k] = value
        return Sheets(before, now, self)

    def _draw(self, seed: int, runs: Sequence[int], out: Array) -> None:
        """Put what is drawn into rows, float64[futures, parameters]."""
        for places, prior in self.priors:
            names = [self.keys[k] for k in places]
            out[:, places] = prior.quantile(uniforms(seed, runs, WHO, names))
        for k, options in self.forms.items():
            out[:, k] = options[_chosen(uniforms(seed, runs, WHO, [self.keys[k]])[:, 0], options)]
        if self.learnt and self.learns:
            draws, keys = self.learnt.draws, self.learnt.keys
            chosen = _chosen(uniforms(seed, runs, WHO, ["posterior"])[:, 0], draws)
            columns = [keys.index(self.keys[k]) for k in self.learns]
            out[:, self.learns] = draws[chosen][:, columns]

    def read(self, row: list[float]) -> dict[str, Any]:
        """A row of numbers as the sheets of the mechanisms."""
        values: list[Any] = list(row)
        for k, options in self.options.items():
            values[k] = options[int(row[k])]
        return {m.name: m.params(*values[self.at[m.name]]) for m in self.mechanisms}


def _chosen(u: Array, among: Array) -> np.ndarray:
    """Which of these each of some numbers in (0, 1) chooses."""
    return np.minimum(len(among) - 1, (u * len(among)).astype(np.intp))


def _number(a: Assumption) -> float:
    """The value of an assumption as a number: of a form, which of the parameter's options it is."""
    options = a.parameter.options
    return float(options.index(a.value) if options else a.value)


def _log(a: Assumption) -> bool:
    return a.parameter.log


def _prior(rows: Sequence[Assumption], log: bool) -> Prior:
    """What is believed of some assumptions, an array of each number."""
    low, mode, high = np.array([(a.low, a.value, a.high) for a in rows]).T
    return Prior(low, mode, high, log)
