"""Futures played side by side and each by the plain loop, compared number by number.

The plain loop is the definition; compiled code may round the last digit otherwise, and what follows
of it stays far below TOLERANCE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from thermidor.engine.batch import Batch, Futures
from thermidor.engine.model import Model
from thermidor.engine.run import Run
from thermidor.engine.simulate import simulate

TOLERANCE = 1e-9  # relative
LEAST = 1e-12  # below it a difference is none: what is left where two numbers cancel


def abreast(models: Sequence[Model], runs: Sequence[int], **options: Any) -> list[Run]:
    """Futures side by side; options: more of `Futures`."""
    batch = Batch(Futures(models, runs, **options))
    batch.play()
    made = list(batch.runs())
    for run in made:
        if not isinstance(run, Run):
            raise run
    return made


def unlike(
    model: Model, futures: int, *, fixed: bool = False, seed: int = 1
) -> dict[int, list[str]]:
    """What differs between the two loops, by future; nothing if they agree."""
    runs = range(futures)
    found = {}
    for many in abreast([model] * futures, runs, seed=seed, fixed=fixed):
        one = simulate(model, seed, many.run, fixed=fixed)
        if told := list(differences(one, many)):
            found[many.run] = told
    return found


def differences(one: Run, other: Run) -> Iterator[str]:
    """What two results of a future hold that is not the same, a line each."""
    for name in ("run", "seed", "day", "ending", "names", "costs", "speakers", "parameters"):
        if getattr(one, name) != getattr(other, name):
            yield f"{name}: {getattr(one, name)} and {getattr(other, name)}"
    if one.series.shape == other.series.shape:
        for k, name in enumerate(one.names):
            yield from _apart(name, one.series[:, k], other.series[:, k])
    yield from _apart("voices", one.voices, other.voices)
    for name in ("finals", "provinces"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine.keys() != theirs.keys():
            yield f"{name}: {mine.keys() ^ theirs.keys()}"
        for key in mine.keys() & theirs.keys():
            yield from _apart(f"{name}, {key}", mine[key], theirs[key])
    happened = [[(day, who, what) for day, who, what, _ in x.happened] for x in (one, other)]
    if happened[0] != happened[1]:
        yield f"happened: {happened[0]} and {happened[1]}"
    else:
        yield from _apart("happened", *([h[3] for h in x.happened] for x in (one, other)))


def _apart(name: str, a: Any, b: Any) -> Iterator[str]:
    """Where two arrays lie apart."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        yield f"{name}: shapes {a.shape} and {b.shape}"
    else:
        far = ~(np.abs(a - b) <= TOLERANCE * np.maximum(np.abs(a), np.abs(b)) + LEAST)
        if far.any():
            at = tuple(np.argwhere(far)[0].tolist())
            yield f"{name}: {a[at]!r} and {b[at]!r} at {at}"
