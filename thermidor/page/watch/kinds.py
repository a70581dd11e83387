"""Futures by how they end, and which of those that end alike lies closest to their median."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any, NamedTuple

import numpy as np

from ...endings import ENDINGS
from ...report.sections.one_future import chosen, closest
from ...report.sections.study_view import CLOSE_IN, StudyView
from ...scenario.scenario import Scenario
from ...support.faults import Fault, near
from ..futures import Some

IN_POWER = "in power"


class Kind(NamedTuple):
    """An ending, the numbers of the futures that end so, and the closest to their median."""

    ending: str
    runs: list[int]
    closest: int


def commonest(endings: tuple[str, ...]) -> str:
    """As the report has it: the commonest ending; 'in power' only where no future ended."""
    ends = [e for e in endings if e != IN_POWER]
    return min(Counter(ends).items(), key=lambda x: (-x[1], x[0]))[0] if ends else IN_POWER


def kind(scenario: Scenario, some: Some, ending: str = "") -> Kind:
    """Those of an ending; the commonest if it is not named, or if none ends so. Raises Fault for
    what is no ending.

    What is close is judged by the weeks that the page keeps of each future.
    """
    if ending and ending not in ENDINGS:
        raise Fault(f"there is no ending '{ending[:40]}'.{near(ending, ENDINGS)}")
    found = ending if ending in some.ending else commonest(some.ending)
    here = np.array([e == found for e in some.ending])
    names = [c.name for c in scenario.columns.series]
    known = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a future of less than a week has no mean
        for c in CLOSE_IN:
            how, _, name = c.partition("_")
            if c == "day":
                known[c] = some.day[here].astype(float)
            elif name in names:
                x = some.series[here][:, :, names.index(name)].astype(float)
                known[c] = np.nanmax(x, 1) if how == "peak" else np.nanmean(x[:, 1:], 1)
    known = {c: x for c, x in known.items() if np.isfinite(x).all()}
    runs = some.runs[here].tolist()
    return Kind(found, runs, runs[closest(known)])


def counted(endings: tuple[str, ...]) -> list[dict[str, Any]]:
    """How many futures have each ending, the commonest first."""
    found = Counter(endings)
    return [{"ending": e, "futures": n} for e, n in found.most_common()]


def of_study(view: StudyView, run: int | None) -> Kind:
    """Those of a study that end as this one does, or as most do. Raises Fault where none is."""
    if not view.n:
        raise Fault("the study has no finished future.")
    first, ending, _ = chosen(view)
    ends = dict(zip(view.finished["run"].to_list(), view.finished["ending"].to_list(), strict=True))
    ending = ends.get(run, ending) if run is not None else ending
    return Kind(ending, sorted(r for r, e in ends.items() if e == ending), first)
