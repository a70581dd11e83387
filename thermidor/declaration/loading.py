"""Mechanisms by name: the built-in ones, and those of a user's file."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import linecache
import pkgutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.abc import InspectLoader
from importlib.util import decode_source, module_from_spec, spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

from ..support.faults import Fault, near
from .declare import Mechanism

PACKAGE = __package__.rpartition(".")[0]
BUILT_IN = tuple(
    sorted(
        m.name
        for m in pkgutil.iter_modules([str(Path(__file__).parents[1] / "mechanisms")])
        if not m.name.startswith("_")
    )
)


def find(name: str, added: Mapping[str, Mechanism] | None = None) -> Mechanism:
    """The mechanism of that name, among those added or the built-in ones."""
    if added and name in added:
        return added[name]
    if name not in BUILT_IN:
        raise Fault(
            f"there is no mechanism '{name}'; built in: {', '.join(BUILT_IN)}."
            f"{near(name, BUILT_IN)}"
        )
    return one_of(importlib.import_module(f"{PACKAGE}.mechanisms.{name}"))[0]


def one_of(module: ModuleType) -> list[Mechanism]:
    """The mechanisms that a module declares."""
    found = (getattr(x, "__mechanism__", None) for x in vars(module).values())
    return [m for m in found if isinstance(m, Mechanism) and m.step.__module__ == module.__name__]


def load_files(files: Iterable[str | Path | Mechanism]) -> list[Mechanism]:
    """The mechanisms of users' files; those that are loaded already stay as they are."""
    loaded = [f if isinstance(f, Mechanism) else load_file(f) for f in files]
    faults = [
        f"the name '{m.name}' is already that of {before.file}; give the function another name."
        for k, m in enumerate(loaded)
        for before in loaded[:k]
        if before.name == m.name and before.file != m.file
    ]
    if faults:
        raise Fault(faults)
    return list({m.name: m for m in loaded}.values())


def load_file(path: str | Path) -> Mechanism:
    """Run a user's mechanism file, named by the user on the command line or in Python.

    The file is read anew at each call, so a file that was edited gives the new mechanism.
    """
    path = Path(path).resolve()
    if path.is_dir():
        raise Fault(f"mechanism file {path} is a folder; name the Python file in it.")
    if not path.is_file():
        raise Fault(f"mechanism file {path} does not exist.")
    if path.suffix != ".py":
        raise Fault(f"mechanism file {path} is no Python file; its name must end in .py.")
    try:
        source = path.read_bytes()
    except OSError as e:
        raise Fault(f"mechanism file {path} cannot be read: {e.strerror or e}.") from e
    return from_source(str(path), source)


class _Source(InspectLoader):
    """Imports these bytes under the name of a file."""

    def __init__(self, file: str, source: bytes):
        self.file, self.source = file, source

    def get_source(self, fullname: str) -> str:
        return decode_source(self.source)

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.source, self.file)

    def is_package(self, fullname: str) -> bool:
        return False


@lru_cache(maxsize=256)
def from_source(file: str, source: bytes) -> Mechanism:
    """The mechanism that these bytes of a file declare; the file itself is not read.

    So a worker process, and a scenario that was patched, compute with the code that was loaded.
    """
    path = Path(file)
    mark = hashlib.sha256(file.encode() + source).hexdigest()[:12]
    name = f"thermidor_user_{path.stem}_{mark}"
    loader = _Source(file, source)
    module = module_from_spec(spec_from_file_location(name, file, loader=loader))  # type: ignore
    sys.modules[name] = module  # dataclasses look their module up
    linecache.cache.pop(file, None)
    linecache.lazycache(file, vars(module))  # its source is these bytes, whatever the file holds
    try:
        loader.exec_module(module)
    except Fault:
        raise
    except Exception as e:  # whatever a user's file raises is its fault, in a sentence
        raise Fault(f"mechanism file {path} could not be run: {type(e).__name__}: {e}") from e
    return _only(one_of(module), path, source)


def _only(found: Sequence[Mechanism], path: Path, source: bytes) -> Mechanism:
    if len(found) != 1:
        names = ", ".join(m.name for m in found) or "none"
        raise Fault(
            f"mechanism file {path} registers {len(found)} mechanisms ({names}); "
            "it must register one."
        )
    m = found[0]
    if m.name in BUILT_IN:
        raise Fault(
            f"Mechanism '{m.name}' ({path}) is not declared well: the name '{m.name}' is already "
            f"that of a built-in mechanism; give the function another name."
        )
    return dataclasses.replace(m, file=str(path), source=source)
