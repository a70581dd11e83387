"""Published sizes of effects on authoritarian survival: the rows of effects.csv.

A row's note begins with three tags: its tier (A: value read or computed, interval from data or
source; B: interval or design weak; C: direction only), where its interval comes from, and whether a
paired run may be held against it. No interval in the table was read as a confidence interval in a
paper, so none is ever called one: most are counted from data, some are the spread of a source's
specifications, and the others are tolerances of this project.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .tablefile import rows, table

TAGS = re.compile(r"tier=(?P<tier>[ABC]); interval=(?P<interval>.+?); paired=(?P<paired>\w+)")
FROM_DATA = ("binomial", "country-cluster bootstrap")  # intervals counted from data
# Rows that speak of one thing, often with the same regimes: they count once.
GROUPS = (
    ("E01", "E02"),
    ("E08", "E09", "E10", "E11", "E12"),
    ("E16", "E18"),
    ("E24", "E25"),
    ("E42", "E43", "E44"),
    ("E49", "E50"),
)


class Effect(NamedTuple):
    """A row: what was found of what, and how far it can be trusted.

    value: in `unit`; of a sign +1 or -1.  low, high: the interval, None for a sign.  tier: A, B or
    C.  interval: where low and high come from.  paired: yes, loose or no.
    """

    id: str
    topic: str
    quantity: str
    value: float
    low: float | None
    high: float | None
    unit: str
    population: str
    source: str
    tier: str
    interval: str
    paired: str

    @property
    def sign(self) -> bool:
        """Whether only a direction was found."""
        return self.low is None

    @property
    def kind(self) -> str:
        """What its interval is, in words: from data, the source's range, or our tolerance."""
        if self.sign:
            return "direction"
        if self.interval.startswith(FROM_DATA):
            return "counted from data"
        return "the source's range" if self.interval.startswith("source") else "our tolerance"

    @property
    def group(self) -> str:
        """The first row of those that speak of the same thing."""
        return next((g[0] for g in GROUPS if self.id in g), self.id)


def effects() -> dict[str, Effect]:
    """The rows by id. Raises ValueError for one without its three tags."""
    return {r["id"]: effect(r) for r in rows(table("effects.csv"))}


def effect(row: dict[str, str]) -> Effect:
    """A row of the table. Raises ValueError where its note does not begin with the three tags."""
    tags = TAGS.match(row["note"])
    if not tags:
        raise ValueError(f"{row['id']}: its note must begin with tier, interval and paired")
    value, low, high = (float(row[k]) if row[k] else None for k in ("value", "low", "high"))
    if value is None or (low is None) != (high is None):
        raise ValueError(f"{row['id']}: a value is needed, and both ends of its interval or none")
    return Effect(
        row["id"],
        row["topic"],
        row["quantity"],
        value,
        low,
        high,
        row["unit"],
        row["population"],
        row["source"],
        tags["tier"],
        tags["interval"],
        tags["paired"],
    )
