"""Study: drivers, boxes and stress of a finished study, whose folder the command named.

GET  /study.json, .csv  a study of the address, with what it asks for computed
POST /api/study         server-sent events: what moves its outcome, and where it tips
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ... import __version__
from .. import address
from ..finished.asked import Desk
from ..finished.folder import Folder, Folders
from ..finished.shown import shown, sided
from ..finished.tabled import tabled
from ..shared import Shared
from ..tasks.events import as_csv, as_json, page_of
from ..tasks.stream import Task, events, whole

TITLE = "Study"
ASKS = {"outcome": "drivers", "tips": "tips"}  # keys of an address, and what they ask for
WORDS: dict[str, str] = {
    "study_which": "Study",
    "study_none": "No finished study is served.",
    "study_how": "Compute one, then name its folder to the page:",
    "study_reading": "Reading the study",
    "study_facts": "What was computed",
    "study_again": "Again",
    "study_not_yet": "Not studied yet. This computes it and leaves it in the folder:",
    "study_outcome": "Outcome",
    "study_condition": "Condition",
    "study_compute": "Compute",
    "study_computing": "Computing from {n} futures",
    "study_step": "{done} of {of}",
    "study_here": "Computed here from {n} futures; nothing is written into the folder.",
    "study_watch": "Signs to watch",
    "study_story": "That future, day by day",
    "study_of": "of",
    "study_points": "Its points",
}


class Studies:
    """Answers of the server about the studies that are named."""

    def __init__(self, shared: Shared):
        self.shared, self.folders, self.desk = shared, Folders(shared.studies), Desk()

    async def read(self, query: str) -> tuple[str, Folder, list[Task]]:
        """The study of a query, and what it asks for. Raises Fault."""
        pairs = address.pairs(query)
        address.read(pairs, self.shared.named)  # whatever else stands in it is checked too
        given = dict(pairs)
        name = self.folders.check(given.get("study", ""))
        folder = await asyncio.to_thread(self.folders.read, name)
        tasks = [
            self.desk.task(kind, name, folder, given[key])
            for key, kind in ASKS.items()
            if given.get(key)
        ]
        return name, folder, tasks

    async def data(self, request: Request) -> Response:
        name, folder, tasks = await self.read(request.url.query)
        found = await asyncio.to_thread(shown, name, folder)
        parts = await whole(self.shared, tasks)
        for kind, part in parts.items():
            card = next(c for c in found["cards"] if c["id"] == kind)
            card |= _sided(kind, part)
        if request.url.path.endswith(".csv"):
            return as_csv(tabled(found))
        return as_json(found | {"version": __version__})

    async def ask(self, request: Request) -> Response:
        page = page_of(request)
        query = (await request.body()).decode("utf-8", "replace")
        name, folder, tasks = await self.read(query)
        there = {"study": await asyncio.to_thread(shown, name, folder)}
        return events(self.shared, page, [_shown(t) for t in tasks], there)


def _shown(task: Task) -> Task:
    return task._replace(find=lambda token, tick: _sided(task.name, task.find(token, tick)))


def _sided(kind: str, part: dict[str, Any]) -> dict[str, Any]:
    figures: Sequence[dict[str, Any]] = part["figures"]
    return part | {"figures": [sided(kind, f) for f in figures]}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""
    found = Studies(shared)
    return [
        Route("/study.json", found.data, methods=["GET"]),
        Route("/study.csv", found.data, methods=["GET"]),
        Route("/api/study", found.ask, methods=["POST"]),
    ]
