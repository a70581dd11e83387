"""Two finished studies, read from their folders. Only what their fingerprints allow is compared
pair by pair.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ... import wording as words
from ...study import stats
from ...study.compare import SHOWN, compare
from ...study.results import Study
from ...support.faults import Fault
from ..answer import apart, in_words
from . import drawn
from .countries import UNPAIRED_TOO, unpaired

ALIKE = {
    "seed": "seeds",
    "fixed": "ways to draw assumptions",
    "version": "versions of the package",
    "rules": "rules",
    "past": "pasts",
    "design": "designs of a sweep",
    "citizens": "numbers of agents",
    "start": "first days",
}  # in which pairs of futures are alike
TOLD = ("scenario", "title", "hash", "version", "seed", "fixed", "runs", "days", "start", "keep")
MOST_ROWS = 300
COSTS = "Each future counted to its own end. " + drawn.UNITS


def told(names: Sequence[str], folders: Sequence[str]) -> dict[str, Any]:
    """Two studies beside each other."""
    studies = [Study(f) for f in folders]
    for name, s in zip(names, studies, strict=True):
        if not s.finished.height:
            raise Fault(f"no future of the study {name} is finished, so there is nothing to show.")
    sides = [_side(n, s) for n, s in zip(names, studies, strict=True)]
    why = list(unlike(studies))
    notes = []
    if why:
        notes.append(
            f"Futures of the two are not pairs: {'; '.join(why)}. So their difference is of two "
            "samples."
        )
    else:
        notes.append(
            "Futures of the same number have the same luck in both, so they are compared pair by "
            "pair; costs over the days that both futures of a pair lived."
        )
    called = studies[1].called | studies[0].called
    return {
        "sides": [
            {
                "name": n,
                "title": n,
                "sentence": f"{s.manifest['title']}: {s.answer()}",
                "hash": s.hash,
                "futures": s.finished.height,
                "status": s.status,
            }
            for n, s in zip(names, studies, strict=True)
        ],
        "differences": _differences(sides, studies, not why),
        "effects": [] if why else _effects(studies, called),
        "paired": not why,
        "charts": [
            drawn.curves(sides, "Futures still in power", apart=False),
            drawn.endings(sides),
            drawn.costs(
                sides,
                [_costs(s, called) for s in studies],
                called,
                "median (90 of 100 futures)",
                COSTS,
            ),
        ],
        "differ": differ(studies),
        "command": shlex.join(["thermidor", "results", folders[0]]),
        "notes": notes,
    }


def _side(name: str, s: Study) -> drawn.Side:
    done = s.finished
    return drawn.Side(name, done["ending"].to_list(), done["day"].to_numpy(), s.days)


def _costs(s: Study, called: Mapping[str, str]) -> dict[str, npt.NDArray[np.float64]]:
    return {c: s.finished[c].to_numpy() for c in called if c in s.finished.columns}


def unlike(studies: Sequence[Study]) -> Iterator[str]:
    """Why futures of the same number are no pairs, a part of a sentence each."""
    a, b = (s.manifest for s in studies)
    for key, what in ALIKE.items():
        if a.get(key) != b.get(key):
            one, two = (_short(m.get(key)) for m in (a, b))
            yield f"their {what} differ ({one} and {two})"
    if _provinces(a) != _provinces(b):
        yield "they are of different places"


def _provinces(manifest: Mapping[str, Any]) -> list[Any]:
    place = (manifest.get("resolved") or {}).get("place")
    rows = place.get("provinces") if isinstance(place, Mapping) else None
    return [r.get("id") if isinstance(r, Mapping) else r for r in rows or ()]


def _differences(
    sides: Sequence[drawn.Side], studies: Sequence[Study], paired: bool
) -> list[dict[str, Any]]:
    """How much more often the first is in power at the end than the second."""
    a, b = sides
    day = min(a.days, b.days)
    if paired:
        runs = [pl.DataFrame({"run": s.finished["run"]}) for s in studies]
        shared = runs[0].join(runs[1], on="run")["run"]
        x, y = (
            _by_run(s, side.in_power_on(day), shared)
            for s, side in zip(studies, sides, strict=True)
        )
        found = apart(stats.paired(x, y, binary=True))
        pairs = words.count(len(x), "pair")
        text = in_words(found, pairs, f", {pairs}")
    else:
        one, two = (stats.share(int(s.in_power_on(day).sum()), len(s.day)) for s in sides)
        found = apart(unpaired(one, two))
        text = in_words(found, f"{min(len(a.day), len(b.day)):,} futures of each", UNPAIRED_TOO)
    sentence = f"In power on day {day:,}, {a.name} against {b.name}: {text}."
    about = {"of": a.name, "against": b.name, "paired": paired, "day": day}
    return [found | about | {"sentence": sentence}]


def _by_run(s: Study, x: npt.NDArray[np.bool_], runs: pl.Series) -> npt.NDArray[np.float64]:
    table = pl.DataFrame({"run": s.finished["run"], "x": x.astype(float)})
    return table.filter(pl.col("run").is_in(runs.to_list())).sort("run")["x"].to_numpy()


def _effects(studies: Sequence[Study], called: Mapping[str, str]) -> list[dict[str, Any]]:
    """What `compare` finds, as for two arms of a comparison."""
    names = {"survived": "in power on the last day", **called}
    out = []
    for e in compare(studies[0], studies[1]).effects:
        if e.outcome in names or e.outcome in SHOWN:
            out.append(
                {
                    "outcome": e.outcome,
                    "says": names.get(e.outcome, e.outcome),
                    "of": words.two(e.of.value, 3),
                    "against": words.two(e.against.value, 3),
                    "effect": e.told.words(),
                    "pairs": e.pairs,
                    **apart(e.told, "mean"),
                }
            )
    return out


def differ(studies: Sequence[Study]) -> list[dict[str, str]]:
    """What differs in their manifests: what each was, then the resolved file, key by key."""
    a, b = (s.manifest for s in studies)
    rows = [(k, a.get(k), b.get(k)) for k in (*TOLD, *ALIKE)]
    one, two = (dict(_flat(m.get("resolved") or {})) for m in (a, b))
    rows += [(f"resolved: {k}", one.get(k), two.get(k)) for k in sorted({*one, *two})]
    seen, out = set(), []
    for key, x, y in rows:
        if x != y and key not in seen:
            seen.add(key)
            out.append({"key": key, "of": _short(x), "against": _short(y)})
    return out[:MOST_ROWS]


def _flat(x: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a table of tables, by its path."""
    if isinstance(x, Mapping):
        for k, v in x.items():
            yield from _flat(v, f"{at}.{k}" if at else str(k))
    elif isinstance(x, list) and any(isinstance(v, Mapping | list) for v in x):
        for k, v in enumerate(x):
            name = v.get("id") or v.get("name") or k if isinstance(v, Mapping) else k
            yield from _flat(v, f"{at}[{name}]")
    else:
        yield at, x


def _short(x: Any) -> str:
    if isinstance(x, Mapping | list):
        text = ", ".join(map(str, x)) if isinstance(x, list) else str(dict(x))
    else:
        text = "–" if x is None else words.exact(x) if isinstance(x, float) else str(x)
    return text if len(text) <= 80 else f"{text[:79]}…"
