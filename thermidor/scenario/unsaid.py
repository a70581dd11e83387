"""Facts of the country that a file does not give, and what then stands in: the median autocracy's,
scaled to the country's residents or income where that is natural. Never another country's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .scenario import Scenario

SCALED = {
    "residents": "the median autocracy's, for as many residents",
    "income": "the median autocracy's, for as large an income",
    None: "the median autocracy's",
}


def unsaid(made: Scenario) -> list[dict[str, Any]]:
    """Facts, and choices that grow with the country, that the file does not give: key, value, unit,
    what it says, and a sentence. Those of mechanisms that are switched off are left out.
    """
    given: Mapping[str, Any] = {**made.file.assumptions, **made.file.choices}
    return [
        {
            "key": key,
            "value": a.value,
            "unit": a.parameter.unit,
            "says": a.why,
            "stands": f"not given: stands at {a.value:,.4g} {a.parameter.unit}, "
            f"{SCALED[a.parameter.per]}",
        }
        for key, a in made.parameters.items()
        if (a.parameter.fact or a.parameter.per) and key not in given and not a.off
    ]
