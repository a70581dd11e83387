"""Facts of the country that a file does not give, and what then stands in: the median autocracy's,
scaled to the country's residents or income where that is natural. Never another country's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..declaration.parameter import MEDIAN
from ..support import numerals
from .file.schema import ScenarioFile, Sourced

if TYPE_CHECKING:
    from .scenario import Scenario

GDP = "treasury.gdp"
SCALED = {
    "residents": "the median autocracy's, for as many residents",
    "income": "the median autocracy's, for as large an income",
    None: "the median autocracy's",
}


def size_of(file: ScenarioFile) -> dict[str, float]:
    """Residents (persons) and income (gross domestic product, USD million a year) of a file's
    country; an income that the file does not give is the median autocracy's, a head.
    """
    residents = float(sum(r.population for r in file.place.provinces))
    entry: Any = file.assumptions.get(GDP)
    gdp = numerals.number(entry.value if isinstance(entry, Sourced) else entry)
    if not isinstance(gdp, (int, float)):
        gdp = MEDIAN["income"] * residents / MEDIAN["residents"]
    return {"residents": residents, "income": float(gdp)}


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
