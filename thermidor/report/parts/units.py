"""Units in words: mechanisms declare them short, a reader is told what they mean."""

from __future__ import annotations

WORDS = {
    # no unit, counts, and numbers that stand for a choice
    "1": "pure number",
    "0 or 1": "no (0) or yes (1)",
    "choice": "number of the choice",
    "form": "form of the rule",
    "weight": "weight in the decision",
    "weight per year of private goods": "weight in the decision per year of private goods",
    "times": "times",
    "count": "in number",
    "expected count": "expected number",
    "chance": "chance (0 to 1)",
    "chance a day": "chance a day",
    "chance per strike": "chance per strike",
    # how people and forces are disposed
    "sd": "standard deviations of disposition",
    "sd per day out": "standard deviations of disposition per day in the street",
    "sd per level": "standard deviations of disposition per level of anger",
    "sd per log income": "standard deviations of disposition per unit of log income",
    "sd per log pay": "standard deviations of disposition per unit of log pay",
    "sd per log times": "standard deviations of disposition per unit of log lethality",
    # shares
    "share": "share",
    "share a day": "share a day",
    "share a year": "share a year",
    "share of GDP a year": "share of GDP a year",
    "share of income": "share of income",
    "share of the coalition": "share of the coalition",
    "share of residents": "share of residents",
    "share of the forces": "share of the forces",
    "share of the forces per log odds": "share of the forces per unit of log odds",
    "share of the gap": "share of the gap",
    "share of the group": "share of the group",
    "share of the level": "share of the level",
    "share of the pie": "share of what is at stake",
    "share of the pie a day": "share of what is at stake, a day",
    "share of the selectorate": "share of those with a say in who rules",
    "share per log income": "share per unit of log income",
    "share per share of the forces": "share per share of the forces",
    "share per strike": "share per strike",
    "per share": "per share",
    # logarithms
    "log a day": "logarithm of the price, a day",
    "log chance": "logarithm of a chance",
    "log days": "logarithm of days",
    "log income": "logarithm of income",
    "log income per strike": "logarithm of income, per strike",
    "log odds": "log odds",
    "log share": "logarithm of a share",
    "log times": "logarithm of a factor",
    "log times squared": "variance of the logarithm of a factor",
    "log times per log income": "logarithm of a factor per unit of log income",
    "log times per strike": "logarithm of a factor, per strike",
    "logit": "log odds",
    "logit per log income": "log odds per unit of log income",
    "logit per log pay": "log odds per unit of log pay",
    "logit per logit": "log odds per unit of log odds",
    "logit per share": "log odds per share",
    # time
    "day": "day of the run",
    "days": "days",
    "days per head": "days per head",
    "a day": "a day",
    "a year": "a year",
    "a year per share of GDP": "a year per share of GDP",
    "years": "years",
    "years of private goods": "years of private goods",
    "years of the pie": "years of what is at stake",
    # money and things
    "USD a barrel": "US dollars a barrel",
    "USD million": "million US dollars",
    "USD million a day": "million US dollars a day",
    "USD million a year": "million US dollars a year",
    "million barrels a day": "million barrels a day",
    "hospitals": "hospitals",
    "strikes": "strikes",
    "strikes a day": "strikes a day",
    "ties": "ties",
    # people
    "members": "members",
    "persons": "persons",
    "persons a day": "persons a day",
    "person-days": "person-days",
    "killed per million": "killed per million residents",
}


def unit_words(unit: str) -> str:
    """What a declared unit means; one that is not in the table stays as it is."""
    return WORDS.get(unit, unit)
