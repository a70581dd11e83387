"""The files of a folder of results, held against what they must be before anything is shown.

Anybody may have written them. A file that is damaged is told by name; what does not need it is
still shown.
"""
from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ..faults import Fault
from .plain import NAME, TITLE, bounded, plain

MOST_BYTES = 64_000_000  # of one JSON file
TROUBLE = (Exception, pl.exceptions.PanicException)  # the table library panics on some files


class Damaged(Exception):
    """A file that is not what it should be: its name, and why."""

    def __init__(self, file: str, why: str):
        super().__init__(f"{file} is damaged: {why}")
        self.file, self.why = file, why


class Loose(BaseModel):
    """What is declared has its type; what more stands beside it is left aside."""

    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)


class Manifest(Loose):
    """What the page cannot do without comes first; the rest may be missing."""

    title: str
    scenario: str
    days: Annotated[int, Field(ge=1, le=100_000)]
    start: str
    runs: Annotated[int, Field(ge=0, le=1_000_000_000)]
    seed: int
    version: str
    citizens: Annotated[int, Field(ge=0)] = 0
    agents: Annotated[int, Field(ge=0)] = 0
    hash: str = "not known"
    status: str = "not known"
    fixed: bool = False
    seconds: Annotated[float, Field(ge=0)] | None = None
    agent_days: Annotated[float, Field(ge=0)] | None = None
    processes: Annotated[int, Field(ge=1)] = 1
    threads: Annotated[int, Field(ge=1)] = 1
    seconds_by_mechanism: dict[str, float | None] = {}
    versions: dict[str, str] = {}
    command: str | None = None
    mechanism_files: list[str] = []
    resolved: dict[str, Any] | None = None
    scored: str | bool | None = None


class Row(Loose):
    """A row of the ledger."""

    key: str
    says: str
    value: float | str | None
    unit: str
    grade: str
    role: str
    low: float | None = None
    high: float | None = None
    actor: str | None = None
    source: str | None = None
    drawn: bool = False
    scale: str = "linear"
    drawn_from: list[str] | None = None
    declared: dict[str, float | str | None] | None = None
    posterior: dict[str, float] | None = None
    rests_on: str | None = None


class Told(Loose):
    """A state or a channel."""

    unit: str = ""
    says: str = ""


class Part(Loose):
    """A mechanism of the study."""

    name: str
    says: str = ""
    switched_off: bool = False
    owns: dict[str, Told] = {}
    opens: dict[str, Told] = {}


class Rate(Loose):
    """A base rate."""

    says: str
    rate: Annotated[float, Field(ge=0, le=1)]
    low: Annotated[float, Field(ge=0, le=1)] | None = None
    high: Annotated[float, Field(ge=0, le=1)] | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    ended: Annotated[int, Field(ge=0)] | None = None
    source: str | None = None
    rests_on: str | None = None


class Made(Loose):
    """A claim as the scenario makes it."""

    id: str
    sentence: str


class Place(Loose):
    """A province."""

    id: str
    name: str
    population: Annotated[float, Field(ge=0, le=1e10)]


class Source(Loose):
    """A table of the project behind a source key."""

    files: list[str]
    says: str


class Model(Loose):
    """What the scenario rests on. What has a default came later, so a folder may lack it."""

    mechanisms: list[Part]
    ledger: list[Row]
    citations: dict[str, str]
    left_out: list[str]
    endings: dict[str, str]
    claims: list[Made]
    base_rates: list[Rate]
    provinces: list[Place]
    outlines: Any = None
    sources: dict[str, Source] = {}
    claims_of: str | None = None


class Judged(Loose):
    """The verdicts on claims; what a claim holds is seen to where it is told."""

    claims: list[dict[str, Any]]
    scenario: str = ""
    hash: str = ""
    runs: int | None = None
    seed: int | None = None
    citizens: int | None = None


def regular(path: Path) -> bool:
    """Whether a file is there to be read: not a link, a pipe or a device."""
    return path.is_file() and not path.is_symlink()


def read_json(path: Path) -> Any:
    """A JSON file of a bounded size. Raises Damaged."""
    if not regular(path):
        there = path.is_symlink() or path.exists()
        raise Damaged(path.name, "it is no file of its own" if there else "it is missing")
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise Damaged(path.name, f"it is larger than {MOST_BYTES // 10**6} million bytes")
        return json.loads(text)
    except (ValueError, RecursionError) as e:
        raise Damaged(path.name, f"it is not JSON ({plain(e, TITLE)})") from e
    except OSError as e:
        raise Damaged(path.name, f"it cannot be read ({e.strerror})") from e


def fields(kind: type[BaseModel], data: Any, file: str,
           rough: tuple[str, ...] = ()) -> tuple[dict[str, Any], dict[str, str]]:
    """The declared fields of a JSON object, and for each one that is damaged or missing why.

    A field with a default has that in its place. rough: fields that are left as they are, whatever
    they hold.
    """
    if not isinstance(data, Mapping):
        raise Damaged(file, "it does not hold an object with names")
    good, bad = {}, {}
    for name, field in kind.model_fields.items():
        if name not in data:
            if field.is_required():
                bad[name] = f"it has no '{name}'"
            else:
                good[name] = field.get_default(call_default_factory=True)
            continue
        if name in rough:
            good[name] = data[name]
            continue
        try:
            found = _checks(kind)[name].validate_python(data[name], strict=True)
            good[name] = bounded(_dumped(found))
        except ValidationError as e:
            first = e.errors(include_input=False, include_url=False)[0]
            where = ".".join(plain(x, NAME) for x in (name, *first["loc"]))
            bad[name] = f"'{where}': {first['msg'][:1].lower()}{plain(first['msg'][1:], TITLE)}"
            if not field.is_required():
                good[name] = field.get_default(call_default_factory=True)
    return good, bad


