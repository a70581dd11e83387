"""A scenario's data, where each entry of it comes from, and what a file changes of its parent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .yamlfile import At, Lines

_BY_KEY = ("assumptions", "choices")  # merged entry by entry
BY_ID = {"claims": "id", "parts": "id"}  # merged row by row
_MEMBERS = {"provinces": "id", "fronts": "name"}  # of a place, to whom events may happen
_APPENDED = ("events", "observed", "left_out")


class Origin(NamedTuple):
    """Where an entry comes from.

    level: 0 for the file asked for, 1 for its parent and so on, -1 for a patch.
    """

    file: str
    line: int
    level: int = 0


class Source:
    """Merged data with the place in a file that each entry came from."""

    def __init__(self, data: Any, lines: Lines, name: str, level: int = 0):
        self.data = data
        self.name = name
        self.origin = {at: Origin(name, line, level) for at, line in lines.items()}
        self.status_quo: dict[str, Any] = {}  # choices of the file that defines the place
        self.faults: list[str] = []  # of one file alone, which the merged data no longer show
        self.notes: list[str] = []  # what merging left out
        self.outlines_in: Path | None = None  # folder of the file that names the outlines

    def where(self, at: Sequence[Any]) -> str:
        """'file, line n' of the entry, or of the nearest one around it."""
        found = self._nearest(at)
        if not found:
            return self.name
        return "as set" if found.level < 0 else f"{found.file}, line {found.line}"

    def level(self, *at: Any) -> int:
        """How many parents away the entry was given."""
        found = self._nearest(at)
        return found.level if found else 0

    def file(self, *at: Any) -> str:
        """Name of the file in which the entry was given."""
        found = self._nearest(at)
        return found.file if found else self.name

    def of_a_longer_run(self, *at: Any) -> bool:
        """Whether an entry was written for another horizon: a parent's, or that before a patch."""
        return self.level(*at) > min(self.level("days"), self.level("start"))

    def _nearest(self, at: Sequence[Any]) -> Origin | None:
        at = tuple(at)
        while at and at not in self.origin:
            at = at[:-1]
        return self.origin.get(at) if at else None

    def changed(self, data: dict[str, Any]) -> Source:
        """The same source with other data."""
        out = Source(data, {}, self.name)
        out.__dict__ |= {k: v for k, v in self.__dict__.items() if k != "data"}
        return out

    def patched(self, data: dict[str, Any], at: Iterable[At]) -> Source:
        """The same source with other data, of which these entries were set by a patch."""
        out, entries = self.changed(data), set(at)
        out.origin = _without(self.origin, entries)
        out.origin |= {k: Origin(self.name, 0, -1) for k in entries}
        return out

    def over(self, parent: Source) -> Source:
        """This file's entries over those of its parent."""
        here = _ids(self.data.get("place"), "provinces", "id")
        for key, by in _MEMBERS.items():
            theirs, own = (_ids(x.data.get("place"), key, by) for x in (parent, self))
            parent = _fitted(parent, key, theirs, own)
        data = dict(parent.data)
        moved: dict[At, At] = {}  # where this file's entries stand in the merged data
        for key, value in self.data.items():
            before = data.get(key)
            mappings = isinstance(before, dict) and isinstance(value, dict)
            if mappings and (key in _BY_KEY or key == "place"):
                data[key] = before | value
                moved |= {(key, k): (key, k) for k in value}
            elif (
                (key in BY_ID or key in _APPENDED)
                and isinstance(before, list)
                and isinstance(value, list)
            ):
                data[key], at = _rows(before, value, BY_ID.get(key))
                moved |= {(key, k): (key, j) for k, j in enumerate(at)}
            else:
                data[key] = value
                moved[key,] = (key,)
        out = self.changed(data)
        out.status_quo = parent.status_quo if here is None else choices(data)
        out.origin = _merged(self.origin, parent.origin, moved)
        out.origin |= {at: o for at, o in self.origin.items() if len(at) == 1}
        out.faults = [*parent.faults, *self.faults]
        out.notes = [*parent.notes, *self.notes]
        out.outlines_in = self.outlines_in or parent.outlines_in
        return out


