"""Forces face crowds: what is feared and what is done. Numbers only: what they mean is said in
mechanisms/security.py.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..places.axes import FATE
from ..support.compiled import compiled
from .arrays import F64 as Array


class Form(NamedTuple):
    """Forms of the chance of arrest as it is perceived (security.1)."""

    literal: int = 0
    floor: int = 1
    smooth: int = 2
    rounded: int = 3


FORM = Form()
FORMS = FORM._fields


class Orders(NamedTuple):
    """What the ruler ordered, in times what is ordered on an ordinary day."""

    deployment: float
    severity: float
    lethality: float


class Arrest(NamedTuple):
    """How the chance of arrest is perceived (security.1)."""

    weight: float  # of certain arrest, sd
    k: float
    form: int  # one of FORM


class Rates(NamedTuple):
    """What is done to one who is out where forces abound, chances a day (security.2)."""

    kill: float
    arrest: float
    most_killed: float  # whatever is ordered
    most_arrested: float


@compiled
def arrest_chance(ratio: float, k: float, form: int) -> float:
    """Perceived chance of arrest at C/A = ratio (security.1); form: one of FORM."""
    if form == FORM.smooth:
        x = k * ratio
        return x * x / (1 + x * x)
    if form == FORM.floor:
        ratio = math.floor(ratio)
    elif form == FORM.rounded:
        ratio = np.rint(ratio)
    return 1 - math.exp(-k * ratio)


@compiled
def meet(
    street: Array,
    forces: Array,
    refuse: Array,
    fatigue: Array,
    crowd: Array,
    orders: Orders,
    arrest: Arrest,
    rates: Rates,
) -> tuple[Array, Array, Array, Array]:
    """Forces meet crowds: present (persons) and cover C/(C + A), deterrence (sd), all
    float[province]; and what is done to one who is out, a day, float[fate, province].

    street: part that can face crowds, float[kind].  forces (persons), refuse (share): float[kind,
    province].  fatigue (share), crowd (persons): float[province].
    """
    kinds, provinces = forces.shape
    present, cover = np.zeros(provinces), np.empty(provinces)
    deterrence, force = np.empty(provinces), np.empty((len(FATE), provinces))
    for p in range(provinces):
        for q in range(kinds):
            present[p] += street[q] * forces[q, p] * (1 - refuse[q, p])
        present[p] *= (1 - fatigue[p]) * orders.deployment
        cover[p] = present[p] / (present[p] + crowd[p] + 1.0)
        chance = arrest_chance(present[p] / max(crowd[p], 1.0), arrest.k, arrest.form)
        deterrence[p] = arrest.weight * (orders.severity * chance - 1.0)  # (security.1)
        killed = rates.kill * orders.lethality * cover[p]  # (security.2)
        arrested = rates.arrest * orders.severity * cover[p]
        force[FATE.killed, p] = min(killed, rates.most_killed)
        force[FATE.arrested, p] = min(arrested, rates.most_arrested)
    return present, cover, deterrence, force
