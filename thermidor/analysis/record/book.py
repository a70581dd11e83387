"""The file of a record: a line of JSON for every forecast that was sealed and every resolution.

Nothing in it is ever overwritten. Each line holds the fingerprint of the line before it and its
own, so that one that is changed, taken out or put between others is found by whoever reads it, and
the fingerprint of the last line stands for the whole file: publish that, and the record is sealed.

    hash = SHA-256 of the line's JSON without `hash`, keys sorted, no spaces             (record.1)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ...support.faults import Fault, MachineFault, near
from ...support.writing import whole

FIRST = "0" * 64  # stands before the first line
MOST_BYTES = 50_000_000
SEAL, RESOLVE = "seal", "resolve"
YES, NO, VOID = "yes", "no", "void"
WAIT = 10.0  # seconds for another writer
NEEDED: dict[str, dict[str, type]] = {
    SEAL: {"id": str, "claim": str, "by": str, "sealed": str, "chance": float, "late": bool},
    RESOLVE: {"id": str, "outcome": str, "on": str},
}


@dataclass(frozen=True)
class Forecast:
    """A sealed forecast, and how it was resolved (None: it is open)."""

    sealed: Mapping[str, Any]
    resolved: Mapping[str, Any] | None

    @property
    def id(self) -> str:
        """Its name in the record."""
        return str(self.sealed["id"])

    @property
    def outcome(self) -> str | None:
        """yes, no, void, or None."""
        return str(self.resolved["outcome"]) if self.resolved else None


@dataclass(frozen=True)
class Book:
    """The lines of a record, in order, all of them sound."""

    path: Path
    lines: tuple[Mapping[str, Any], ...]

    @property
    def hash(self) -> str:
        """The fingerprint of the last line, and so of the whole."""
        return str(self.lines[-1]["hash"]) if self.lines else FIRST

    @property
    def forecasts(self) -> list[Forecast]:
        """In the order in which they were sealed."""
        ends = {x["id"]: x for x in self.lines if x["kind"] == RESOLVE}
        return [Forecast(x, ends.get(x["id"])) for x in self.lines if x["kind"] == SEAL]

    def __getitem__(self, name: str) -> Forecast:
        """A forecast by its id. Raises Fault."""
        for f in self.forecasts:
            if f.id == name:
                return f
        known = [f.id for f in self.forecasts]
        raise Fault(
            f"{self.path} holds no forecast '{name}'; it holds {', '.join(known) or 'none'}."
            f"{near(name, known)}"
        )


def fingerprint(line: Mapping[str, Any]) -> str:
    """(record.1)"""
    bare = {k: v for k, v in line.items() if k != "hash"}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read(path: Path) -> Book:
    """A record; one that is not there yet is empty. Raises Fault where a line is not as it was."""
    if not path.exists():
        return Book(path, ())
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise Fault(f"{path} is no record, which is a file of at most {MOST_BYTES:,} bytes.")
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise Fault(f"{path} cannot be read ({e}).") from e
    return _sound(path, texts)


def _sound(path: Path, texts: Sequence[str]) -> Book:
    """The record of these lines. Raises Fault where one does not follow from those before it."""
    lines: list[Mapping[str, Any]] = []
    before, open_, closed = FIRST, set[str](), set[str]()
    for n, text in enumerate(texts, 1):
        line = _line(path, n, text)
        if line["before"] != before:
            raise Fault(
                f"{path}, line {n}: the line before it is not the one that it was written after; "
                "one was changed, taken out or put in. Nothing is told of a record that was."
            )
        name = line["id"]
        if line["kind"] == SEAL and name in open_:
            raise Fault(f"{path}, line {n}: '{name}' is sealed already; a record is only added to.")
        if line["kind"] == RESOLVE and (name in closed or name not in open_):
            why = "is resolved already" if name in closed else "was never sealed"
            raise Fault(f"{path}, line {n}: '{name}' {why}; a record is only added to.")
        (open_ if line["kind"] == SEAL else closed).add(name)
        before = line["hash"]
        lines.append(line)
    return Book(path, tuple(lines))


def _line(path: Path, n: int, text: str) -> dict[str, Any]:
    """A line as it was written."""
    try:
        line = json.loads(text)
    except (ValueError, RecursionError) as e:
        raise Fault(f"{path}, line {n}: this is no line of a record ({e}).") from e
    kind = line.get("kind") if isinstance(line, dict) else None
    needed = NEEDED.get(kind) if isinstance(kind, str) else None
    if needed is None or not all(
        isinstance(line.get(k), t) for k, t in {**needed, "before": str, "hash": str}.items()
    ):
        raise Fault(f"{path}, line {n}: this is no line of a record.")
    if fingerprint(line) != line["hash"]:
        raise Fault(
            f"{path}, line {n}: the line is not what was written ('{line['id']}'); its fingerprint "
            "is another. Nothing is told of a record that was changed."
        )
    if line["kind"] == SEAL and not 0 < line["chance"] < 1:
        raise Fault(f"{path}, line {n}: a chance lies between 0 and 1.")
    if line["kind"] == RESOLVE and line["outcome"] not in (YES, NO, VOID):
        raise Fault(f"{path}, line {n}: an outcome is {YES}, {NO} or {VOID}.")
    return line


def add(path: Path, line: Mapping[str, Any]) -> Book:
    """The record with one more line at its end; what stands in it stays, byte for byte."""
    if path.is_symlink():
        raise Fault(f"{path} is a link; a record is a file of its own.")
    if not path.parent.is_dir():
        raise Fault(f"there is no folder {path.parent} for the record.")
    try:
        with FileLock(str(path) + ".lock", timeout=WAIT):
            book = read(path)
            made = json.loads(json.dumps({**line, "before": book.hash}))
            made["hash"] = fingerprint(made)
            new = json.dumps(made, sort_keys=True, ensure_ascii=True)
            old = path.read_bytes() if book.lines else b""
            whole_book = _sound(path, [*old.decode().splitlines(), new])
            whole(path, lambda p: p.write_bytes(old + new.encode() + b"\n"))
            return whole_book
    except Timeout as e:
        raise MachineFault(f"{path} is being written by somebody else; try again.") from e