def _rows(before: list[Any], value: list[Any], by: str | None) -> tuple[list[Any], list[int]]:
    """Rows over those before, in place of those of the same id; and where they stand."""
    rows, at = list(before), []
    known: dict[str, int] = {}
    for k, row in enumerate(rows):
        if by and isinstance(row, dict) and isinstance(row.get(by), str):
            known[row[by]] = k
    for row in value:
        name = row.get(by) if by and isinstance(row, dict) else None
        if isinstance(name, str) and name in known:
            at.append(known[name])
            rows[known[name]] = row
        else:
            at.append(len(rows))
            rows.append(row)
    return rows, at


def _merged(
    mine: Mapping[At, Origin], parents: Mapping[At, Origin], moved: Mapping[At, At]
) -> dict[At, Origin]:
    """Origins of merged data: the parent's that stay, and where this file's now are."""
    out = _without(parents, set(moved.values()))
    for at, origin in mine.items():
        for n in (1, 2):
            if at[:n] in moved and len(at) >= n:
                out[(*moved[at[:n]], *at[n:])] = origin
                break
    return out


def _without(origin: Mapping[At, Origin], entries: set[At]) -> dict[At, Origin]:
    """Origins without those of these entries, which are one or two keys deep."""
    return {at: o for at, o in origin.items() if at[:1] not in entries and at[:2] not in entries}


def _ids(place: Any, key: str, by: str) -> set[str] | None:
    """What a place's provinces or fronts are known by; None if it gives none."""
    rows = place.get(key) if isinstance(place, dict) else None
    if not isinstance(rows, list):
        return None
    return {r[by] for r in rows if isinstance(r, dict) and isinstance(r.get(by), str)}


def _fitted(parent: Source, key: str, theirs: set[str] | None, own: set[str] | None) -> Source:
    """A parent without what it says of provinces, or of fronts, that its child does not have."""
    if own is None or theirs is None or theirs <= own:
        return parent
    gone, out = theirs - own, parent.changed(dict(parent.data))
    if key == "provinces":
        place = parent.data["place"]
        out.data["place"] = _ground(place, gone, bool(theirs & own))
        dropped = {("place", k) for k in place if k not in out.data["place"]}
        out.origin = {at: o for at, o in parent.origin.items() if at[:2] not in dropped}
    events = parent.data.get("events")
    if not isinstance(events, list):
        return out
    stays = [not _happens_to(e, gone) for e in events]
    if all(stays):
        return out
    out.data["events"] = [e for e, kept in zip(events, stays, strict=True) if kept]
    at = {("events", k): ("events", sum(stays[:k])) for k, kept in enumerate(stays) if kept}
    rest = {k: o for k, o in out.origin.items() if k[:1] != ("events",)}
    out.origin = _merged(out.origin, rest, at)
    n = stays.count(False)
    of = f"{n} event{'s' if n > 1 else ''} of {parent.name}"
    out.notes = [*parent.notes, f"{of} in {key} that are not here: left out."]
    return out


def _happens_to(event: Any, names: set[str]) -> bool:
    where = event.get("where") if isinstance(event, dict) else None
    return isinstance(where, str) and where in names


def _ground(place: Mapping[str, Any], gone: set[str], some_stay: bool) -> dict[str, Any]:
    """What a parent's place says that holds without these provinces."""
    kept = {k: v for k, v in place.items() if k != "source"}
    pairs = kept.get("neighbours")
    if isinstance(pairs, list):
        kept["neighbours"] = [
            p for p in pairs if not isinstance(p, list) or gone.isdisjoint(map(str, p))
        ]
    if str(kept.get("capital")) in gone:
        del kept["capital"]
    of_country = () if some_stay else ("country", "outlines")
    return {k: v for k, v in kept.items() if k not in of_country}


def choices(data: Mapping[str, Any]) -> dict[str, Any]:
    choices = data.get("choices")
    return dict(choices) if isinstance(choices, dict) else {}
