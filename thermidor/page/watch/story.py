"""A future as it is told, day by day: while it is played, or as a study kept it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from ...engine.batch import Batch, Futures
from ...engine.run import Run
from ...report.sections.study_view import StudyView
from ...scenario.scenario import Scenario
from ...study.futures.warm import begin, ready
from ...support.faults import Fault
from .view import View

Happened = tuple[int, str, str]  # day, who, what


@dataclass
class Story:
    """A future until the end of `day`, or until nothing is there yet, -1.

    series: float[day, column of `names`].  local: states by province, float[day, province of
    `places`]; none where a study keeps their peaks alone, which are in `peaks`.  ending: once it
    is told whole.  whole: the future itself, if it was played here.
    """

    view: StudyView
    run: int
    seed: int
    hash: str
    names: list[str]
    places: list[str]
    series: npt.NDArray[np.float32]
    local: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    peaks: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    happened: list[Happened] = field(default_factory=list)
    day: int = -1
    ending: str | None = None
    whole: Run | None = None


@lru_cache(maxsize=16)
def said(scenario: Scenario) -> View:
    """What the scenario says of its states, its provinces and their outlines."""
    return View(scenario)


def begun(scenario: Scenario, seed: int, run: int) -> Story:
    """A future of which nothing is played yet."""
    columns, days = scenario.columns, scenario.days + 1
    places = [p.id for p in scenario.file.place.provinces]
    return Story(
        view=said(scenario),
        run=run,
        seed=seed,
        hash=scenario.hash,
        names=[c.name for c in columns.series],
        places=places,
        series=np.zeros((days, len(columns.series)), np.float32),
        local={s: np.zeros((days, len(places)), np.float32) for s in columns.local},
    )


def play(story: Story, scenario: Scenario, check: Callable[[], None]) -> None:
    """Play it to its end, the days being there as they come.

    check: called at the end of each day; what it raises ends the play.
    """
    check()
    compiled = ready()
    if not compiled:
        begin()
    futures = Futures([scenario], [story.run], story.seed)
    batch = Batch(futures, compile_steps=compiled)
    layout, local = batch.layout, list(story.local.values())

    def take(day: int, lived: int = 1) -> None:
        check()
        row = batch.tables[day % 2, 0]
        story.series[day] = row[layout.daily]
        for values, now in zip(local, row[layout.local].reshape(len(local), -1), strict=True):
            values[day] = now
        new = sorted(h for h in batch.happened[0] if h[0] == day)
        story.happened += [(d, who, what) for d, who, what, _ in new]
        story.day = day

    take(0)
    batch.play(take)
    made = next(batch.runs())
    if not isinstance(made, Run):
        raise made
    story.whole = made
    story.ending = made.ending


def kept(view: StudyView, run: int) -> Story:
    """A future of a study. Raises Fault where there is none of that number, or no series of it."""
    numbers = view.finished["run"].to_list()
    if run not in numbers:
        there = f"{min(numbers)} to {max(numbers)}" if numbers else "none"
        raise Fault(f"the study has no finished future {run}; it has {there}.")
    names = [c for c in view.columns("series") if c not in ("run", "day")]
    if not names:
        raise Fault("the study keeps no series, so its futures cannot be watched day by day.")
    here = pl.col("run") == run
    frame = view.scan("series").filter(here).sort("day").collect()
    told: list[Happened] = []
    if view.has("events", "run", "day", "mechanism", "event"):
        rows = view.scan("events").filter(here).sort("day", maintain_order=True)
        told = list(rows.select("day", "mechanism", "event").collect().iter_rows())
    places, peaks = [p["id"] for p in view.model["provinces"]], {}
    if view.has("provinces", "run", "province"):
        table = view.scan("provinces").filter(here).collect()
        places = [str(p) for p in table["province"].to_list()]
        ending = ".peak"
        found = [c for c in table.columns if c.endswith(ending)]
        peaks = {c.removesuffix(ending): table[c].to_numpy() for c in found}
    row = view.finished.filter(here).row(0, named=True)
    return Story(
        view=view,
        run=run,
        seed=int(view.manifest["seed"]),
        hash=str(view.manifest["hash"]),
        names=names,
        places=places,
        series=frame.select(names).to_numpy().astype(np.float32),
        peaks=peaks,
        happened=told,
        day=frame.height - 1,
        ending=str(row["ending"]),
    )
