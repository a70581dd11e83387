"""Boxes: limits on at most three inputs, inside which an outcome holds far more often than outside.

PRIM (Friedman and Fisher 1999, for scenario discovery Bryant and Lempert 2010; the code is that of
the EMA workbench) peels a part of the futures at a time off the box of all of them: a tenth, and
once more a fifth, for small steps lose their way where few futures are left. Of all boxes on these
ways the one is taken that tells most of the outcome, by the deviance
G^2 = 2 sum_{in,out} (k log(k/n) + (n - k) log((n - k)/n)) above that of no box, and a limit is kept
if dropping it would cost more than chance would give: 2 log n, for it was chosen among many values.
A tree (CART, of scikit-learn) is asked as well; its box is the leaf that tells most. Of the two
that counts which tells more.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...study.extras import needed
from ..moves.given import ranks
from ..moves.regional import distances

PRIM, TREE = "PRIM", "a tree"
STEPS = (0.1, 0.2)  # parts of the futures that PRIM peels at a time
MOST = 3  # inputs of a box
CANDIDATES = 6  # inputs that are peeled: those whose distributions differ most
LEAST = 15  # futures of a box
TINY = 1e-9  # numerical guard: the workbench counts what is at least as large as holding
SMALLEST = 0.02  # of the futures, of a box


class Limit(NamedTuple):
    """One input of a box: it lies above `low` and at most at `high`; infinite where it is free."""

    at: int
    low: float
    high: float


@dataclass(frozen=True)
class Box:
    """Limits on a few inputs. by: what found it."""

    limits: tuple[Limit, ...]
    by: str = PRIM

    def holds(self, x: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which futures lie inside, of float64[n, inputs]."""
        inside = np.ones(len(x), bool)
        for k in self.limits:
            inside &= (x[:, k.at] > k.low) & (x[:, k.at] <= k.high)
        return inside


def candidates(x: NDArray[np.float64], y: NDArray[np.bool_], seed: int = 1) -> list[int]:
    """The inputs whose distributions differ most between the futures that end so and the others."""
    found = distances(ranks(x, np.random.default_rng(seed))[y], len(y))
    return [int(k) for k in np.argsort(-found, kind="stable")[:CANDIDATES]]


def deviance(inside: NDArray[np.bool_], y: NDArray[np.bool_]) -> float:
    """What a box tells of the outcome; below zero where it holds less often inside."""
    m, k, n, of = int(inside.sum()), int((inside & y).sum()), len(y), int(y.sum())
    if m in (0, n):
        return 0.0
    told = 2 * (_log(k, m) + _log(of - k, n - m) - _log(of, n))
    return told if k / m > of / n else -told


def _log(k: int, n: int) -> float:
    return sum(a * math.log(a / n) for a in (k, n - k) if a)


def prim(x: NDArray[np.float64], y: NDArray[np.bool_], among: Sequence[int]) -> Box:
    """The box that PRIM finds among some inputs; without limits if none is worth keeping."""
    peeling = _workbench()
    pd = needed("pandas", "discover", "studies")
    frame = pd.DataFrame({str(k): x[:, k] for k in among})
    ends = {k: (x[:, k].min(), x[:, k].max()) for k in among}
    way = []
    for step in STEPS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pandas, on how the workbench uses it
            made = peeling.Prim(
                frame,
                y.copy(),
                threshold=TINY,
                obj_function=peeling.PRIMObjectiveFunctions.ORIGINAL,
                peel_alpha=step,
                mass_min=max(SMALLEST, LEAST / len(y)),
            )
        with _without_p_values(peeling):
            way += [Box(_limits(lims, ends)) for lims in made.find_box().box_lims]
    return _best(way, x, y)


def _workbench() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it could use beside, and does not need
        return needed("ema_workbench.analysis.prim", "discover", "studies")


