"""The assumptions of a study, or its levers: which move an outcome beyond luck, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ...study.results import carriers
from ...study.stats import Interval
from ...wording import count, hundred, signed, span, two
from . import designed, given, regional
from .sample import SURVIVAL, Sample
from .units import Unit

MOST = 20  # inputs that are told in full
SHARE, RANKS, SHIFT, SOBOL = "share", "share of ranks", "shift", "first and total share"


@dataclass(frozen=True)
class Driver:
    """An input that moves the outcome beyond luck.

    measure: its share of the variance (0 to 1), or the distance between the futures that end so and
    the others.  total: its share with all in which it takes part, from a design.  direction: rank
    correlation with the outcome.  luck: chance that the strongest of all would be as strong by
    luck.  at, so, other: the value where futures part, and the shares above it of those that end
    so, and of the others.
    """

    name: str
    says: str
    unit: str
    measure: Interval
    direction: float
    luck: float
    total: Interval | None = None
    at: float | None = None
    so: float | None = None
    other: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        told = {k: v for k, v in self.__dict__.items() if k not in ("measure", "total")}
        told["measure"] = self.measure.as_dict("value")
        told["total"] = self.total.as_dict("value") if self.total else None
        return told


@dataclass(frozen=True)
class Part:
    """The assumptions of a study, or its levers.

    by: share, share of ranks (an outcome of long tails), shift (a rare ending), or first and total
    share.  of: inputs looked at.  n: units that differ; what: futures, points of a design, or its
    lucks.  about: units that would name what is worth knowing, None where nothing tells.  why: why
    nothing can be told.
    """

    role: str
    by: str
    of: int
    n: int
    what: str
    outcome: str
    found: tuple[Driver, ...] = ()
    about: int | None = None
    why: str = ""
    more: int = 0  # beyond luck, but not told in full
    luck: Mapping[str, float] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The answer."""
        inputs = count(self.of, self.role)
        if self.why:
            return f"Cannot tell which of {inputs} moves {self.outcome}: {self.why}."
        if not self.found:
            return self._none(inputs)
        first, many = self.found[0], len(self.found) + self.more
        moves = "moves" if many == 1 else "move"
        return (
            f"Of {inputs}, {many} {moves} {self.outcome} beyond luck"
            f"{': ' if many == 1 else ', most '}{first.says} ({first.name}), {self._how(first)}."
        )

    def _how(self, d: Driver) -> str:
        if self.by == SHIFT:
            assert d.at is not None and d.so is not None and d.other is not None
            return (
                f"above {two(d.at, 3)} {d.unit} in {hundred(d.so)} of 100 of the futures that end "
                f"so, in {hundred(d.other)} of 100 of the others"
            )
        of = "the variance of its ranks" if self.by == RANKS else "its variance"
        if self.by in (SHARE, RANKS) and d.measure.low == 0:
            most = hundred(max(0.0, d.measure.high))
            return (
                f"which goes with it by rank ({signed(d.direction)}); of {of} it carries at most "
                f"{most} of 100"
            )
        way = "more" if d.direction > 0 else "less"
        whole = ""
        if d.total:
            inner = f"{hundred(d.total.value)} of 100 ({span(d.total.low, d.total.high)})"
            whole = f", with all in which it takes part {inner}"
        return (
            f"which carries {hundred(d.measure.value)} of 100 of {of} "
            f"({span(d.measure.low, d.measure.high)}){whole}; with more of it there is {way}"
        )

    def _none(self, inputs: str) -> str:
        if self.by == SHIFT:
            worth = f"one that parts {hundred(regional.WORTH)} of 100 of the futures that end so"
        else:
            worth = f"one that carries {hundred(given.WORTH)} of 100 of its variance"
        if self.about and self.about > self.n:
            return (
                f"Cannot tell with {self.n:,} {self.what} which of {inputs} moves {self.outcome}; "
                f"about {self.about:,} would name {worth}."
            )
        return (
            f"None of {inputs} moves {self.outcome} much by itself: {self.n:,} {self.what} would "
            f"have named {worth}. The rest is luck, or several together."
        )

    @property
    def others(self) -> str:
        """What cannot be told of the inputs that are not named; empty if there are none."""
        left = self.of - len(self.found) - self.more
        if self.why or not self.found or not left:
            return ""
        if self.about and self.about > self.n:
            worth = regional.WORTH if self.by == SHIFT else given.WORTH
            return (
                f"of {left:,} more: cannot tell with {self.n:,} {self.what}; about "
                f"{self.about:,} would, for {hundred(worth)} of 100"
            )
        return f"{left:,} more are not told from luck"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "role": self.role,
            "by": self.by,
            "inputs": self.of,
            "n": self.n,
            "what": self.what,
            "sentence": self.sentence,
            "about": self.about,
            "drivers": [d.as_dict() for d in self.found],
            "others": self.others,
            "luck": dict(self.luck),
        }


