"""Numbers as the page says them: two figures, shares as counts, always with their interval."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..study import stats
from ..wording import hundred, span

FEW = 100  # futures below which a share is told as it was counted
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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


def part_between(n: int, of: int, one: str = "future", headline: bool = False) -> str:
    """The same with its 95 % interval. headline: it stands alone, so it says of how many."""
    low, high = stats.share(n, of)[1:]
    computed = f"; {of:,} computed" if headline else ""
    return f"{part(n, of, one)} ({span(low, high)}{' of 100' if of < FEW else computed})"


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
