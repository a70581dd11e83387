"""The contagion that all libraries run, and the people on whom they run it.

Every day each person goes out with probability 1/(1 + exp((d - U)/s)), new luck every day,
everybody at once:

    ties:     U = level + tie . (own ties that were out yesterday, of ten)
                        + country . (share out in the country)                            (rule.1)
    patches:  U = level + own . (share out in the own patch)
                        + country . (share out in the country)                            (rule.2)

d is a private disposition from a normal distribution on 256 levels; its standard deviation is the
unit of U. The level is set such that about the stated share is out: a quiet country or an active
one.

Peers may use 1 + exp((d - U)/s) = 1 + reluctance / pull with reluctance = exp(d/s), computed once,
and pull = exp(U/s), of which there are eleven values a day (one for each number of ties) or one for
each patch. So nobody pays for an exponential.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

NOISE, TIE, OWN, COUNTRY = 0.25, 0.08, 0.5, 0.5
RING, LONG, TIES = 2, 6, 10
PATCHES = 31
SHARES = {"quiet": 0.001, "active": 0.1}
SEED = 1


class World(NamedTuple):
    """The people: disposition float32[n] and its byte, patch int64[n], ties int64[10, n] (None
    without), who is out at the start.
    """

    disposition: np.ndarray
    byte: np.ndarray
    patch: np.ndarray
    ties: np.ndarray | None
    out: np.ndarray

    @property
    def n(self) -> int:
        return self.disposition.size

    @property
    def reluctance(self) -> np.ndarray:
        return np.exp(self.disposition / np.float32(NOISE))


@dataclass(frozen=True)
class Rule:
    """Numbers of one contagion. mixing: ties or patches. activity: quiet or active."""

    mixing: str
    activity: str
    level: float

    def pull(self, country: float) -> np.ndarray:
        """exp(U/s) for 0 to 10 ties out (rule.1), float32[11]."""
        return np.exp((self.level + COUNTRY * country + TIE * np.arange(TIES + 1)) / NOISE).astype(
            np.float32
        )

    def pull_of_patches(self, shares: np.ndarray, country: float) -> np.ndarray:
        """exp(U/s) for each patch (rule.2), float32[patches]."""
        return np.exp((self.level + COUNTRY * country + OWN * shares) / NOISE).astype(np.float32)


def choose_level(mixing: str, activity: str) -> tuple[float, float]:
    """The level of a rule and the common utility when the stated share is out everywhere."""
    from thermidor.kernels.crowd import share_out
    from thermidor.mechanisms.citizens import LEVELS, disposition_weights

    weights, share, low, high = disposition_weights(), SHARES[activity], -10.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if share_out(middle, NOISE, LEVELS, weights) < share else (low, middle)
        )
    return low - share * (COUNTRY + (TIES * TIE if mixing == "ties" else OWN)), low


def people_of(mixing: str, agents: int):
    """Thermidor's people: one country with ties, or 31 patches without; everything else the same
    for all.
    """
    from thermidor.chance.draws import Draw
    from thermidor.mechanisms.citizens import disposition_weights
    from thermidor.places.people import populate
    from thermidor.places.place import Place

    k = PATCHES if mixing == "patches" else 1
    even = np.ones(k)
    place = Place(
        "benchmark",
        tuple(f"p{i}" for i in range(k)),
        (),
        even * 1e6,
        0.2 * even,
        0.3 * even,
        0.1 * even,
        0.1 * even,
        0.1 * even,
        0,
        citizens=agents,
    )
    ring, long = (RING, LONG) if mixing == "ties" else (0, 0)
    return populate(place, disposition_weights(), ring, long, 0.0, Draw(SEED, 0, "benchmark"))


def make_world(mixing: str, agents: int, network: str, folder: Path) -> None:
    """Save what all libraries share. network: `people` joins person to person at random, `words` as
    Thermidor does.
    """
    from thermidor.mechanisms.citizens import LEVELS

    people, rng = people_of(mixing, agents), np.random.default_rng(SEED)
    n = people.group.size
    disposition = LEVELS[people.disposition].astype(np.float32)
    np.save(folder / "disposition.npy", disposition)
    np.save(folder / "byte.npy", people.disposition)
    np.save(folder / "patch.npy", np.repeat(people.province, 64).astype(np.int64))
    luck = rng.random(n, dtype=np.float32)
    for activity in SHARES:
        np.save(
            folder / f"out-{activity}.npy",
            luck * (1 + np.exp((disposition - choose_level(mixing, activity)[1]) / NOISE)) < 1,
        )
    if mixing == "ties":
        np.save(
            folder / "ties.npy",
            ties_by_words(people.ties, n) if network == "words" else ties_by_people(rng, n),
        )


def load_world(rule: Rule, folder: Path) -> World:
    ties = np.load(folder / "ties.npy") if rule.mixing == "ties" else None
    return World(
        *(np.load(folder / f"{name}.npy") for name in ("disposition", "byte", "patch")),
        ties,
        np.load(folder / f"out-{rule.activity}.npy"),
    )


def ring_ties(n: int) -> list[np.ndarray]:
    return [(np.arange(n) + k) % n for d in range(1, RING + 1) for k in (d, -d)]


def ties_by_people(rng: np.random.Generator, n: int) -> np.ndarray:
    """Ten mutual ties each: the next two on either side of a ring, and six times everybody paired
    at random; int64[10, n].
    """
    ties = np.empty((TIES, n), np.int64)
    ties[: 2 * RING] = ring_ties(n)
    for row in ties[2 * RING :]:
        order = rng.permutation(n)
        row[order[: n // 2]], row[order[n // 2 :]] = order[n // 2 :], order[: n // 2]
    return ties


def ties_by_words(words: np.ndarray, n: int) -> np.ndarray:
    """Thermidor's own ties written out person by person: word to word with a turn; int64[10, n]."""
    ties = np.empty((TIES, n), np.int64)
    ties[: 2 * RING] = ring_ties(n)
    i = np.arange(n)
    for row, of in zip(ties[2 * RING :], words, strict=True):
        tie = of[i >> 6].astype(np.int64)
        row[:] = (tie >> 6) * 64 + ((i & 63) + (tie & 63)) % 64
    return ties


def count_out(ties: np.ndarray, out: np.ndarray, number: int) -> np.ndarray:
    """How many of everybody's ties are out, in NumPy. Ties are mutual: few tell their ties, many
    are looked up.
    """
    n = out.size
    if number < n // 20:
        return np.bincount(ties[:, np.flatnonzero(out)].ravel(), minlength=n)
    seen = out.view(np.uint8)
    count = seen[ties[0]]
    for row in ties[1:]:
        count += seen[row]
    return count


def spread(world: World, rule: Rule, steps: int) -> float:
    """Standard error of the mean share of one library over some steps: same people, other luck and
    other ties.

    Luck gives each person-day the variance p(1 - p); who one's ties are gives each person a lasting
    one; what is seen in the street feeds both back.
    """
    utility = rule.level + SHARES[rule.activity] * (
        COUNTRY + (TIES * TIE if rule.mixing == "ties" else OWN)
    )
    p = 1 / (1 + np.exp((world.disposition.astype(float) - utility) / NOISE))
    slope = p * (1 - p) / NOISE
    lasting = (slope**2).mean() * TIE**2 * TIES * p.var() if rule.mixing == "ties" else 0.0
    feedback = slope.mean() * (COUNTRY + (TIES * TIE if rule.mixing == "ties" else OWN))
    return math.sqrt(((p * (1 - p)).mean() / steps + lasting) / world.n) / (1 - feedback)
