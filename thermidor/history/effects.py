"""The gate of effects: does what moves survival in the record move it in the model, by as much?

Each row of effects.csv that the model can express (simulated/effects.py) is computed from arms of
futures on common luck. With a, b the top and bottom of a quantity (effects.1) in n futures, an arm
has the value R and each future the influence e on it,

    R = sum a / sum b,   e_i = (a_i - R b_i) / mean b                                    (effects.2)

so that the mean of e over futures, or of its difference over pairs, has the sampling error of R, or
of the effect; ratios are taken on a logarithmic scale, where the influence is e/R. A row is inside
where the model's own 95 % interval overlaps that of the table. A direction is inside where the
effect is clear of zero on the right side. How far the model's value lies outside is recorded either
way; and whether its interval is narrower than the table's, since a wide one overlaps anything.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..execution.progress import Watch
from ..study.stats import Interval, mean, paired, share
from ..support.faults import Fault
from .simulated.arms import Arm, Learnt, parameter, play
from .simulated.effects import ARMS, NOT_EXPRESSED, ROWS, Row
from .simulated.quantities import QUANTITIES, Future, says
from .simulated.work import Job, over
from .tables.effects import Effect, effects

PAIRS = 1000
SECONDS = 0.25  # a pair of every row, on two cores
CHUNK = 125  # futures of a part
RATIOS = ("risk ratio", "hazard ratio", "rate ratio")
SHARES = ("probability", "probability per year", "share")
Reads = tuple[str, int, int]  # a quantity, and the days that it is read over
Read = Mapping[Reads, np.ndarray]  # float[2, futures]: top and bottom


def reads(row: Row) -> tuple[Reads, Reads]:
    """What is read off the treated arm and off the control."""
    return (row.quantity, *row.days), (row.against or row.quantity, *row.days)


def wanted(rows: Sequence[Row]) -> dict[str, list[Reads]]:
    """What the rows read, by arm."""
    asked: dict[str, dict[Reads, None]] = {}
    for row in rows:
        for arm, read in zip((row.treated, row.control), reads(row), strict=True):
            if arm is not None:
                asked.setdefault(arm, {})[read] = None
    return {arm: list(some) for arm, some in asked.items()}


def played(
    arm: Arm, asked: Sequence[Reads], first: int, count: int, seed: int, learnt: Learnt | None
) -> pl.DataFrame:
    """Futures of an arm: number, type, and top and bottom of what is asked, a column each."""
    out = []
    for number, (kind, run) in enumerate(
        play(arm, range(first, first + count), seed, learnt), start=first
    ):
        row: dict[str, Any] = {"number": number, "kind": kind}
        for k, (name, begin, end) in enumerate(asked):
            row[f"top{k}"], row[f"bottom{k}"] = QUANTITIES[name](Future(run, kind, begin, end))
        out.append(row)
    return pl.DataFrame(out)


def gate(
    pairs: int = PAIRS,
    seed: int = 1,
    learnt: Learnt | None = None,
    *,
    rows: Sequence[Row] = ROWS,
    arms: Mapping[str, Arm] = ARMS,
    chunk: int = CHUNK,
    out: Path | None = None,
    processes: int | None = None,
    progress: Watch | None = None,
) -> dict[str, Any]:
    """Play the arms that the rows need, and hold the rows against the table.

    learnt: draws of the posterior, one for each future in turn; without, all is drawn over the
    ledger's ranges.  out: folder for finished parts; the same call again goes on from them.
    progress: called with parts done and parts in all.
    """
    table, asked = effects(), wanted(rows)
    jobs: list[Job] = []
    where: dict[str, slice] = {}
    _known(learnt)
    for name, some in asked.items():
        arm = arms[name]
        what = hashlib.sha256(repr((arm, some, seed)).encode())
        if learnt:
            what.update(repr(learnt.keys).encode() + np.ascontiguousarray(learnt.draws).tobytes())
        begin = len(jobs)
        for k in range(0, pairs, chunk):
            count = min(chunk, pairs - k)
            path = out / f"effect-{what.hexdigest()[:16]}-{k}-{count}.parquet" if out else None
            jobs.append(Job(played, (arm, some, k, count, seed, learnt), path))
        where[name] = slice(begin, len(jobs))
    parts = over(jobs, processes, progress)
    found = {name: pl.concat(parts[some]) for name, some in where.items()}
    told = [held(row, table[row.id], found, asked, arms) for row in rows]
    return {
        "pairs": pairs,
        "seed": seed,
        "rows": told,
        "tiers": {tier: tally([r for r in told if r["tier"] == tier]) for tier in "ABC"},
        "gated": tally([r for r in told if r["tier"] != "C"]),
        "all": tally(told),
        "not_expressed": [
            {"id": k, "topic": table[k].topic, "quantity": table[k].quantity, "reason": reason}
            for k, reason in NOT_EXPRESSED.items()
        ],
    }


def _known(learnt: Learnt | None) -> None:
    """Raises Fault where the posterior holds what is no parameter any more."""
    for key in learnt.keys if learnt else ():
        try:
            parameter(key)
        except Fault as e:
            raise Fault(
                f"the posterior of this copy holds '{key}', which is no parameter; "
                "`thermidor calibrate` makes one that fits."
            ) from e


def tally(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many rows are inside, each with all its parts, and how many groups of rows that speak of
    one thing, each with all its rows.
    """
    by_id, by_group = _whole(rows, "id"), _whole(rows, "group")
    sharp = {r["id"] for r in rows} - {r["id"] for r in rows if not r["sharp"]}
    return {
        "inside": sum(by_id.values()),
        "of": len(by_id),
        "sharp": sum(inside and k in sharp for k, inside in by_id.items()),
        "groups_inside": sum(by_group.values()),
        "groups": len(by_group),
    }


