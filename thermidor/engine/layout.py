"""The world of many futures as a table: a row a future, a column a number.

First come the states, in the order in which they are recorded, then the channels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from .columns import Columns


class Span(NamedTuple):
    """The columns of a state or a channel, from `begin` to before `end`."""

    begin: int
    end: int
    shape: tuple[int, ...]


class Layout:
    """Where in a row each state and channel stands.

    daily, local: the columns of which every day, and those of which the peak, the mean and the last
    day are recorded.  states: all columns of states; channels: those after them.
    """

    def __init__(self, columns: Columns):
        wiring = columns.wiring
        self.columns = columns
        self.spans: dict[str, Span] = {}
        self._end = 0
        self.daily = self._add(columns.single, columns.lists)
        self.local = self._add(columns.local)
        self._add(columns.unseen)
        self.states = slice(0, self._end)
        self.channels = self._add(sorted(wiring.channels))
        self.width = self._end
        self.speakers = {pair: k for k, pair in enumerate(wiring.speakers())}
        told = [(m.name, what) for m in wiring.mechanisms for what in m.tells]
        self.tells = {pair: k for k, pair in enumerate(told)}

    def _add(self, *groups: Iterable[str]) -> slice:
        """Columns for these words, after those that there are."""
        begin = self._end
        wiring = self.columns.wiring
        for word in (w for words in groups for w in words):
            q = wiring.states.get(word) or wiring.channels[word]
            shape = self.columns.shape(q.by)
            self.spans[word] = Span(self._end, self._end + math.prod(shape), shape)
            self._end += math.prod(shape)
        return slice(begin, self._end)
