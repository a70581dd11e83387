"""What stands in the manifest of a study, manifest.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError


class Manifest(BaseModel):
    """What every study tells comes first; the rest may be missing."""

    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)

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
    rules: str = "not known"
    past: dict[str, Any] | None = None
    keep: Literal["runs", "series", "all"] = "all"
    design: str | None = None
    sweep: dict[str, Any] | None = None
    shard: dict[str, int] | None = None
    seconds: Annotated[float, Field(ge=0)] | None = None
    agent_days: Annotated[float, Field(ge=0)] | None = None
    processes: Annotated[int, Field(ge=1)] = 1
    threads: Annotated[int, Field(ge=1)] = 1
    seconds_by_mechanism: dict[str, float | None] = {}
    versions: dict[str, str] = {}
    command: str | None = None
    mechanism_files: list[str] = []
    mended: list[str] = []
    plainly: dict[str, str] = {}
    resolved: dict[str, Any] | None = None
    scored: str | bool | None = None


OF_A_STUDY = ("hash", "seed", "fixed", "version", "rules", "past", "keep", "design")
IDENTITY = (*OF_A_STUDY, "shard")  # differ: another study, or another part of one
NEEDED = (
    "hash",
    "seed",
    "fixed",
    "version",
    "scenario",
    "title",
    "status",
    "runs",
    "citizens",
    "agents",
    "days",
    "start",
)
KINDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a table of keys",
    "list_type": "a list",
}


@cache
def checks(kind: type[BaseModel]) -> dict[str, TypeAdapter[Any]]:
    """A check for each field of its own, so that one that is damaged leaves the others."""
    kinds: dict[str, Any] = {
        name: Annotated[(f.annotation, *f.metadata)] if f.metadata else f.annotation
        for name, f in kind.model_fields.items()
    }
    return {name: TypeAdapter(k) for name, k in kinds.items()}


def wrong_kinds(data: Mapping[str, Any]) -> Iterator[str]:
    """What is not of its kind, each in words: 'seed' is "1", not a whole number."""
    for name, check in checks(Manifest).items():
        if name not in data:
            continue
        try:
            check.validate_python(data[name], strict=True)
        except ValidationError as e:
            first = e.errors(include_input=False, include_url=False)[0]
            if not first["loc"] and first["type"] in KINDS:
                yield f"'{name}' is {shown(data[name])}, not {KINDS[first['type']]}"


def shown(x: Any) -> str:
    """A value as it stands in the file, cut where it is long."""
    text = json.dumps(x, default=str)
    return text if len(text) < 60 else f"{text[:57]}..."