def _whole(rows: Sequence[Mapping[str, Any]], by: str) -> dict[str, bool]:
    """Whether all rows with the same of this are inside."""
    found: dict[str, bool] = {}
    for r in rows:
        found[r[by]] = found.get(r[by], True) and r["inside"]
    return found


def held(
    row: Row,
    known: Effect,
    found: Mapping[str, pl.DataFrame],
    asked: Mapping[str, Sequence[Reads]],
    arms: Mapping[str, Arm],
) -> dict[str, Any]:
    """A row held against the table."""
    sides = []
    for arm, read in zip((row.treated, row.control), reads(row), strict=True):
        if arm is not None:
            k, some = asked[arm].index(read), found[arm].sort("number")
            if row.kinds:
                some = some.filter(pl.col("kind").is_in(list(row.kinds)))
            sides.append(some.select(f"top{k}", f"bottom{k}").to_numpy().T)
    compare, null = comparison(row, known)
    model = compare(*sides)
    sign = direction(row, known, null)
    inside, miss = _directed(model, null, sign) if sign is not None else _overlaps(model, known)
    sharp = sign is not None or _width(model) <= _width(Interval(*_of(known)))
    return {
        "id": row.id,
        "label": " ".join(filter(None, (row.id, row.label))),
        "topic": known.topic,
        "quantity": known.quantity,
        "tier": known.tier,
        "paired": known.paired,
        "group": known.group,
        "treated": arms[row.treated].says,
        "control": arms[row.control].says if row.control else None,
        "reads": says(row.quantity),
        "days": list(row.days),
        "unit": known.unit,
        "known": {"value": known.value, "low": known.low, "high": known.high, "is": known.kind},
        "sign": sign,
        "model": model.as_dict("value"),
        "null": null,
        "inside": inside,
        "miss": miss,
        "sharp": bool(sharp),
        "futures": int(sides[0].shape[1]),
        "adds": row.adds,
    }


def direction(row: Row, known: Effect, null: float | None) -> int | None:
    """The direction in which a row is gated, or None where its interval is: signs, and tier C.
    Raises ValueError where there is none to go by.
    """
    if row.sign is not None:
        return row.sign
    if not known.sign and known.tier != "C":
        return None
    if null is None or (not known.sign and known.value == null):
        raise ValueError(f"{row.id} has no direction of its own; give it a sign.")
    return 1 if known.value > (0.0 if known.sign else null) else -1


