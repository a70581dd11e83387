"""The data of a scenario as a typed file, and a sentence for every entry that does not fit."""

from __future__ import annotations

import datetime as dt
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ...support import numerals
from ...support.faults import Faults, near
from .schema import BARE, ROW, ScenarioFile
from .source import Source
from .yamlfile import At

_BY_KEY = ("assumptions", "choices")
_STAND_IN = {
    "thermidor": 1,
    "name": "x",
    "title": "x",
    "start": dt.date(2000, 1, 1),
    "days": 100_000,
}  # to go on checking
_TYPES = ("float", "int", "str", "constrained-str")  # of a union, one of which an entry must have
_BOUNDS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
}
_WANTED = {
    "float": "a number",
    "int": "a whole number",
    "string": "a text",
    "dict": "a mapping of keys",
    "list": "a list",
    "model": "a mapping of keys",
    "bool": "true or false",
    "model_attributes": "a mapping of keys",
}
Model = TypeVar("Model", bound=BaseModel)
_short = reprlib.Repr()
_short.maxlevel, _short.maxdict, _short.maxlist, _short.maxstring, _short.maxother = 2, 2, 3, 57, 57


def validate(source: Source, faults: Faults) -> ScenarioFile:
    """The data as a typed scenario file; what does not fit is added to the faults.

    Entries at fault are left out, or stood in for, so that what comes after them can be checked
    too; if that cannot be, the faults are raised.
    """
    return typed(ScenarioFile, source, faults, _STAND_IN, _BY_KEY)


def typed(
    model: type[Model],
    source: Source,
    faults: Faults,
    stand_in: Mapping[str, Any],
    by_key: Sequence[str] = (),
) -> Model:
    """As `validate`, for any kind of file.

    stand_in: values by key, to go on checking where the file's own does not fit.  by_key: keys
    of mappings of which only the entry at fault is left out.
    """
    try:
        return model.model_validate(source.data)
    except ValidationError as e:
        errors: dict[At, ErrorDetails] = {}
        for error in e.errors(include_url=False):
            # one sentence an entry: a union of types would give one a type
            errors.setdefault(_at(error), error)
    data = {k: v for k, v in source.data.items() if k in model.model_fields}
    for at, wrong in errors.items():
        faults.append(_sentence(model, source, at, wrong))
        if len(at) > 1 and at[0] in by_key and isinstance(data.get(at[0]), dict):
            data[at[0]] = {k: v for k, v in data[at[0]].items() if k != at[1]}
        elif at[0] in stand_in:
            data[at[0]] = stand_in[at[0]]
        else:
            data.pop(at[0], None)
    try:
        return model.model_validate(data)
    except ValidationError:
        raise faults.all() from None


def _at(error: ErrorDetails) -> At:
    """Where in the data an error lies, without the names of types."""
    typed = (ROW, BARE, "[key]")
    at = tuple(k for k in error["loc"] if k not in typed and not str(k).startswith("function-"))
    return at[:-1] if len(at) > 1 and at[-1] in _TYPES else at


def _sentence(model: type[BaseModel], source: Source, at: At, error: ErrorDetails) -> str:
    value: Any = error["input"]
    kind, context = error["type"], error.get("ctx", {})
    dotted = ".".join(str(k)[:60] for k in at)
    where, inside = source.where(at), ".".join(map(str, at[:-1])) or "the file"
    shown = _short.repr(value)
    if kind == "extra_forbidden":
        allowed = _fields(model, at[:-1])
        return (
            f"{where}: unknown key '{at[-1]}' in {inside}; allowed: {', '.join(allowed)}."
            f"{near(str(at[-1]), allowed)}"
        )
    if kind == "missing":
        return f"{where}: '{at[-1]}' is missing from {inside}; add it."
    if kind == "literal_error":
        options = context.get("expected", "")
        words = [w.strip(" '") for w in options.replace(" or ", ", ").split(",")]
        return f"{where}: {dotted} = {shown}; allowed: {options}.{near(str(value), words)}"
    if kind in _BOUNDS:
        word, bound = _BOUNDS[kind]
        percent = bound == "le" and context[bound] == 1 and value <= 100
        share = f"; a part of one, {value / 100:g}, may be meant" if percent else ""
        return f"{where}: {dotted} = {shown} must be {word} {context[bound]}{share}."
    if kind.startswith("date"):
        if numerals.is_date(value):
            return f"{where}: {dotted} = {shown} is not a date of the calendar."
        return (
            f"{where}: {dotted} = {shown} is not a date; write year-month-day, such as 2025-06-16."
        )
    if kind == "string_pattern_mismatch":
        return f"{where}: {dotted} = {shown} must be {_pattern(at[-1])}."
    if kind.endswith(("_type", "_parsing", "_from_float")):
        if value is None:
            return f"{where}: {dotted} is empty; fill it in, or leave the entry out."
        want = _WANTED.get(kind.rsplit("_", 2 if kind.endswith("_from_float") else 1)[0], kind)
        return f"{where}: {dotted} = {shown} must be {want}{_repair(want, value)}."
    return f"{where}: {dotted} = {shown}: {error['msg'][0].lower()}{error['msg'][1:]}."


def _pattern(key: Any) -> str:
    if key == "outlines":
        return "the name of a .geojson file beside the scenario"
    if key == "id":
        return "a capital letter, then letters and digits"
    return "small letters, digits, dots and dashes"


def _repair(want: str, value: Any) -> str:
    if (
        want == "a text"
        and isinstance(value, (int, float, dt.date))
        and not isinstance(value, bool)
    ):
        return "; put it in quotes"
    if want in ("a number", "a whole number") and isinstance(value, str):
        return numerals.repair(value)
    return ""


def _fields(file: type[BaseModel], at: At) -> list[str]:
    """Keys that are allowed at a place of the file."""
    model: Any = file
    for key in at:
        if isinstance(key, int) or not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        field = model.model_fields.get(key)
        inner = _models(field.annotation) if field else []
        model = inner[0] if inner else model
    return list(model.model_fields)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _models(part)]
