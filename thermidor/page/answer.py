"""The answer in sentences: how often the regime lasts, and what of the difference comes from the
reader's choices and what from the reader's assumptions. What cannot be told apart is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from .. import wording as words
from ..declaration.parameter import Parameter
from ..scenario.file.turns import parted
from ..scenario.scenario import Scenario
from ..study import stats
from .address import State, acting
from .futures import Some
from .sides import Sides
from .words import WORDS


class Played(NamedTuple):
    """The same futures on the three sides, those that all of them finished."""

    base: Some
    assumed: Some
    chosen: Some


def paired(base: Some, assumed: Some, chosen: Some) -> Played:
    """Only futures that were finished on every side."""
    runs = np.intersect1d(np.intersect1d(base.runs, assumed.runs), chosen.runs)
    return Played(*(s if len(s) == len(runs) else s.on(runs) for s in (base, assumed, chosen)))


def sentence(scenario: Scenario, chosen: Some) -> str:
    """The answer, in the words of `Study.answer()`."""
    n, lasted = len(chosen), int(chosen.survived.sum())
    return words.answer(stats.share(lasted, n), scenario.days, n, chosen.failed)


def difference(a: Some, b: Some) -> dict[str, Any]:
    """How much more often the first lasts than the second, future by future on the same luck."""
    x, y = a.survived, b.survived
    found = apart(stats.paired(x, y, binary=True))
    return found | {"pairs": len(x), "moved": int((x != y).sum())}


def apart(found: stats.Interval, name: str = "value") -> dict[str, Any]:
    """A difference, and whether it can be told from none."""
    return found.as_dict(name) | {"told": found.low > 0 or found.high < 0}


def in_words(found: Mapping[str, Any], of: str, how: str = "") -> str:
    """A difference of shares as it is said.

    of: what it is told from: '200 futures'.  how: what more is said of its interval.
    """
    if not found["told"]:
        return f"no difference that {of} can show"
    value, *ends = (100 * found[k] for k in ("value", "low", "high"))
    more = "more" if value > 0 else "fewer"
    low, high = sorted(map(abs, ends))
    return f"{words.two(abs(value))} of 100 {more} ({words.two(low)} to {words.two(high)}{how})"


def told(state: State, sides: Sides, played: Played) -> dict[str, Any]:
    """The answer for the page: sentences, and the numbers in them."""
    base, assumed, chosen = played
    n = len(chosen)
    acts = acting(state, sides.base)
    parts = []
    if acts.choices:
        parts.append(("choices", f"With your choices{_since(acts)}", difference(chosen, assumed)))
    if state.assumptions:
        parts.append(("assumptions", "Under your assumptions", difference(assumed, base)))
    lines = [
        {
            "of": of,
            "difference": d,
            "sentence": f"{head}: {in_words(d, words.count(d['pairs'], 'future'))}.",
        }
        for of, head, d in parts
    ]
    if parts:
        share = stats.share(int(base.survived.sum()), len(base))
        against = f"Without your changes: {words.of_hundred(*share, n=len(base))}."
    else:
        against = "Nothing is changed yet: this is the country as its file has it."
    lasts = stats.share(int(chosen.survived.sum()), n)
    return {
        "sentence": sentence(sides.chosen, chosen),
        "survival": lasts.as_dict("value"),
        "hundred": {k: words.two(100 * x) for k, x in lasts._asdict().items()},
        "futures": n,
        "agents": f"{sides.chosen.place.citizens:,}",
        "failed": chosen.failed,
        "against": against,
        "parts": lines,
        "dated": dated(state, acts, sides.base),
        "beyond": list(beyond(state, sides.base)),
    }


def valued(value: Any, of: Parameter) -> str:
    """A value of a parameter with its unit, as a sentence says it."""
    if isinstance(value, str):
        return value
    if of.switch and value in (0, 1):
        return WORDS["yes" if value else "no"]
    return f"{words.exact(value)} {of.unit}"


def _since(state: State) -> str:
    """From which day the reader's choices hold, where they do not hold from the first."""
    dates = sorted({parted(key)[1] for key in state.choices})
    if not any(dates):
        return ""
    if dates[0]:
        return f" from {dates[0]} on" if len(dates) == 1 else f" from {words.listed(dates)} on"
    return f", of which some turn on {words.listed(dates[1:])}"


def dated(state: State, acts: State, base: Scenario) -> list[str]:
    """A sentence for each choice that turns on a date, or that changes nothing.

    acts: the state without those that change nothing.
    """
    out = []
    for key, value in sorted(state.choices.items(), key=lambda kv: (parted(kv[0])[1], kv[0])):
        name, date = parted(key)
        p = base.parameters[name].parameter
        what = f"{p.why}, {valued(value, p)}"
        since = f"From {date} on: {what}" if date else words.upper(what)
        if key not in acts.choices:
            out.append(f"{since}: the same as without it, so that it changes nothing.")
        elif date:
            out.append(f"{since}.")
    return out


def beyond(state: State, base: Scenario) -> Iterator[str]:
    """A sentence for each value outside the range for which the country's ledger stands."""
    for key, value in {**state.choices, **state.assumptions}.items():
        a = base.parameters[parted(key)[0]]
        if a.parameter.options or not a.low < a.high or a.low <= value <= a.high:
            continue
        yield (
            f"{words.upper(a.parameter.why)}: {words.exact(value)} lies outside the plausible "
            f"range of {words.exact(a.low)} to {words.exact(a.high)} {a.parameter.unit}."
        )
