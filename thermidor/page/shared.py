"""What all requests share: the countries, studies and beliefs that are served, and the one pool."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from ..engine.batch import Batch, Futures
from ..scenario.file.gather import bundled
from ..scenario.file.yamlfile import read as read_yaml
from ..study.futures.warm import ready
from ..support.faults import Fault
from ..support.machine import cores
from .address import State
from .exports.dropped import Dropped
from .futures import PREVIEW, REFINED
from .jobs import Jobs
from .model import model
from .pool import Pool
from .sides import Countries
from .watch.watches import Watches

DEFAULT = {"left": "survival", "right": "crowds"}  # the charts, where the reader chose none


class Shared:
    """What is served, and what plays its futures.

    named: references of countries by name.  studies, beliefs: folders of results and files of
    beliefs by name; nothing else on this machine can be asked for.  size: threads that play
    futures, a core each if left out.
    """

    def __init__(
        self,
        named: Mapping[str, str],
        size: int | None = None,
        studies: Mapping[str, str] | None = None,
        beliefs: Mapping[str, str] | None = None,
    ):
        self.named = dict(named)
        self.studies, self.beliefs = studies or {}, beliefs or {}
        self.dropped = Dropped(self.named)
        self.countries = Countries(self.named, self.dropped)
        self.pool = Pool(size or cores())
        self.jobs = Jobs(self.countries, self.pool)
        self._models: dict[str, dict[str, Any]] = {}
        self.watches = Watches(self.pool)

    def titles(self) -> dict[str, str]:
        """Of the countries, by name."""
        library = bundled()
        found = {}
        for name, reference in self.named.items():
            data: Any = read_yaml(library.get(reference, reference))[0]
            found[name] = str(data.get("title", name))
        return found

    def prepare(self) -> None:
        """Play the first country as it is, so that its first answer is there when it is opened; and
        load what telling it needs.
        """
        with contextlib.suppress(Fault):  # which is told when the country is asked for
            state = State(next(iter(self.named)))
            sides = self.countries.sides(state)
            self.model(state.country)
            Batch(Futures([sides.base], [0]), compile_steps=ready())  # loads the steps
            few, held = sides.few(), self.jobs.held
            first = held.ask(few.base, state.seed, PREVIEW, None)
            every = held.ask(sides.base, state.seed, REFINED, None)
            for some, asked in ((few, first), (sides, every)):
                self.jobs.answer(state, some, [asked] * 3, list(DEFAULT.values()))

    def model(self, name: str) -> dict[str, Any]:
        """What a page of this country is generated from, made once. Raises Fault."""
        if self.dropped.get(name):  # which is kept for a while only
            return model(self.countries.country(name))
        if name not in self._models:
            self._models[name] = model(self.countries.country(name))
        return self._models[name]
