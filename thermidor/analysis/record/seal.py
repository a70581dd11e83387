"""`thermidor seal` and `thermidor resolve`: a dated forecast, and what became of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ... import __version__
from ... import wording as words
from ...expression.values import numbers
from ...scenario.argument import seen as seen_files
from ...study import exposure, stats
from ...study.results import Study
from ...study.store.folder import rules
from ...support.faults import Fault
from . import book as books
from .book import Book
from .rule import Point, Rule, of_future, resolved, rule

FEWEST = 30  # finished futures from which a chance is sealed
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")


def seal(
    path: str | Path,
    claim: str,
    study: Study,
    by: dt.date,
    *,
    name: str | None = None,
    sentence: str | None = None,
    today: dt.date | None = None,
    late: bool = False,
) -> tuple[Book, dict[str, Any]]:
    """Write a forecast of a claim into a record; the record, and the line.

    The chance is the share of finished futures in which the claim is true by that date, (k + 1/2)
    over (n + 1), so that none is certain. Before it is written the rule resolves one future in
    which the claim came true and one in which it did not, as if they had been seen; where that
    fails, nothing is sealed. late: allow a date that has passed, which the record scores apart.
    """
    today = today or dt.date.today()
    last = (by - study.start).days
    faults = []
    if not 1 <= last <= study.days:
        end = study.start + dt.timedelta(days=study.days)
        faults.append(f"--by {by} lies outside the futures, which run from {study.start} to {end}.")
    if by < today and not late:
        faults.append(
            f"--by {by} has passed; what is sealed now is no forecast of it. Give a later date, or "
            "--late, which marks it and scores it apart."
        )
    if name is not None and not NAME.fullmatch(name):
        faults.append(f"--id '{name}' may hold small letters, digits, dots and dashes, 80 at most.")
    series = study.scan("series").collect_schema().names()
    try:
        made = rule(claim, series)
    except Fault as e:
        faults += e.faults
    if faults:
        raise Fault(faults)
    names = [c for c, _, _ in made.reads]
    runs = study.finished
    if runs.height < FEWEST:
        raise Fault(
            f"{study.path} has {runs.height} finished futures; a chance is sealed from {FEWEST}."
        )
    if last < study.days:
        runs = exposure.first_days(runs, study.scan("series"), last, names)
    true = numbers(claim, runs) == 1.0
    n, k = runs.height, int(true.sum())
    line = {
        "kind": books.SEAL,
        "id": name or _name(study, claim, by),
        "claim": claim,
        "sentence": sentence or f"{claim}, by {by}",
        "scenario": study.scenario,
        "start": str(study.start),
        "by": str(by),
        "sealed": str(today),
        "late": by < today,
        "chance": round((k + 0.5) / (n + 1), 6),
        "interval": [round(x, 6) for x in stats.share(k, n)[1:]],
        "futures": n,
        "true_in": k,
        "futures_of": study.hash,
        "seed": study.seed,
        "version": __version__,
        "rules": rules(),
        "rule": {
            "reads": [list(r) for r in made.reads],
            "executed": executed(study, made, runs, true, last),
        },
    }
    return books.add(Path(path), line), line


def executed(
    study: Study, made: Rule, runs: pl.DataFrame, true: np.ndarray, last: int
) -> dict[str, int | None]:
    """The rule tried on futures as if they had been seen: the number of one that it finds true and
    of one that it finds false; None where no future is so. Raises Fault if it errs.
    """
    out: dict[str, int | None] = {"yes": None, "no": None}
    for said, which in (("yes", true), ("no", ~true)):
        numbers_of = runs.filter(pl.Series(which))
        if not numbers_of.height:
            continue
        one = numbers_of.row(0, named=True)
        here = (pl.col("run") == one["run"]) & (pl.col("day") <= min(last, one["day"]))
        points: list[Point] = []
        if made.series:
            days = study.scan("series").filter(here).select("day", *made.series).collect()
            points = of_future(made, days)
            # after its end a future stays as it was, and a world would be seen so
            ends = {p.series: p for p in points if p.day == max(q.day for q in points)}
            points += [p._replace(day=last) for p in ends.values()]
        found, why = resolved(made, points, last, str(one["ending"]))
        if found is None or found != (said == "yes"):
            raise Fault(
                f"the rule of '{made.claim}' was tried on future {one['run']}, in which the claim "
                f"is {str(said == 'yes').lower()}, and gave {_told(found)}"
                f"{f' ({why})' if why else ''}; nothing was sealed."
            )
        out[said] = int(one["run"])
    return out


def resolve(
    path: str | Path,
    name: str,
    *,
    seen: str | Path | None = None,
    ending: str | None = None,
    outcome: str | None = None,
    because: str | None = None,
    today: dt.date | None = None,
) -> tuple[Book, dict[str, Any]]:
    """Write into a record what became of a forecast: by its rule from what was seen, or as somebody
    says with a reason. The record, and the line.

    seen: file of observations.  ending: how the regime stood on the last day.  outcome: yes, no or
    void, in place of the rule.
    """
    today = today or dt.date.today()
    found = books.read(Path(path))
    forecast = found[name]
    by = dt.date.fromisoformat(forecast.sealed["by"])
    if forecast.resolved:
        raise Fault(
            f"'{name}' was resolved on {forecast.resolved['on']}: {forecast.outcome}. A record is "
            "not overwritten."
        )
    if outcome is not None:
        if outcome not in (books.YES, books.NO, books.VOID):
            raise Fault(f"--outcome {outcome} must be {books.YES}, {books.NO} or {books.VOID}.")
        if not because:
            raise Fault(f"--outcome {outcome} needs a reason: --because TEXT, such as a source.")
        if by > today and outcome == books.NO:
            raise Fault(f"'{name}' is open until {by}: it can still come true.")
        how: dict[str, Any] = {"how": "said"}
    else:
        if seen is None and ending is None:
            raise Fault("give what was seen, --seen FILE or --ending WHICH, or say --outcome.")
        if by > today:
            raise Fault(f"'{name}' is open until {by}; its rule is applied from then on.")
        outcome, how = _by_rule(forecast.sealed, seen, ending, by)
    line = {
        "kind": books.RESOLVE,
        "id": name,
        "outcome": outcome,
        "on": str(today),
        "because": because,
        **how,
    }
    return books.add(Path(path), line), line


def _by_rule(
    sealed: Mapping[str, Any], seen: str | Path | None, ending: str | None, by: dt.date
) -> tuple[str, dict[str, Any]]:
    """What the rule gives, and what it was given. Raises Fault where it does not decide."""
    start = dt.date.fromisoformat(sealed["start"])
    made = Rule(sealed["claim"], tuple((c, h, s) for c, h, s in sealed["rule"]["reads"]))
    points, fingerprint = [], None
    if seen is not None:
        file = seen_files.read(seen)
        fingerprint = file.hash
        for o in file.file.observations:
            low, high = (o.value if x is None else x for x in (o.low, o.high))
            if o.date <= by:
                points.append(Point(o.series, (o.date - start).days, low, o.value, high))
    found, why = resolved(made, points, (by - start).days, ending)
    if found is None:
        raise Fault(
            f"'{sealed['id']}' is not decided: {why}. See more of it, or say --outcome yes, no or "
            "void with --because."
        )
    how = {"how": "rule", "seen": fingerprint, "ending": ending}
    return (books.YES if found else books.NO), how


def _name(study: Study, claim: str, by: dt.date) -> str:
    """A name from what is claimed: of letters that a file name may have."""
    bare = re.sub(r"[^a-z0-9]+", "-", claim.lower()).strip("-")[:40].strip("-")
    return f"{study.scenario[:20]}-{bare}-{by}"


def _told(found: bool | None) -> str:
    return "no answer" if found is None else str(found).lower()


def said(line: Mapping[str, Any], book: Book) -> str:
    """What was written, in a sentence."""
    if line["kind"] == books.SEAL:
        chance = words.hundred(line["chance"])
        low, high = line["interval"]
        late = " That day had passed, so it is scored apart." if line["late"] else ""
        tried = line["rule"]["executed"]
        which = [f"future {k} as {v}" for v, k in tried.items() if k is not None]
        return (
            f"Sealed '{line['id']}': {chance} of 100 ({words.span(low, high)}; "
            f"{line['futures']:,} futures) that {line['sentence']}.{late} Its rule was tried "
            f"beforehand ({' and '.join(which)}). Record {book.hash[:12]}."
        )
    sealed = next(x for x in book.lines if x["kind"] == books.SEAL and x["id"] == line["id"])
    chance = words.hundred(sealed["chance"])
    return (
        f"Resolved '{line['id']}': {line['outcome']}. The chance was put at {chance} of 100 that "
        f"{sealed['sentence']}. Record {book.hash[:12]}."
    )
