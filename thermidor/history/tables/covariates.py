"""What could be known of a country at an uprising's onset, from a panel of autocracy-years.

The panel is `autocracy_hazard_panel_1946_2020.csv` (Geddes, Wright and Frantz; REIGN; V-Dem; World
Bank; UCDP; Powell and Thyne; Mass Mobilization), whose rows are not ours to pass on; panel.py makes
one from the user's own downloads. Of a year it gives covariates of the year before (l1_), so
nothing of the uprising itself. Without a panel, or where it has no row, a case gets what is usual
for its type, and the score board says so.

Frailty is the log odds that a regime with these covariates is ended by an uprising within a year,
less those of the mean regime:

    frailty = b0 + type + sum of b_k (x_k - mean_k) - mean                            (covariates.1)

The coefficients are a logistic regression (ridge of 1 on standardised covariates) on 5,107
regime-years of that panel, from which the years before to two years after every case of the table
had been taken out, so that they have seen none of the outcomes scored here; 31 regimes ended by
uprising remain. An index of failures of all kinds (224) was tried first; it told the cases that
fell from those that stood no better than chance (area under the curve .50 out of sample, .53 by
itself; this one .61 by itself). Outside backing and revolutionary origin were added after a first
fit without them had shown no skill (-0.06), by people who knew how the cases had ended; the rules
look at names and dates alone.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...support.faults import Fault
from .case import Known
from .cell import Row
from .states import state
from .tablefile import read

MEAN_ODDS = -5.686  # over the regime-years
INTERCEPT = -5.925
BY_TYPE = {
    "party": -0.663,
    "personal": 1.225,
    "military": 1.815,
    "monarchy": 0.129,
    "other": 0.0,
    "theocracy": -0.663,
    "electoral": 1.225,
}  # too few: as party, personal (judgement)
BY_COVARIATE = {  # coefficient, mean: log years, log USD a head, %, log 1000 persons, 0 or 1, index
    "age": (-0.255, 2.604),
    "income": (-0.141, 7.499),
    "growth": (-0.039, 1.793),
    "population": (-0.037, 9.069),
    "coups": (-1.324, 0.196),
    "conflict": (0.046, 0.179),
    "openness": (1.321, 0.197),
}
USUAL = {
    "age": 12.5,
    "income": 1806.0,
    "growth": 1.8,
    "population": 8.7e6,
    "coups": 0.0,
    "conflict": 0.0,
    "openness": 0.20,
    "protests": 2.0,
}
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
# Outside backing: pacts of defence led by an autocracy, members and the years in which they held
# (from memory, graded judgement).
PACTS = (  # states by the codes of states.py
    (
        "Warsaw Pact, until the Soviet leader renounced force against allies",
        dt.date(1955, 5, 14),
        dt.date(1989, 7, 6),
        ("DDR", "CSK", "POL", "HUN", "ROU", "BGR"),
    ),
    (
        "Gulf Cooperation Council",
        dt.date(1981, 5, 25),
        dt.date(9999, 1, 1),
        ("BHR", "KWT", "OMN", "QAT", "ARE"),
    ),
    (
        "Collective Security Treaty Organization",
        dt.date(2002, 10, 7),
        dt.date(9999, 1, 1),
        ("ARM", "BLR", "KAZ", "KGZ", "TJK"),
    ),
    ("Syria with Iran", dt.date(2006, 6, 16), dt.date(9999, 1, 1), ("SYR",)),
    ("under Chinese sovereignty", dt.date(1997, 7, 1), dt.date(9999, 1, 1), ("HKG",)),
)
# Regimes born of a violent revolution, with the year (those that Levitsky and Way 2013 name), and
# the year in which they ended.
REVOLUTIONS = {
    "MEX": (1915, 2000),
    "SUN": (1917, 1991),
    "CHN": (1949, 9999),
    "PRK": (1948, 9999),
    "VNM": (1954, 9999),
    "CUB": (1959, 9999),
    "DZA": (1962, 9999),
    "LAO": (1975, 9999),
    "AGO": (1975, 9999),
    "MOZ": (1975, 9999),
    "IRN": (1979, 9999),
    "ZWE": (1980, 9999),
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


@dataclass(frozen=True)
class Covariates:
    """A country on the day before an onset.

    assumed: what no table gave, so that the usual value stands in.  carried: years for which the
    last row of the table was carried forward.
    """

    id: str
    type: str
    onset: dt.date
    population: float  # persons
    age: float  # years since the regime began
    income: float  # USD of 2015 a head and year
    growth: float  # per cent of income a head, year before
    openness: float  # electoral democracy, 0 to 1 (V-Dem's polyarchy), year before
    protests: float  # protests counted in the year before
    coups: float  # attempts in the five years before
    conflict: float  # 1 if there was an armed conflict inside the country in the year before
    backing: float = 0.0  # 1 in a pact of PACTS on that day
    revolution: float = 0.0  # 1 if born of one of REVOLUTIONS
    assumed: tuple[str, ...] = ()
    carried: int = 0

    @property
    def frailty(self) -> float:
        """(covariates.1)"""
        x = {
            "age": math.log(max(self.age, 1.0)),
            "income": math.log(self.income),
            "growth": max(-20.0, min(20.0, self.growth)),
            "population": math.log(self.population / 1e3),
            "coups": float(self.coups > 0),
            "conflict": float(self.conflict > 0),
            "openness": self.openness,
        }
        from_mean = sum(b * (x[k] - mean) for k, (b, mean) in BY_COVARIATE.items())
        return INTERCEPT - MEAN_ODDS + BY_TYPE[self.type] + from_mean


class Panel:
    """Covariates by state and year. Failures and what followed are dropped on reading.

    refused: rows left out, with the reason.
    """

    def __init__(self, path: str | Path):
        found = read(path, ("gwf_country", "year", *COLUMNS.values()))
        self.path, self.refused = Path(path), dict[str, str]()
        self._rows: dict[str, dict[int, Mapping[str, float]]] = {}
        for row in found.rows:
            try:
                name, year, values = _regime_year(row)
                by_year = self._rows.setdefault(state(name, dt.date(year, 1, 1)), {})
                if year in by_year:
                    raise ValueError(f"{name} {year} is given twice")
                by_year[year] = values
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
    backing = any(start <= day < end and name in members for _, start, end, members in PACTS)
    began, ended = REVOLUTIONS.get(name, (9999, 0))
    revolution = began < day.year <= ended
    return Covariates(
        known.id,
        known.type,
        known.onset,
        backing=float(backing),
        revolution=float(revolution),
        assumed=assumed,
        carried=carried,
        **values,
    )