def part(unit: Unit, seed: int, level: float = given.LEVEL) -> Part:
    """What moves the outcome among the inputs of a unit. level: chance of luck that is allowed."""
    s = unit.sample
    outcome = "survival" if s.outcome == SURVIVAL else s.outcome
    told: dict[str, Any] = {
        "role": unit.role,
        "of": len(unit.inputs),
        "n": len(s.y),
        "what": unit.what,
        "outcome": outcome,
    }
    if unit.designed:
        return _designed(unit, told, seed, level)
    here = s.known()
    if here.constant:
        same = f" ({two(here.y[0], 3)})" if len(here.y) else ""
        return Part(by=SHARE, why=f"it is the same in all {len(s.y):,} {unit.what}{same}", **told)
    so = here.y == 1
    rare = here.yes_no and min(so.mean(), 1 - so.mean()) < regional.RARE
    return _rare(here, told, seed, level) if rare else _given(here, told, seed, level)


def _given(s: Sample, told: dict[str, Any], seed: int, level: float) -> Part:
    n = len(s.y)
    if n < given.FEWEST:
        why = f"shares need {given.FEWEST} {told['what']} or more, and there are {n}"
        return Part(by=SHARE, why=why, **told)
    ranks = s.outcome != SURVIVAL and given.long_tailed(s.y)
    y = given.midranks(s.y) if ranks else s.y
    found = given.shares(s.values, y, seed, ranked=s.outcome != SURVIVAL)
    named, more = _named(found.luck, found.share, level)
    names = [s.names[k] for k in named]
    measured = given.intervals(s.values[:, named], y, names, seed) if named else []
    ways = _directions(s, names)
    rows = tuple(
        Driver(s.names[k], s.says(s.names[k]), s.unit(s.names[k]), m, w, float(found.luck[k]))
        for k, m, w in zip(named, measured, ways, strict=True)
    )
    about, luck = given.enough(found, n), dict(zip(s.names, found.luck.tolist(), strict=True))
    by = RANKS if ranks else SHARE
    return Part(by=by, found=rows, about=about, more=more, luck=luck, **told)


def _rare(s: Sample, told: dict[str, Any], seed: int, level: float) -> Part:
    so = s.y == 1
    fewer = int(min(so.sum(), (~so).sum()))
    if fewer < regional.FEWEST:
        wanted = int(float(f"{len(so) * 30 / fewer:.2g}"))  # 30 futures that end so
        why = (
            f"only {fewer} of {len(so):,} {told['what']} "
            f"{'differ' if fewer > 1 else 'differs'} from the rest in it; about {wanted:,} would "
            "give thirty"
        )
        return Part(by=SHIFT, why=why, about=wanted, **told)
    found = regional.regions(s.values, so, seed)
    named, more = _named(found.luck, found.distance, level)
    ways = _directions(s, [s.names[k] for k in named])
    rows = []
    for k, way in zip(named, ways, strict=True):
        luck, far = float(found.luck[k]), float(found.distance[k])
        m = regional.shift(s.values[:, k], so, luck, far, seed)
        name = s.names[k]
        rows.append(
            Driver(
                name, s.says(name), s.unit(name), m.distance, way, luck, None, m.at, m.so, m.other
            )
        )
    about = regional.enough(found.critical, so)
    chances = dict(zip(s.names, found.luck.tolist(), strict=True))
    return Part(by=SHIFT, found=tuple(rows), about=about, more=more, luck=chances, **told)


def _designed(unit: Unit, told: dict[str, Any], seed: int, level: float) -> Part:
    s, names = unit.sample, list(unit.sample.names)
    try:
        found = designed.designed(s.y, names, seed)
    except ValueError as e:
        return Part(by=SOBOL, why=str(e), **told)
    strong = [
        k
        for k in range(len(names))
        if names[k] in unit.inputs
        and (found.luck[k] < level or found.total[k].low > designed.FLOOR)
    ]
    strong.sort(key=lambda k: -found.total[k].value)
    known = s.known()
    ways = _directions(known, [names[k] for k in strong])
    rows = tuple(
        Driver(
            names[k],
            s.says(names[k]),
            s.unit(names[k]),
            found.first[k],
            w,
            float(found.luck[k]),
            found.total[k],
        )
        for k, w in zip(strong, ways, strict=True)
    )
    return Part(
        by=SOBOL,
        found=rows[:MOST],
        more=max(0, len(rows) - MOST),
        about=designed.enough(found, len(names)),
        luck={n: float(p) for n, p in zip(names, found.luck, strict=True) if n in unit.inputs},
        **told,
    )


def _named(
    luck: NDArray[np.float64], strength: NDArray[np.float64], level: float
) -> tuple[list[int], int]:
    """Inputs beyond luck, strongest first, and how many more there are than are told."""
    beyond = np.flatnonzero(luck < level)
    order = beyond[np.argsort(-strength[beyond], kind="stable")].tolist()
    return order[:MOST], max(0, len(order) - MOST)


def _directions(s: Sample, names: list[str]) -> list[float]:
    """Rank correlation of some inputs with the outcome, NaN where there is none."""
    if not names:
        return []
    frame = pl.DataFrame({n: s.values[:, s.names.index(n)] for n in names})
    found = carriers(frame, s.y, len(names), ranked=s.outcome != SURVIVAL)
    ways = {c.assumption: c.correlation for c in found}
    return [ways.get(n, math.nan) for n in names]
