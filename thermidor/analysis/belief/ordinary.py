"""The most ordinary future in which a claim fails, day by day.

Of the stored pairs in which the claim's test fails, the one whose assumptions lie nearest to the
middle of what is believed, by the mean square of their normal scores. Then its assumptions are
drawn towards the ledger's own values, on the same luck, as far as the claim still fails:

    x(c) = value + c (x - value),   c = 0, 1/4, 1/2, 3/4, 1                            (ordinary.1)

on the scale on which each is drawn. With c = 0 nothing is assumed but what the ledger holds most
likely, and the claim fails by luck alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from ...engine.run import Run
from ...engine.simulate import simulate
from ...execution.progress import Progress, Watch
from ...scenario.scenario import Scenario
from ...study import costs
from ...study.claims import arm_of, column_kinds
from ...study.verdicts import measured
from ...support.stopping import Stopped, asked
from ...wording import hundred
from .evidence import Evidence
from .ledgertable import prior_of

DRAWN_IN = (0.0, 0.25, 0.5, 0.75, 1.0)  # c of ordinary.1
AGAIN = 30  # days after which what happened is told once more
MOST_UNUSUAL = 5
BOTH = "both"


@dataclass(frozen=True)
class Happening:
    """What happened on a day; side: of the claim, or both."""

    day: int
    date: str
    side: str
    mechanism: str
    what: str
    value: float


@dataclass(frozen=True)
class Unusual:
    """An assumption of this future that lies far from the ledger's value."""

    key: str
    unit: str
    value: float
    ledger: float


@dataclass(frozen=True)
class Ordinary:
    """A pair of futures in which a claim fails.

    run: its number.  failing: pairs of all that fail.  holds: by how much it passes here, below 0.
    drawn_in: c of ordinary.1.  likelier: share of stored futures that are more ordinary than the
    stored one from which it was made.  ends: how each side ends, and on which day.
    """

    claim: str
    run: int
    failing: int
    pairs: int
    holds: float
    drawn_in: float
    likelier: float
    ends: dict[str, tuple[str, int]]
    unusual: tuple[Unusual, ...]
    story: tuple[Happening, ...]

    def sentence(self) -> str:
        """What it is."""
        if self.drawn_in == 0:
            how = (
                "and still fails in the most ordinary of them when every assumption stands at the "
                "ledger's own value: by luck alone"
            )
        elif self.drawn_in < 1:
            how = (
                f"and still fails in the most ordinary of them when every assumption is drawn "
                f"{100 * (1 - self.drawn_in):.0f} of 100 of the way to the ledger's own value"
            )
        else:
            how = f"the most ordinary of them is less so than {hundred(self.likelier)} of 100"
        ends = "; ".join(f"{side}: {end} on day {day:,}" for side, (end, day) in self.ends.items())
        return (
            f"{self.claim} fails in {self.failing:,} of {self.pairs:,}, {how} (future {self.run}; "
            f"{ends})."
        )

    def told(self) -> list[Happening]:
        """The story without what happened alike a short time before."""
        last: dict[tuple[str, str], int] = {}
        out = []
        for h in self.story:
            if h.day - last.get((h.side, h.what), -AGAIN) >= AGAIN:
                out.append(h)
                last[h.side, h.what] = h.day
        return out

    def to_dict(self) -> dict[str, Any]:
        return {"sentence": self.sentence()} | asdict(self)


def ordinary(found: Evidence, progress: Watch | None = None) -> Ordinary | None:
    """The most ordinary pair in which the claim fails; None if it fails in none. Raises Stopped."""
    fails = np.flatnonzero(found.holds < 0)
    if not len(fails):
        return None
    distance = _distance(found)
    k = int(fails[np.argmin(distance[fails])])
    run = found.runs[k]
    for step, c in enumerate(DRAWN_IN):
        if asked():
            raise Stopped
        if progress:
            progress(Progress(f"{found.claim.id} fails in future {run}", step, len(DRAWN_IN)))
        made, unusual = _nearer(found, run, c)
        sides, holds = _played(found, made, run)
        if holds < 0 or c == DRAWN_IN[-1]:
            break
    story = _story(sides, found.scenario.start)
    return Ordinary(
        found.claim.id,
        run,
        len(fails),
        found.pairs,
        holds,
        c,
        float((distance < distance[k]).mean()),
        {name: (r.ending, r.day) for name, r in sides.items()},
        tuple(unusual),
        tuple(story),
    )


