"""What the loop needs of a scenario; the engine knows no file format and no country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..declaration.view import Numbers
from .columns import Columns
from .dated import Dated
from .wiring import Wiring

Sheets = Mapping[str, Any]  # the parameters of each mechanism, by its name


class ManySheets(Protocol):
    """The sheets of some futures, one after another; and those of a mechanism as numbers."""

    def __iter__(self) -> Iterator[Sequence[Sheets]]: ...

    def part(self, some: slice) -> ManySheets:
        """Those of some of the futures."""

    def __getitem__(self, mechanism: str) -> npt.NDArray[np.float64]:
        """float64[until `choices_day`, after it, from each of `turns`; future; parameter]."""


class Ground(Protocol):
    """A place as the engine sees it."""

    @property
    def numbers(self) -> Numbers:
        """What compiled steps see of it."""

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        """Each province's share of the population."""


class Model(Protocol):
    """A scenario as the engine sees it."""

    @property
    def place(self) -> Ground: ...

    @property
    def wiring(self) -> Wiring: ...

    @property
    def columns(self) -> Columns: ...

    @property
    def dated(self) -> Sequence[Dated]: ...

    @property
    def start(self) -> dt.date: ...

    @property
    def days(self) -> int: ...

    @property
    def choices_day(self) -> int:
        """The last day of the status quo."""

    @property
    def turns(self) -> Sequence[int]:
        """The later days, ascending, from each of which dated choices hold."""

    def draw(self, seed: int, run: int, *, fixed: bool = False) -> Sequence[Sheets]:
        """The sheets of a future until `choices_day`, after it, and from each of `turns`."""

    def draw_many(self, seed: int, runs: Sequence[int], *, fixed: bool = False) -> ManySheets:
        """The same of many futures."""

    @property
    def ends(self) -> Sequence[str]:
        """States one of which is 1 on the day of an ending."""

    def judge(self, world: Mapping[str, Any]) -> str | None:
        """The ending of a day, or None."""


def sheet_of(model: Model, day: int) -> int:
    """Which of a future's sheets holds on a day: 0 is that of the status quo."""
    return (day > model.choices_day) + sum(day >= turn for turn in model.turns)
