"""Things happen: dated events of the scenario, sparks that nobody planned, the death of a leader.

A spark falls on a day with chance rate/365 . exp(tinder . hardship), in a province drawn by
population; its size is drawn from a gamma distribution of shape 2:

    spark_p(t+1) = (1 - 1/days) spark_p(t) + size . G . (1 in its province, spread elsewhere)
    G ~ Gamma(2)/2                                                                        (events.1)

A small cause can have a large effect when thresholds are near (Kuran 1989: sparks and prairie
fires); the same spark usually has none. A scenario may begin with an event of another kind
(`onset_day`), as past uprisings did: of median size `onset` in a country of ten million, and of a
force that lasts, in some countries for days and in others for months:

    uprising_p = onset . e^L . (N/10^7)^-thin . (as above) . exp(-(t - onset day)/D)
    L ~ N(0, onset_luck),   ln D ~ N(ln onset_days, onset_spread)                         (events.2)

N is the population: what begins in one city reaches a smaller part of a large country.

An old leader dies by the hazard of his age, plus what others say into `leader_risk`; the successor
comes from within, which weakens the regime for a while (Svolik 2012), but is no ending. The dated
events of a scenario are told by this mechanism: on their days the loop adds what they say
(engine/dated.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..mechanism import Draw, Yesterday, channel, fact, mechanism, par, state, when
from ..places import Place
from ..support.arrays import Array


@dataclass(frozen=True)
class Parameters:
    spark_rate: float = par(
        0.6,
        0.3,
        1.2,
        "a year",
        "events that could bring people into the street",
        "ThermidorCases",
        "analogy",
        log=True,
    )
    tinder: float = par(
        3.0,
        0.0,
        8.0,
        "log times per log income",
        "rise of such events with real income lost",
        "Smith2014",
        "analogy",
    )
    spark_size: float = par(
        0.6,
        0.15,
        2.1,
        "sd",
        "mean pull of such an event in the province where it happens",
        "ThermidorCases",
        "analogy",
    )
    spark_days: float = par(
        14.0, 5.0, 30.0, "days", "time in which its pull falls to 1/e", log=True
    )
    spark_spread: float = par(
        0.6, 0.3, 0.9, "share", "part of its pull that is felt in the rest of the country"
    )
    onset_day: float = fact(0.0, 0.0, 100_000.0, "day", "day on which an uprising begins (0: none)")
    onset: float = par(
        2.0,
        1.0,
        4.5,
        "sd",
        "median pull of the event from which an uprising is counted",
        "ThermidorCases",
        "analogy",
    )
    onset_luck: float = par(
        0.5,
        0.1,
        0.9,
        "log times",
        "standard deviation of that pull between uprisings",
        "ThermidorCases",
        "analogy",
    )
    onset_thin: float = par(
        0.08,
        0.0,
        0.30,
        "1",
        "how that pull thins out with population (exponent)",
        "ThermidorCases",
        "analogy",
    )
    onset_days: float = par(
        40.0,
        6.0,
        250.0,
        "days",
        "time in which that pull falls to 1/e in the median uprising",
        "ThermidorCases",
        "analogy",
        log=True,
    )
    onset_spread: float = par(
        1.2,
        0.3,
        2.2,
        "log days",
        "standard deviation of that time between uprisings",
        "ThermidorCases",
        "analogy",
    )
    leader_mortality: float = fact(
        0.03, 0.0, 0.5, "a year", "chance that a leader of this age dies within a year"
    )
    succession_strain: float = par(
        0.10,
        0.02,
        0.25,
        "share of the forces",
        "strength lost on the day the leader dies",
        "Svolik2012",
        "analogy",
    )
    succession_days: float = par(
        60.0, 20.0, 180.0, "days", "time in which that loss falls to 1/e", log=True
    )
    succession_plots: float = par(
        1.0,
        0.0,
        2.0,
        "log times",
        "rise of the chance of a coup after the leader's death",
        "Svolik2012",
        "analogy",
    )


class Memory(NamedTuple):
    fade: float  # what is left of an uprising's pull a day later, times


class See(Yesterday):
    leader_risk: float
    hardship_country: float

    spark: Array
    uprising: Array
    sparks: float
    successions: float
    interregnum: float
    memory: Memory
    place: Place


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    lasts = p.onset_days * math.exp(p.onset_spread * draw.normal("how long an uprising lasts"))
    return {
        "memory": Memory(fade=math.exp(-1 / max(lasts, 1.0))),
        "spark": np.zeros(len(place.ids)),
        "uprising": np.zeros(len(place.ids)),
        "sparks": 0.0,
        "successions": 0.0,
        "interregnum": 0.0,
    }


def spark_size(p: Parameters, draw: Draw) -> float:
    """Pull of a spark where it happens, sd (events.1)."""
    parts = draw.exponential("spark size") + draw.exponential("spark size, second part")
    return p.spark_size * parts / 2  # (events.1)


def uprising_size(p: Parameters, population: float, draw: Draw) -> float:
    """Pull of the event from which an uprising is counted, where it happens, sd (events.2)."""
    luck = math.exp(p.onset_luck * draw.normal("the uprising begins size"))
    return p.onset * luck * (population / 1e7) ** -p.onset_thin  # (events.2)


def where(luck: float, weights: Array, spread: float) -> Array:
    """Part of its pull that an event has in each province, float[province]: 1 where it happens, in
    a province drawn by population.  luck: a number in (0, 1).
    """
    drawn = int(np.searchsorted(np.cumsum(weights), luck))
    reach = np.full(len(weights), spread)
    reach[min(drawn, len(weights) - 1)] = 1.0
    return reach


@mechanism(
    start=start,
    owns={
        "spark": state("sd", "pull of events that nobody planned", by="province"),
        "uprising": state("sd", "pull of the event with which an uprising began", by="province"),
        "sparks": state("count", "sparks since the start"),
        "successions": state("count", "leaders who died since the start"),
        "interregnum": state("share", "what is left of the shock of the last succession"),
    },
    opens={
        "leader_risk": channel(
            "chance a day", "chance that the leader is killed", low=0.0, high=1.0
        )
    },
    adds=["pull", "strain", "plots", "*"],
    tells=["a spark", "the uprising begins", "the leader dies; a successor is chosen"],
    cites=["Kuran1989", "Svolik2012"],
)
def events(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    weights = see.place.weights
    spark, uprising = see.spark * (1 - 1 / p.spark_days), see.uprising * see.memory.fade
    rate = p.spark_rate / 365 * math.exp(p.tinder * see.hardship_country)
    sparked, size = draw.happens("spark", rate), 0.0
    if sparked:
        size = spark_size(p, draw)
        spark = spark + size * where(draw.uniform("spark place"), weights, p.spark_spread)
    begins, onset = draw.day == p.onset_day, 0.0
    if begins:
        onset = uprising_size(p, float(see.place.population.sum()), draw)
        there = draw.uniform("the uprising begins place")
        uprising = uprising + onset * where(there, weights, p.spark_spread)
    died = draw.happens("leader dies", p.leader_mortality / 365 + see.leader_risk)
    interregnum = 1.0 if died else see.interregnum * (1 - 1 / p.succession_days)
    return {
        "spark": spark,
        "uprising": uprising,
        "sparks": see.sparks + sparked + begins,
        "successions": see.successions + died,
        "interregnum": interregnum,
        "pull": spark + uprising,
        "strain": p.succession_strain * interregnum,
        "plots": p.succession_plots * interregnum,
        "a spark": when(sparked, size),
        "the uprising begins": when(begins, onset),
        "the leader dies; a successor is chosen": when(died),
    }
