"""The server of the page, bound to this machine: the page, its model, and answers as they come.

GET  /, /explore, /claims the page, a view each; its state stands in the query (address.py)
GET  /explore.json, .csv  the refined numbers of the same query
GET  /api/model           countries, words, and the controls and charts of one country
POST /api/answer          server-sent events for a query: progress, preview, refined or fault
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .. import __version__
from ..support.faults import Fault, MachineFault
from . import address, charts
from .about import about
from .assets import assets, policy
from .guard import Guard, TooMuch, hosts
from .shared import DEFAULT, Shared
from .tasks.events import as_csv, as_json, failed, last, page_of, streamed
from .views import VIEWS


class Server:
    """Answers to requests, but for those of the views other than Explore (views/)."""

    def __init__(self, shared: Shared):
        self.shared, self.named = shared, shared.named
        self.countries, self.jobs = shared.countries, shared.jobs
        self.page = about(shared.titles(), shared.studies, shared.beliefs)

    async def index(self, request: Request) -> Response:
        found = assets()["static/index.html"]
        return Response(found.body, media_type=found.kind)

    async def asset(self, request: Request) -> Response:
        found = assets().get(request.url.path.lstrip("/"))
        if found is None:
            return JSONResponse({"faults": ["there is no such file."]}, 404)
        return Response(found.body, media_type=found.kind)

    async def model(self, request: Request) -> Response:
        try:
            state = address.read(address.pairs(request.url.query), self.named)
        except Fault as e:  # the page may be of a dropped file that is kept no longer
            return JSONResponse({"faults": e.faults, "words": self.page["words"]}, 400)
        told = await asyncio.to_thread(self.shared.model, state.country)
        countries, beliefs = map(self.shared.dropped.offered, ("country", "beliefs"))
        own = {
            "countries": [*self.page["countries"], *countries],
            "beliefs": [*self.page["beliefs"], *(f["name"] for f in beliefs)],
            "titles": {f["name"]: f["title"] for f in beliefs},
        }
        return as_json(self.page | own | {"model": told | {"country": state.country}})

    async def answer(self, request: Request) -> Response:
        """Server-sent events, until the answer is refined or the page asks for the next."""
        page = page_of(request)
        query = (await request.body()).decode("utf-8", "replace")
        pairs = address.pairs(query)
        state = address.read(pairs, self.named)
        shown = await self._checked(state, pairs)  # faults before the stream begins
        return streamed(self.jobs, page, lambda token: self.jobs.stream(state, shown, token))

    async def _checked(
        self, state: address.State, pairs: Sequence[tuple[str, str]]
    ) -> Sequence[str]:
        """The charts that are shown. Raises Fault for them, and for the state."""
        sides = await asyncio.to_thread(self.countries.sides, state)
        given = dict(pairs)
        shown = [given.get(side) or key for side, key in DEFAULT.items()]
        for key in shown:
            charts.check(key, sides.base)
        return shown

    async def data(self, request: Request) -> Response:
        """The numbers of an address."""
        pairs = address.pairs(request.url.query)
        state = address.read(pairs, self.named)
        shown = await self._checked(state, pairs)
        found = await last(lambda token: self.jobs.stream(state, shown, token), None)
        found |= {
            "version": __version__,
            "country": state.country,
            "choices": dict(state.choices),
            "assumptions": dict(state.assumptions),
        }
        if request.url.path.endswith(".json"):
            return as_json(found)
        return as_csv(_table(found))


def _table(found: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """The tables of the charts one below the other, each with its title."""
    yield ["answer", found["answer"]["sentence"]]
    for key in ("country", "seed", "version"):
        yield [key, found[key]]
    for block in ("choices", "assumptions"):
        for key, value in found[block].items():
            yield [f"{block}.{key}", value]
    for chart in found["charts"]:
        yield []
        yield [chart["title"], chart["unit"]]
        yield chart["table"]["head"]
        yield from chart["table"]["rows"]


def application(shared: Shared, port: int, ahead: bool = False) -> Starlette:
    """The server as an ASGI application.

    ahead: begin with the first country before anybody asks.
    """
    server = Server(shared)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        if ahead:
            threading.Thread(target=shared.prepare, daemon=True).start()
        yield
        shared.jobs.close()

    routes: list[tuple[str, Callable[..., Any], str]] = [
        ("/", server.index, "GET"),
        *((f"/{view}", server.index, "GET") for view in VIEWS),
        ("/explore.json", server.data, "GET"),
        ("/explore.csv", server.data, "GET"),
        ("/api/model", server.model, "GET"),
        ("/api/answer", server.answer, "POST"),
        *((f"/{path}", server.asset, "GET") for path in assets()),
    ]
    app = Starlette(
        routes=[
            *(Route(path, f, methods=[method]) for path, f, method in routes),
            *(route for view in VIEWS.values() for route in view.routes(shared)),
        ],
        exception_handlers={
            Fault: _fault,
            TooMuch: _too_much,
            Exception: _broken,
            404: _missing,
            405: _missing,
        },
        lifespan=life,
    )
    app.state.server = server
    app.add_middleware(Guard, hosts=hosts(port), policy=policy())
    return app


def _broken(request: Request, e: Exception) -> Response:
    return JSONResponse({"faults": [failed(e)]}, 500)


def _fault(request: Request, e: Exception) -> Response:
    assert isinstance(e, Fault)
    return JSONResponse({"faults": e.faults}, 503 if isinstance(e, MachineFault) else 400)


def _too_much(request: Request, e: Exception) -> Response:
    return JSONResponse({"faults": ["what is sent is too large."]}, 413)


def _missing(request: Request, e: Exception) -> Response:
    return JSONResponse({"faults": ["there is nothing here."]}, getattr(e, "status_code", 404))


def serve(shared: Shared, port: int, say: Callable[[str], None]) -> None:
    """Answer on 127.0.0.1 until Ctrl-C. Raises Fault where the port is taken."""
    import socket

    import uvicorn

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError as e:
            raise Fault(
                f"port {port} cannot be used ({e.strerror}); give another with --port, or --port 0."
            ) from e
        port = taken.getsockname()[1]
        app = application(shared, port, ahead=True)
        say(f"http://127.0.0.1:{port}/")
        config = uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        # what Ctrl-C breaks off is no error
        logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
        server.run(sockets=[taken])