def _distance(found: Evidence) -> np.ndarray:
    """How far from ordinary each future is: the mean square of the normal scores of what it
    assumes, float64[futures].
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    n = found.pairs
    total, count = np.zeros(n), 0
    for key in found.ledger.keys:
        x = found.ledger[key]
        if x.shape[1] == 1:
            total += ndtri(rankdata(x[:, 0]) / (n + 1)) ** 2
            count += 1
    return np.asarray(total / max(1, count))


def _nearer(found: Evidence, run: int, c: float) -> tuple[Scenario, list[Unusual]]:
    """The country with the assumptions of a future drawn towards the ledger's values, each held;
    and those that then lie farthest from them.
    """
    made = found.scenario
    sheets = made.draw_many(found.seed, [run])
    now = dict(zip(sheets.form.keys, sheets.now[0].tolist(), strict=True))
    values: dict[str, Any] = {}
    far: list[tuple[float, Unusual]] = []
    for key in found.ledger.keys:
        a = made.parameters[key]
        if a.parameter.options:
            values[key] = a.value if c < 1 else a.parameter.options[int(now[key])]
            continue
        if not a.low < a.high:
            values[key] = now[key]
            continue
        prior = prior_of(a)
        own, middle = (float(prior.part(np.array(x))) for x in (now[key], float(a.value)))
        part = middle + c * (own - middle)
        x = float(prior.at(np.array(part)))
        values[key] = min(max(x, float(a.parameter.low)), float(a.parameter.high))
        held = Unusual(key, a.parameter.unit, values[key], float(a.value))
        far.append((abs(part - middle), held))
    far = sorted((f for f in far if f[0] > 0), key=lambda f: -f[0])
    return made.patched(values), [u for _, u in far[:MOST_UNUSUAL]]


def _played(found: Evidence, made: Scenario, run: int) -> tuple[dict[str, Run], float]:
    """Both sides of the pair, and by how much the test passes in it."""
    claim, test = found.claim, found.test
    names = [s for s in (test.of, test.against) if isinstance(s, str)]
    sides = {s: simulate(arm_of(made, claim, claim.arms[s]), found.seed, run) for s in names}
    _, d, _ = measured(
        test,
        {s: pl.DataFrame([r.outcomes()], infer_schema_length=None) for s, r in sides.items()},
        column_kinds(made),
        tuple(costs.of_columns(made.columns)),
        {s: _series(r) for s, r in sides.items()},
    )
    sign = 1.0 if test.expect == "above" else -1.0
    return sides, float(sign * d[0] - found.margin) if len(d) else 0.0


def _series(r: Run) -> pl.LazyFrame:
    days = np.arange(len(r.series), dtype=np.int32)
    told = {"run": np.full(len(days), r.run, np.int32), "day": days}
    return pl.LazyFrame(told | {n: r.series[:, k] for k, n in enumerate(r.names)})


def _story(sides: dict[str, Run], start: dt.date) -> list[Happening]:
    """What happened on both sides, in order of time; what is alike on both is told once."""
    each = {name: set(r.happened) for name, r in sides.items()}
    shared = set.intersection(*each.values()) if len(each) > 1 else set()
    rows = [(e, BOTH) for e in shared] + [(e, s) for s, own in each.items() for e in own - shared]
    return [
        Happening(day, str(start + dt.timedelta(days=day)), side, who, what, value)
        for (day, who, what, value), side in sorted(rows, key=lambda r: (r[0][0], r[1], r[0][1:]))
    ]
