"""A curfew keeps people in after a large protest, and is lifted slowly.

    curfew(t+1) = 1                    if turnout(t) > trigger
                = hold . curfew(t)     otherwise                                      (curfew.1)

No estimate of its effect was found; all numbers are judgement. Use: thermidor run iran-2025
--mechanism curfew.py
"""

from dataclasses import dataclass

from thermidor.mechanism import Draw, Yesterday, mechanism, par, state


@dataclass(frozen=True)
class Parameters:
    trigger: float = par(
        0.001, 0.0001, 0.01, "share of residents", "turnout at which a curfew is called", log=True
    )
    hold: float = par(0.9, 0.5, 0.99, "a day", "share of a curfew kept from one day to the next")
    bite: float = par(0.4, 0.0, 1.0, "sd", "how much a full curfew keeps people in")


class See(Yesterday):
    turnout_country: float
    curfew: float


def start(p: Parameters, place, draw: Draw):
    return {"curfew": 0.0}


@mechanism(start=start, owns={"curfew": state("share", "how strict the curfew is")}, adds=["pull"])
def curfew(see: See, p: Parameters, draw: Draw):
    level = 1.0 if see.turnout_country > p.trigger else p.hold * see.curfew  # (curfew.1)
    return {"curfew": level, "pull": -p.bite * level}
