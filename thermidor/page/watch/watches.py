"""The futures that are watched, each played once for all who watch it, as long as anybody does."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field

from ...report.sections.study_view import StudyView
from ...scenario.scenario import Scenario
from ...support.stopping import Stopped
from ..pool import FIRST, Pool, Token
from .story import Story, begun, kept, play

MOST_STORIES = 12  # that are kept in memory
MOST_STUDIES = 4
Key = tuple[str, int, int, int]


@dataclass
class Watched:
    """A future and who wants it; it stops within a day when nobody does."""

    story: Story
    tokens: list[Token] = field(default_factory=list)
    done: Future[None] = field(default_factory=Future)


class Watches:
    """By fingerprint, seed, agents and number."""

    def __init__(self, pool: Pool):
        self.pool, self._lock = pool, threading.Lock()
        self._all: OrderedDict[Key, Watched] = OrderedDict()
        self._studies: OrderedDict[str, StudyView] = OrderedDict()

    def ask(self, s: Scenario, seed: int, run: int, token: Token, urgency: int = FIRST) -> Watched:
        """A future, as far as it is played, or about to be."""
        key = s.hash, seed, s.place.citizens, run
        with self._lock:
            found = self._all.get(key)
            if found is None or _lost(found):
                found = here = self._all[key] = Watched(begun(s, seed, run), [token])
                found.done = self.pool.submit(lambda: self._play(key, here, s), urgency)
            else:
                found.tokens.append(token)
            self._all.move_to_end(key)
            while len(self._all) > MOST_STORIES:
                self._all.popitem(last=False)
            return found

    def _play(self, key: Key, watched: Watched, s: Scenario) -> None:
        def check() -> None:
            with self._lock:
                if all(t.cancelled for t in watched.tokens):
                    if self._all.get(key) is watched:
                        del self._all[key]
                    raise Stopped

        play(watched.story, s, check)

    def study(self, path: str) -> StudyView:
        """A folder of results, read once."""
        with self._lock:
            if path not in self._studies:
                self._studies[path] = StudyView(path)
                while len(self._studies) > MOST_STUDIES:
                    self._studies.popitem(last=False)
            return self._studies[path]

    def kept(self, path: str, run: int) -> Watched:
        """A future of a study. Raises Fault where there is none."""
        watched = Watched(kept(self.study(path), run))
        watched.done.set_result(None)
        return watched


def _lost(found: Watched) -> bool:
    return found.done.done() and found.done.exception() is not None
