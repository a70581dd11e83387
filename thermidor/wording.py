"""Numbers into words and sentences, the same in the terminal, on the page and in the docs.

Likelihoods follow the rules of ICD 203 (Office of the Director of National Intelligence 2015):
likelihood and confidence stand in separate sentences. A band is named from the interval: where it
touches two bands, both are said. Below 1 and above 99 in 100 there is no word, so the number is
given. On the page numbers have two figures, and shares stand as counts with their interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

BANDS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.0, "almost certain"),
)
NOT_SETTLED = "not settled"
EQUAL, WHOLE, NOT_KEPT = "equal", "whole", "not kept"  # how the days of a pair are counted
WEAK = ("judgement", "analogy")
FEW = 100  # futures below which a share is told as it was counted
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def band(p: float) -> str:
    """The word for one probability."""
    if p < 0.01:
        return "less than 1 in 100"
    if p > 0.99:
        return "more than 99 in 100"
    return next(word for top, word in BANDS if p <= top)


def numbered(p: float) -> str:
    """The word with the numbers of its band: unlikely (20-45 %)."""
    word = band(p)
    bottom = 0.01
    for top, name in BANDS:
        if name == word:
            return f"{word} ({100 * bottom:.0f}-{100 * min(top, 0.99):.0f} %)"
        bottom = top
    return word


def likelihood(p: float, low: float, high: float) -> str:
    """The word, or two where the interval touches two bands."""
    first, last = numbered(low), numbered(high)
    return first if first == last else f"{first} to {last}"


def on_average(chance: float, seen: str) -> str:
    """The sentence on the likelihood of a claim. seen: what it is told from: '200 pairs'."""
    word = numbered(chance)
    if "in 100" in word:
        what = "The chance that this holds on average over the ranges of the ledger"
        return f"{what} is {word}, from {seen}."
    own = f", here {hundred(chance)} in 100"
    return f"That this holds on average over the ranges of the ledger is {word}{own}, from {seen}."


def settled(verdict: str, pairs: int | None, what: str = "pairs") -> str:
    """A verdict as it is said: what is not settled, with the pairs that would settle it.

    what: futures, where one arm is held against a number.
    """
    if verdict != NOT_SETTLED or not pairs:
        return verdict
    return f"{verdict}: would need about {float(f'{pairs:.2g}'):,.0f} {what}"


def objections(of: Mapping[str, str] | None) -> list[str]:
    """What would be held against a verdict from either side, a line each."""
    return [f"A {who} of the claim may object: {of[who]}" for who in of] if of else []


def over_shared_days(days: float) -> str:
    """Up to when costs of several sides are counted."""
    return (
        "Costs are counted over the days that the futures of all sides lived (up to day "
        f"{days:,.0f} on average)."
    )


def exposed(exposure: Mapping[str, Any] | None, whole: str) -> str:
    """How the days of the two sides of a comparison were counted; nothing where all are alike.

    exposure: as a test has it.  whole: the effect over all days of each future, in words.
    """
    if not exposure:
        return ""
    if exposure["counted"] == WHOLE:
        return "counted over all days of each future, as the test asks"
    if exposure["counted"] == NOT_KEPT:
        return "counted over all days of each future, since daily series were not kept"
    if not exposure["cut"]:
        return "both futures of each pair lived equally long"
    cut, days = count(exposure["cut"], "pair"), exposure["days"]
    return (
        f"counted over the days that both futures of a pair lived (of unequal length in {cut}; up "
        f"to day {days:,.0f} on average); over all days of each: {whole}"
    )


def hundred(p: float) -> str:
    """A share as a count out of 100, with one decimal where whole numbers hide it."""
    x = round(100 * p, 6)
    return f"{x:.0f}" if (x == round(x) or 1.5 < x < 98.5) else f"{x:.1f}"


def span(low: float, high: float) -> str:
    return f"{hundred(low)} to {hundred(high)}"


def number(x: float) -> str:
    """Two or three figures, with words for large numbers."""
    a = abs(x)
    if a >= 1e9:
        return f"{x / 1e9:.3g} billion"
    if a >= 1e6:
        return f"{x / 1e6:.3g} million"
    if a >= 999.5:
        return f"{float(f'{x:.3g}'):,.0f}"
    return f"{x:.3g}"


def confidence(grades: Mapping[str, int], skill: tuple[float, float] | None) -> str:
    """A sentence on confidence from what the assumptions rest on and how the model did against past
    uprisings.

    skill: Brier skill out of sample against the base rate and the low end of its interval; None if
    it was not scored.
    """
    total = max(1, sum(grades.values()))
    weak = sum(grades.get(g, 0) for g in WEAK) / total
    proven = skill is not None and skill[1] > 0
    level = "Low" if not proven or weak > 0.6 else "Moderate" if weak > 0.3 else "High"
    reason = f"{round(100 * weak)} of 100 assumptions rest on judgement or analogy"
    history = (
        "it has not yet been scored against past cases"
        if skill is None
        else "it told past uprisings that succeeded from those that failed better "
        "than their base rate"
        if proven
        else "it has not been shown to tell past uprisings that succeed from those that fail "
        "better than their base rate"
    )
    return f"{level} confidence: {reason}, and {history}."


def of_futures(count: int, n: int) -> str:
    """A count of futures: out of 100, or as it is where fewer than 100 were computed."""
    return f"{count:,} of {n:,} futures" if n < 100 else f"{hundred(count / n)} of 100 futures"


def answer(
    alive: tuple[float, float, float],
    days: int,
    finished: int,
    failed: int = 0,
    bounds: tuple[float, float] | None = None,
) -> str:
    """The answer to a run in a sentence, and one on the futures that failed.

    alive: share still in power with its interval.  bounds: that share if all that failed had
    fallen, and if none had.
    """
    p, low, high = alive
    lasts = f"the regime is still in power after {days:,} days"
    if not finished:
        return (
            f"No future was finished; {failed:,} failed." if failed else "There is no future yet."
        )
    number = of_futures(round(p * finished), finished)
    if finished == 1:
        ends = lasts if p == 1 else lasts.replace("still", "no longer")
        told = f"In the only future {ends}; one future says nothing of how often."
    elif finished < 100:
        told = f"In {number} {lasts} (95 % interval: {span(low, high)} of 100)."
    else:
        told = f"In {number} {lasts} ({span(low, high)}; {finished:,} futures computed)."
    if not failed:
        return told
    every = finished + failed
    are = "is" if failed == 1 else "are"
    told += f" {failed:,} of {every:,} futures failed and {are} left out."
    return f"{told} {at_worst(bounds, every)}" if bounds else told


def over_points(told: str) -> str:
    """A sentence on all futures of a sweep, which are not those of one scenario."""
    return f"Over all points of the sweep together, {told[:1].lower()}{told[1:]}"


def at_worst(bounds: tuple[float, float], every: int) -> str:
    """What the futures that failed could have made of the answer.

    bounds: share of all futures in power at the end if those that failed all fell, and if none did.
    """
    worst, best = (of_futures(round(b * every), every) for b in bounds)
    return f"Had all that failed lost power, {worst} would still be in power; had none, {best}."


def two(x: float | None, figures: int = 2) -> str:
    """A number with two figures that count: 4,700 or 0.0013."""
    if x is None or not math.isfinite(x):
        return "–"
    if x == 0:
        return "0"
    rounded = round(x, figures - 1 - math.floor(math.log10(abs(x))))
    return f"{'−' if x < 0 else ''}{_plain(abs(rounded), figures)}"


def _plain(a: float, figures: int) -> str:
    """A number above zero, already rounded."""
    for size, word in ((1e9, " billion"), (1e6, " million")):
        if a >= size:
            return f"{float(f'{a / size:.{figures}g}'):,g}{word}"
    if a >= 10 ** (figures - 1):
        return f"{a:,.0f}"
    if a < 1e-4:
        mantissa, exponent = f"{a:.{figures - 1}e}".split("e")
        return f"{float(mantissa):g} × 10{str(int(exponent)).translate(SUPERSCRIPT)}"
    return f"{a:.{max(0, figures - 1 - math.floor(math.log10(a)))}f}"


def about(n: float | None) -> str:
    """How many would do: two figures, rounded up, for it is an estimate. 350."""
    if n is None or not math.isfinite(n) or n <= 0:
        return "–"
    size = 10 ** max(0, math.floor(math.log10(n)) - 1)
    return f"{math.ceil(round(n / size, 9)) * size:,}"


def exact(x: float | str | None) -> str:
    """A parameter's value as its file would give it."""
    if x is None:
        return "–"
    if isinstance(x, str):
        return x
    return two(x, 4) if x and (abs(x) < 1e-4 or abs(x) >= 1e6) else f"{x:,.6g}".replace("-", "−")


