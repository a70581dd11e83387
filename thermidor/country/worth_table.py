"""By how much facts move the chance of an ending: key, range, points of 100 in the 120 days after
an uprising began, and in a quiet year (worth.py).
"""

FUTURES = 160
POINTS: tuple[tuple[str, str, float, float], ...] = (
    ("citizens.opposition", "0.3 to 0.7", 0.0, 0.0),
    ("security.frailty", "0.7 to either side", 0.0, 0.0),
    ("security.police", "half to twice", 0.0, 0.0),
    ("security.militia", "a quarter to four times", 0.0, 0.0),
    ("security.guards", "0.4 to 2.5 times", 0.0, 0.0),
    ("security.army", "half to twice", 0.0, 0.0),
    ("security.executions", "a tenth to ten times", 0.0, 0.0),
    ("elites.tenure", "5 to 30 years", 0.0, 0.0),
    ("elites.coup_rate", "1.6 times to either side", 0.0, 0.0),
    ("treasury.taxes", "0.6 to 1.6 times", 0.0, 0.0),
    ("treasury.reserves", "a fifth to four times", 0.0, 0.0),
    ("treasury.gdp", "0.7 to 1.4 times", 0.0, 0.0),
    ("treasury.poverty", "0.25 to 0.6", 0.0, 0.0),
    ("treasury.exports", "none to as much as taxes", 0.0, 0.0),
    ("media.audience", "0.3 to 0.6", 0.0, 0.0),
    ("media.prior", "0.32 to 0.45", 0.0, 0.0),
    ("media.independent", "0.3 to 0.65", 0.0, 0.0),
    ("media.reference", "half to twice", 0.0, 0.0),
    ("events.spark_rate", "1.5 times to either side", 0.0, 0.0),
    ("treasury.forces", "0.6 to 1.6 times", 0.0, 0.0),
    ("treasury.patronage", "half to twice", 0.0, 0.0),
    ("treasury.public", "0.6 to 1.4 times", 0.0, 0.0),
    ("place.minority", "0 to 0.5", 0.0, 0.0),
    ("place.unemployment", "0.05 to 0.25", 0.0, 0.0),
    ("place.young", "0.20 to 0.32", 0.0, 0.0),
)
