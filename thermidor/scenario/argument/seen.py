"""Observations: what was seen of a country on a day, how surely, and when it was known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...support.faults import Fault, Faults, near
from ..described import tables
from ..file.source import Source
from ..scenario import Scenario
from . import written
from .schema import Seen, SeenFile


@dataclass(frozen=True)
class Observations:
    """Dated observations; equal hashes say the same."""

    file: SeenFile
    source: Source

    @property
    def hash(self) -> str:
        """A fingerprint of everything that the file says."""
        return written.fingerprint(self.file)

    def of(self, series: str) -> list[Seen]:
        """What was seen of a series, in order of time."""
        return sorted(
            (o for o in self.file.observations if o.series == series), key=lambda o: o.date
        )


def read(path: str | Path) -> Observations:
    """Observations by the path of their file. Raises Fault with what is wrong in any country."""
    path = Path(path)
    if not path.is_file():
        raise Fault(f"there is no file of observations {path}.")
    file, source, faults = written.read(SeenFile, "seen", path)
    given: set[tuple[dt.date, str]] = set()
    for k, o in enumerate(file.observations):
        where = source.where(("observations", k))
        low, high = (o.value if x is None else x for x in (o.low, o.high))
        if not low <= o.value <= high:
            faults.append(
                f"{where}: the value {o.value:g} lies outside its own range {low:g} to {high:g}."
            )
        if o.known < o.date:
            faults.append(
                f"{where}: it was known on {o.known}, before {o.date}, the day of which it tells; "
                "one of the two is wrong."
            )
        if (o.date, o.series) in given:
            faults.append(
                f"{where}: '{o.series}' of {o.date} is given twice; keep one, with a range that "
                "holds both."
            )
        given.add((o.date, o.series))
    if not file.observations and not faults:
        faults.append(f"{source.where(('observations',))}: nothing was observed; add a row.")
    if faults:
        raise faults.all()
    return Observations(file, source)


def check(seen: Observations, made: Scenario) -> None:
    """Raises Fault for what cannot be laid beside the futures of a scenario."""
    known = [c.name for c in tables(made.columns) if c.table == "series"]
    check_against(seen, made.name, made.start, made.days, known)


def check_against(
    seen: Observations, name: str, start: dt.date, days: int, series: Sequence[str]
) -> None:
    """The same for futures of this name, first day, length and daily series."""
    faults = Faults(seen.source.name)
    known = [s for s in series if s not in ("run", "day")]
    last = start + dt.timedelta(days=days)
    for k, o in enumerate(seen.file.observations):
        where = seen.source.where(("observations", k))
        if o.series not in known:
            faults.append(
                f"{where}: '{o.series}' is no daily series of {name}.{near(o.series, known)} "
                f"'thermidor outcomes {name} --table series' lists them."
            )
        if not start <= o.date <= last:
            when = "before the start" if o.date < start else "after the end"
            faults.append(
                f"{where}: {o.date} lies {when}; the futures of {name} run from {start} to {last}."
            )
    if faults:
        raise faults.all()
