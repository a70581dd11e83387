"""What could be known of a country at an uprising's onset, from a panel of autocracy-years.

The panel is `autocracy_hazard_panel_1946_2020.csv` (Geddes, Wright and Frantz; REIGN; V-Dem; World
Bank; UCDP; Powell and Thyne; Mass Mobilization), whose rows are not ours to pass on; panel.py makes
one from the user's own downloads. Of a year it gives covariates of the year before (l1_), so
nothing of the uprising itself. Without a panel, or where it has no row, a case gets what is usual
for its type, and the score board says so.

Frailty, which follows from them: country/covariates.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from ...country.covariates import USUAL, Covariates, alliances
from ...support.faults import Fault
from .case import Known
from .cell import Row
from .states import state
from .tablefile import read

COLUMNS = {
    "age": "gwf_duration",
    "income": "l1_NY.GDP.PCAP.KD",
    "growth": "l1_NY.GDP.PCAP.KD.ZG",
    "population": "l1_pop",
    "coups": "l1_pt_attempt_num5yrs",
    "conflict": "l1_internal_confl",
    "openness": "l1_v2x_polyarchy",
    "protests": "l1_mm_protests",
}
LIMITS: dict[str, tuple[float, float, str]] = {  # least and most that a panel may hold, in words
    "age": (0.0, 3000.0, "years, at least 0"),
    "income": (1.0, 1e6, "USD a head, more than 0"),
    "growth": (-100.0, 1000.0, "per cent, at least -100"),
    "population": (1.0, 3e6, "thousand persons, 1 to 3,000,000"),
    "coups": (0.0, 100.0, "a count"),
    "conflict": (0.0, 1.0, "0 or 1"),
    "openness": (0.0, 1.0, "between 0 and 1"),
    "protests": (0.0, 1e5, "a count"),
}


class Panel:
    """Covariates by state and year. Failures and what followed are dropped on reading.

    refused: rows left out, with the reason.
    """

    def __init__(self, path: str | Path):
        found = read(path, ("gwf_country", "year", *COLUMNS.values()), ("rtype",))
        self.path, self.refused = Path(path), dict[str, str]()
        self._rows: dict[str, dict[int, Mapping[str, float]]] = {}
        self._types: dict[str, dict[int, str]] = {}
        for row in found.rows:
            try:
                name, year, values = _regime_year(row)
                by_year = self._rows.setdefault(state(name, dt.date(year, 1, 1)), {})
                if year in by_year:
                    raise ValueError(f"{name} {year} is given twice")
                by_year[year] = values
                types = self._types.setdefault(state(name, dt.date(year, 1, 1)), {})
                types[year] = row.text("rtype")
            except ValueError as e:
                self.refused[f"line {row.line}"] = str(e)
        if not self._rows:
            first = list(self.refused.items())[:5]
            lines = [f"{path}, {line}: {reason}." for line, reason in first]
            raise Fault(lines, f"No row of the panel {path} can be used; the first {len(lines)}:")

    def __call__(self, country: str, year: int) -> Mapping[str, float] | None:
        """The row of that year, or of the latest before, the regime so much older."""
        return self.latest(country, year)[0]

    def latest(self, country: str, year: int) -> tuple[dict[str, float] | None, int]:
        """The same, and for how many years it was carried forward."""
        by_year = self._rows.get(state(country, dt.date(year, 1, 1)), {})
        last = max((y for y in by_year if y <= year), default=None)
        if last is None:
            return None, 0
        row, carried = dict(by_year[last]), year - last
        if "age" in row:
            row["age"] += carried
        return row, carried

    def type(self, country: str, year: int) -> str:
        """What the same row says of the regime's type; empty where it says nothing."""
        by_year = self._types.get(state(country, dt.date(year, 1, 1)), {})
        last = max((y for y in by_year if y <= year), default=None)
        return "" if last is None else by_year[last]


def _regime_year(row: Row) -> tuple[str, int, Mapping[str, float]]:
    """Country, year and covariates of a row. Raises ValueError where a value is impossible."""
    if row.fault:
        raise ValueError(row.fault)
    name, year = row.text("gwf_country"), row.number("year", 1789, 9998)
    if not name or year is None:
        raise ValueError(f"{'year' if name else 'gwf_country'} is empty")
    if year != int(year):
        raise ValueError(f"year = {row.text('year')} must be a whole number")
    values = {k: row.number(c, *LIMITS[k]) for k, c in COLUMNS.items()}
    return name, int(year), {k: x for k, x in values.items() if x is not None}


def covariates(known: Known, panel: Panel | None) -> Covariates:
    """What is known of a case at its onset: by the table, then the panel, then what is usual."""
    found, carried = panel.latest(known.country, known.onset.year) if panel else (None, 0)
    row = found or {}
    if "population" in row:
        row["population"] *= 1e3
    if known.population is not None:
        row["population"] = known.population
    assumed = tuple(k for k in USUAL if k not in row)
    values = {k: float(row.get(k, USUAL[k])) for k in USUAL}
    day = known.onset
    name = state(known.country, day)
    backing, revolution = alliances(name, day)
    return Covariates(
        known.id,
        known.type,
        known.onset,
        backing=backing,
        revolution=revolution,
        assumed=assumed,
        carried=carried,
        **values,
    )
