"""Where an outcome tips, said: a box of at most three assumptions, and what to watch."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ...study.results import Study
from ...support.faults import Fault
from ...wording import count, hundred, listed, span, two, upper
from ..moves.sample import ASSUMPTION, LEVER, Sample, sample
from . import halves as split
from .boxes import TREE, Box, Limit, both
from .halves import Held, halves
from .signposts import Signpost, signposts

FEWEST = 20  # futures of the rarer side below which no box is looked for
LEVEL = 0.05
DEVIATIONS = 9.0
TABLE: dict[str, Any] = {
    **dict.fromkeys(("role", "input", "says", "unit"), pl.String),
    **dict.fromkeys(("low", "high"), pl.Float64),
    **dict.fromkeys(("stable", "of"), pl.Int32),
    **dict.fromkeys(("density", "coverage"), pl.Float64),
}


@dataclass(frozen=True)
class Side:
    """A limit in words. stable: in how many of the boxes from halves its input is; low, high: the
    range of these limits (90 of 100), NaN where there are none.  so, other: shares of the futures
    that end so, and of the others, within the limit.
    """

    name: str
    says: str
    unit: str
    limit: Limit
    stable: int
    spread: tuple[float, float]
    so: float
    other: float

    @property
    def words(self) -> str:
        """above 0.4, at most 0.6, between 0.4 and 0.6"""
        return _within(self.limit, self.unit)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        low, high = (x if math.isfinite(x) else None for x in self.limit[1:])
        spread = [x if math.isfinite(x) else None for x in self.spread]
        told = {k: v for k, v in self.__dict__.items() if k not in ("limit", "spread")}
        return told | {"low": low, "high": high, "spread": spread, "words": self.words}


@dataclass(frozen=True)
class Found:
    """Where the outcome tips among the assumptions, or among the levers.

    inputs: looked at.  n: futures, of which `cases` end so.  sides: of the box, none if there is
    none.  density, coverage: of the box in all futures.  held: how boxes from halves did in the
    others.  by: what found the box; other: what the other method says, in words.  why: why nothing
    can be told.  about: futures that would show a box worth knowing.
    """

    role: str
    inputs: int
    n: int
    cases: int
    outcome: str
    sides: tuple[Side, ...] = ()
    density: float = math.nan
    coverage: float = math.nan
    held: Held | None = None
    by: str = ""
    other: str = ""
    why: str = ""
    about: int | None = None

    @property
    def sentence(self) -> str:
        """The answer."""
        looked = f"where {self.outcome} tips among {count(self.inputs, self.role)}"
        if self.why:
            return f"Cannot tell {looked}: {self.why}."
        if not self.sides or self.held is None:
            if self.about and self.about > self.n:
                return (
                    f"Cannot tell with {self.n:,} futures {looked}; about {self.about:,} would "
                    "show a box of two that holds half of the cases at twice the usual rate."
                )
            return (
                f"No box of at most three of {count(self.inputs, self.role)} holds in futures kept "
                f"aside: {self.n:,} would have shown one that holds half of the cases of "
                f"{self.outcome} at twice the usual rate."
            )
        where = listed([f"{s.says} ({s.name}) is {s.words}" for s in self.sides])
        d, c = self.held.density, self.held.coverage
        return (
            f"Where {where}, {self.outcome} holds in {hundred(self.density)} of 100 futures "
            f"(density; {span(d[0], d[2])} in futures kept aside), against "
            f"{hundred(self.cases / self.n)} of 100 of all; {hundred(self.coverage)} of 100 of its "
            f"cases lie there (coverage; {span(c[0], c[2])})."
        )

    @property
    def stability(self) -> str:
        """How often the same inputs were found, in words; empty if there is no box."""
        if not self.sides or self.held is None:
            return ""
        each = [f"{s.name} in {s.stable}{_limits_were(s)}" for s in self.sides]
        return f"Of {self.held.boxes} boxes from halves of the futures: {listed(each)}."

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        held = self.held
        return {
            "role": self.role,
            "inputs": self.inputs,
            "futures": self.n,
            "cases": self.cases,
            "sentence": self.sentence,
            "stability": self.stability,
            "box": [s.as_dict() for s in self.sides],
            "density": self.density if self.sides else None,
            "coverage": self.coverage if self.sides else None,
            "kept_aside": held._asdict() | {"has": None, "ends": None} if held else None,
            "by": self.by,
            "other": self.other,
            "about": self.about,
        }


@dataclass(frozen=True)
class Discovery:
    """Where an outcome of a study tips, and what could be seen beforehand."""

    path: Path
    outcome: str
    parts: tuple[Found, ...]
    signposts: tuple[Signpost, ...]
    points: dict[str, tuple[Sample, NDArray[np.bool_]]]  # what the picture shows, by role

    @property
    def command(self) -> str:
        """What gives this again."""
        return shlex.join(["thermidor", "discover", str(self.path), "--outcome", self.outcome])

    @property
    def watch(self) -> list[str]:
        """Signposts, a sentence each: first what the box rests on, then what is seen by day."""
        out = []
        for s in (s for p in self.parts for s in p.sides):
            out.append(
                f"{upper(s.says)} ({s.name}): {s.words} in {hundred(s.so)} of 100 of the futures "
                f"in which it holds, in {hundred(s.other)} of 100 of the others."
            )
        for sign in self.signposts:
            left = "" if math.isnan(sign.left) else f", {sign.left:.0f} days before the end"
            side = f"{'above' if sign.above else 'at most'} {_with(sign.limit, sign.unit)}"
            out.append(
                f"On day {sign.day}{left}: {sign.says} ({sign.series}) {side}, seen in "
                f"{hundred(sign.hits)} of 100 of the futures in which it will hold; a false alarm "
                f"in {hundred(sign.false)} of 100 of the others."
            )
        return out

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, texts and lists."""
        return {
            "study": str(self.path),
            "outcome": self.outcome,
            "sentences": [p.sentence for p in self.parts],
            "parts": [p.as_dict() for p in self.parts],
            "signposts": [s.as_dict() for s in self.signposts],
            "watch": self.watch,
            "command": self.command,
        }

    @property
    def table(self) -> pl.DataFrame:
        """A row for each limit of a box."""
        rows = [
            {"role": p.role, "input": s.name, "says": s.says, "unit": s.unit}
            | {"low": s.as_dict()["low"], "high": s.as_dict()["high"]}
            | {"stable": s.stable, "of": p.held.boxes if p.held else 0}
            | {"density": p.density, "coverage": p.coverage}
            for p in self.parts
            for s in p.sides
        ]
        return pl.DataFrame(rows, schema=TABLE)


