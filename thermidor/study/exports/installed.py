"""What is installed here: versions of what Thermidor needs, and Thermidor itself as a wheel."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from ... import __version__
from .bibtex import CITATION, citation_file

NAME = "thermidor"
PACKAGE = Path(__file__).parents[2]
NOT_SHIPPED = (".pyc", ".pyo", ".nbi", ".nbc", ".tmp")
REQUIRED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the date of every entry of a zip
TAG = "py3-none-any"


def lock() -> dict[str, str]:
    """Name and version of every distribution that Thermidor needs, without itself and its extras.

    What a requirement asks for on other systems only is listed if it is installed all the same.
    """
    found: dict[str, str] = {}
    waiting = _needs(_own()) if _own() else []
    while waiting:
        name = waiting.pop()
        if name in found or name == NAME:
            continue
        try:
            there = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = there.version
        waiting += _needs(there)
    return dict(sorted(found.items()))


def _own() -> Distribution | None:
    try:
        return distribution(NAME)
    except PackageNotFoundError:
        return None


def _needs(of: Distribution | None) -> list[str]:
    """Names that a distribution requires without any extra."""
    out = []
    for line in (of.requires if of else None) or ():
        said, _, marker = line.partition(";")
        name = REQUIRED.match(said)
        if name and "extra" not in marker:
            out.append(re.sub(r"[-_.]+", "-", name[1]).lower())
    return out


@cache
def wheel() -> tuple[str, bytes] | None:
    """The installed package as a wheel: its file name and bytes; None if pip knows nothing of it.

    Files lie in it as they lie here, with the record of their hashes (PEP 427); the same files give
    the same bytes.
    """
    own = _own()
    told = own.read_text("METADATA") if own else None
    if own is None or told is None:
        return None
    about = f"{NAME}-{__version__}.dist-info"
    told = re.sub(r"(?m)^Version: .*$", f"Version: {__version__}", told, count=1)
    entries = {f"{NAME}/{name}": path.read_bytes() for name, path in _files()}
    cited = citation_file()
    if cited:
        entries[f"{NAME}/{CITATION}"] = cited.read_bytes()
    entries[f"{about}/METADATA"] = told.encode()
    entries[f"{about}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: {NAME} bundle\nRoot-Is-Purelib: true\nTag: {TAG}\n"
    ).encode()
    points = own.read_text("entry_points.txt")
    if points:
        entries[f"{about}/entry_points.txt"] = points.encode()
    for file in own.files or ():
        if "licenses" in file.parts and ".." not in file.parts:
            name = "/".join(file.parts[file.parts.index("licenses") :])
            path = Path(str(own.locate_file(file)))
            if path.is_file():
                entries[f"{about}/{name}"] = path.read_bytes()
    rows = [f"{name},sha256={_hash(data)},{len(data)}" for name, data in sorted(entries.items())]
    rows.append(f"{about}/RECORD,,")
    entries[f"{about}/RECORD"] = ("\n".join(rows) + "\n").encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as z:
        order = sorted(entries, key=lambda n: (n.startswith(about), n))
        for name in order:
            z.writestr(entry(name), entries[name])
    return f"{NAME}-{__version__}-{TAG}.whl", made.getvalue()


def _files() -> list[tuple[str, Path]]:
    """The files of the package, sorted: what Python or Numba compiled and what is hidden apart."""
    out = []
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        hidden = any(p.startswith(".") or p == "__pycache__" for p in parts)
        if path.is_file() and not hidden and path.suffix not in NOT_SHIPPED:
            out.append(("/".join(parts), path))
    return [x for x in out if x[0] != CITATION]


def entry(name: str, executable: bool = False) -> zipfile.ZipInfo:
    """An entry of a zip that tells nothing of this machine or this day."""
    info = zipfile.ZipInfo(name, EPOCH)
    info.create_system = 3  # the rights below are those of Unix
    info.external_attr = (0o100755 if executable else 0o100644) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