def comparison(row: Row, known: Effect) -> tuple[Callable[..., Interval], float | None]:
    """How the sides of a row are compared, and the value that stands for no effect."""
    if row.control is None:
        if known.unit not in SHARES:
            raise ValueError(f"{row.id} is in '{known.unit}'; it needs a control.")
        return level, None
    if known.unit in RATIOS:
        return ratio, 1.0
    if known.unit == "percent" and known.tier != "C":
        return percent, 0.0
    return lambda a, b: _times(difference(a, b), row.times), 0.0


def influence(side: np.ndarray) -> tuple[float, np.ndarray]:
    """(effects.2): the value of an arm, and each future's influence on it. side: float[2,
    futures].
    """
    top, bottom = side
    if not bottom.sum():
        return math.nan, np.full(len(top), math.nan)
    value = float(top.sum() / bottom.sum())
    return value, (top - value * bottom) / bottom.mean()


def binary(side: np.ndarray) -> bool:
    """Whether it is a yes or no of every future."""
    return bool((side[1] == 1).all() and np.isin(side[0], (0.0, 1.0)).all())


def level(side: np.ndarray) -> Interval:
    """An arm's value with its interval."""
    value, e = influence(side)
    if binary(side) or value == 0:
        return share(int(side[0].sum()), round(float(side[1].sum())))
    return _around(value, mean(e))


def difference(a: np.ndarray, b: np.ndarray) -> Interval:
    """The first less the second."""
    if binary(a) and binary(b):
        return paired(a[0], b[0], True)
    (x, e), (y, f) = influence(a), influence(b)
    return _around(x - y, mean(e - f))


def ratio(a: np.ndarray, b: np.ndarray) -> Interval:
    """The first over the second; not known where the second is nothing. Where the first is, its
    high end is that of a share that was never seen.
    """
    (x, e), (y, f) = influence(a), influence(b)
    if not x >= 0 or not y > 0:
        return Interval(math.nan, math.nan, math.nan)
    if x == 0:
        return Interval(0.0, 0.0, level(a).high / y)
    return Interval(*(math.exp(v) for v in _around(math.log(x / y), mean(e / x - f / y))))


def percent(a: np.ndarray, b: np.ndarray) -> Interval:
    """By how many per cent the first lies above the second, of quantities that are logarithms."""
    return Interval(*(100 * math.expm1(v) for v in difference(a, b)))


def _around(value: float, e: Interval) -> Interval:
    """A value with the error of its influences; where all are the same it has none."""
    if math.isnan(e.low) and not math.isnan(e.value):
        return Interval(value, value, value)
    return Interval(value, value + (e.low - e.value), value + (e.high - e.value))


def _times(found: Interval, times: float) -> Interval:
    return Interval(*(times * x for x in found))


def _of(known: Effect) -> tuple[float, float, float]:
    low, high = known.low, known.high
    return known.value, math.nan if low is None else low, math.nan if high is None else high


def _width(found: Interval) -> float:
    return found.high - found.low


def _directed(model: Interval, null: float | None, sign: int) -> tuple[bool, float | None]:
    """Whether an effect is clear of nothing on one side, and by how much its value misses it."""
    if not all(map(math.isfinite, model)):
        return False, None
    zero = null or 0.0
    clear = model.low > zero if sign > 0 else model.high < zero
    return clear, min(0.0, sign * (model.value - zero))


def _overlaps(model: Interval, known: Effect) -> tuple[bool, float | None]:
    """Whether the intervals overlap, and how far the model's value lies outside the table's."""
    _, low, high = _of(known)
    if math.isnan(model.value):
        return False, None
    miss = min(0.0, model.value - low) + max(0.0, model.value - high)
    if not all(map(math.isfinite, model)):
        return False, miss
    return model.low <= high and model.high >= low, miss
