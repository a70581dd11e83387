"""Settings of levers, searched with Optuna (Akiba and others 2019): a tree-structured Parzen
estimator for two aims, after the status quo and some settings by chance.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ...study.extras import needed
from .judge import Values, worst_tenth
from .lever import Lever

Setting = dict[str, float]
Aims = tuple[float, float]
STEPS = 1000  # of a range: nobody sets a lever more finely


class Tried(NamedTuple):
    """A setting with its mean and worst tenth, turned so that more is better."""

    setting: Setting
    aims: Aims


def search(
    levers: Sequence[Lever],
    worth: Callable[[Setting], Values],
    tries: int,
    seed: int,
    watch: Callable[[int], None] | None = None,
) -> list[Tried]:
    """So many settings, the status quo first. worth: what a setting gives in each future, more
    being better. Needs `pip install 'thermidor[studies]'`.
    """
    optuna = needed("optuna", "thermidor robust", "studies")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=max(4, tries // 4))
    study = optuna.create_study(directions=["maximize", "maximize"], sampler=sampler)
    inside = all(x.low <= x.now <= x.high for x in levers)
    if inside:
        study.enqueue_trial({x.key: x.now for x in levers})
    known: dict[tuple[float, ...], Aims] = {}
    out: list[Tried] = []
    for k in range(tries):
        trial = study.ask()
        setting = {x.key: _suggested(trial, x) for x in levers}
        key = tuple(setting.values())
        if key not in known:
            v = worth(setting)
            known[key] = float(v.mean()), worst_tenth(v)
            out.append(Tried(setting, known[key]))
        study.tell(trial, known[key])
        if watch:
            watch(k + 1)
    return out


def _suggested(trial: Any, x: Lever) -> float:
    if x.switch:
        return float(trial.suggest_categorical(x.key, [0.0, 1.0]))
    value = float(trial.suggest_float(x.key, x.low, x.high))
    step = (x.high - x.low) / STEPS
    rounded = float(f"{x.low + round((value - x.low) / step) * step:.6g}")
    return min(x.high, max(x.low, rounded)) if value != x.now else x.now
