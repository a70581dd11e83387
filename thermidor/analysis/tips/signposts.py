"""What could be seen beforehand: daily series that tell early which futures will end so, of those
that somebody outside can see (scenario/argument/observable.py).

On each of a few days the series of the futures that are still in power are compared between those
that will end so and the others, by the distance of regional analysis, against luck over all series
and days. The limit is chosen on half of the futures, and how often it is passed is counted on the
other half.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ...scenario.argument.observable import observable
from ...study.results import Study
from ...support.faults import Fault
from ..moves import regional
from ..moves.given import LEVEL

WHEN = (1 / 12, 1 / 6, 1 / 3)  # parts of the run after which one looks
MOST = 3


class Signpost(NamedTuple):
    """A daily series on a day. above: whether futures that end so lie above the limit or below.

    hits, false: shares of the futures that end so, and of the others, beyond the limit; counted on
    futures on which it was not chosen.  left: days from then until those futures end, the median;
    NaN if the outcome is no ending.
    """

    series: str
    says: str
    unit: str
    day: int
    above: bool
    limit: float
    hits: float
    false: float
    left: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return self._asdict() | {"left": self.left if math.isfinite(self.left) else None}


def signposts(
    study: Study, run: NDArray[np.int64], y: NDArray[np.bool_], seed: int = 1
) -> list[Signpost]:
    """The earliest signs of an outcome, the clearest first; none where nothing is beyond luck, or
    no daily series were kept.

    run, y: numbers of futures and whether they end so.
    """
    try:
        table = study.scan("series")
    except Fault:
        return []
    ends = study.finished.select("run", "day", "ending")
    gone = dict(zip(ends["run"].to_list(), ends["day"].to_list(), strict=True))
    fell = {
        r
        for r, e in zip(ends["run"].to_list(), ends["ending"].to_list(), strict=True)
        if e != "in power"
    }
    ends_so = dict(zip(run.tolist(), y.tolist(), strict=True))
    names = observable(c for c, kind in table.collect_schema().items() if kind.is_numeric())
    about = study._states()
    for part in WHEN:
        day = max(1, round(part * study.days))
        frame = table.filter(pl.col("day") == day).select("run", *names).collect()
        frame = frame.filter(pl.col("run").is_in(run.tolist()))
        here = frame["run"].to_list()
        so = np.array([ends_so[r] for r in here], bool)
        found = _on_day(frame, names, so, day, about, seed)
        if found:
            days = [gone[r] - day for r, s in zip(here, so, strict=True) if s and r in fell]
            left = float(np.median(days)) if len(days) > so.sum() / 2 else math.nan
            return [f._replace(left=left) for f in found]
    return []


def _on_day(
    frame: pl.DataFrame,
    names: list[str],
    so: NDArray[np.bool_],
    day: int,
    about: Mapping[str, Mapping[str, str]],
    seed: int,
) -> list[Signpost]:
    rng = np.random.default_rng(seed)
    half = rng.permutation(len(so)) < len(so) / 2
    if min(side[h].sum() for side in (so, ~so) for h in (half, ~half)) < regional.FEWEST:
        return []
    columns = {c: frame[c].cast(pl.Float64).to_numpy() for c in names}
    moving = {c: x for c, x in columns.items() if np.isfinite(x).all() and np.ptp(x[half]) > 0}
    if not moving:
        return []
    table = np.column_stack(list(moving.values()))
    found = regional.regions(table[half], so[half], seed)
    out: list[Signpost] = []
    for k in np.argsort(-found.distance, kind="stable"):
        if found.luck[k] >= LEVEL / len(WHEN) or len(out) == MOST:
            break
        name, x = list(moving)[k], table[:, k]
        _, limit = regional.gap(x[half & so], x[half & ~so])
        above = bool((x[half & so] > limit).mean() > (x[half & ~so] > limit).mean())
        beyond = (x > limit) == above
        hits, false = (float(beyond[~half & side].mean()) for side in (so, ~so))
        if hits - false < regional.WORTH:
            continue
        told = about.get(name, {})
        says, unit = str(told.get("long_name", name)), str(told.get("units", ""))
        out.append(Signpost(name, says, unit, day, above, limit, hits, false, math.nan))
    return out
