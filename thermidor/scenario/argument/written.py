"""One of the three kinds of file as it is written: found, read, typed, with a fingerprint."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ...support.faults import Fault, Faults, near
from ..file import yamlfile
from ..file.sentences import Model, typed
from ..file.source import Source

_DAY = dt.date(2000, 1, 1)
STAND_IN = {  # by kind: to go on checking where an entry does not fit
    "argument": {"argument": 1, "name": "x", "title": "x", "of": "x"},
    "beliefs": {"beliefs": 1, "holder": "x", "date": _DAY},
    "seen": {"seen": 1, "title": "x"},
}
NEEDS = {
    "argument": "an argument needs at least argument, name, title, of and claims; "
    "'thermidor new --argument TITLE' writes one to begin with",
    "beliefs": "beliefs need at least beliefs, holder, date and assumptions; "
    "'thermidor new --beliefs HOLDER' writes a file to begin with",
    "seen": "observations need at least seen, title and observations",
}
FILL = {  # what writes the keys that are missing
    "argument": " 'thermidor new --argument TITLE' writes a file that has all of them.",
    "beliefs": " 'thermidor new --beliefs HOLDER' writes a file that has all of them.",
    "seen": "",
}


def arguments() -> dict[str, Path]:
    """Name and path of every argument that comes with the package."""
    folder = Path(str(files("thermidor.library") / "arguments"))
    return {p.stem: p for p in sorted(folder.glob("*.yaml"))}


def locate(reference: str | Path) -> Path:
    """The file that the name or the path of an argument means."""
    path, text = Path(reference), str(reference)
    if path.suffix in (".yaml", ".yml", ".json"):
        if not path.is_file():
            raise Fault(
                f"there is no argument file {path}.{near(path.stem, arguments())} "
                "'thermidor new --argument TITLE' writes one."
            )
        return path
    if text in arguments():
        return arguments()[text]
    raise Fault(
        f"there is no argument '{text}'; with the package come {', '.join(arguments())}."
        f"{near(text, arguments())} A file of your own is named with its path."
    )


def kind_of(data: Any) -> str | None:
    """Which of the three kinds of file this is; None for a scenario or country."""
    keys = data if isinstance(data, Mapping) else {}
    return next((k for k in STAND_IN if k in keys), None)


def read(model: type[Model], kind: str, path: Path) -> tuple[Model, Source, Faults]:
    """A file of a kind as typed data, with its lines and what was found wrong with it so far."""
    data, lines = yamlfile.read(path, kind, NEEDS[kind])
    a = "an" if kind == "argument" else "a"
    if not isinstance(data, dict):
        raise Fault(
            f"{path.name}: {a} {kind} file is a mapping of keys such as "
            f"{', '.join(STAND_IN[kind])}; this is a {type(data).__name__}."
        )
    if kind not in data:
        other = kind_of(data) or ("scenario" if "thermidor" in data else None)
        what = f"this is a file of the kind '{other}'" if other else f"it has no '{kind}: 1'"
        raise Fault(f"{path.name} is no {kind} file: {what}.")
    source, faults = Source(data, lines, path.name), Faults(path.name)
    missing = [k for k, f in model.model_fields.items() if f.is_required() and data.get(k) is None]
    made = typed(model, source, faults, STAND_IN[kind], ("assumptions",))
    if missing and FILL[kind]:
        filled = [f"'{k}' is missing from the file; add it." for k in missing]
        for k, fault in enumerate(faults):
            if fault.endswith(tuple(filled)):
                faults[k] = fault + FILL[kind]
    return made, source, faults


def fingerprint(file: BaseModel) -> str:
    """Of what a file says, however it is laid out."""
    text = json.dumps(file.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
