"""What the page gives away and takes in, beside its answers.

GET  /explore.svg    the chart of the address as a picture; chart=left or right
GET  /explore.sh     the commands that give the same numbers without the page
GET  /explore.html   the report of the address, a file that opens offline
GET  /api/seen       the observations of a dropped file, by chart
POST /api/drop       a file, its name in x-file-name: what it is, or its faults
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import Any
from urllib.parse import unquote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ... import __version__
from ...scenario.file.turns import parted
from ...scenario.ledger import citation
from ...support.faults import Fault, MachineFault
from .. import address, charts
from ..answer import valued
from ..pool import LATER, Token
from ..shared import DEFAULT, Shared
from ..sides import Sides
from ..tasks.events import last
from . import dropped, figure, offline, sightings
from .recipe import recipe, run

MOST_SOURCES = 4
MOST_REPORTS = 3  # that are written, or wait to be


def routes(shared: Shared) -> list[Route]:
    """The routes, with what is shared by all requests."""
    made = Exports(shared)
    return [
        Route("/explore.svg", made.picture, methods=["GET"]),
        Route("/explore.sh", made.commands, methods=["GET"]),
        Route("/explore.html", made.report, methods=["GET"]),
        Route("/api/seen", made.seen, methods=["GET"]),
        Route("/api/drop", made.drop, methods=["POST"]),
    ]


class Exports:
    """Answers to these requests."""

    def __init__(self, shared: Shared):
        self.shared = shared
        self.reports = 0

    async def picture(self, request: Request) -> Response:
        pairs = dict(address.pairs(request.url.query))
        which = pairs.pop("chart", "left")
        if which not in DEFAULT:
            raise Fault(f"chart = {which[:20]}; there are {', '.join(DEFAULT)}.")
        state, sides = await self._state(pairs)
        key = pairs.get(which) or DEFAULT[which]
        charts.check(key, sides.base)
        found = await last(lambda token: self.shared.jobs.stream(state, [key], token), None)
        points = await asyncio.to_thread(self._points, pairs.get("seen"), sides)
        told = {
            "title": sides.base.title,
            "country": state.country,
            "start": sides.base.start,
            "days": sides.base.days,
            "agents": int(sides.chosen.place.agents.sum()),
            "version": __version__,
            "address": f"/explore?{urlencode(pairs | {'v': __version__})}",
        }
        small = figure.notes(found, told, _sources(found, state, sides), _changed(state, sides))
        text = figure.svg(found["charts"][0], small, points.get(key, ()), found["answer"])
        return Response(text, media_type="image/svg+xml; charset=utf-8")

    async def commands(self, request: Request) -> Response:
        state, sides = await self._state(dict(address.pairs(request.url.query)))
        text = recipe(state, sides, *self._called(state.country))
        return Response(text, media_type="text/plain; charset=utf-8")

    async def report(self, request: Request) -> Response:
        pairs = dict(address.pairs(request.url.query))
        state, sides = await self._state(pairs)
        key = pairs.get("seen")
        seen = self.shared.dropped.must(key, "seen") if key else None
        if self.reports >= MOST_REPORTS:
            raise MachineFault(f"{self.reports} reports are being written; ask again later.")
        token = Token()
        typed = " ".join(run(state, sides, self._called(state.country)[0]))
        given = (seen.name, seen.text) if seen else None
        self.reports += 1
        try:
            pool = self.shared.pool
            work = partial(
                offline.report, sides.chosen, state.seed, typed, token, given, pool.give_way
            )
            task = pool.submit(work, LATER, token)
            text = await asyncio.wrap_future(task)
        except Exception as e:
            raise offline.told(e) from e
        finally:
            token.cancel()
            self.reports -= 1
        name = f"{_file_name(state.country)}.html"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(text, media_type="text/html; charset=utf-8", headers=headers)

    async def seen(self, request: Request) -> Response:
        pairs = dict(address.pairs(request.url.query))
        _, sides = await self._state(pairs)
        file = self.shared.dropped.must(pairs.get("seen", ""), "seen")
        points = await asyncio.to_thread(sightings.points, file.made, sides.base)
        return JSONResponse({"key": file.key, "title": file.title, "charts": points})

    async def drop(self, request: Request) -> Response:
        pairs = dict(address.pairs(request.url.query))
        name = unquote(request.headers.get("x-file-name", ""))
        body = await request.body()
        try:
            return JSONResponse(await asyncio.to_thread(self._dropped, name, body, pairs))
        except Fault as e:
            status = 503 if isinstance(e, MachineFault) else 400
            return JSONResponse({"faults": e.faults, "title": e.title}, status)

    def _dropped(self, name: str, body: bytes, pairs: dict[str, str]) -> dict[str, Any]:
        """What a file is, and what the page does with it."""
        file = self.shared.dropped.add(name, body)
        told: dict[str, Any] = {
            "key": file.key,
            "kind": file.kind,
            "name": file.name,
            "says": file.says,
            "notes": list(file.notes),
        }
        if file.kind in ("beliefs", "seen"):
            state = address.read(pairs.items(), self.shared.named)
            scenario = self.shared.countries.country(state.country)
            if file.kind == "beliefs":
                told["sets"], left = dropped.values(file, scenario)
                told["notes"] += left
            else:
                told["charts"] = list(sightings.points(file.made, scenario))
        return told

    async def _state(self, pairs: dict[str, str]) -> tuple[address.State, Sides]:
        state = address.read(pairs.items(), self.shared.named)
        return state, await asyncio.to_thread(self.shared.countries.sides, state)

    def _points(self, key: str | None, sides: Sides) -> dict[str, list[dict[str, Any]]]:
        """Observations by chart; none where they are not of this country."""
        found: dict[str, list[dict[str, Any]]] = {}
        if key:
            file = self.shared.dropped.must(key, "seen")
            with contextlib.suppress(Fault):
                found = sightings.points(file.made, sides.base)
        return found

    def _called(self, country: str) -> tuple[str, bool]:
        """What a country is called in a terminal, and whether it is a file of the reader's own."""
        file = self.shared.dropped.get(country, "country")
        if file:
            return file.name, True
        reference = self.shared.named[country].replace("\\", "/")
        name = reference.rpartition("/")[2]
        return name, name.endswith((".yaml", ".yml", ".json"))


def _file_name(text: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in text)[:60]


def _changed(state: address.State, sides: Sides) -> list[str]:
    """What the reader changed, a line of choices and one of assumptions."""
    lines = []
    for what, values in (("choices", state.choices), ("assumptions", state.assumptions)):
        parts = []
        for key, value in values.items():
            name, date = parted(key)
            p = sides.base.parameters[name].parameter
            since = f" from {date} on" if date else ""
            parts.append(f"{p.why} ({name}): {valued(value, p)}{since}")
        if parts:
            lines.append(f"Your {what}: {'; '.join(parts)}.")
    return lines or ["Nothing is changed: this is the country as its file has it."]


def _sources(found: Any, state: address.State, sides: Sides) -> list[str]:
    """References for what was set and for what goes with the answer most, none twice."""
    set_ = [parted(k)[0] for k in (*state.assumptions, *state.choices)]
    keys = [*set_, *(r["key"] for r in found["rests"]["rows"])]
    every = dict.fromkeys(s for k in keys if (s := sides.chosen.parameters[k].source))
    named = [_ended(citation(s)) for s in every][:MOST_SOURCES]
    more = len(every) - len(named)
    return [*named, f"And {more} more in the ledger."] if more > 0 else named


def _ended(text: str) -> str:
    return text if text.endswith(".") else text + "."
