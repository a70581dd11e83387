"""A curfew keeps people in after a large protest, and is lifted slowly.

    curfew(t+1) = 1                    if turnout(t) > trigger                    (curfew.1)
                = hold . curfew(t)     otherwise

No estimate of its effect was found; both numbers are judgement. Use: thermidor run iran-2025
--mechanism curfew.py
"""

from dataclasses import dataclass

from thermidor.mechanism import mechanism, par, state


@dataclass(frozen=True)
class P:
    trigger: float = par(
        0.001, 0.0001, 0.01, "share of residents", "turnout at which a curfew is called", log=True
    )
    hold: float = par(0.9, 0.5, 0.99, "a day", "share of a curfew kept from one day to the next")
    bite: float = par(0.4, 0.0, 1.0, "sd", "how much a full curfew keeps people in")


def start(p, place, draw):
    return {"curfew": 0.0}


@mechanism(
    params=P,
    start=start,
    reads=["turnout_country"],
    owns={"curfew": state("share", "how strict the curfew is")},
    adds=["pull"],
)
def curfew(see, p, draw):
    level = 1.0 if see.turnout_country > p.trigger else p.hold * see.curfew
    return {"curfew": level, "pull": -p.bite * level}
