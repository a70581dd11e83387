"""Epstein's civil violence, Model I
"""
from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
import os

import numpy as np

from ..draws import Draw
from ..kernels import civil
from ..mechanisms.security import FORMS, arrest_chance
from ..places.lattice import settled, torus

THRESHOLD, K = 0.1, 2.3

@dataclass(frozen=True)
class Model:
    """A column of the paper's Table 2, and what it leaves open."""

    legitimacy: float = 0.82
    vision: float = 7.0
    longest: int = 30  # ticks of the longest term in jail; 0 for life
    moving: bool = True
    police: float = 0.04  # share of the cells
    people: float = 0.7
    side: int = 40
    form: str = "floor"
    near: bool = True


@lru_cache
def chances(form: str, disc: int, k: float = K) -> np.ndarray:
    index = FORMS.index(form)
    return np.array([[arrest_chance(c / (1 + a), k, index) for a in range(disc + 1)] for c in range(disc + 1)])


def play(model: Model, ticks: int, seed: int, legitimacy=None, police=None):
    ground, draw = torus(model.side, model.side, model.vision), Draw(seed, 0, "epstein")
    people = round(model.people * model.side**2)
    if police is None: police = np.full(ticks, round(model.police * model.side**2))
    if legitimacy is None: legitimacy = np.full(ticks, model.legitimacy)
    police=np.asarray(police,np.int64)
    at, cells, counts = settled(ground, people, int(police.max()), draw)
    hardship, risk = ((draw.uniforms(w, people) * 2**24 // 1 / 2**24).astype(np.float32) for w in ("hardship", "risk"))
    return civil.play(ground, np.uint64(draw.key("play")), at, cells, counts, hardship, risk, np.asarray(legitimacy, float), police, THRESHOLD,
                      chances(model.form, ground.disc), model.moving, model.longest, model.near)


def outbursts(actives, level=50):
    """starts, ends"""
    out=[]; start=-1
    for t,a in enumerate(actives):
        if start<0 and a>level: start=t
        elif start>=0 and a<level:
            out.append((start,t)); start=-1
    return out