@cache
def _checks(kind: type[BaseModel]) -> dict[str, TypeAdapter[Any]]:
    """A check for each field of its own, so that one that is damaged leaves the others."""
    kinds = {name: Annotated[(f.annotation, *f.metadata)] if f.metadata else f.annotation
             for name, f in kind.model_fields.items()}
    return {name: TypeAdapter(k) for name, k in kinds.items()}


def _dumped(x: Any) -> Any:
    if isinstance(x, BaseModel):
        return x.model_dump()
    if isinstance(x, list):
        return [_dumped(v) for v in x]
    return {k: _dumped(v) for k, v in x.items()} if isinstance(x, dict) else x


def manifest(folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The manifest of a study, and what of it is damaged. Raises Fault if it tells of no study."""
    path = folder / "manifest.json"
    saved = "The tables beside it can still be read with any Parquet reader."
    if not path.exists() and not path.is_symlink():
        raise Fault(f"{folder} holds no results (no manifest.json); give the folder that "
                    "`thermidor run` wrote.")
    try:
        good, bad = fields(Manifest, read_json(path), path.name)
    except Damaged as e:
        raise Fault(f"{path} is damaged: {e.why}. {saved}") from e
    lost = [why for name, why in bad.items() if Manifest.model_fields[name].is_required()]
    try:
        dt.date.fromisoformat(good.get("start", "2000-01-01"))
    except ValueError:
        lost.append(f"'start' is {good['start'][:NAME]!r}, not a date such as 2025-06-16")
    if lost:
        raise Fault(f"{path} is damaged: {'; '.join(lost)}. {saved}")
    good["title"] = plain(good["title"], TITLE)
    good |= {k: plain(good[k], NAME) for k in ("scenario", "version", "hash", "status")}
    return good, bad


# what each table must hold: whole numbers, numbers, text
TABLES: dict[str, dict[str, str]] = {
    "runs": {"run": "whole", "ending": "text", "day": "whole", "survived": "number"},
    "series": {"run": "whole", "day": "whole"},
    "moved": {"run": "whole", "week": "whole", "channel": "text", "speaker": "text",
              "value": "number"},
    "events": {"run": "whole", "day": "whole", "mechanism": "text", "event": "text"},
    "provinces": {"run": "whole", "province": "text"},
}
ASKED = {"whole": "whole numbers", "number": "numbers", "text": "text"}
MOST_RUNS = 20_000_000
MOST_A_DAY = 1000  # events
MOST_VOICES = 5000  # channels by speakers
MOST_PROVINCES = 2000
KINDS = {"whole": lambda t: t.is_integer(), "number": lambda t: t.is_numeric(),
         "text": lambda t: t in (pl.String, pl.Categorical)}


def columns(name: str, table: pl.LazyFrame, most_rows: int) -> list[str]:
    """The columns of a table that are of the right type, those that it must have among them.

    most_rows: a table of more is none of this study. Raises Damaged.
    """
    file = f"{name}.parquet"
    try:
        schema = dict(table.collect_schema())
        rows = table.select(pl.len()).collect().item()
    except TROUBLE as e:
        raise Damaged(file, f"it is no Parquet file ({said(e)})") from e
    if rows > most_rows:
        raise Damaged(file, f"it holds {rows:,} rows, more than such a study can have")
    must = TABLES[name]
    for column, kind in must.items():
        if column not in schema:
            raise Damaged(file, f"it has no column '{column}'")
        if not (KINDS[kind](schema[column]) or name == "runs" and schema[column] == pl.Null):
            raise Damaged(file, f"its column '{column}' holds {schema[column]}, not {ASKED[kind]}")
    return [c for c, t in schema.items() if c in must or t.is_numeric() or t == pl.String]


def most_rows(table: str, futures: int, days: int) -> int:
    """How many rows a table of so many futures can have."""
    each = {"series": days + 1, "moved": (days // 7 + 1) * MOST_VOICES,
            "events": (days + 1) * MOST_A_DAY, "provinces": MOST_PROVINCES}
    return MOST_RUNS if table == "runs" else futures * each[table]


def said(e: BaseException) -> str:
    """The first line of what went wrong."""
    lines = str(e).strip().splitlines()
    return plain(lines[0] if lines else type(e).__name__, TITLE)


def finished(runs: pl.DataFrame, days: int) -> pl.DataFrame:
    """The table of futures, if its rows can be so. Raises Damaged."""
    def refuse(why: str) -> Damaged:
        return Damaged("runs.parquet", why)

    if runs["run"].null_count() or runs["run"].n_unique() < runs.height:
        raise refuse("a future stands in it twice, or without a number")
    done = runs.filter(pl.col("ending").is_not_null())
    if not done["day"].is_between(0, days).fill_null(value=False).all():
        raise refuse(f"a future ends on a day that is not one of 0 to {days:,}")
    if not done["survived"].cast(pl.Float64).is_in([0.0, 1.0]).fill_null(value=False).all():
        raise refuse("its column 'survived' holds more than 0 and 1")
    if (done["survived"] != (done["ending"] == "in power")).any():
        raise refuse("its columns 'survived' and 'ending' contradict each other")
    return done