def discover(
    study: Study,
    outcome: str,
    *,
    halvings: int | None = None,
    tick: Callable[[int, int], None] = lambda done, of: None,
) -> Discovery:
    """Where a condition on futures tips, such as "ending = 'coup'".

    halvings: of the futures, in which boxes are tried; ten if left out.  tick: is called with boxes
    tried, and how many there will be. Raises Fault if the outcome is no condition, or no future is
    finished.
    """
    found = sample(study, outcome).known()
    if not found.yes_no:
        raise Fault(
            f"--outcome {outcome} is a number, and a box is looked for where something holds; "
            f"write a comparison, such as {outcome} > {np.median(found.y):.3g}."
        )
    y = found.y == 1
    parts, points = [], {}
    for part, cluster in _parts(found, study):
        made, box = _one(part, y, cluster, study.seed, halvings or split.HALVINGS, tick)
        parts.append(made)
        if made.sides:
            shown = _columns(part, [s.limit.at for s in made.sides])
            points[made.role] = (shown, box.holds(part.values))
    enough_of = min(y.sum(), (~y).sum()) >= FEWEST
    seen = signposts(study, found.run, y, study.seed) if enough_of else []
    return Discovery(study.path, outcome, tuple(parts), tuple(seen), points)


def _parts(found: Sample, study: Study) -> list[tuple[Sample, NDArray[np.int64]]]:
    """Assumptions and levers apart, with what their futures share: in a design those of one luck
    share what was drawn, those of one point what was varied.
    """
    sweep = study.manifest.get("sweep")
    varied = {str(o["key"]) for o in sweep["over"]} if sweep else set()
    points = int(sweep["points"]) if sweep else 1
    out = []
    for role in (ASSUMPTION, LEVER):
        for moved in (False, True):
            mine = [
                k
                for k, n in enumerate(found.names)
                if found.roles[k] == role and (n in varied) == moved
            ]
            if mine:
                cluster = found.run % points if moved else found.run // points
                out.append((_columns(found, mine), cluster))
    return out


