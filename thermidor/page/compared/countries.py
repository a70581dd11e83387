"""The reader's country beside others that are served, as their files have them. Futures of
different countries are not pairs, so differences between them are of two samples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ... import wording as words
from ...scenario.scenario import Scenario
from ...study import stats
from ...study.costs import of_columns
from ...support.faults import Fault, near
from ..answer import apart, in_words, sentence
from ..futures import WEEK, Some
from . import drawn

MOST = 3  # countries beside the reader's
PER = 100_000  # residents, of whom costs are told
UNPAIRED = (
    "Two countries are not one country with a change and without: differences between them are of "
    "two samples, not of pairs, and say nothing of why they differ."
)
UNPAIRED_TOO = ", unpaired"  # in a sentence on a difference
OWN = "Choices and assumptions are changed in {first} only; the others are as their files have them"


def named(text: str, served: Mapping[str, Any], own: str, what: str, most: int) -> list[str]:
    """The names of an address that are laid beside the reader's. Raises Fault."""
    found = list(dict.fromkeys(n for n in text.split(",") if n))
    faults = [
        f"there is no {what} '{n[:40]}' here; there are {', '.join(served) or 'none'}."
        f"{near(n, served)}"
        for n in found
        if n not in served
    ]
    found = [n for n in found if n != own]
    if len(found) > most:
        faults.append(f"{len(found)} are named; at most {most} stand beside the first.")
    if faults:
        raise Fault(faults)
    return found


def told(
    scenarios: Sequence[Scenario], played: Sequence[Some], changed: bool, upto: int
) -> dict[str, Any]:
    """The countries beside each other.

    changed: whether the reader changed the first.  upto: futures that were wanted of each.
    """
    titles = [s.title for s in scenarios]
    sides = [
        drawn.Side(t, p.ending, p.day, s.days)
        for t, s, p in zip(titles, scenarios, played, strict=True)
    ]
    day = common(scenarios)
    notes = [UNPAIRED] if len(sides) > 1 else []
    if len({s.days for s in scenarios}) > 1:
        lengths = words.listed([f"{s.title} {s.days:,}" for s in scenarios])
        notes.insert(
            0,
            f"Futures last differently many days ({lengths}); they are compared on day {day:,}, "
            "the last week's end that all have.",
        )
    if changed and len(sides) > 1:
        notes.append(f"{OWN.format(first=titles[0])}.")
    if len({s.start for s in scenarios}) > 1:
        starts = words.listed([f"{s.title} on {s.start}" for s in scenarios])
        notes.append(f"Day 0 is not the same date: {starts}.")
    return {
        "sides": [
            {
                "name": s.name,
                "title": t,
                "sentence": sentence(s, p),
                "hash": s.hash,
                "futures": len(p),
                "failed": p.failed,
                "days": s.days,
                "start": str(s.start),
            }
            for t, s, p in zip(titles, scenarios, played, strict=True)
        ],
        "day": day,
        "differences": differences(sides, day),
        "charts": [
            drawn.curves(sides, "Futures still in power", apart=True),
            drawn.endings(sides),
            _costs(scenarios, played, sides, day),
        ],
        "notes": notes,
        "futures": upto,
    }


def common(scenarios: Sequence[Scenario]) -> int:
    """The last day that all have and of which states are known in each."""
    fewest = min(s.days for s in scenarios)
    return fewest if len({s.days for s in scenarios}) == 1 else fewest // WEEK * WEEK


def differences(sides: Sequence[drawn.Side], day: int) -> list[dict[str, Any]]:
    """How much more often the first is in power on a day than each of the others."""
    shares = [stats.share(int(s.in_power_on(day).sum()), len(s.day)) for s in sides]
    out = []
    for s, found in zip(sides[1:], shares[1:], strict=True):
        d = apart(unpaired(shares[0], found))
        a, b = (words.of_hundred(*x, n=len(s.day)) for x in (shares[0], found))
        head = f"On day {day:,} {sides[0].name} is in power in {a}, {s.name} in {b}: "
        said = in_words(d, f"{len(s.day):,} futures of each", UNPAIRED_TOO)
        about = {"of": sides[0].name, "against": s.name, "paired": False, "day": day}
        out.append(d | about | {"sentence": f"{head}{said}."})
    return out


def unpaired(a: stats.Interval, b: stats.Interval) -> stats.Interval:
    """The difference of two shares of futures that are no pairs."""
    return stats.both(a, stats.Interval(-b.value, -b.high, -b.low))


def _costs(
    scenarios: Sequence[Scenario],
    played: Sequence[Some],
    sides: Sequence[drawn.Side],
    day: int,
) -> drawn.Chart:
    """What each cost by a day, of so many residents, since countries differ in size."""
    called = dict[str, str]()
    for s in scenarios:
        called |= of_columns(s.columns)
    values = [_by(s, p, day) for s, p in zip(scenarios, played, strict=True)]
    text = (
        f"By day {day:,}, of {PER:,} residents (days below the poverty line: per head); a future "
        "that ended before counts to its end. Where no number of residents is known, of all."
    )
    return drawn.costs(sides, values, called, "median (90 of 100 futures)", text)


def _by(s: Scenario, p: Some, day: int) -> dict[str, npt.NDArray[np.float64]]:
    """The costs of each future by a day."""
    residents = sum(r.population for r in s.file.place.provinces)
    out = {}
    for k, c in enumerate(s.columns.costs):
        x = p.paid[np.arange(len(p)), np.minimum(p.day, day), k].astype(float)
        whole = residents and c.quantity.unit.startswith("person")
        out[c.name] = x * PER / residents if whole else x
    return out
