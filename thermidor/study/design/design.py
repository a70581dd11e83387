"""The points of a design, and what the futures at each assume.

A study of a design is one study: future n stands at point n mod P of its P points, on luck n div P,
so that all points share their luck, a study that is stopped has about as many futures at each, and
one that goes on with more futures keeps those that it has. A point holds the parameters that it
varies and leaves all others as they are drawn. `None` in a point, NaN in an array: not held.

The points of "saltelli" stand in blocks of d + 2 for d parameters, as SALib orders them (Saltelli
and others 2010): one drawn, d that take one parameter from another drawn, and that other.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import polars as pl

from ...scenario.scenario import Scenario
from ...scenario.sheets import Sheets
from ...support.arrays import Array
from ...support.faults import Fault
from ...wording import count
from ..extras import needed
from .over import Over

SALTELLI = "saltelli"
KINDS = ("full", "lhs", "sobol", "one-at-a-time", SALTELLI)
DRAWN = ("lhs", "sobol", SALTELLI)
POINTS = 64  # of a design that draws them, or its blocks, if their number is not given
MOST_FUTURES = 10_000_000
MOST_NUMBERS = 50_000_000  # that points hold: 400 MB


@dataclass(frozen=True, eq=False)
class Design:
    """Points at which a scenario is varied.

    kind: one of KINDS.  over: what is varied.  points: float64[point, over]; NaN where a point
    leaves a parameter as it is drawn, as point 0 of "full" and "one-at-a-time" leaves all: it is
    the scenario as it stands.  of a form of a rule: its number among the options.
    """

    kind: str
    over: tuple[Over, ...]
    points: Array

    def __len__(self) -> int:
        return len(self.points)

    @property
    def based(self) -> bool:
        """Whether point 0 is the scenario as it stands."""
        return self.kind not in DRAWN

    @property
    def keeps(self) -> str:
        """What is kept of its futures if nothing is said: daily series where points are compared,
        so that costs can be counted over the same days.
        """
        return "runs" if self.kind == SALTELLI else "series"

    @cached_property
    def hash(self) -> str:
        """A fingerprint: equal ones have the same points."""
        keys = ",".join(o.key for o in self.over)
        text = f"{self.kind} {keys} ".encode() + np.ascontiguousarray(self.points).tobytes()
        return hashlib.sha256(text).hexdigest()[:12]

    @property
    def table(self) -> pl.DataFrame:
        """A row a point: its number and the values that it holds, null where it holds none."""
        columns: dict[str, Any] = {"point": pl.Series(range(len(self)), dtype=pl.Int32)}
        for k, o in enumerate(self.over):
            kind = pl.String if o.options else pl.Float64
            said = [None if math.isnan(x) else o.named(x) for x in self.points[:, k].tolist()]
            columns[o.key] = pl.Series(said, dtype=kind)
        return pl.DataFrame(columns)

    def to_dict(self) -> dict[str, Any]:
        """What the manifest of a study tells of its design."""
        over = [o.to_dict() for o in self.over]
        told = {"kind": self.kind, "points": len(self), "hash": self.hash, "over": over}
        blocks = {"blocks": len(self) // block_rows(len(over))} if self.kind == SALTELLI else {}
        return told | blocks

    def size(self, futures: int) -> list[str]:
        """What so many futures of a design of blocks are, in a sentence."""
        if self.kind != SALTELLI:
            return []
        d, rows = len(self.over), block_rows(len(self.over))
        return [
            f"{len(self) // rows:,} blocks of {rows:,} points ({count(d, 'parameter')} and 2), "
            f"{count(futures // len(self), 'future')} at each: {futures:,} futures."
        ]

    def at(self, scenario: Scenario, point: int) -> Scenario:
        """The scenario of one point."""
        values = zip(self.over, self.points[point].tolist(), strict=True)
        return scenario.patched({o.key: o.named(x) for o, x in values if not math.isnan(x)})

    def sheets(
        self, scenario: Scenario, seed: int, numbers: Sequence[int], *, fixed: bool = False
    ) -> Sheets:
        """What these futures of the study assume, as the scenarios of their points would draw it.

        A lever that is varied is not for that the status quo: futures start from that, and the
        point holds from the day from which choices hold.
        """
        at = np.array(numbers)
        lucks, own = np.unique(at // len(self), return_inverse=True)
        drawn = scenario.draw_many(seed, lucks.tolist(), fixed=fixed)
        before, now = drawn.before[own], drawn.now[own]
        points = self.points[at % len(self)]
        for k, o in enumerate(self.over):
            held = ~np.isnan(points[:, k])
            column = drawn.form.keys.index(o.key)
            now[held, column] = points[held, k]
            if o.role == "assumption":
                before[held, column] = points[held, k]
        return Sheets(before, now, drawn.form)


def design(kind: str, over: Sequence[Over], points: int | None, runs: int, seed: int) -> Design:
    """The points of a design, of which each has so many futures. Raises Fault where there would be
    too many, before any is made.

    points: how many are drawn, of "lhs" and "sobol"; of "saltelli" how many blocks.  seed: of their
    drawing.
    """
    if kind not in KINDS:
        raise Fault(f"--design {kind} must be one of {', '.join(KINDS)}.")
    faults = [
        f"--over {o.key} is a range, and --design {kind} takes values; give their number, such as "
        f"{o.key}={o.low:g}:{o.high:g}:5, or use --design lhs or sobol."
        for o in over
        if kind == "full" and not o.number
    ]
    if points is not None and kind not in DRAWN:
        faults.append(
            f"--points is for --design lhs, sobol and saltelli, which draw their points; those of "
            f"{kind} follow from --over."
        )
    wanted = drawn = POINTS if points is None else points
    if kind in ("sobol", SALTELLI) and wanted & (wanted - 1):
        below = 1 << (wanted.bit_length() - 1)
        faults.append(
            f"--points {wanted} must be a power of 2 for --design {kind}, such as {below} or "
            f"{2 * below}: other numbers spoil its balance."
        )
    if kind == "full":
        wanted = 1 + math.prod(o.number for o in over)
    elif kind == "one-at-a-time":
        wanted = 1 + sum(o.number or 2 for o in over)
    elif kind == SALTELLI:
        wanted = drawn * block_rows(len(over))
    fewer = {
        SALTELLI: "Give fewer --points (blocks), fewer --runs, or fewer parameters by --over.",
        "lhs": "Give fewer --points or fewer --runs.",
        "sobol": "Give fewer --points or fewer --runs.",
    }.get(kind, "Give fewer values or fewer --runs, or let --design lhs or sobol draw --points.")
    made_of = f"{wanted:,} points of {runs:,} each"
    if kind == SALTELLI:
        made_of = f"{drawn:,} blocks of {block_rows(len(over)):,} points, {runs:,} at each"
    if wanted * runs > MOST_FUTURES:
        faults.append(
            f"the design asks for {wanted * runs:,} futures ({made_of}); at most "
            f"{MOST_FUTURES:,} are computed. {fewer}"
        )
    elif wanted * len(over) > MOST_NUMBERS:
        faults.append(
            f"the design asks for {wanted:,} points of {len(over):,} parameters; at most "
            f"{MOST_NUMBERS:,} numbers are held. Give fewer --points or fewer parameters by --over."
        )
    if faults:
        raise Fault(faults)
    return Design(
        kind, tuple(over), _points(kind, over, drawn if kind == SALTELLI else wanted, seed)
    )


def block_rows(varied: int) -> int:
    """Points of a block of a "saltelli" design that varies so many parameters."""
    return varied + 2


def blocks(over: Sequence[Over], number: int, seed: int) -> Array:
    """The points of so many blocks, float64[number * (over + 2), over]: what is believed of each
    parameter, or evenly over its values or its range where --over gives them. By SALib.
    """
    sampler = needed("SALib.sample.sobol", "--design saltelli", "studies")
    d = len(over)
    problem = {"num_vars": d, "names": [o.key for o in over], "bounds": [[0, 1]] * d}
    shares = sampler.sample(problem, number, calc_second_order=False, scramble=True, seed=seed)
    return np.column_stack([o.believed(u) for o, u in zip(over, shares.T, strict=True)])


def _points(kind: str, over: Sequence[Over], number: int, seed: int) -> Array:
    """float64[point, over]"""
    if kind == SALTELLI:
        return blocks(over, number, seed)
    if kind == "full":
        rows = list(product(*(o.values.tolist() for o in over)))
        return np.array([[math.nan] * len(over), *rows])
    if kind == "one-at-a-time":
        made = np.full((number, len(over)), math.nan)
        first = 1
        for k, o in enumerate(over):
            made[first : first + len(o.values), k] = o.values
            first += len(o.values)
        return made
    from scipy.stats import qmc

    drawing = {"lhs": qmc.LatinHypercube, "sobol": qmc.Sobol}[kind]
    shares = drawing(len(over), seed=np.random.default_rng(seed)).random(number)
    return np.column_stack([o.of_share(u) for o, u in zip(over, shares.T, strict=True)])
