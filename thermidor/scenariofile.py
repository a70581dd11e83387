"""From a name or a path to checked data: finding the file, its parents, patches, and the sentence for every fault."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from . import yamlfile
from .faults import Fault, near
from .schema import ScenarioFile

MOST_PARENTS = 5
_BY_KEY = ("assumptions", "choices")  # merged entry by entry
_BY_ID = {"claims": "id", "parts": "id"}  # merged row by row
_APPENDED = ("events", "observed", "left_out")
_STAND_IN = {"thermidor": 1, "name": "x", "title": "x", "start": dt.date(2000, 1, 1), "days": 100_000}  # to go on checking
_TAGS = {"row", "value", "float", "int", "str", "Sourced"}


def bundled() -> dict[str, Path]:
    """Name and path of every scenario that comes with the package."""
    folder = Path(str(files(__package__) / "scenarios"))
    return {p.stem: p for p in sorted(folder.glob("*.yaml"))}


def locate(reference: str | Path, beside: Path | None = None) -> Path:
    """The file that a name or a path means; a parent is looked for beside its child first."""
    path = Path(reference)
    if beside and (beside / path).is_file():
        return beside / path
    if path.suffix in (".yaml", ".yml") or path.is_file():
        if not path.exists():
            raise Fault(f"there is no scenario file {path}.{near(path.stem, bundled())}")
        return path
    if str(reference) in bundled():
        return bundled()[str(reference)]
    raise Fault(f"there is no scenario '{reference}'; with the package come {', '.join(bundled())}."
                f"{near(str(reference), bundled())} A file of your own is named with its path.")


class Source:
    """Merged data with the place in a file that each entry came from."""

    def __init__(self, data: Any, lines: yamlfile.Lines, name: str):
        self.data = data
        self._origin = {at: f"{name}, line {line}" for at, line in lines.items()}
        self.name = name
        self.status_quo: dict[str, Any] = {}  # choices of the file that defines the place

    def where(self, at: Sequence) -> str:
        """'file, line n' of the entry, or of the nearest one around it."""
        at = tuple(at)
        while at and at not in self._origin:
            at = at[:-1]
        return self._origin.get(at, self.name) if at else self.name

    def changed(self, data: dict[str, Any]) -> Source:
        """The same source with other data."""
        out = Source(data, {}, self.name)
        out._origin, out.status_quo = self._origin, self.status_quo
        return out

    def move(self, old: tuple, new: tuple, other: Source) -> None:
        for at, origin in other._origin.items():
            if at[:len(old)] == old:
                self._origin[(*new, *at[len(old):])] = origin

    def over(self, parent: Source) -> Source:
        """This file's entries over those of its parent."""
        out = Source(dict(parent.data), {}, self.name)
        out._origin = dict(parent._origin)
        for key, value in self.data.items():
            if key in _BY_KEY and isinstance(value, dict) and isinstance(out.data.get(key), dict):
                out.data[key] = out.data[key] | value
                for k in value:
                    out.move((key, k), (key, k), self)
            elif (key in _BY_ID or key in _APPENDED) and isinstance(value, list) and isinstance(out.data.get(key), list):
                rows = list(out.data[key])
                for k, row in enumerate(value):
                    same = [j for j, r in enumerate(rows) if key in _BY_ID and isinstance(r, dict) and isinstance(row, dict)
                            and r.get(_BY_ID[key]) == row.get(_BY_ID[key])]
                    to = same[0] if same else len(rows)
                    rows[to:to + 1] = [row]
                    out.move((key, k), (key, to), self)
                out.data[key] = rows
            elif key == "place" and isinstance(value, dict) and isinstance(out.data.get(key), dict):
                out.data[key] = out.data[key] | value
                for k in value:
                    out.move((key, k), (key, k), self)
            else:
                out.data[key] = value
                out.move((key,), (key,), self)
        return out


def gather(reference: str | Path) -> Source:
    """A scenario's data over that of its parents."""
    chain: list[Source] = []
    path, seen = locate(reference), []
    while True:
        seen.append(path.resolve())
        data, lines = yamlfile.read(path)
        if not isinstance(data, dict):
            raise Fault(f"{path.name}: a scenario file is a mapping of keys such as name, start, place; this is a {type(data).__name__}.")
        source = Source(data, lines, path.name)
        chain.append(source)
        parent = data.get("parent")
        if parent is None:
            break
        if not isinstance(parent, str):
            raise Fault(f"{source.where(('parent',))}: parent = {parent!r}; a scenario has one parent at most, given by its name or file.")
        if Path(parent).name != parent:
            raise Fault(f"{source.where(('parent',))}: parent = '{parent}' must be the name of a scenario or of a file in the same folder.")
        try:
            path = locate(parent, path.parent)
        except Fault as e:
            raise Fault(f"{source.where(('parent',))}: {e}") from e
        if path.resolve() in seen:
            raise Fault(f"{source.where(('parent',))}: the parents go in a circle: {' -> '.join(s.name for s in chain)} -> {path.name}; remove one 'parent'.")
        if len(chain) > MOST_PARENTS:
            raise Fault(f"{source.where(('parent',))}: more than {MOST_PARENTS} parents in a row; write the scenario out.")
    out = chain[-1]
    out.status_quo = _status_quo(out)
    for child in reversed(chain[:-1]):
        before, defines = out.status_quo, "provinces" in (child.data.get("place") or {})
        out = child.over(out)
        out.status_quo = _status_quo(out) if defines else before
    out.data.pop("parent", None)
    return out