def signed(x: float, figures: int = 2) -> str:
    """A difference with its sign."""
    if not math.isfinite(x):
        return "–"
    return two(x, figures) if x <= 0 else "+" + two(x, figures)


def between(low: float, high: float) -> str:
    """A range; nothing if it is not known."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval"
    return f"{two(low)} to {two(high)}"


def of_hundred(p: float, low: float, high: float, n: int = 100) -> str:
    """A share as a count out of 100 with its interval, or of n where n is less than 100."""
    if n < 100:
        return f"{round(p * n)} of {n} ({span(low, high)} of 100)"
    return f"{hundred(p)} of 100 ({span(low, high)})"


def part(n: int, of: int, one: str = "future") -> str:
    """A share as it was counted, or out of 100 where at least as many were counted."""
    if of < FEW:
        return f"{n:,} of {count(of, one)}"
    return f"{hundred(n / of)} of 100 {one}s"


def people(share: float, population: float) -> str:
    """A share of residents as people, or of a million residents if the population is not known."""
    if population:
        return f"{two(share * population)} people"
    return f"{two(share * 1e6)} of a million residents"


def count(n: int, one: str, many: str | None = None) -> str:
    """1 future, 2 futures."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def upper(text: str) -> str:
    """The first letter in capitals, the rest as it is."""
    return text[:1].upper() + text[1:]
