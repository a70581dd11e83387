"""x"""
from __future__ import annotations
from dataclasses import dataclass
import numpy as np
from ..draws import Draw
from ..kernels import groups
from ..places.lattice import settled, torus
from .epstein import K, THRESHOLD, chances

@dataclass(frozen=True)
class Model:
    legitimacy: float = 0.80
    police: float = 0.0
    vision: float = 1.7
    longest: int = 15
    people: float = 0.7
    side: int = 40
    form: str = "floor"
    near: bool = True
    births: float = 0.05
    oldest: int = 200

def play(model, ticks, seed, police=None):
    ground, draw, cells_all = torus(model.side, model.side, model.vision), Draw(seed, 0, "epstein"), model.side**2
    people = round(model.people * cells_all)
    if police is None: police = np.full(ticks, round(model.police * cells_all))
    first, room = int(police[0]), 3 * cells_all
    here, cells, counts = settled(ground, people, first, draw)
    at = np.full(room, groups.GONE, np.int32); at[:people + first] = here
    group = np.full(room, 2, np.int8); group[:people] = draw.uniforms("group", people) < 0.5
    hardship, risk = np.zeros(room, np.float32), np.zeros(room, np.float32)
    for w, into in (("hardship", hardship), ("risk", risk)): into[:people] = draw.uniforms(w, people) * 2**24 // 1 / 2**24
    age = np.zeros(room, np.int64); age[:people] = 1 + (draw.uniforms("age", people) * model.oldest).astype(int)
    return groups.play(ground, np.uint64(draw.key("play")), at, cells, counts, group, hardship, risk, age, model.legitimacy, np.asarray(police, np.int64),
                       THRESHOLD, chances(model.form, ground.disc), model.longest, model.near, model.births, model.oldest)
