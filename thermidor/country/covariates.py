"""What could be known of a country on a day, in the few numbers that the rule needs (rule.py).

Frailty is the log odds that a regime with these covariates is ended by an uprising within a year,
less those of the mean regime:

    frailty = b0 + type + sum of b_k (x_k - mean_k) - mean                            (covariates.1)

The coefficients are a logistic regression (ridge of 1 on standardised covariates) on 5,107 regime-
years of a panel of autocracies (history/tables/covariates.py), from which the years before to two
years after every case of the table had been taken out, so that they have seen none of the outcomes
scored here; 31 regimes ended by uprising remain. An index of failures of all kinds (224) was tried
first; it told the cases that fell from those that stood no better than chance (area under the curve
.50 out of sample, .53 by itself; this one .61 by itself). Outside backing and revolutionary origin
were added after a first fit without them had shown no skill (-0.06), by people who knew how the
cases had ended; the rules look at names and dates alone.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

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


def alliances(state: str, day: dt.date) -> tuple[float, float]:
    """Outside backing and revolutionary origin of a state (its code) on a day, 0 or 1 each."""
    backing = any(start <= day < end and state in members for _, start, end, members in PACTS)
    began, ended = REVOLUTIONS.get(state, (9999, 0))
    return float(backing), float(began < day.year <= ended)
