"""The autocracies of mid-June 2025: every cell has its source and range, and none is too late."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.resources import files

import pytest

from thermidor.country.rule import FORCES
from thermidor.history.tables.states import code
from thermidor.library.autocracies import WORDS, autocracies, elsewhere

STATUS = {"verified", "derived", "memory"}
LAST_YEAR = 2025
NEEDED = (
    "name",
    "regime",
    "began",
    "ruler",
    "ruler_since",
    "ruler_born",
    "population",
    "area",
    "income",
    "growth",
    "inflation",
    "oil_exports",
    "urban",
    "children",
    "old",
    "army",
    "openness",
    "coups",
    "conflict",
)
UNITS = {
    "income": "USD of 2015 a head",
    "oil_exports": "million barrels a day",
    "population": "persons",
    "army": "persons",
}
WITHIN = {  # what a cell can be, whatever the country
    "population": (3e5, 1.5e9),
    "income": (150, 1e5),
    "growth": (-35, 30),
    "inflation": (-10, 500),
    "oil_exports": (0, 10),
    "urban": (0, 1),
    "children": (0.1, 0.55),
    "old": (0.0, 0.25),
    "army": (1e3, 3e6),
    "police": (1e3, 3e6),
    "militia": (1e3, 3e6),
    "guards": (1e3, 1e6),
    "openness": (0, 0.55),
    "coups": (0, 5),
    "conflict": (0, 1),
    "minority": (0, 1),
    "unemployment": (0, 0.6),
    "taxes": (0, 0.75),
}


@pytest.mark.parametrize("iso3", sorted(autocracies()))
def test_every_cell_has_source_status_and_range(iso3: str) -> None:
    facts = autocracies()[iso3]
    assert set(NEEDED) <= set(facts)
    assert code(iso3) == iso3
    for field, cell in facts.items():
        at = (iso3, field, cell)
        assert cell.source and cell.unit and cell.status in STATUS, at
        assert cell.low <= cell.value <= cell.high, at
        assert (cell.source == "memory") <= (cell.status == "memory"), at
        if field in WITHIN:
            least, most = WITHIN[field]
            assert least <= cell.low and cell.high <= most, at
        if field in UNITS:
            assert cell.unit == UNITS[field], at
    assert facts["regime"].text in FORCES
    assert facts["began"].value <= LAST_YEAR and facts["ruler_born"].value <= 2000


def test_nothing_is_of_a_later_year() -> None:
    for iso3, facts in autocracies().items():
        for field, cell in facts.items():
            if cell.year:
                assert 1700 <= int(cell.year) <= LAST_YEAR, (iso3, field)
        assert facts["ruler_since"].value <= LAST_YEAR


def test_what_is_from_memory_has_a_wide_range() -> None:
    """Money and men that somebody remembered: at least a tenth to either side, or more to one."""
    narrow = [
        (iso3, field)
        for iso3, facts in autocracies().items()
        for field, c in facts.items()
        if c.status == "memory"
        and field in ("income", "army", "police", "guards", "militia", "inflation", "openness")
        and c.high - c.low < 0.2 * abs(c.value)
    ]
    assert not narrow


def test_no_cell_is_given_twice_and_no_country_is_both() -> None:
    folder = files("thermidor.library") / "tables"
    for name in ("autocracies.csv", "regimes_elsewhere.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as f:  # type: ignore[call-arg]
            rows = list(csv.DictReader(f))
        assert all(r["source"] and r["status"] in STATUS for r in rows)
        keys = Counter((r["iso3"], r.get("field", "")) for r in rows)
        assert max(keys.values()) == 1
    assert not set(autocracies()) & set(elsewhere())
    assert 55 <= len(autocracies()) <= 65 and len(autocracies()) + len(elsewhere()) == 200
    assert not set(WORDS) - set(NEEDED)


def test_what_another_country_is_can_be_said() -> None:
    says = elsewhere()["TUR"].says
    assert says.startswith("Turkey is a hybrid (") and says.endswith(".")
    assert "has no single government" in elsewhere()["LBY"].says
    assert {e.kind for e in elsewhere().values()} == {
        "democracy",
        "hybrid",
        "no single government",
        "territory",
        "other",
    }
