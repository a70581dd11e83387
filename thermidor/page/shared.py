"""What all requests share: the countries, studies and beliefs that are served, and the one pool."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from ..scenario.file.gather import bundled
from ..scenario.file.yamlfile import read as read_yaml
from ..support.faults import Fault
from ..support.machine import cores
from .futures import REFINED
from .jobs import Jobs
from .pool import Pool
from .sides import Countries


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
        self.named, self.studies, self.beliefs = named, studies or {}, beliefs or {}
        self.countries = Countries(named)
        self.pool = Pool(size or cores())
        self.jobs = Jobs(self.countries, self.pool)

    def titles(self) -> dict[str, str]:
        """Of the countries, by name."""
        library = bundled()
        found = {}
        for name, reference in self.named.items():
            data: Any = read_yaml(library.get(reference, reference))[0]
            found[name] = str(data.get("title", name))
        return found

    def prepare(self) -> None:
        """Play the first country as it is, so that its first answer is there when it is opened."""
        with contextlib.suppress(Fault):  # which is told when the country is asked for
            country = self.countries.country(next(iter(self.named)))
            self.jobs.held.ask(country, 1, REFINED, None)
