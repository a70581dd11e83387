"""What stands beside each line of a country file: why it is so, and what it follows from."""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """why: in a few words.  of: covariates from which it follows.  rule: whether the step from them
    is a judgement of the rule, so that the line is a guess whatever they are.
    """

    why: str
    of: tuple[str, ...] = ()
    rule: bool = True


MEN = "for a thousand residents by the regime's type"
MONEY = "of revenue (a fifth of GDP, or what oil brings)"
NOTES = {
    "citizens.opposition": Note("against the regime in private; no table has it"),
    "security.police": Note(f"police, {MEN}", ("population",)),
    "security.militia": Note(f"militia, {MEN}", ("population",)),
    "security.guards": Note(f"guards of the regime, {MEN}", ("population",)),
    "security.army": Note(f"regular army, {MEN}", ("population",)),
    "security.executions": Note("executions a year, one for a million residents", ("population",)),
    "security.frailty": Note(
        "log odds of a fall by uprising within a year over the mean regime's (covariates.1)",
        ("type", "age", "income", "growth", "population", "coups", "conflict", "openness"),
        False,
    ),
    "security.backing": Note("a pact with an autocracy that sends forces", ("alliances",), False),
    "security.revolution": Note("born of a violent revolution", ("alliances",), False),
    "security.loyal_army": Note("where officers rule the army loses more by refusing", ("type",)),
    "elites.tenure": Note("years in power", ("age",), False),
    "elites.coup_rate": Note(
        "attempts a year, by type and by attempts of late (base_rates.csv)",
        ("type", "coups"),
        False,
    ),
    "broker.sanctions": Note("sanctions on what it sells, 1 being an embargo that all keep"),
    "treasury.exports": Note("million barrels of oil a day; the rule counts it among taxes"),
    "treasury.taxes": Note(
        "revenue but oil, USD million a day: a fifth of GDP in all", ("income", "population")
    ),
    "treasury.reserves": Note("USD million: ninety days of revenue", ("income", "population")),
    "treasury.gdp": Note(
        "USD million a year, of 2015: income a head times residents",
        ("income", "population"),
        False,
    ),
    "treasury.poverty": Note("share below the poverty line, by income", ("income",)),
    "media.audience": Note("share that hears the state broadcaster, by openness", ("openness",)),
    "media.reference": Note(f"broadcaster, 1 % {MONEY}", ("income", "population")),
    "media.independent": Note("share with independent news, by openness and year", ("openness",)),
    "media.prior": Note("chance that it rules well, to the undecided, by growth", ("growth",)),
    "events.onset_day": Note("day on which an uprising begins; 0: none is planted", (), False),
    "events.spark_rate": Note("sparks a year, by protests of the year before", ("protests",)),
    "treasury.forces": Note(f"forces, 15 % {MONEY}", ("income", "population")),
    "treasury.patronage": Note(f"private goods, 10 % {MONEY}", ("income", "population")),
    "treasury.public": Note(f"public goods, 64 % {MONEY}", ("income", "population")),
    "treasury.propaganda": Note(f"broadcaster, 1 % {MONEY}", ("income", "population")),
    "treasury.proxies": Note("armed groups abroad: none"),
    "treasury.programme": Note("strategic programme: none"),
}
PEOPLE = {  # of each province's residents, where no table has them
    "children": "by income",
    "young": "as anywhere",
    "old": "by income",
    "minority": "as anywhere",
    "unemployment": "as anywhere",
}
UNITS = {
    "type": "",
    "population": "persons",
    "age": "years since the regime began",
    "income": "USD of 2015 a head and year",
    "growth": "% of income a head, the year before",
    "openness": "electoral democracy, 0 to 1, the year before",
    "protests": "protests in the year before",
    "coups": "attempts of a coup in the five years before",
    "conflict": "no (0) or yes (1): armed conflict, year before",
}
