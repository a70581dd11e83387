"""A country file, written and checked: it runs at once."""

from __future__ import annotations

from pathlib import Path

from ..scenario.file import yamlfile
from ..scenario.file.source import Source, choices
from ..scenario.machine import Machine
from ..scenario.scenario import Scenario, build
from ..scenario.unsaid import unsaid
from ..support.faults import Fault
from ..support.writing import whole
from .file import text
from .known import Known
from .provinces import provinces


def new(known: Known, *, real: bool = True, command: str = "") -> str:
    """The text of the country's file.  real: its own provinces, where the package has them, else
    the rule's six in a ring.  command: that asked for it.
    """
    found = provinces(known.state) if real else None
    bare = built(text(known, found))
    missing = [f"{row['key']}: {row['stands']}" for row in unsaid(bare)]
    return text(known, found, command, missing)


def built(written: str) -> Scenario:
    """The scenario of a file's text, as the loader makes it."""
    data, lines = yamlfile.parse(written, "new.yaml")
    source = Source(data, lines, "new.yaml")
    source.status_quo = choices(data)
    return build(source, Machine())


def write(name: str, out: Path | None, written: str, force: bool = False) -> Path:
    """The file on the disk, as NAME.yaml in this folder where no other is named; its path. Raises
    Fault rather than overwrite.
    """
    path = out or Path(f"{name}.yaml")
    if path.is_dir():
        raise Fault(f"{path} is a folder; name a file with --out, such as {path}/{name}.yaml.")
    if path.suffix not in (".yaml", ".yml"):
        raise Fault(f"--out {path} must end with .yaml, as files of this laboratory do.")
    if path.exists() and not force:
        raise Fault(f"{path} is there already; nothing was changed. --force writes it anew.")
    if not path.parent.is_dir():
        raise Fault(f"there is no folder {path.parent} for {path.name}; make it first.")
    whole(path, lambda beside: beside.write_text(written, encoding="utf-8"))
    return path
