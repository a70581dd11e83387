"""A scenario and some of its futures as the sections of the report read a folder of results, so
that the page tells them in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl

from ...engine.run import Run
from ...report.sections.study_view import NO_RUNS, StudyView
from ...scenario.ledger import explain, outlines
from ...scenario.scenario import Scenario
from ...study.costs import of_model
from ...study.store.tables import tables


class View(StudyView):
    """The same as of a folder, of what is in memory.

    futures: those whose tables there are; without any, what the scenario says.
    """

    def __init__(self, scenario: Scenario, futures: Sequence[Run] = ()):
        self.path, self.damage, self.lost_in_model = Path(), {}, {}
        self.manifest = {"keep": "all", "resolved": scenario.resolved, "title": scenario.title}
        self.days, self.start = scenario.days, scenario.start
        self.model = explain(scenario) | {"outlines": outlines(scenario), "claims_of": None}
        self.called = of_model(self.model)
        self.parameters, self.claims = [], None
        ids = tuple(p["id"] for p in self.model["provinces"])
        self._tables = tables(futures, ids) if futures else {}
        runs = self._tables.get("runs", NO_RUNS)
        results: Any = SimpleNamespace(runs=runs, finished=runs, manifest=self.manifest)
        self.results = results
        self._series = ["run", "day", *(c.name for c in scenario.columns.series)]

    def _open(self, table: str) -> pl.LazyFrame | None:
        found = self._tables.get(table)
        return None if found is None else found.lazy()

    def columns(self, table: str) -> list[str]:
        """The columns of a table."""
        if table == "series":
            return self._series
        return list(self._tables[table].columns) if table in self._tables else []
