"""The data of a country file: the rule's, with the provinces and the facts that are known."""

from __future__ import annotations

from typing import Any

from ..mechanism import Parameter, find
from ..places.place import fewest
from .known import Known
from .provinces import Provinces
from .rule import CITIZENS, DAYS, rule

YEAR = 365  # days of a file in which no uprising is planted
RUNS = 100  # a first look, within a minute where nothing is compiled yet
LEAST = 0.1  # of revenue that is no oil, where oil would be all of it; judgement


def data(known: Known, provinces: Provinces | None = None) -> dict[str, Any]:
    """The data of a scenario file. The posterior that comes with the package is drawn from.

    provinces: in place of the rule's six in a ring.
    """
    made = rule(known.covariates, known.onset, DAYS if known.onset else YEAR)
    made.pop("posterior")  # the board draws the shared parameters itself; a file draws the shipped
    made |= {
        "name": name(known),
        "title": title(known),
        "suggest": {"runs": RUNS, "citizens": CITIZENS},
    }
    place = made["place"]
    place["country"] = known.name
    if provinces is not None:
        people = {k: v for k, v in place["provinces"][0].items() if k not in ("id", "name")}
        total = sum(p.population for p in provinces.listed)
        residents = known.covariates.population
        place["provinces"] = [
            {"id": p.id, "name": p.name}
            | people
            | {"population": float(round(residents * p.population / total))}
            for p in provinces.listed
        ]
        place["capital"] = provinces.capital
        place["neighbours"] = [list(pair) for pair in provinces.neighbours]
        place["outlines"] = provinces.file
        agents = max(CITIZENS, fewest(len(provinces.listed)))
        made["suggest"] = {"runs": RUNS, "citizens": agents}
    place["provinces"] = [
        p | {k: f.value for k, f in known.people.items()} for p in place["provinces"]
    ]
    facts = made["assumptions"]
    for key, f in known.facts.items():
        same = f.low == f.value == f.high
        facts[key] = f.value if same else {"value": f.value, "low": f.low, "high": f.high}
    if "broker.sanctions" in known.facts:  # who holds them is then part of the model
        made["switched_off"] = [m for m in made["switched_off"] if m != "broker"]
    oil = known.facts.get("treasury.exports")
    if oil is not None and oil.value:
        _paid_by_oil(made, oil.value)
    return made


def _paid_by_oil(made: dict[str, Any], barrels: float) -> None:
    """Oil (million barrels a day) is part of the revenue that the rule reckons with; what it brings
    beyond that is spent as the rest.
    """
    facts, choices = made["assumptions"], made["choices"]
    revenue = facts["treasury.taxes"]
    sold = barrels * _of("treasury.price").default * _of("treasury.collected").default
    facts["treasury.taxes"] = max(LEAST * revenue, revenue - sold)
    more = max(1.0, (facts["treasury.taxes"] + sold) / revenue)
    for key in ("forces", "patronage", "public", "propaganda"):
        key = f"treasury.{key}"
        choices[key] = min(_of(key).high, more * choices[key])
    facts["media.reference"] = min(_of("media.reference").high, more * facts["media.reference"])


def _of(key: str) -> Parameter:
    name, _, word = key.partition(".")
    return find(name).parameters[word]


def name(known: Known) -> str:
    """Short name, such as blr-2020."""
    code = {"DDR": "gdr"}.get(known.state, known.state.lower())
    return f"{code}-{known.covariates.onset.year}"


def title(known: Known) -> str:
    """In plain words, such as 'Belarus from 9 August 2020'."""
    day = known.covariates.onset
    return f"{known.name} from {day.day} {day:%B} {day.year}"
