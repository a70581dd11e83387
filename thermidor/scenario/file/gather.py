"""From a name or a path to a scenario's data: finding the file and its parents."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...support.faults import Fault, near
from . import yamlfile
from .source import BY_ID, Source, choices

FOLDERS = ("countries", "scenarios")  # of the library
MOST_PARENTS = 5
GIVEN_BY = {  # how files of other kinds are given
    "argument": "thermidor claims COUNTRY --argument {}",
    "beliefs": "thermidor claims COUNTRY --beliefs {}",
    "seen": "thermidor run COUNTRY --seen {}",
}
LONGEST_NAME = 200  # letters of a parent's name


def bundled() -> dict[str, Path]:
    """Name and path of every scenario and country that comes with the package."""
    library = Path(str(files("thermidor.library")))
    found = [p for folder in FOLDERS for p in (library / folder).glob("*.yaml")]
    return {p.stem: p for p in sorted(found, key=lambda p: p.stem)}


def locate(reference: str | Path, beside: Path | None = None) -> Path:
    """The file that a name or a path means; a parent is looked for beside its child first."""
    path = Path(reference)
    if beside and _exists(beside / path):
        return beside / path
    if path.suffix in (".yaml", ".yml", ".json") or _exists(path):
        if not _exists(path):
            raise Fault(f"there is no scenario file {path}.{near(path.stem, bundled())}")
        return path
    if str(reference) in bundled():
        return bundled()[str(reference)]
    raise Fault(
        f"there is no scenario '{reference}'; with the package come {', '.join(bundled())}."
        f"{near(str(reference), bundled())} A file of your own is named with its path."
    )


def _exists(path: Path) -> bool:
    """Whether there is something that is no folder under a name, be the name as odd as it may."""
    try:
        return path.exists() and not path.is_dir()
    except (OSError, ValueError):
        return False


def gather(reference: str | Path) -> Source:
    """A scenario's data over that of its parents."""
    chain: list[Source] = []
    path, seen = locate(reference), []
    while True:
        seen.append(path.resolve())
        source = _one(path, len(chain))
        chain.append(source)
        parent, where = source.data.get("parent"), source.where(("parent",))
        if parent is None:
            break
        if not isinstance(parent, str):
            raise Fault(
                f"{where}: parent = {parent!r}; a scenario has one parent at most, "
                "given by its name or file."
            )
        if Path(parent).name != parent or len(parent) > LONGEST_NAME:
            raise Fault(
                f"{where}: parent = '{parent[:LONGEST_NAME]}' must be the name of a scenario "
                "or of a file in the same folder."
            )
        try:
            path = locate(parent, path.parent)
        except Fault as e:
            raise Fault(f"{where}: {e}") from e
        if path.resolve() in seen:
            raise Fault(
                f"{where}: the parents go in a circle: "
                f"{' -> '.join(s.name for s in chain)} -> {path.name}; remove one 'parent'."
            )
        if len(chain) > MOST_PARENTS:
            raise Fault(
                f"{where}: more than {MOST_PARENTS} parents in a row; write the scenario out."
            )
    out = chain[-1]
    for child in reversed(chain[:-1]):
        out = child.over(out)
    out.data.pop("parent", None)
    return out


def _one(path: Path, level: int) -> Source:
    """One file by itself."""
    data, lines = yamlfile.read(path)
    if not isinstance(data, dict):
        raise Fault(
            f"{path.name}: a scenario file is a mapping of keys such as name, start, place; "
            f"this is a {type(data).__name__}."
        )
    other = next((k for k in GIVEN_BY if k in data), None)
    if other and "thermidor" not in data:
        raise Fault(
            f"{path.name} is no scenario or country: it is a file of the kind '{other}'. Name it "
            f"beside a country: {GIVEN_BY[other].format(path.name)}."
        )
    out = Source(data, lines, path.name, level)
    out.status_quo = choices(data)
    for key, by in BY_ID.items():
        out.faults += [
            f"{out.where((key, k))}: {key[:-1]} {name} is given twice; "
            "keep one, or give it another id."
            for k, name in _again(data.get(key), by)
        ]
    place = data.get("place")
    if isinstance(place, dict) and place.get("outlines") is not None:
        out.outlines_in = path.resolve().parent
    return out


def _again(rows: Any, by: str) -> Iterable[tuple[int, str]]:
    """Rows whose id an earlier row has."""
    seen = set()
    for k, row in enumerate(rows if isinstance(rows, list) else []):
        name = row.get(by) if isinstance(row, dict) else None
        if isinstance(name, str):
            if name in seen:
                yield k, name[:LONGEST_NAME]
            seen.add(name)
