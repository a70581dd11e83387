"""Two people's beliefs, one's with some of the other's, and how stored futures weigh under them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from ...scenario.argument.beliefs import Beliefs, idle, read
from ...scenario.assumption import Assumption
from ...scenario.scenario import Scenario
from ...support.arrays import Array
from ...support.faults import Fault
from ...support.writing import whole
from .ledgertable import prior_of

Build = Callable[[Path | None], Scenario]  # a country with the beliefs of a file, or its own


@dataclass(frozen=True)
class Mixed:
    """Two people on one country. base: with its own beliefs.  keys: assumptions in which the two
    differ.  build: makes the country with the beliefs of a file.  folder: where mixed files go.
    """

    build: Build
    a: Beliefs
    b: Beliefs
    folder: Path
    base: Scenario
    keys: tuple[str, ...]
    made: dict[frozenset[str], Scenario] = field(default_factory=dict)  # each once

    @property
    def holders(self) -> tuple[str, str]:
        """What to call the two."""
        a, b = self.a.file.holder, self.b.file.holder
        return (a, b) if a != b else (f"{a} (first file)", f"{b} (second file)")

    def file(self, given: Collection[str]) -> Path | None:
        """A's beliefs with B's in these assumptions, as a file; None if nothing is then believed
        otherwise than the ledger has it.
        """
        mine, theirs = self.a.file.assumptions, self.b.file.assumptions
        rows = {}
        for key in dict.fromkeys([*mine, *theirs]):
            whose = theirs if key in given else mine
            if key in whose:
                rows[key] = _plain(whose[key])
        if not rows:
            return None
        name = "all" if set(given) >= set(self.keys) else "+".join(sorted(given)) or "none"
        path = self.folder / f"{_short(name)}.beliefs.yaml"
        told = {
            "beliefs": 1,
            "holder": f"{self.holders[0]}, with {self.holders[1]} in: {name}"[:3999],
            "date": self.a.file.date,
            "assumptions": rows,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
        whole(path, lambda p: p.write_text(text, encoding="utf-8"))
        return path

    def scenario(self, given: Collection[str]) -> Scenario:
        """The country as A sees it, with B's beliefs in these assumptions."""
        key = frozenset(given)
        if key not in self.made:
            self.made[key] = self.build(self.file(key))
        return self.made[key]


def mixed(a: Path, b: Path, build: Build, folder: Path, found_before: Sequence[str] = ()) -> Mixed:
    """The beliefs of two files on one country. Raises Fault with what is wrong in both, after the
    faults found before, and if they differ in nothing.
    """
    faults, made = list(found_before), []
    for path in (a, b):
        try:
            beliefs = read(path)
            made.append((beliefs, build(path)))
            faults += [f"{f[:-1]}; leave it out." for f in idle(made[-1][1], beliefs)]
        except Fault as e:
            faults += [f for f in e.faults if f not in faults]
    if faults:
        raise Fault(faults)
    (mine, here), (theirs, there) = made
    keys = tuple(k for k in here.parameters if _belief(here, k) != _belief(there, k))
    if not keys:
        raise Fault(
            f"{a.name} and {b.name} believe the same of {here.name}, so there is nothing in which "
            "they could disagree."
        )
    return Mixed(build, mine, theirs, folder, build(None), keys)


def weights(base: Scenario, other: Scenario, seed: int, runs: Sequence[int]) -> Array | None:
    """How much likelier each future of the base is under another's beliefs, float64[futures]: the
    product of ratios of the triangular densities (prior.1) of all numbers in which they differ.

    None where no weights do: the other holds possible what the base never draws, differs in a form,
    or in what the base draws from past uprisings, whose rows say of several numbers together what
    no density of one does.
    """
    sheets = base.draw_many(seed, runs)
    w = np.ones(len(runs))
    for key in base.parameters:
        old, new = base.parameters[key], other.parameters[key]
        if _belief(base, key) == _belief(other, key):
            continue
        if key in base.fitted or not old.drawn or not new.drawn or old.parameter.options:
            return None
        if new.low < old.low or new.high > old.high:
            return None
        x = sheets.now[:, sheets.form.keys.index(key)]
        w *= density(new, x) / density(old, x)
    return w


def density(a: Assumption, x: Array) -> Array:
    """The triangular density of a belief at values, on the scale on which it is drawn."""
    prior = prior_of(a)
    low, high = (float(e) for e in prior.ends)
    t = np.asarray(prior.part(x))
    m = float(prior.part(np.array(float(a.value))))
    rising = t / m if m > 0 else np.ones_like(t)
    falling = (1 - t) / (1 - m) if m < 1 else np.ones_like(t)
    inside = (t >= 0) & (t <= 1)
    return np.where(inside, 2 * np.where(t < m, rising, falling), 0.0) / (high - low)


def _belief(s: Scenario, key: str) -> tuple[Any, ...]:
    a = s.parameters[key]
    return (a.value, a.low, a.high, a.options, key in s.fitted)


def _plain(entry: Any) -> Any:
    rows: Mapping[str, Any] = entry.model_dump(exclude_none=True)
    return dict(rows)


def _short(name: str) -> str:
    """A name for a file, of bounded length."""
    import hashlib

    if len(name) <= 60:
        return name
    return f"{name[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
