"""A mechanism that misbehaves in some futures, as its parameter says; the share of them is drawn by
its own luck. It speaks into every channel, so that it may return what it likes.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from thermidor.mechanism import mechanism, option, par, state

WAYS = (
    "well",
    "raises",
    "no_number",
    "dies",
    "hangs",
    "leaves",
    "cannot_say",
    "no_memory",
    "wrong_shape",
    "forgets",
    "says_else",
    "no_number_by_group",
    "interrupts",
    "many",
)
DAY = 3


@dataclass(frozen=True)
class P:
    way: str = option("well", WAYS, "how it misbehaves")
    share: float = par(0.4, 0.0, 1.0, "share", "futures in which it does")


class Memory(NamedTuple):
    way: int  # of WAYS


class Speechless(Exception):
    def __str__(self):
        raise RuntimeError("no words")


def start(p, place, draw):
    way, luck = p.way, draw.uniform("whether")
    if way == "many":  # 5 % raise, 1 % give no number, 0.5 % hang
        way = (
            "raises"
            if luck < 0.05
            else "no_number"
            if luck < 0.06
            else "hangs"
            if luck < 0.065
            else "well"
        )
    elif luck >= p.share:
        way = "well"
    return {
        "memory": Memory(WAYS.index(way)),
        "odd": 0.0,
        "odd_group": np.zeros(16),
        "odd_here": np.zeros(len(place.ids)),
    }


@mechanism(
    params=P,
    start=start,
    adds=["*"],
    owns={
        "odd": state("count", "something"),
        "odd_group": state("count", "something", by="group"),
        "odd_here": state("count", "something", by="province"),
    },
)
def misbehaves(see, p, draw):
    out = {"odd": see.odd + 1, "odd_group": see.odd_group, "odd_here": see.odd_here}
    way = WAYS[see.memory.way] if draw.day == DAY else "well"
    if way == "raises":
        raise ValueError("on purpose")
    if way == "cannot_say":
        raise Speechless
    if way == "no_memory":
        raise MemoryError
    if way == "interrupts":
        raise KeyboardInterrupt
    if way == "leaves":
        sys.exit(0)
    if way == "dies":
        os._exit(9)
    while way == "hangs":
        time.sleep(0.01)
    if way == "no_number":
        out["odd"] = float("nan")
    if way == "no_number_by_group":
        out["odd_group"] = out["odd_group"] * np.nan
    if way == "wrong_shape":
        out["odd_here"] = np.zeros(99)
    if way == "forgets":
        del out["odd_here"]
    if way == "says_else":
        out["strein"] = 1.0
    return out
