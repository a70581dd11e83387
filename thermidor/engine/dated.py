"""The dated events of a scenario: what is said into channels on their days, and what is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

TELLER = "events"  # the mechanism as which they speak: switched off, it tells none


class Dated(NamedTuple):
    """An event of the scenario's file."""

    first: int  # day
    last: int  # day
    word: str  # the channel
    value: Any  # what is said into it every day: a number, or an array of the channel's shape
    what: str  # told on the first day


def on(events: Sequence[Dated], who: str, day: int) -> Iterator[Dated]:
    """Those that a mechanism tells on a day."""
    if who == TELLER:
        yield from (e for e in events if e.first <= day <= e.last)
