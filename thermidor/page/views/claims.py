"""Claims: the argument as a map, each verdict opening its evidence.

argument: by name, the country's own claims if left out.  claim: the one that is open.  study: name
of a study that was named on the command line, whose verdicts are read.

GET  /api/claims          the map and the claims, with the verdicts that there are
POST /api/verdict         server-sent events: progress, a verdict from few pairs, then from all
GET  /claims.json, .csv   the map, and the refined verdict on the claim that is open
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ... import __version__
from ...support.faults import Fault, near
from .. import address
from ..claimed import argued, tested
from ..claimed.tested import Judged, Verdicts
from ..compared import drawn
from ..pool import Token
from ..shared import Shared
from ..tasks.events import Words, as_csv, as_json, last, page_of, streamed

TITLE = "Claims"
LONGEST = 600.0  # seconds of a verdict
WORDS: dict[str, str] = {
    "claims_argument": "Whose claims",
    "claims_own": "The country's own",
    "claims_study": "Verdicts from",
    "claims_here": "this page",
    "claims_none": "This country makes no claims of its own; choose an argument.",
    "claims_map": "The argument",
    "claims_arrows": "Arrows: a claim supports another; dashed: it attacks it.",
    "claims_all": "Its claims",
    "claims_open": "Choose a claim to see what it is tested by, and to have it tested.",
    "claims_about": "A verdict says what the model gives over the ranges of its assumptions. It is "
    "not evidence about the world, and does not say who is right.",
    "claims_test": "Test it: {first} pairs first, then {n}",
    "claims_test_once": "Test it: {n} pairs",
    "claims_cancel": "Cancel",
    "claims_working": "Testing: {n} of 100 of the work",
    "claims_starting": "Testing begins",
    "claims_preview": "First look: {n} pairs",
    "claims_refined": "{n} pairs",
    "claims_read": "Read from the study",
    "claims_verdict": "Verdict",
    "claims_tests": "Tests",
    "claims_tests_all": "All must hold for the claim to be supported.",
    "claims_beside": "shown beside, without a say in the verdict",
    "claims_given": "given",
    "claims_days": "days",
    "claims_effect": "Effect (95 of 100)",
    "claims_expected": "Margin",
    "claims_told_from": "Told from",
    "claims_carried": "Goes with",
    "claims_arms": "What each side sets",
    "claims_as_is": "as the country is",
    "claims_was": "instead of {was}",
    "claims_off": "switched off",
    "claims_choice": "choice",
    "claims_assumption": "assumption",
    "claims_costs": "Survival and costs of each side",
    "claims_cost": "Mean (90 of 100 futures)",
    "claims_objections": "What may be objected",
    "claims_mind": "What would change its author's mind",
    "claims_note": "Note",
    "claims_command": "The same in the terminal",
    "claims_changed": "Tested with what you changed:",
    "claims_picture": "Dot and line: effect with its interval; dashed: the margin; shaded: the "
    "side that is expected.",
    "claims_quote": "In the words of the text",
}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""
    here = Tested(shared)

    async def claims(request: Request) -> Response:
        given = address.pairs(request.url.query)
        return as_json(await asyncio.to_thread(here.map, given))

    async def verdict(request: Request) -> Response:
        page = page_of(request)
        query = (await request.body()).decode("utf-8", "replace")
        asked = await asyncio.to_thread(here.asked, address.pairs(query))
        return streamed(shared.jobs, page, lambda token: here.work(asked, token), LONGEST)

    async def data(request: Request) -> Response:
        given = address.pairs(request.url.query)
        found = await asyncio.to_thread(here.map, given)
        if dict(given).get("claim") and not found.get("evidence"):
            asked = await asyncio.to_thread(here.asked, given)
            found["evidence"] = await last(lambda token: here.work(asked, token), LONGEST)
        if request.url.path.endswith(".json"):
            return as_json(found)
        return as_csv(_table(found))

    return [
        Route("/api/claims", claims, methods=["GET"]),
        Route("/api/verdict", verdict, methods=["POST"]),
        Route("/claims.json", data, methods=["GET"]),
        Route("/claims.csv", data, methods=["GET"]),
    ]


def _table(found: dict[str, Any]) -> Any:
    yield ["version", found["version"]]
    yield ["claim", "sentence", "verdict", "reason", "command"]
    for c in found["claims"]:
        yield [c["id"], c["sentence"], c["said"], c["reason"], c["command"]]
    seen = found.get("evidence")
    if not seen:
        return
    yield []
    yield ["test", "mean", "low", "high", "margin", "pairs", "verdict", "outcome"]
    for t in (*seen["raw"]["tests"], *seen["raw"]["also"]):
        e = t["effect"]
        yield [t["says"], e["mean"], e["low"], e["high"], t["margin"], t["pairs"], t["verdict"]] + [
            t["outcome"]
        ]
    yield []
    yield ["cost", "arm", "mean", "median", "low", "high"]
    for arm, costs in seen["raw"]["costs"].items():
        for name, x in costs.items():
            yield [name, arm, x["mean"], x["median"], x["low"], x["high"]]
    for chart in seen["charts"]:
        yield from drawn.flat(chart)


class Tested:
    """What is asked of claims, and what is told."""

    def __init__(self, shared: Shared):
        self.shared = shared
        self.argued = argued.Argued(shared)
        self.verdicts = Verdicts(shared.pool)

    def map(self, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        """The map of an address, with the verdicts that there are. Raises Fault."""
        state, given = address.read(pairs, self.shared.named), dict(pairs)
        argument, study = given.get("argument", ""), given.get("study", "")
        scenario = self.argued.scenario(state, argument)
        asked = self.argued.asked(state, argument)
        known: dict[str, Any] = {}
        first: dict[str, int] = {}
        note: str | None = None
        evidence = None
        if study:
            if study not in self.shared.studies:
                there = ", ".join(self.shared.studies) or "none"
                raise Fault(
                    f"there is no study '{study[:40]}' here; there are {there}."
                    f"{near(study, self.shared.studies)}"
                )
            kept = argued.from_study(self.shared.studies[study])
            known, note = argued.read_from(scenario, study, kept)
        else:
            for c in scenario.claims:
                if found := self.verdicts.known(scenario, c.id, state.seed):
                    known[c.id] = found.claim
                    if found.pairs < min(tested.PAIRS, c.runs or tested.PAIRS):
                        first[c.id] = found.pairs
        open_ = given.get("claim", "")
        if open_:
            c = argued.claim_of(scenario, open_)
            if study and open_ in known:
                pairs_ = max((t.get("pairs", 0) for t in known[open_]["tests"]), default=0)
                evidence = argued.evidence(scenario, Judged(known[open_], (), pairs_))
                evidence |= {"kind": "read"}
        out = argued.told(scenario, asked, known, first)
        out["arguments"] += self.shared.dropped.offered("argument")
        if open_:
            cores = self.shared.pool.size
            out["time"] = argued.time(scenario, c, cores) if c.tests else ""
        return out | {
            "version": __version__,
            "country": state.country,
            "hash": scenario.hash,
            "seed": state.seed,
            "note": note,
            "evidence": evidence,
        }

    def asked(self, pairs: list[tuple[str, str]]) -> Any:
        """What is to be tested. Raises Fault."""
        state, given = address.read(pairs, self.shared.named), dict(pairs)
        scenario = self.argued.scenario(state, given.get("argument", ""))
        claim = argued.claim_of(scenario, given.get("claim", ""))
        if not claim.tests:
            raise Fault(f"no run can decide {claim.id}: {claim.not_testable or 'it has no test'}.")
        return scenario, claim, state.seed

    async def work(self, asked: Any, token: Token) -> Words:
        """Progress, then evidence, each better than the last."""
        scenario, claim, seed = asked
        async for word in self.verdicts.work(scenario, claim, seed, token):
            if "judged" in word:
                told = await asyncio.to_thread(argued.evidence, scenario, word["judged"])
                yield {"kind": word["kind"]} | told
            else:
                yield word
