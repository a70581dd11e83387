"""How claims bear on each other: which supports fail, and in which row of a picture each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FAILED = "not supported"
Links = Mapping[str, Sequence[str]]  # ids of the claims that a claim supports, or attacks


def failing(supports: Links, verdicts: Mapping[str, str]) -> dict[str, list[str]]:
    """For each claim, those that were to support it and are not supported themselves."""
    out: dict[str, list[str]] = {}
    for claim, supported in supports.items():
        if verdicts.get(claim) == FAILED:
            for other in supported:
                out.setdefault(other, []).append(claim)
    return out


def ranks(ids: Sequence[str], supports: Links) -> dict[str, int]:
    """The row of each claim, 0 for those that support nothing: one above every row it supports.

    A circle, which a sound argument has not, ends the climb.
    """
    out = dict.fromkeys(ids, 0)
    for _ in ids:
        for claim in ids:
            below = [out[x] for x in supports.get(claim, ()) if x in out]
            out[claim] = min(len(ids), max(below, default=-1) + 1)
    return out
