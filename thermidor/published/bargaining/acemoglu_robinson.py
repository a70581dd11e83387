"""Acemoglu and Robinson 2001, 2006: redistribution, revolution and democracy.

Under the threat of revolution the rich can promise to share, but the threat passes and the promise
with it. It is believed only if a revolution would destroy enough; otherwise the rich must hand over
power itself, which binds them tomorrow too, or repress. The rarer the threat, the less a promise is
worth: the poor's short window makes democracy more likely, not less.

Citation: Acemoglu and Robinson (2006), Economic Origins of Dictatorship and Democracy, Cambridge
University Press, equations 6.11 and 6.12; Acemoglu and Robinson (2001), American Economic Review
91(4).

Switched off: all but negotiation.4. Pacts of a scenario use the same threshold with a cost of
revolution that falls with turnout.

Departs: the cost of taxation is quadratic, tau^2/2, as in the notes; the values are solved from the
book's equations and not put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...mechanisms import negotiation
from .._solve import roots
from ..check import Check

KEY = "AcemogluRobinson2006"
TAX, PROMISE, GAIN = (
    "mechanisms.negotiation.median_tax",
    "mechanisms.negotiation.promise_threshold",
    "mechanisms.negotiation.redistributed",
)
CASES = {
    (0.8, 0.2, 0.95, 0.3): (0.75, 0.724625, 0.575),
    (0.8, 0.2, 0.95, 0.7): (0.75, 0.639125, 0.575),
    (0.5, 0.2, 0.90, 0.25): (0.375, 0.481719, 0.443750),
    (0.9, 0.1, 0.95, 0.1): (0.888889, 0.848444, 0.544444),
}


def revolution(mu: float, rich: float, patience: float) -> float:
    """What a poor person has for ever after a revolution that destroys mu (mean income 1)."""
    return (1 - mu) / ((1 - rich) * (1 - patience))


def promised(share: float, rich: float, patience: float, threat: float) -> float:
    """Value to a poor person, under threat, of redistribution only while the threat lasts."""
    income = (1 - share) / (1 - rich)
    gain = negotiation.redistributed(share, rich, negotiation.median_tax(share, rich)) / (1 - rich)
    values = np.linalg.solve(
        np.eye(2) - patience * np.array([[threat, 1 - threat]] * 2), [income + gain, income]
    )
    return float(values[0])


def best_tax(share: float, rich: float) -> float:
    """The tax at which what the poor get is flat."""
    step = 1e-4
    return roots(
        lambda t: (
            negotiation.redistributed(share, rich, t + step)
            - negotiation.redistributed(share, rich, t - step)
        ),
        0.0,
        1.0,
        100,
    )[0]


def checks(slow: bool) -> Iterator[Check]:
    for case, (tax, promise, democracy) in CASES.items():
        name, (share, rich, patience, threat) = ", ".join(map(str, case)), case
        test = "T10" if share == 0.8 else None
        yield Check(
            f"tax of the poor, {name}",
            tax,
            negotiation.median_tax(share, rich),
            1e-6,
            f"{KEY}: closed form",
            (TAX,),
            test=test,
        )
        yield Check(
            f"tax that brings them most, {name}",
            tax,
            best_tax(share, rich),
            1e-6,
            f"{KEY}: closed form",
            (GAIN,),
        )
        mu = negotiation.promise_threshold(*case)
        yield Check(
            f"cost of revolution from which a promise is believed, {name}",
            promise,
            mu,
            1e-6,
            f"{KEY}: closed form",
            (PROMISE,),
            test=test,
        )
        yield Check(
            f"cost from which democracy is enough, {name}",
            democracy,
            negotiation.promise_threshold(share, rich, patience, 1.0),
            1e-6,
            f"{KEY}: closed form",
            (PROMISE,),
            test=test,
        )
        yield Check(
            f"promise over revolution at the threshold, {name}",
            0,
            promised(*case) - revolution(mu, rich, patience),
            1e-9,
            f"{KEY}: equations 6.11 and 6.12",
            (PROMISE, GAIN, TAX),
            test=test,
        )
    share, rich, patience, threat = case = (0.8, 0.2, 0.95, 0.3)
    yield Check(
        "value of the promise, 0.8, 0.2, 0.95, 0.3",
        6.884375,
        promised(*case),
        1e-6,
        f"{KEY}: equations 6.11 and 6.12",
        (GAIN, TAX),
        test="T10",
    )
    yield Check(
        "value of revolution at the threshold, the same",
        6.884375,
        revolution(negotiation.promise_threshold(*case), rich, patience),
        1e-6,
        f"{KEY}: equations 6.11 and 6.12",
        (PROMISE,),
        test="T10",
    )
    rarer = np.diff(
        [negotiation.promise_threshold(share, rich, patience, q) for q in np.linspace(0.05, 1, 20)]
    )
    yield Check(
        "steps at which a rarer threat does not raise the threshold",
        0,
        float((rarer >= 0).sum()),
        0.0,
        f"{KEY}: published",
        (PROMISE,),
    )


def picture() -> dict[str, Any]:
    threat = np.linspace(0, 1, 51)
    return {
        "title": "The rarer the threat, the less a promise is worth",
        "x": "chance a year that the threat returns",
        "y": "cost of revolution that makes it believed",
        "lines": [
            {
                "label": f"rich have {s:.0%} of income",
                "x": threat,
                "y": [negotiation.promise_threshold(s, 0.2, 0.95, q) for q in threat],
            }
            for s in (0.8, 0.65, 0.5)
        ],
        "marks": [
            {"x": 0.3, "y": 0.724625, "label": "0.725"},
            {"x": 0.7, "y": 0.639125, "label": "0.639"},
        ],
        "caption": "Above a line a promise to share quiets the street; below it only power itself "
        "does (at the right end, where the threat is "
        "always there, promise and democracy are the same). The rich are a fifth of the people; "
        "patience 0.95.",
    }
