"""A bell that is rung now and then."""

from typing import NamedTuple

import numpy as np

from thermidor.mechanism import mechanism, state


class Memory(NamedTuple):
    rung: np.ndarray


def start(p, place, draw):
    return {"memory": Memory(rung=np.zeros(3, np.float32)), "rung": 0.0, "tired": 0.0}


@mechanism(
    start=start,
    owns={
        "rung": state("count", "how often it was rung"),
        "tired": state("count", "how tired the ringer is"),
    },
    adds=["pull", "strain"],
    tells=["the bell is rung"],
)
def bell(see, p, draw):
    return {"rung": see.rung, "tired": see.tired}