@contextmanager
def _without_p_values(peeling: Any) -> Iterator[None]:
    """The workbench finds p-values for every box on its way, in more time than the boxes; here luck
    is judged otherwise, and they are not read.
    """
    box = peeling.PrimBox
    kept = box._calculate_quasi_p
    box._calculate_quasi_p = lambda *_: {}
    try:
        yield
    finally:
        box._calculate_quasi_p = kept


def both(x: NDArray[np.float64], y: NDArray[np.bool_], among: Sequence[int]) -> tuple[Box, Box]:
    """The boxes of PRIM and of a tree, the one that tells more first."""
    found = prim(x, y, among), tree(x, y, among)
    told = [deviance(b.holds(x), y) for b in found]
    return found if told[0] >= told[1] else (found[1], found[0])


def _limits(lims: Any, ends: dict[int, tuple[float, float]]) -> tuple[Limit, ...]:
    out = []
    for k, (first, last) in ends.items():
        low, high = (float(v) for v in lims[str(k)])
        low = np.nextafter(low, -math.inf) if low > first else -math.inf
        high = high if high < last else math.inf
        if math.isfinite(low) or math.isfinite(high):
            out.append(Limit(k, float(low), high))
    return tuple(out)


def tree(x: NDArray[np.float64], y: NDArray[np.bool_], among: Sequence[int], seed: int = 1) -> Box:
    """The leaf of a tree that tells most, of the three inputs at which a first tree parts most."""
    sk = needed("sklearn.tree", "discover", "studies")
    leaf = max(LEAST, int(SMALLEST * len(y)))

    def grown(columns: list[int]) -> Any:
        made = sk.DecisionTreeClassifier(max_depth=MOST, min_samples_leaf=leaf, random_state=seed)
        return made.fit(x[:, columns], y)

    first = grown(list(among))
    by_part = np.argsort(-first.feature_importances_, kind="stable")[:MOST]
    columns = [among[k] for k in by_part]
    found = [Box(limits, TREE) for limits in _leaves(grown(columns).tree_, columns)]
    return _best(found, x, y)


def _leaves(grown: Any, columns: list[int]) -> list[tuple[Limit, ...]]:
    out: list[tuple[Limit, ...]] = []

    def walk(node: int, sides: dict[int, tuple[float, float]]) -> None:
        k = int(grown.feature[node])
        if k < 0:
            out.append(tuple(Limit(c, *ends) for c, ends in sides.items()))
            return
        cut, c = float(grown.threshold[node]), columns[k]
        low, high = sides.get(c, (-math.inf, math.inf))
        walk(int(grown.children_left[node]), sides | {c: (low, min(high, cut))})
        walk(int(grown.children_right[node]), sides | {c: (max(low, cut), high)})

    walk(0, {})
    return out


def _best(boxes: list[Box], x: NDArray[np.float64], y: NDArray[np.bool_]) -> Box:
    """The box that tells most, without the limits that are not worth keeping."""
    told = [deviance(b.holds(x), y) for b in boxes]
    if not told or max(told) <= 0:
        return Box(())
    box = boxes[int(np.argmax(told))]
    worth = 2 * math.log(len(y))
    while box.limits:
        now = deviance(box.holds(x), y)
        less = _without_one_side(box)
        kept = [deviance(b.holds(x), y) for b in less]
        k = int(np.argmax(kept))
        if now - kept[k] > worth and len(box.limits) <= MOST:
            return box
        box = less[k]
    return box


def _without_one_side(box: Box) -> list[Box]:
    out = []
    for k, limit in enumerate(box.limits):
        sides = [s for s in ("low", "high") if math.isfinite(getattr(limit, s))]
        for side in sides:
            rest = list(box.limits)
            if len(sides) == 1:
                del rest[k]
            else:
                free = {"low": -math.inf} if side == "low" else {"high": math.inf}
                rest[k] = Limit(**(limit._asdict() | free))
            out.append(Box(tuple(rest), box.by))
    return out
