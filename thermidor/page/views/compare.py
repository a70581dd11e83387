"""Compare: countries, the beliefs of two people, arguments, two studies, side by side.

show: countries (if left out), beliefs, arguments or studies.  with: names of what stands beside the
reader's country, or of the two that are compared, with commas between.

POST /api/compare        server-sent events for a query: progress, preview, refined or fault
POST /api/crux           the same, of one claim on which two beliefs part
GET  /compare.json, .csv  the refined numbers of the same query
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ... import __version__
from ...scenario.load import combined, load
from ...scenario.scenario import Scenario
from ...study.patches import fewer, patched
from ...support.faults import Fault
from .. import address
from ..claimed.parted import Parted
from ..claimed.tested import Verdicts
from ..compared import arguments, beliefs, countries, drawn, studies, together
from ..pool import Token
from ..shared import Shared
from ..tasks.events import Words, as_csv, as_json, last, page_of, streamed

TITLE = "Compare"
PARTS = {
    "countries": "Countries",
    "beliefs": "Beliefs of two people",
    "arguments": "Arguments",
    "studies": "Two studies",
}
ONE = {"beliefs": "file of beliefs", "studies": "study"}
WORDS: dict[str, str] = {
    **{f"compare_{k}": v for k, v in PARTS.items()},
    "compare_parts": "What is compared",
    "compare_as_it_is": "Yours beside the same country as it is, future by future on the same "
    "luck, is what Explore tells.",
    "compare_as_it_is_link": "See it there",
    "compare_add": "Add a country",
    "compare_remove": "Take away",
    "compare_none": "No other country is served. Name several: thermidor serve iran-2025 blr-2020.",
    "compare_no_beliefs": "Two files of beliefs are needed. Name them when you start the page: "
    "thermidor serve first-steps hers.yaml his.yaml, or drop them here. 'thermidor new --beliefs "
    "HOLDER' writes one.",
    "compare_no_studies": "Two folders of finished studies are needed. Name them when you start "
    "the page: thermidor serve results/one results/other.",
    "compare_first": "First",
    "compare_second": "Second",
    "compare_holds": "What each holds",
    "compare_holds_note": "Assumptions in which either differs from the country's own file, first "
    "those in which the two differ. Value, and range where there is one.",
    "compare_own": "Country",
    "compare_key": "Key",
    "compare_same": "the same for both",
    "compare_crux": "Which belief parts them",
    "compare_crux_note": "The crux of a claim: each belief's share of the gap between the two "
    "answers, and what would tell whose hold.",
    "compare_crux_go": "Find the crux of",
    "compare_crux_command": "The same in the terminal",
    "compare_effects": "Pair by pair",
    "compare_outcome": "Outcome",
    "compare_effect": "Difference (95 of 100)",
    "compare_pairs": "Pairs",
    "compare_differ": "What differs in their manifests and files",
    "compare_nothing": "Nothing differs.",
    "compare_matrix": "Verdicts on all of these in the terminal",
    "compare_open": "Open its claims",
    "compare_cancel": "Cancel",
    "compare_band": "Band: 95 % interval.",
    "compare_share": "Share of the gap",
}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""
    side = Comparing(shared)
    parted = Parted(Verdicts(shared.pool))

    async def compared(request: Request) -> Response:
        page = page_of(request)
        query = (await request.body()).decode("utf-8", "replace")
        given = address.pairs(query)
        asked = await asyncio.to_thread(side.asked, given)  # faults before the stream begins
        return streamed(shared.jobs, page, lambda token: side.work(asked, token))

    async def crux(request: Request) -> Response:
        page = page_of(request)
        query = (await request.body()).decode("utf-8", "replace")
        given = address.pairs(query)
        asked = await asyncio.to_thread(side.asked, given)
        if asked.part != "beliefs":
            raise Fault("a crux is of two beliefs: show = beliefs.")
        state, claim = asked.state, dict(given).get("claim", "")
        where, changes = shared.named[state.country], {**state.assumptions, **state.choices}
        command = beliefs.crux_command(side.called(asked.names), (where, state.seed), claim)
        what = claim, state.seed, command

        async def work(token: Token) -> Words:
            with shared.dropped.laid(shared.beliefs, asked.names) as (one, two):
                async for word in parted.work(where, (one, two), changes, what, token):
                    yield word

        return streamed(shared.jobs, page, work)

    async def data(request: Request) -> Response:
        asked = await asyncio.to_thread(side.asked, address.pairs(request.url.query))
        found = await last(lambda token: side.work(asked, token))
        if request.url.path.endswith(".json"):
            return as_json(found)
        rows: list[list[Any]] = [["version", __version__], ["seed", asked.state.seed]]
        rows += [["side", s["title"], s["sentence"]] for s in found.get("sides", ())]
        rows += [["difference", d["sentence"]] for d in found.get("differences", ())]
        for chart in found.get("charts", ()):
            rows += drawn.flat(chart)
        for a in found.get("arguments", ()):
            rows += [["claim", a["name"], c["id"], c["sentence"]] for c in a["claims"]]
        return as_csv(rows)

    return [
        Route("/api/compare", compared, methods=["POST"]),
        Route("/api/crux", crux, methods=["POST"]),
        Route("/compare.json", data, methods=["GET"]),
        Route("/compare.csv", data, methods=["GET"]),
    ]


class Asked:
    """What a page wants compared, read and checked."""

    def __init__(self, shared: Shared, pairs: list[tuple[str, str]]):
        given = dict(pairs)
        self.state = address.read(pairs, shared.named)
        self.part = given.get("show") or "countries"
        if self.part not in PARTS:
            raise Fault(f"show = '{self.part[:40]}' must be one of {', '.join(PARTS)}.")
        text = given.get("with", "")
        if self.part == "countries":
            own = self.state.country
            self.names = countries.named(text, shared.named, own, "country", countries.MOST)
        elif self.part in ("beliefs", "studies"):
            served = shared.beliefs if self.part == "beliefs" else shared.studies
            if self.part == "beliefs":
                kept = {f["name"]: "" for f in shared.dropped.offered("beliefs")}
                served = {**served, **kept}
                for n in text.split(","):
                    if n.startswith(address.BEGINS):
                        shared.dropped.must(n, "beliefs")
            found = countries.named(text, served, "", ONE[self.part], 2)
            self.names = [*found, *(n for n in served if n not in found)][:2]
            if len(self.names) < 2:
                raise Fault(WORDS[f"compare_no_{self.part}"])
        else:
            self.names = []


class Comparing:
    """What is compared, computed for all pages."""

    def __init__(self, shared: Shared):
        self.shared = shared
        self.believed = lru_cache(maxsize=16)(self._believed)

    def asked(self, pairs: list[tuple[str, str]]) -> Asked:
        """Raises Fault for what cannot be compared."""
        asked = Asked(self.shared, pairs)
        if asked.part != "studies":
            self.shared.countries.sides(asked.state)
        return asked

    def _believed(self, country: str, name: str) -> Scenario:
        """A country as the holder of a file sees it."""
        dropped = self.shared.dropped
        with dropped.laid(self.shared.beliefs, [name]) as (path,):
            if own := dropped.scenario(country):
                return fewer(combined(own, beliefs=path))
            return fewer(load(self.shared.named[country], beliefs=path))

    def called(self, names: Sequence[str]) -> list[str]:
        """Files of beliefs as a command names them: a dropped one by its own name."""
        dropped, served = self.shared.dropped, self.shared.beliefs
        return [served[n] if n in served else dropped.must(n, "beliefs").name for n in names]

    async def work(self, asked: Asked, token: Token) -> Words:
        """Answers, each better than the last."""
        head = {"part": asked.part, "names": asked.names, "seed": asked.state.seed}
        head |= {"version": __version__, "country": asked.state.country}
        if asked.part == "studies":
            found = await asyncio.to_thread(self._studies, asked)
            yield {"kind": "refined"} | head | found
        elif asked.part == "arguments":
            found = await asyncio.to_thread(self._arguments, asked)
            yield {"kind": "refined"} | head | found
        else:
            scenarios = await asyncio.to_thread(self._scenarios, asked)
            async for upto, word, some in together.played(
                self.shared, scenarios, asked.state.seed, token
            ):
                if word:
                    yield word
                    continue
                kind = "preview" if upto < together.STEPS[-1] else "refined"
                found = await asyncio.to_thread(self._told, asked, scenarios, some, upto)
                yield {"kind": kind, "futures": upto} | head | found

    def _scenarios(self, asked: Asked) -> list[Scenario]:
        state, own = asked.state, self.shared.countries
        if asked.part == "countries":
            first = own.sides(state).chosen
            return [first, *(own.country(n) for n in asked.names)]
        changes = {**state.assumptions, **state.choices}
        return [patched(self.believed(state.country, n), changes) for n in asked.names]

    def _told(
        self, asked: Asked, scenarios: list[Scenario], some: list[Any], upto: int
    ) -> dict[str, Any]:
        state = asked.state
        if asked.part == "countries":
            changed = bool(state.choices or state.assumptions)
            return countries.told(scenarios, some, changed, upto)
        kept = set(some[0].runs.tolist()).intersection(*(s.runs.tolist() for s in some[1:]))
        even = [s if len(s) == len(kept) else s.on(sorted(kept)) for s in some]
        base = self.shared.countries.country(state.country)
        files = self.called(asked.names)
        command = beliefs.crux_command(files, (self.shared.named[state.country], state.seed))
        with self.shared.dropped.laid(self.shared.beliefs, asked.names) as paths:
            found = beliefs.told(scenarios, even, paths, base, state.assumptions)
        return found | {"command": command}

    def _studies(self, asked: Asked) -> dict[str, Any]:
        return studies.told(asked.names, [self.shared.studies[n] for n in asked.names])

    def _arguments(self, asked: Asked) -> dict[str, Any]:
        base = self.shared.countries.country(asked.state.country)
        where = [self.shared.named[asked.state.country]]
        return arguments.told(base, where, asked.state.seed)