def _columns(found: Sample, at: list[int]) -> Sample:
    return Sample(
        found.outcome,
        tuple(found.names[k] for k in at),
        found.values[:, at],
        tuple(found.roles[k] for k in at),
        found.ledger,
        found.y,
        found.run,
    )


def _one(
    s: Sample,
    y: NDArray[np.bool_],
    cluster: NDArray[np.int64],
    seed: int,
    halvings: int,
    tick: Callable[[int, int], None],
) -> tuple[Found, Box]:
    n, cases = len(y), int(y.sum())
    told: dict[str, Any] = {
        "role": s.roles[0],
        "inputs": len(s.names),
        "n": n,
        "cases": cases,
        "outcome": s.outcome,
    }
    fewer = min(cases, n - cases)
    if fewer < FEWEST:
        holds = "in none" if not cases else "in all" if cases == n else f"in {cases:,}"
        more = ""
        if fewer:
            told["about"] = int(float(f"{n * FEWEST / fewer:.2g}"))
            more = f"; about {told['about']:,} would give {FEWEST} of the rarer kind"
        return Found(why=f"it holds {holds} of {n:,} futures{more}", **told), Box(())
    held = halves(s.values, y, cluster, seed, halvings, tick)
    told |= {"held": held, "about": enough(cases / n)}
    stable = [k for k, n in held.has.items() if 2 * n >= held.boxes]
    if held.luck >= LEVEL or not stable:
        return Found(**told), Box(())
    box, other = both(s.values, y, stable)
    if not box.limits:
        return Found(**told), Box(())
    inside = box.holds(s.values)
    sides = tuple(_side(s, limit, held, y) for limit in box.limits)
    return (
        Found(
            sides=sides,
            density=float(y[inside].mean()),
            coverage=float(inside[y].mean()),
            by=box.by,
            other=_other(s, other, y),
            **told,
        ),
        box,
    )


def enough(usual: float) -> int:
    """Futures that would show a box of two assumptions which holds half of the cases at twice the
    usual rate, in two figures.

    The half of the cases stands (1/2 - 1/4) p n above what luck gives, with a variance of
    p (1 - p) n (1/4)(3/4): so a distance of z deviations needs 3 z^2 (1 - p)/p futures. That of
    DEVIATIONS was measured: among 250 assumptions it shows such a box in eight studies of ten.
    """
    p = min(usual, 0.5)
    return int(float(f"{max(4 * FEWEST, 3 * DEVIATIONS**2 * (1 - p) / p):.2g}"))


def _side(s: Sample, limit: Limit, held: Held, y: NDArray[np.bool_]) -> Side:
    name = s.names[limit.at]
    within = Box((limit,)).holds(s.values)
    lows, highs = held.ends.get(limit.at, ([], []))
    ends = [x for x in (lows if math.isfinite(limit.low) else highs) if math.isfinite(x)]
    spread = np.quantile(ends, [0.05, 0.95]) if ends else (math.nan, math.nan)
    return Side(
        name,
        s.says(name),
        s.unit(name),
        limit,
        held.has.get(limit.at, 0),
        (float(spread[0]), float(spread[1])),
        float(within[y].mean()),
        float(within[~y].mean()),
    )


def _other(s: Sample, box: Box, y: NDArray[np.bool_]) -> str:
    """What the other method says of the same futures."""
    by = "A tree" if box.by == TREE else box.by
    if not box.limits:
        return f"{by} finds no box in the same futures."
    where = [f"{s.names[k.at]} {_within(k, s.unit(s.names[k.at]))}" for k in box.limits]
    inside = box.holds(s.values)
    return (
        f"{by} finds, in the same futures, {listed(where)}: density "
        f"{hundred(float(y[inside].mean()))} of 100, coverage "
        f"{hundred(float(inside[y].mean()))} of 100."
    )


def _with(x: float, unit: str) -> str:
    return f"{two(x, 3)} {unit}".strip()


def _within(limit: Limit, unit: str) -> str:
    low, high = math.isfinite(limit.low), math.isfinite(limit.high)
    if low and high:
        return f"between {two(limit.low, 3)} and {_with(limit.high, unit)}"
    return f"above {_with(limit.low, unit)}" if low else f"at most {_with(limit.high, unit)}"


def _limits_were(side: Side) -> str:
    low, high = side.spread
    return f" (limits {two(low)} to {two(high)})" if math.isfinite(low) else ""
