"""What happens while futures of a study are played, for tests: by whichever loop."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from thermidor.engine.batch import Batch
from thermidor.engine.run import Run
from thermidor.study.futures import compute


def before_each(patch: pytest.MonkeyPatch, look: Callable[[int], object]) -> None:
    """Call `look` with the number of each future that is about to be played; what it raises ends
    this play of it.
    """
    plainly = compute.future

    def batch(futures):
        for k in futures.runs:
            look(k)
        return Batch(futures)

    def future(scenario, seed, k, *options):
        look(k)
        return plainly(scenario, seed, k, *options)

    patch.setattr(compute, "Batch", batch)
    patch.setattr(compute, "future", future)


def turned(patch: pytest.MonkeyPatch, turn: Callable[[Run], Run]) -> None:
    """Put what `turn` makes of each future in its place."""
    plainly = compute.future

    class Turned(Batch):
        def runs(self):
            return (turn(run) for run in super().runs())

    patch.setattr(compute, "Batch", Turned)
    patch.setattr(compute, "future", lambda *options: turn(plainly(*options)))
