"""The gate of effects, as text for a terminal and for the documentation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..terminal.console import console, escape
from ..wording import listed, two

TIERS = {
    "A": "Tier A: value read or computed, interval from data or the source",
    "B": "Tier B: interval or design weak",
    "C": "Tier C: direction only",
}
Told = Mapping[str, Any]


def head(found: Told) -> list[str]:
    """The result in sentences."""
    a, b, c = (found["tiers"][k] for k in "ABC")
    both = found["gated"]
    return [
        f"Effects: of the rows that the model can express {a['inside']} of {a['of']} are inside in "
        f"tier A, {b['inside']} of {b['of']} in tier B; of those of which only the direction is "
        f"gated (tier C) {c['inside']} of {c['of']} have it, clear of zero. In all "
        f"{found['all']['inside']} of {found['all']['of']}.",
        f"Rows that speak of one thing counted once, {both['groups_inside']} of {both['groups']} "
        f"groups of tiers A and B are inside with all their rows. Of the {both['inside']} rows "
        f"inside, {both['sharp']} have an interval no wider than the table's; a wide one overlaps "
        "anything.",
        f"{found['pairs']:,} futures an arm, on common luck, seed {found['seed']}. "
        f"{len(found['not_expressed'])} rows cannot be expressed.",
    ]


def of(values: Told, key: str = "value") -> str:
    """A value with its interval, or the direction of a sign."""
    point, low, high = (values.get(k) for k in (key, "low", "high"))
    if not _number(point):
        return "not known"
    if not (_number(low) and _number(high)):
        return two(point)
    return f"{two(point)} ({two(low)} to {two(high)})"


def known(row: Told) -> str:
    """What the table has, and what its interval is."""
    if row["sign"] is not None:
        return "above" if row["sign"] > 0 else "below"
    return f"{of(row['known'])}, {row['known']['is']}"


def verdict(row: Told) -> str:
    """Whether it is inside."""
    if not row["inside"]:
        return "no"
    return "yes" if row["sharp"] else "yes, wide"


def missed(row: Told) -> str:
    """How far the model's value lies outside; nothing where it does not."""
    miss = row["miss"]
    return two(miss) if _number(miss) and abs(miss) > 0 else ""


def sides(row: Told) -> str:
    """What is compared with what."""
    against = f" against {row['control']}" if row["control"] else ""
    first, last = row["days"]
    return f"{row['treated']}{against}, days {first} to {last}: {row['reads']}"


def by_tier(found: Told) -> list[tuple[str, Sequence[Told]]]:
    """The rows under the heading of their tier."""
    return [(says, [r for r in found["rows"] if r["tier"] == k]) for k, says in TIERS.items()]


def say_effects(found: Told) -> None:
    """The gate for a terminal."""
    out = console()
    out.print()
    for line in head(found):
        out.print(f"[bold]{escape(line)}[/bold]")
    for says, some in by_tier(found):
        out.print(f"\n[bold]{escape(says)}[/bold]")
        for r in some:
            by = f", misses by {missed(r)}" if missed(r) else ""
            out.print(f"\n{escape(r['label'])} {escape(r['topic'])}: {escape(r['quantity'])}")
            out.print(f"  {escape(sides(r))}")
            told = f"model {of(r['model'])}; known: {known(r)}; inside: {verdict(r)}{by}"
            out.print(f"  {escape(told)}")
    out.print("\nRows that the model cannot express:")
    for r in found["not_expressed"]:
        out.print(f"  - {r['id']} {escape(r['topic'])}: {escape(r['reason'])}")
    built = sorted({r["label"] for r in found["rows"] if r["adds"]})
    out.print(f"\nIn part put in beforehand, or put otherwise than published: {listed(built)}.")


def _number(x: Any) -> bool:
    return isinstance(x, (int, float)) and math.isfinite(x)
