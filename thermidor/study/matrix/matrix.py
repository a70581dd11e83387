"""A matrix of verdicts: each claim of some arguments on each of some countries, with its number.

Every cell can be made again by the command that it holds.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from ...scenario.scenario import Scenario
from ...support.writing import whole, write_json
from ..claims import Claims
from ..compare import Status
from ..costs import FIRST
from ..verdicts import NOT_TESTABLE, Verdict
from .links import failing

MOST_CARRIERS = 3


@dataclass(frozen=True)
class Asked:
    """What the cells of one country and one argument were asked with, as a command has it.

    country, argument: as they were named; no argument if the country's own was meant.
    """

    country: str
    argument: str | None = None
    beliefs: str | None = None
    runs: int | None = None
    quick: bool = False
    seed: int = 1
    fixed: bool = False
    citizens: int | str | None = None

    def command(self, claim: str) -> str:
        """The command that makes one cell again."""
        words = ["thermidor", "claims", self.country]
        for option, value in (("--argument", self.argument), ("--beliefs", self.beliefs)):
            words += [option, value] if value else []
        words += ["--only", claim]
        words += ["--quick"] if self.quick else []
        for option, number in (("--runs", self.runs), ("--citizens", self.citizens)):
            words += [option, str(number)] if number is not None else []
        words += ["--seed", str(self.seed)] if self.seed != 1 else []
        return shlex.join(words + (["--fixed"] if self.fixed else []))


@dataclass(frozen=True)
class Cell:
    """The verdict on one claim in one country.

    mean, low, high: effect of its first test with the 95 % interval, in units of the outcome (kind:
    flag or share, from 0 to 1; log10, log2, ln or rest).  carried_by: assumptions that go with it
    beyond luck.  costs: to citizens, mean of a future, by side of the first test.  failing: claims
    that were to support it and are not supported here.
    """

    country: str
    argument: str
    claim: str
    sentence: str
    verdict: str
    reason: str | None
    pairs: int
    command: str
    kind: str | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    carried_by: tuple[str, ...] = ()
    costs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    pairs_to_settle: int | None = None
    failing: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return dataclasses.asdict(self)


@dataclass(frozen=True)
class Block:
    """One country with one argument: its claims, judged.

    hash: of the scenario.  supports, attacks: ids by claim.  title: of the argument or scenario.
    """

    country: str
    title: str
    argument: str
    of: str
    hash: str
    cells: tuple[Cell, ...]
    supports: Mapping[str, Sequence[str]]
    attacks: Mapping[str, Sequence[str]]

    @property
    def verdicts(self) -> dict[str, str]:
        """Verdicts by claim."""
        return {c.claim: c.verdict for c in self.cells}


@dataclass(frozen=True)
class Matrix(Sequence[Cell]):
    """Verdicts of claims by countries; by number, or by country and claim: `m["iran-2025", "C7"]`.

    folder: where table and page are kept.  status: "stopped" if the user ended it; what is finished
    is then kept, and the same call goes on.
    """

    blocks: tuple[Block, ...]
    folder: Path
    status: Status = "finished"

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells, country by country."""
        return tuple(c for b in self.blocks for c in b.cells)

    @property
    def name(self) -> str:
        """Of the files in which it is kept: equal names for equal countries and arguments."""
        what = [[b.hash, b.argument, *(c.command for c in b.cells)] for b in self.blocks]
        return f"claims-{hashlib.sha256(json.dumps(what).encode()).hexdigest()[:8]}"

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    def __getitem__(self, which: Any) -> Any:
        if not isinstance(which, tuple):
            return self.cells[which]
        for c in self.cells:
            if (c.country, c.claim) == which:
                return c
        raise KeyError(f"there is no cell {which}; see the countries and claims of to_frame().")

    def to_frame(self) -> pl.DataFrame:
        """A row a cell; costs to citizens as columns of either side of its first test."""
        return pl.DataFrame([_row(c) for c in self.cells], schema=_SCHEMA)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "countries": list(dict.fromkeys(b.country for b in self.blocks)),
            "arguments": list(dict.fromkeys(b.argument for b in self.blocks)),
            "cells": [c.to_dict() for c in self.cells],
        }

    def write(self) -> list[Path]:
        """Keep it in its folder as Parquet, CSV and JSON; the paths."""
        self.folder.mkdir(parents=True, exist_ok=True)
        frame, path = self.to_frame(), self.folder / self.name
        kept = [path.with_name(path.name + end) for end in (".parquet", ".csv", ".json")]
        whole(kept[0], frame.write_parquet)
        whole(kept[1], frame.write_csv)
        write_json(kept[2], self.to_dict())
        return kept


_SIDES = ("of", "against")
_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(
        ("country", "argument", "claim", "sentence", "verdict", "reason", "kind"), pl.String
    ),
    **dict.fromkeys(("mean", "low", "high"), pl.Float64),
    **dict.fromkeys(("pairs", "pairs_to_settle"), pl.Int64),
    **dict.fromkeys(("carried_by", "failing_support", "side_of", "side_against"), pl.String),
    **{f"{cost}_{side}": pl.Float64 for cost in FIRST for side in _SIDES},
    "command": pl.String,
}


def _row(c: Cell) -> dict[str, Any]:
    """A cell as a row of the table."""
    sides = [*c.costs, None, None][:2]
    row: dict[str, Any] = {k: getattr(c, k) for k in _SCHEMA if hasattr(c, k)}
    row |= {
        "carried_by": " ".join(c.carried_by),
        "failing_support": " ".join(c.failing),
        "side_of": sides[0],
        "side_against": sides[1],
    }
    for side, name in zip(_SIDES, sides, strict=True):
        costs = c.costs.get(name, {}) if name else {}
        row |= {f"{cost}_{side}": costs.get(cost) for cost in FIRST}
    return row


def block(made: Scenario, found: Claims, asked: Asked, argument: str) -> Block:
    """One country with one argument, from the verdicts on its claims."""
    lost = failing(found.supports, {v.id: v.verdict for v in found.verdicts})
    return Block(
        made.name,
        made.title,
        argument,
        found.claims_of or argument,
        made.hash,
        tuple(
            _cell(made.name, argument, v, asked.command(v.id), tuple(lost.get(v.id, ())))
            for v in found.verdicts
        ),
        found.supports,
        found.attacks,
    )


def _cell(country: str, argument: str, v: Verdict, command: str, lost: tuple[str, ...]) -> Cell:
    out = Cell(
        country,
        argument,
        v.id,
        v.sentence,
        v.verdict,
        v.reason,
        0,
        command,
        failing=lost,
        pairs_to_settle=v.pairs_to_settle,
    )
    if not v.tests:
        return out
    first = v.tests[0]
    told = first.told if v.verdict != NOT_TESTABLE else ()
    numbers = [x if math.isfinite(x) else None for x in told] or [None] * 3
    sides = [s for s in (first.of, first.against) if isinstance(s, str)]
    carried = [c.assumption for c in first.effect.carried_by if c.beyond_luck]
    return dataclasses.replace(
        out,
        pairs=first.effect.pairs,
        kind=first.kind,
        mean=numbers[0],
        low=numbers[1],
        high=numbers[2],
        carried_by=tuple(carried[:MOST_CARRIERS]),
        costs={s: {k: c.mean for k, c in v.costs.get(s, {}).items() if k in FIRST} for s in sides},
    )
