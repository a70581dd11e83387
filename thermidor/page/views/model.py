"""Model: its wiring with weights from the record, equations, sources, ledger, gates.

GET  /model.json, .csv  the model of an address, with the values that were changed marked
POST /api/wiring        server-sent events: the weights of its arrows, and what it rests on
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ... import __version__
from .. import address
from ..address import State
from ..shared import Shared
from ..tasks.events import as_csv, as_json, page_of
from ..tasks.stream import events, whole
from ..wiring.facts import facts
from ..wiring.gates import gates
from ..wiring.played import Weighed

TITLE = "Model"
LEDGER = (
    *("key", "says", "value", "was", "range", "unit", "role", "actor", "grade", "source"),
    *("drawn", "learnt", "reason"),
)
WORDS: dict[str, str] = {
    "model_wiring": "Who speaks to whom",
    "model_reading": "Reading the model",
    "model_how": "Choose a mechanism: solid arrows are what it says and hears, dotted ones what it "
    "reads and who reads it. On the right of the names arrows lead down, on the left up.",
    "model_weighing": "Weighing the arrows: {done} of {of} futures",
    "model_waiting": "Weighing the arrows",
    "model_unweighted": "Not weighed:",
    "model_off": "switched off",
    "model_from": "From",
    "model_to": "To",
    "model_channel": "Channel",
    "model_size": "Mean size a day",
    "model_net": "Net",
    "model_part": "Of 100 parts",
    "model_close": "All mechanisms",
    "model_states": "States that it owns",
    "model_channels": "Channels that it hears",
    "model_choices": "Choices",
    "model_assumptions": "Assumptions",
    "model_cites": "Sources of its equations",
    "model_ledger": "Ledger",
    "model_any": "all",
    "model_mechanism": "Mechanism",
    "model_only": "Only",
    "model_mine": "changed by me",
    "model_drawn": "drawn anew in each future",
    "model_held": "held at one value",
    "model_carried": "goes with the answer",
    "model_shown": "{n} of {of} rows",
    "model_more": "Show all",
    "model_was": "was {value}",
    "model_gates": "What it was held against",
    "model_gates_note": "The model, not this country. What was missed stands beside what was met.",
    "model_again": "To compute it:",
    "model_left": "What is left out",
    "model_fitted": "fitted to past uprisings",
}


class Models:
    """Answers of the server about the model of a country."""

    def __init__(self, shared: Shared):
        self.shared, self.weighed = shared, Weighed()

    async def read(self, query: str) -> tuple[State, Any]:
        """The state of a query and its sides. Raises Fault."""
        state = address.read(address.pairs(query), self.shared.named)
        return state, await asyncio.to_thread(self.shared.countries.sides, state)

    async def data(self, request: Request) -> Response:
        state, sides = await self.read(request.url.query)
        found = await asyncio.to_thread(told, state, sides)
        parts = await whole(self.shared, [self.weighed.task(sides.chosen, state.seed)])
        found |= {"weights": parts["weights"]}
        if request.url.path.endswith(".csv"):
            return as_csv(_table(found))
        return as_json(found)

    async def ask(self, request: Request) -> Response:
        page = page_of(request)
        state, sides = await self.read((await request.body()).decode("utf-8", "replace"))
        there = {"model": await asyncio.to_thread(told, state, sides)}
        return events(self.shared, page, [self.weighed.task(sides.chosen, state.seed)], there)


def told(state: State, sides: Any) -> dict[str, Any]:
    """The model under the values of a state."""
    changed = {**state.assumptions, **state.choices}
    made = facts(sides.base, sides.chosen, changed)
    return made | {"gates": gates(), "seed": state.seed, "version": __version__}


def _table(found: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """The ledger, then the weights."""
    yield LEDGER
    for m in found["mechanisms"]:
        for r in (*m["choices"], *m["assumptions"]):
            yield ["" if r[k] is None else r[k] for k in LEDGER]
    yield []
    yield [found["weights"]["sentence"]]
    head = ("channel", "from", "size", "net", "part")
    yield head
    yield from ([r[k] for k in head] for r in found["weights"]["rows"])


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""
    found = Models(shared)
    return [
        Route("/model.json", found.data, methods=["GET"]),
        Route("/model.csv", found.data, methods=["GET"]),
        Route("/api/wiring", found.ask, methods=["POST"]),
    ]
