"""A study written down before anything of it is computed: how large it will be, and how long it
will take.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ...scenario.ledger import explain, outlines
from ...support.writing import whole
from ..ensemble import first_manifest
from ..futures.compute import seconds_a_day
from ..plan import RunPlan
from ..store.folder import Folder

BYTES = {"runs": (5_000, 0), "series": (5_000, 220), "all": (5_000, 240)}  # a future, and a day


class Planned(NamedTuple):
    """What a study will take, to a factor of two: futures, hours of one core, bytes on disk."""

    futures: int
    hours: float
    bytes: float

    def words(self) -> str:
        """In a sentence."""
        return (
            f"{self.futures:,} futures: about {_hours(self.hours)} of one core and "
            f"{self.bytes / 1e9:.2g} GB on disk"
        )


def planned(plan: RunPlan) -> Planned:
    """Write the manifest of a study into its folder, which then belongs to it; nothing is computed.
    What is there of it already stays.
    """
    folder = Folder(plan.folder, plan.keep)
    folder.claim(plan.identity)
    try:
        before = folder.manifest()
        if not before:
            told: dict[str, Any] = first_manifest(plan, before) | {"status": "planned"}
            folder.write_json("manifest.json", plan.identity | told)
            model = explain(plan.scenario) | {"outlines": outlines(plan.scenario)}
            folder.write_json("model.json", model)
            if plan.design:
                whole(plan.folder / "points.parquet", plan.design.table.write_parquet)
    finally:
        folder.release()
    return expected(plan)


def expected(plan: RunPlan) -> Planned:
    """What the futures of a plan will take."""
    days, agents = plan.scenario.days, float(plan.scenario.place.agents.sum())
    once, daily = BYTES[plan.keep]
    count = len(plan.numbers)
    hours = count * days * seconds_a_day(agents) / 3600
    return Planned(count, hours, count * (once + daily * days))


def _hours(hours: float) -> str:
    if hours < 1 / 30:
        return f"{max(1.0, 3600 * hours):.2g} seconds"
    return f"{60 * hours:.0f} minutes" if hours < 2 else f"{hours:,.0f} hours"
