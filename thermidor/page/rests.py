"""What the answer rests on: the drawn assumptions that go with it most, over the futures that were
played.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from .. import wording as words
from ..scenario.scenario import Scenario
from ..study.results import carriers
from .charts import CROWD
from .futures import Some, drawn

MOST = 8  # assumptions that are listed
FEWEST = 5  # futures that end, and that last, from which survival is told apart


def rests(scenario: Scenario, some: Some) -> dict[str, Any]:
    """A sentence, and the assumptions by rank correlation: with survival where enough futures end,
    else with the largest crowd.
    """
    lasted = some.survived
    ended = len(some) - int(lasted.sum())
    if min(ended, len(some) - ended) >= FEWEST:
        outcome, what = lasted, "whether the regime lasts"
    else:
        k = [c.name for c in scenario.columns.series].index(CROWD)
        outcome, what = np.nanmax(some.series[:, :, k], axis=1).astype(float), "the largest crowd"
    table = pl.DataFrame(dict(zip(drawn(scenario), some.assumed.T, strict=True)))
    found = carriers(table, outcome, table.width, off=scenario.silent)
    sure = [c for c in found if c.beyond_luck]
    of = words.count(len(some), "future")
    if sure:
        head = f"Over {of}, {words.count(len(sure), 'assumption goes', 'assumptions go')} with"
        text = f"{head} {what} beyond luck."
    else:
        text = f"Over {of}, no drawn assumption goes with {what} beyond luck."
    return {
        "sentence": text,
        "rows": [
            {"key": c.assumption, "correlation": c.correlation, "beyond_luck": c.beyond_luck}
            for c in found[:MOST]
        ],
    }
