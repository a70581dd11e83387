"""The files of a folder of results, held against what they must be before anything is shown.

Anybody may have written them. A file that is damaged is told by name; what does not need it is
still shown.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import BaseModel, ValidationError

from ...study.store.manifest import Manifest, checks
from ...support.faults import Fault
from .plain import NAME, TITLE, bounded, plain

MOST_BYTES = 64_000_000  # of one JSON file
TROUBLE = (Exception, pl.exceptions.PanicException)  # the table library panics on some files


class Damaged(Exception):
    """A file that is not what it should be: its name, and why."""

    def __init__(self, file: str, why: str):
        super().__init__(f"{file} is damaged: {why}")
        self.file, self.why = file, why


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


def fields(
    kind: type[BaseModel], data: Any, file: str, rough: tuple[str, ...] = ()
) -> tuple[dict[str, Any], dict[str, str]]:
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
            found = checks(kind)[name].validate_python(data[name], strict=True)
            good[name] = bounded(_dumped(found))
        except ValidationError as e:
            first = e.errors(include_input=False, include_url=False)[0]
            where = ".".join(plain(x, NAME) for x in (name, *first["loc"]))
            bad[name] = f"'{where}': {first['msg'][:1].lower()}{plain(first['msg'][1:], TITLE)}"
            if not field.is_required():
                good[name] = field.get_default(call_default_factory=True)
    return good, bad


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
    try:
        if not path.exists() and not path.is_symlink():
            raise Fault(
                f"{folder} holds no results (no manifest.json); give the folder that "
                "`thermidor run` wrote."
            )
        good, bad = fields(Manifest, read_json(path), path.name)
    except Damaged as e:
        raise Fault(f"{path} is damaged: {e.why}. {saved}") from e
    except OSError as e:
        raise Fault(
            f"{plain(folder, TITLE)} cannot be read ({e.strerror}); give the folder that "
            "`thermidor run` wrote."
        ) from e
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


def said(e: BaseException) -> str:
    """The first line of what went wrong."""
    lines = str(e).strip().splitlines()
    return plain(lines[0] if lines else type(e).__name__, TITLE)
