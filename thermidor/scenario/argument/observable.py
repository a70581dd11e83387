"""Which daily series somebody outside can see, so that they may be named as what to look at.

What people do in the open, what monitors and the press count, what the state or markets publish.
Left out is what only those inside know (who would refuse, what plotters expect), what nobody
measures by day (opposition in private, loyalty, trust), what a number cannot rank (what the ruler
does, by its code), and every state of a mechanism that is not of the package: whether it can be
seen is not known. An observation of one that is left out may still be given to `update`, as an
estimate with its range.
"""

from __future__ import annotations

from collections.abc import Iterable

OBSERVABLE = frozenset(
    (
        # the street and what is done to it
        *("turnout_country", "killed_protest", "injured", "arrested", "jailed", "executed"),
        *("exiled", "deployment", "shutdown", "sparks"),
        # the palace
        *("leaks", "attempts", "coup", "successions", "transfer", "broken"),
        *("talks", "sharing", "concession", "pact", "pacts", "pact_days", "pact_broken"),
        # money
        *("oil_price", "reserves", "inflation", "wages", "currency"),
        # outsiders
        *("sanctions", "offer", "relief", "deal", "deals", "deal_days", "breached"),
        *("breached_regime", "programme_level", "breakouts", "campaign", "killed_strikes"),
        *("commanders_lost", "occupied", "broadcaster_damage"),
    )
)


def observable(names: Iterable[str]) -> list[str]:
    """Of these daily series those that can be seen, in their order."""
    return [n for n in names if n in OBSERVABLE]
