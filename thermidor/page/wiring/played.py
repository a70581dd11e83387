"""How much each mechanism says to the others, from the record of a few futures, not a regression:
the mean size of its contribution to a channel, over all weeks lived, as in the report (movers.py).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

import numpy as np

from ...engine.batch import Batch, Futures
from ...engine.run import Run
from ...scenario.scenario import Scenario
from ...study.futures.warm import begin, ready
from ...support.faults import MachineFault
from ...wording import count
from ..pool import FIRST, Token
from ..tasks.stream import Task, Tick

FUTURES = 16
AT_ONCE = 4  # played side by side, so that what is wanted at once waits for few
MOST_KEPT = 32
NOISE = 1e-12  # rounding, not influence


class Weighed:
    """Weights of the scenarios that were last asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int], dict[str, Any]] = OrderedDict()

    def task(self, scenario: Scenario, seed: int) -> Task:
        """What weighs the arrows of a scenario."""

        def find(token: Token, tick: Tick) -> dict[str, Any]:
            key = scenario.hash, scenario.place.citizens, seed
            with self._lock:
                if key in self._kept:
                    return self._kept[key]
            found = weights(scenario, seed, token, tick)
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            return found

        return Task("weights", find, FIRST)


def weights(scenario: Scenario, seed: int, token: Token, tick: Tick) -> dict[str, Any]:
    """Of each channel and speaker the mean size a day, the net, and its part of 100 of all that is
    said into the channel.
    """
    done: list[Run] = []
    for first in range(0, FUTURES, AT_ONCE):
        tick(first, FUTURES)
        done += played(scenario, seed, range(first, first + AT_ONCE), token)
    if not done:
        raise MachineFault(f"none of {FUTURES} futures could be finished.")
    weeks = sum(len(f.voices) for f in done)
    size = sum((np.abs(f.voices).sum(axis=0) for f in done), np.zeros(1)) / weeks
    net = sum((f.voices.sum(axis=0) for f in done), np.zeros(1)) / weeks
    pairs = done[0].speakers
    total: dict[str, float] = {}
    for (channel, _), x in zip(pairs, size, strict=True):
        total[channel] = total.get(channel, 0.0) + float(x)
    rows = [
        {
            "channel": channel,
            "from": who,
            "size": float(size[k]),
            "net": float(net[k]),
            "part": 100 * float(size[k]) / total[channel],
        }
        for k, (channel, who) in enumerate(pairs)
        if size[k] > NOISE
    ]
    return {
        "futures": len(done),
        "rows": rows,
        "sentence": f"Weights: mean size a day of what is said, over {count(len(done), 'future')} "
        f"of seed {seed}; an arrow is as wide as its part of all that is said into the channel, "
        "for channels have different units.",
    }


def played(scenario: Scenario, seed: int, runs: range, token: Token) -> list[Run]:
    """Whole futures, compiled if the steps are. Raises Stopped once the token is cancelled."""
    compiled = ready()
    if not compiled:
        begin()
    batch = Batch(Futures([scenario] * len(runs), runs, seed), compile_steps=compiled, whole=True)
    batch.play(lambda day, futures: token.check())
    return [f for f in batch.runs() if isinstance(f, Run)]
