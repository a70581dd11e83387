"""What is known of any country on a day: of a past case what the score board used, from a panel of
the user's what it holds, of the present what the table of autocracies has; else a sentence.

Covariates of the cases, and of a few other days, come with the package (covariates.csv): single
numbers, quoted from the sources of the panel (tables/README.md).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from ...country.covariates import USUAL, Covariates, alliances
from ...country.known import GUESS, Giver, Known
from ...library.autocracies import autocracies, elsewhere
from ...support.faults import Fault, near
from . import case
from .case import TYPES, regime_type
from .cases import read_cases
from .covariates import COLUMNS, Panel, covariates
from .present import Present, present
from .states import NAMES, code, known_names, state
from .tablefile import rows, table

FIRST, LAST = dt.date(1946, 1, 1), dt.date(2025, 6, 16)  # no day is known before or after
PRESENT = dt.date(2023, 1, 1)  # from here on the table of the present is read
SOURCES = {
    "type": "Geddes, Wright and Frantz; REIGN",
    "age": "Geddes, Wright and Frantz; REIGN",
    "income": "World Bank, NY.GDP.PCAP.KD; before 1960 and of former states Gleditsch",
    "growth": "World Bank, NY.GDP.PCAP.KD.ZG; likewise",
    "population": "World Bank, SP.POP.TOTL",
    "coups": "Powell and Thyne",
    "conflict": "UCDP/PRIO",
    "openness": "V-Dem, v2x_polyarchy",
    "protests": "Mass Mobilization",
}
OF_CASES = dict.fromkeys(("type", "population"), Giver("cases.csv", "memory"))
USUALLY = Giver("the usual value of autocracies, 1946 to 2020", GUESS)
NAMED = {"alliances": Giver("names and dates in country/covariates.py", "memory")}


def known(
    country: str,
    day: dt.date | None = None,
    regime: str | None = None,
    population: float | None = None,
    panel: Panel | None = None,
    onset: bool | None = None,
) -> Known:
    """What is known of a country (its name or code) on a day, the last one that the package knows
    if left out.

    regime: its type, where the tables have another or none.  population: persons, likewise.
    panel: the user's, read before what comes with the package.  onset: whether an uprising begins
    on the day; if left out, whether one of the cases did.  Raises Fault with a sentence.
    """
    day = day or LAST
    name = _state(country, day)
    if not FIRST <= day <= LAST:
        where = "before" if day < FIRST else "after"
        raise Fault(f"--date {day} lies {where} what the package knows, {FIRST} to {LAST}.")
    if regime is not None and regime not in TYPES:
        raise Fault(
            f"--regime {regime} must be one of {', '.join(TYPES)}.{near(regime, list(TYPES))}"
        )
    mine = next((c.known for c in read_cases()[0] if _same(c.known, name, day)), None)
    planted = mine is not None if onset is None else onset
    found = _case(mine, panel) or _panel(name, day, regime, panel) or _shipped(name, day)
    found = found or (present(name, day) if day >= PRESENT else None)
    if found is None:
        if regime is None or population is None:
            raise Fault(_nothing(name, day, panel))
        found = Present({}, {}, {}, {})
    values, givers = dict(found.values), dict(found.givers)
    said = Giver("as asked for", "derived")
    if regime is not None and values.get("type") != regime:
        values["type"], givers["type"] = regime, said
    if population is not None:
        values["population"], givers["population"] = population, said
    carried = int(values.pop("carried", 0))
    missing = tuple(k for k in USUAL if k not in values)
    backing, revolution = alliances(name, day)
    made = Covariates(
        id=f"{plain(name)} {day.year}",
        onset=day,
        backing=backing,
        revolution=revolution,
        assumed=missing,
        carried=carried,
        **{**USUAL, **values},
    )
    givers = {**NAMED, **dict.fromkeys(missing, USUALLY), **givers}
    return Known(made, name, plain(name), planted, givers, found.facts, found.people)


def plain(name: str) -> str:
    """A state's name as most people write it."""
    import pycountry

    former = {"DDR": "East Germany", "CSK": "Czechoslovakia", "SUN": "Soviet Union"}
    if name in former:
        return former[name]
    if name in autocracies():
        return autocracies()[name]["name"].text
    found = pycountry.countries.get(alpha_3=name)
    if found is None:
        return NAMES.get(name, name).split(";")[0]
    return str(getattr(found, "common_name", found.name)).split(",")[0]


def _state(country: str, day: dt.date) -> str:
    if code(country) is None:
        raise Fault(
            f"no country is called '{country}'.{near(country, known_names())} Its name in "
            "English or its ISO code is needed, such as Belarus or BLR."
        )
    return state(country, day)


def _same(known: case.Known, name: str, day: dt.date) -> bool:
    return known.onset == day and state(known.country, day) == name


def _given(c: Covariates) -> Present:
    """Covariates that a panel or the table of cases gave."""
    values = {k: getattr(c, k) for k in USUAL if k not in c.assumed}
    givers = {k: Giver(SOURCES[k], "derived") for k in (*values, "type")}
    return Present(values | {"type": c.type, "carried": c.carried}, givers, {}, {})


def _case(known: case.Known | None, panel: Panel | None) -> Present | None:
    """A case as the score board has it, by the user's panel."""
    if known is None or panel is None:
        return None
    found = _given(covariates(known, panel))
    found.givers.update(OF_CASES)
    return found


def _panel(name: str, day: dt.date, regime: str | None, panel: Panel | None) -> Present | None:
    """A regime-year of the user's panel."""
    if panel is None or panel.latest(name, day.year)[0] is None:
        return None
    kind = regime or regime_type(panel.type(name, day.year))
    return _given(covariates(case.Known(name, name, kind, day, None), panel))


@cache
def shipped() -> dict[tuple[str, dt.date], dict[str, str]]:
    """Rows of covariates.csv by state and day."""
    found = rows(table("covariates.csv"))
    return {(r["state"], dt.date.fromisoformat(r["day"])): r for r in found}


def _shipped(name: str, day: dt.date) -> Present | None:
    row = shipped().get((name, day))
    if row is None:
        return None
    given = [k for k in COLUMNS if k not in row["assumed"].split()]
    givers = {k: Giver(SOURCES[k], "derived") for k in (*given, "type")}
    if row["case"] == "1":
        givers |= OF_CASES
    values: dict[str, Any] = {k: float(row[k]) for k in given}
    values |= {"type": row["type"], "carried": int(row["carried"])}
    return Present(values, givers, {}, {})


def _nothing(name: str, day: dt.date, panel: Panel | None) -> str:
    """Why there is no country: a democracy of the present, or a year of which nothing is here."""
    called = plain(name)
    anyway = (
        "'--regime electoral --population N' builds it all the same, from what is usual for "
        "autocracies; N in persons"
    )
    if panel is not None:
        return f"{panel.path} has no autocracy in {called} by {day.year}; {anyway}."
    if day >= PRESENT:
        row = elsewhere().get(name)
        kind = row.says if row else f"{called} is none of the autocracies of the package."
        return f"{kind} The rule was scored on autocracies alone; {anyway}."
    days = [str(d) for s, d in shipped() if s == name]
    has = f" (of {called}: {', '.join(days)})" if days else f" ({called} is none of them)"
    return (
        f"of {called} on {day} nothing comes with the package: it has the days of the past cases"
        f"{has} and the present, from {PRESENT} on. For other days make a panel from your own "
        f"downloads with 'thermidor panel' and give it with --panel; or {anyway}."
    )
