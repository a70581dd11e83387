"""An argument as a map: its claims, what they rest on, and the verdicts that there are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ... import wording as words
from ...report.parts.argument_map import MARKS, argument_map
from ...report.sections.claims import claim as judged_in_words
from ...scenario.argument.written import arguments
from ...scenario.file.schema import Claim, Test
from ...scenario.ledger import ledger
from ...scenario.load import load
from ...scenario.scenario import Scenario
from ...study.claims import KEPT, effort
from ...study.costs import of_columns
from ...study.matrix.matrix import Asked
from ...study.patches import fewer, patched
from ...study.store.folder import read_json
from ...study.verdicts import NOT_TESTABLE
from ...support.faults import Fault, near
from ..address import BEGINS, State
from ..compared import drawn
from ..compared.arguments import every
from ..shared import Shared
from .tested import FIRST_PAIRS, PAIRS, Judged

UNTESTED, MARK = "not tested yet", "○"


class Argued:
    """Countries with the claims of an argument, or with their own."""

    def __init__(self, shared: Shared):
        self.shared = shared
        self._with = lru_cache(maxsize=16)(self._loaded)
        self._patched = lru_cache(maxsize=16)(self._changed)

    def scenario(self, state: State, argument: str) -> Scenario:
        """The country of a state. argument: by name; its own if empty. Raises Fault."""
        sides = self.shared.countries.sides(state)
        if not argument:
            return sides.chosen
        known = arguments()
        if argument.startswith(BEGINS):
            self.shared.dropped.must(argument, "argument")
        elif argument not in known:
            raise Fault(
                f"there is no argument '{argument[:40]}' here; there are {', '.join(known)}."
                f"{near(argument, known)}"
            )
        changes = {**state.assumptions, **state.choices}
        return self._patched(state.country, argument, tuple(sorted(changes.items())))

    def _loaded(self, country: str, argument: str) -> Scenario:
        own = self.shared.dropped.get(argument, "argument")
        named = own.made if own else argument
        return fewer(load(self.shared.named[country], arguments=[named]))

    def _changed(
        self, country: str, argument: str, changes: tuple[tuple[str, Any], ...]
    ) -> Scenario:
        return patched(self._with(country, argument), dict(changes))

    def asked(self, state: State, argument: str, runs: int | None = None) -> Asked:
        """How the terminal is asked for the same."""
        own = self.shared.dropped.get(argument, "argument")
        return Asked(
            self.shared.named[state.country],
            own.name if own else argument or None,
            runs=runs,
            seed=state.seed,
            set={**state.choices, **state.assumptions},
        )


def claim_of(scenario: Scenario, name: str) -> Claim:
    """A claim by its id. Raises Fault."""
    known = {c.id: c for c in scenario.claims}
    if name not in known:
        raise Fault(
            f"there is no claim '{name[:40]}' here; there are {', '.join(known) or 'none'}."
            f"{near(name, known)}"
        )
    return known[name]


def told(
    scenario: Scenario,
    asked: Asked,
    verdicts: Mapping[str, Mapping[str, Any]],
    first: Mapping[str, int],
) -> dict[str, Any]:
    """The map and the claims.

    verdicts: as claims.json has them, by claim, as far as there are any.  first: of those that are
    a first look, from how many pairs.
    """
    rows = [_row(c, verdicts.get(c.id), first.get(c.id)) for c in scenario.claims]
    links = [{c.id: getattr(c, k) for c in scenario.claims} for k in ("supports", "attacks")]
    return {
        "argument": asked.argument or "",
        "of": scenario.file.claims_of or scenario.title,
        "arguments": [{"name": a["name"], "title": a["title"]} for a in every()],
        "map": _map(rows, links[0], links[1]),
        "claims": [
            r | _about(scenario, c, asked) for r, c in zip(rows, scenario.claims, strict=True)
        ],
        "changed": _changes(scenario, asked),
    }


def _row(c: Claim, found: Mapping[str, Any] | None, first: int | None) -> dict[str, Any]:
    """A claim with its verdict, in words.

    first: pairs, where it is a first look.
    """
    if found is None:
        verdict = UNTESTED if c.tests else NOT_TESTABLE
        said, reason = verdict, c.not_testable
    else:
        verdict, reason = found["verdict"], found.get("reason")
        said = words.settled(verdict, found.get("pairs_to_settle"))
    if first:
        said += f" (a first look, {words.count(first, 'pair')})"
    return {
        "id": c.id,
        "sentence": c.sentence,
        "verdict": verdict,
        "said": said,
        "mark": MARKS.get(verdict, MARK),
        "reason": reason,
        "first": bool(first),
    }


def _map(rows: list[dict[str, Any]], supports: Any, attacks: Any) -> dict[str, Any] | None:
    made = argument_map(rows, supports, attacks)
    first = {r["id"] for r in rows if r["first"]}
    for box in made["boxes"] if made else ():
        box["first"] = box["id"] in first
        if box["verdict"] == UNTESTED:
            box["mark"] = MARK
    return made


def _about(scenario: Scenario, c: Claim, asked: Asked) -> dict[str, Any]:
    """What a claim is tested by, whatever the verdict."""
    rests = [f"Supports {words.listed(c.supports)}."] if c.supports else []
    rests += [f"Attacks {words.listed(c.attacks)}."] if c.attacks else []
    return {
        "testable": bool(c.tests),
        "tests": [_test(t, beside=False) for t in c.tests] + [_test(t, True) for t in c.also],
        "arms": [_arm(scenario, c, name) for name in c.arms],
        "links": rests,
        "quote": c.quote,
        "locator": c.locator,
        "source": c.source,
        "note": c.note,
        "caveat": c.caveat,
        "objections": words.objections(c.objections.model_dump() if c.objections else None),
        "mind": c.would_change_my_mind,
        "pairs": min(PAIRS, c.runs or PAIRS),
        "looks": min(FIRST_PAIRS, c.runs or PAIRS),
        "command": asked.command(c.id),
    }


def _test(t: Test, beside: bool) -> dict[str, Any]:
    against = t.against if isinstance(t.against, str) else f"the number {words.exact(t.against)}"
    text = f"{t.of} {t.expect} {against}"
    return {"says": t.says, "text": text, "outcome": t.outcome, "given": t.given} | {
        "days": t.days,
        "beside": beside,
    }


def _arm(scenario: Scenario, c: Claim, name: str) -> dict[str, Any]:
    """What a side of a claim sets, choices and assumptions apart."""
    arm = c.arms[name]
    sets = []
    for key, value in arm.set.items():
        known = scenario.parameters.get(key)
        sets.append(
            {
                "key": key,
                "says": words.upper(known.parameter.why) if known else key,
                "unit": known.parameter.unit if known else "",
                "role": known.parameter.role if known else "",
                "value": _plain(value),
                "was": _plain(known.value) if known else None,
            }
        )
    return {
        "name": name,
        "sets": sorted(sets, key=lambda s: (s["role"], s["key"])),
        "off": list(arm.switched_off),
        "days": arm.days or c.days or scenario.days,
    }


def _plain(value: Any) -> str:
    """A value as it is said, also one that changes with dates."""
    if isinstance(value, Mapping) and "value" in value:
        return _plain(value["value"])
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {_plain(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    return words.exact(value) if isinstance(value, int | float) else str(value)


def _changes(scenario: Scenario, asked: Asked) -> list[str]:
    """What the reader changed, under which the claims are tested."""
    return [
        f"{words.upper(scenario.parameters[k].parameter.why)}: {_plain(v)}"
        for k, v in asked.set.items()
        if k in scenario.parameters
    ]


def time(scenario: Scenario, claim: Claim, cores: int) -> str:
    """About how long all pairs of a claim take, as it is said."""
    seconds = effort(scenario, only=[claim.id], runs=PAIRS, processes=cores)["seconds"]
    told = words.count(max(1, round(seconds)), "second")
    if seconds >= 90:
        told = words.count(round(seconds / 60), "minute")
    return f"About {told} on an idle machine."


def evidence(scenario: Scenario, found: Judged) -> dict[str, Any]:
    """A verdict as the page shows it, in the words of the report."""
    shown = in_words(scenario, found.claim)
    c = claim_of(scenario, found.claim["id"])
    first = found.pairs if found.pairs < min(PAIRS, c.runs or PAIRS) and found.sides else None
    return {
        "id": found.claim["id"],
        "pairs": found.pairs,
        "shown": shown,
        "raw": found.claim,
        "row": _row(c, found.claim, first),
        "charts": [drawn.curves(found.sides, "Futures still in power", apart=False)]
        if found.sides
        else [],
    }


def in_words(scenario: Scenario, c: dict[str, Any]) -> dict[str, Any]:
    """A claim of claims.json in the words of the report."""
    says = {r["key"]: r["says"] for r in ledger(scenario)}
    return judged_in_words(c, says, of_columns(scenario.columns))


def from_study(folder: str) -> dict[str, Any]:
    """The claims that were tested in a folder, as its claims.json has them. Raises Fault."""
    path = Path(folder) / KEPT
    if not path.is_file():
        raise Fault(
            f"no claims were tested in full in {folder}; 'thermidor claims COUNTRY --out {folder}' "
            "does so."
        )
    found = read_json(path)
    rows = found.get("claims")
    if not isinstance(rows, list) or not all(isinstance(c, dict) and "id" in c for c in rows):
        raise Fault(f"{path} is damaged; the same command tests the claims anew.")
    return found


def read_from(
    scenario: Scenario, study: str, kept: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """What a study's claims add to the map: verdicts by claim, and what is to be known of them."""
    known = {c.id: c.sentence for c in scenario.claims}
    same = {c["id"]: c for c in kept["claims"] if known.get(c["id"]) == c.get("sentence")}
    text = (
        f"Verdicts are read from the study {study}: up to {kept.get('runs', '?')} pairs, seed "
        f"{kept.get('seed', '?')}."
    )
    if kept.get("hash") != scenario.hash:
        text += " Its country differs from the one shown here (their fingerprints differ)."
    left = len(kept["claims"]) - len(same)
    if left:
        text += f" {words.count(left, 'claim')} of it {'is' if left == 1 else 'are'} not made here."
    return same, text