def _status_quo(source: Source) -> dict[str, Any]:
    choices = source.data.get("choices")
    return dict(choices) if isinstance(choices, dict) else {}


def validate(source: Source) -> tuple[ScenarioFile, list[str]]:
    """The data as a typed scenario file, and a sentence for every entry that does not fit.

    Entries at fault are left out, or stood in for, so that what comes after them can be checked too; if that cannot be, the
    faults are raised.
    """
    try:
        return ScenarioFile.model_validate(source.data), []
    except ValidationError as e:
        sentences: dict[tuple, str] = {}
        for error in e.errors():  # one sentence an entry: a union of types would give one a type
            at = tuple(k for k in error["loc"] if k not in _TAGS)
            sentences.setdefault(at, _sentence(source, error))
        faults = list(sentences.values())
    data = {k: v for k, v in source.data.items() if k in ScenarioFile.model_fields}
    for at in sentences:
        if len(at) > 1 and at[0] in _BY_KEY and isinstance(data.get(at[0]), dict):
            data[at[0]] = {k: v for k, v in data[at[0]].items() if k != at[1]}
        elif at[0] in _STAND_IN:
            data[at[0]] = _STAND_IN[at[0]]
        else:
            data.pop(at[0], None)
    try:
        return ScenarioFile.model_validate(data), faults
    except ValidationError:
        raise found(source.name, faults) from None


def found(name: str, faults: list[str]) -> Fault:
    """All faults of a file as one."""
    return Fault(faults, f"{name} has {len(faults)} fault{'s' if len(faults) > 1 else ''}:")


def _sentence(source: Source, error: Mapping[str, Any]) -> str:
    at = tuple(k for k in error["loc"] if k not in _TAGS)
    dotted, value, kind = ".".join(map(str, at)), error.get("input"), error["type"]
    where = source.where(at)
    shown = repr(value) if len(repr(value)) < 60 else repr(value)[:57] + "..."
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        allowed = _fields(at[:-1])
        return f"{where}: unknown key '{at[-1]}' in {'.'.join(map(str, at[:-1])) or 'the file'}; allowed: {', '.join(allowed)}.{near(str(at[-1]), allowed)}"
    if kind == "missing":
        return f"{where}: '{at[-1]}' is missing from {'.'.join(map(str, at[:-1])) or 'the file'}; add it."
    if kind == "literal_error":
        options = context.get("expected", "")
        words = [w.strip(" '") for w in options.replace(" or ", ", ").split(",")]
        return f"{where}: {dotted} = {shown}; allowed: {options}.{near(str(value), words)}"
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        sign = {"greater_than": "above", "greater_than_equal": "at least", "less_than": "below", "less_than_equal": "at most"}[kind]
        bound = context.get("gt", context.get("ge", context.get("lt", context.get("le"))))
        return f"{where}: {dotted} = {shown} must be {sign} {bound}."
    if kind in ("date_type", "date_from_datetime_inexact"):
        return f"{where}: {dotted} = {shown} is not a date; write year-month-day, such as 2025-06-16."
    if kind == "string_pattern_mismatch":
        want = "the name of a .geojson file beside the scenario" if at[-1] == "outlines" else "small letters, digits, dots and dashes"
        return f"{where}: {dotted} = {shown} must be {want}."
    if kind.endswith(("_type", "_parsing")):
        want = {"float": "a number", "int": "a whole number", "string": "a text", "dict": "a mapping of keys", "list": "a list",
                "model": "a mapping of keys", "bool": "true or false"}.get(kind.rsplit("_", 1)[0], kind)
        return f"{where}: {dotted} = {shown} must be {want}."
    return f"{where}: {dotted} = {shown}: {error['msg'][0].lower()}{error['msg'][1:]}."


def _fields(at: tuple) -> list[str]:
    """Keys that are allowed at a place of the file."""
    from pydantic import BaseModel
    model: Any = ScenarioFile
    for key in at:
        if isinstance(key, int) or not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        field = model.model_fields.get(key)
        inner = _models(field.annotation) if field else []
        model = inner[0] if inner else model
    return list(model.model_fields)


def _models(annotation: Any) -> list[type]:
    from pydantic import BaseModel
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _models(part)]
