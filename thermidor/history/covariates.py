"""What could be known of a country at an uprising's onset, from a panel of autocracy-years that the user has downloaded.

The panel is `autocracy_hazard_panel_1946_2020.csv` (Geddes, Wright and Frantz; REIGN; V-Dem; World Bank; UCDP; Powell and Thyne;
Mass Mobilization), whose rows are not ours to pass on. Of a year it gives covariates of the year before (l1_), so nothing of the
uprising itself. Without a panel, or where it has no row, a case gets what is usual for its type, and the score board says so.

Frailty is the log odds that a regime with these covariates is ended by an uprising within a year, less those of the mean regime:

    frailty = b0 + type + sum of b_k (x_k - mean_k) - mean                                              (covariates.1)

The coefficients are a logistic regression (ridge of 1 on standardised covariates) on 5,107 regime-years of that panel, from which
the years before to two years after every case of the table had been taken out, so that they have seen none of the outcomes scored
here; 31 regimes ended by uprising remain. An index of failures of all kinds (224) was tried first; it told the cases that fell from
those that stood no better than chance (area under the curve .50 out of sample, .53 by itself; this one .61 by itself). Outside
backing and revolutionary origin were added after a first fit without them had shown no skill (-0.06), by people who knew how the
cases had ended; the rules look at names and dates alone.
"""
from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..faults import Fault
from .cases import Known, rows

MEAN_ODDS = -5.686  # over the regime-years
INTERCEPT = -5.925
BY_TYPE = {"party": -0.663, "personal": 1.225, "military": 1.815, "monarchy": 0.129, "other": 0.0,
           "theocracy": -0.663, "electoral": 1.225}  # the last two are too few to estimate: as party and as personal (judgement)
BY_COVARIATE = {  # coefficient, mean: log years, log USD a head, per cent, log thousand persons, 0 or 1, 0 or 1, index
    "age": (-0.255, 2.604), "income": (-0.141, 7.499), "growth": (-0.039, 1.793), "population": (-0.037, 9.069),
    "coups": (-1.324, 0.196), "conflict": (0.046, 0.179), "openness": (1.321, 0.197)}
USUAL = {"age": 12.5, "income": 1806.0, "growth": 1.8, "population": 8.7e6, "coups": 0.0, "conflict": 0.0, "openness": 0.20, "protests": 2.0}
COLUMNS = {"age": "gwf_duration", "income": "l1_NY.GDP.PCAP.KD", "growth": "l1_NY.GDP.PCAP.KD.ZG", "population": "l1_pop",
           "coups": "l1_pt_attempt_num5yrs", "conflict": "l1_internal_confl", "openness": "l1_v2x_polyarchy", "protests": "l1_mm_protests"}
OTHER_NAMES = {"fr yugoslavia": "serbia", "yugoslavia": "serbia", "burma": "myanmar", "east germany": "germany east", "gdr": "germany east",
               "soviet union": "ussr", "russian federation": "russia", "dr congo": "congo/zaire", "zaire": "congo/zaire"}
# Outside backing: pacts of defence led by an autocracy, members and the years in which they held (from memory, graded judgement).
PACTS = (
    ("Warsaw Pact, until the Soviet leader renounced force against allies", dt.date(1955, 5, 14), dt.date(1989, 7, 6),
     ("east germany", "germany east", "czechoslovakia", "poland", "hungary", "romania", "bulgaria")),
    ("Gulf Cooperation Council", dt.date(1981, 5, 25), dt.date(9999, 1, 1), ("bahrain", "kuwait", "oman", "qatar", "uae", "united arab emirates")),
    ("Collective Security Treaty Organization", dt.date(2002, 10, 7), dt.date(9999, 1, 1),
     ("armenia", "belarus", "kazakhstan", "kyrgyzstan", "tajikistan")),
    ("Syria with Iran", dt.date(2006, 6, 16), dt.date(9999, 1, 1), ("syria",)),
    ("under Chinese sovereignty", dt.date(1997, 7, 1), dt.date(9999, 1, 1), ("hong kong",)))
# Regimes born of a violent revolution, with the year (those that Levitsky and Way 2013 name), and the year in which they ended.
REVOLUTIONS = {"mexico": (1915, 2000), "ussr": (1917, 1991), "soviet union": (1917, 1991), "china": (1949, 9999), "north korea": (1948, 9999),
               "korea north": (1948, 9999), "vietnam": (1954, 9999), "cuba": (1959, 9999), "algeria": (1962, 9999), "laos": (1975, 9999),
               "angola": (1975, 9999), "mozambique": (1975, 9999), "iran": (1979, 9999), "zimbabwe": (1980, 9999)}
OLDEST_ROW = 3  # years before the onset at which a row still counts


@dataclass(frozen=True)
class Covariates:
    """A country on the day before an onset. `assumed` names what no table gave, so that the usual value stands in."""

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

    @property
    def frailty(self) -> float:
        """(covariates.1)"""
        x = {"age": math.log(max(self.age, 1.0)), "income": math.log(self.income), "growth": max(-20.0, min(20.0, self.growth)),
             "population": math.log(self.population / 1e3), "coups": float(self.coups > 0), "conflict": float(self.conflict > 0),
             "openness": self.openness}
        return INTERCEPT - MEAN_ODDS + BY_TYPE[self.type] + sum(b * (x[k] - mean) for k, (b, mean) in BY_COVARIATE.items())


class Panel:
    """Covariates by country and year. Failures and what followed are dropped on reading."""

    def __init__(self, path: str | Path):
        found = rows(path)
        needed = ("gwf_country", "year", *COLUMNS.values())
        missing = [c for c in needed if not found or c not in found[0]]
        if missing:
            raise Fault([f"the panel {path} has no column '{c}'." for c in missing])
        self.path = Path(path)
        self._rows: dict[str, dict[int, Mapping[str, float]]] = {}
        for r in found:
            values = {k: float(r[c]) for k, c in COLUMNS.items() if r[c] not in ("", "NA", "NaN", "nan")}
            self._rows.setdefault(r["gwf_country"].strip().lower(), {})[int(float(r["year"]))] = values

    def __call__(self, country: str, year: int) -> Mapping[str, float] | None:
        """The row of that year, or of the latest of the three years before."""
        name = country.strip().lower()
        by_year = self._rows.get(name) or self._rows.get(OTHER_NAMES.get(name, ""), {})
        return next((by_year[y] for y in range(year, year - OLDEST_ROW - 1, -1) if y in by_year), None)


def covariates(known: Known, panel: Panel | None) -> Covariates:
    """What is known of a case at its onset: the table's own words, then the panel's, then what is usual."""
    row = dict(panel(known.country, known.onset.year) or {}) if panel else {}
    if "population" in row:
        row["population"] *= 1e3
    if known.population is not None:
        row["population"] = known.population
    assumed = tuple(k for k in USUAL if k not in row)
    values = {k: float(row.get(k, USUAL[k])) for k in USUAL}
    name, day = known.country.strip().lower(), known.onset
    backing = any(start <= day < end and name in members for _, start, end, members in PACTS)
    began, ended = REVOLUTIONS.get(name, (9999, 0))
    revolution = began < day.year <= ended
    return Covariates(known.id, known.type, known.onset, backing=float(backing), revolution=float(revolution), assumed=assumed, **values)
