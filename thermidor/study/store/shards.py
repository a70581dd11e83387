"""A study in parts that share no lock: each in a folder of its own, joined when all are there.

Shard 3 of 200 computes its stretch of the futures into `shards/003-of-200`, wherever it runs; what
it holds says to which study it belongs. `gather` refuses a shard of another study, and one that is
not whole, by name, before anything is written.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ...support.faults import Fault
from ...support.writing import whole
from .folder import Folder, read_json, refuse_links
from .manifest import OF_A_STUDY

SHARDS = "shards"
MOST_SHARDS = 100_000
NAME = re.compile(r"0*([1-9][0-9]*)-of-([1-9][0-9]*)")
MOST_NAMED = 12  # shards that are named before the rest is counted
COPIED = ("model.json", "points.parquet")


@dataclass(frozen=True)
class Shard:
    """Part `number` of `of`, the first being 1."""

    number: int
    of: int

    @property
    def name(self) -> str:
        """The name of its folder."""
        return f"{self.number:0{len(str(self.of))}d}-of-{self.of}"

    def numbers(self, runs: int) -> range:
        """Its stretch of so many futures."""
        return range((self.number - 1) * runs // self.of, self.number * runs // self.of)

    def to_dict(self, runs: int) -> dict[str, int]:
        """What its manifest says of it. runs: futures of the whole study."""
        return {"number": self.number, "of": self.of, "runs": runs}


def parse(text: str, runs: int | None = None) -> Shard:
    """A shard from `3/200`. Raises Fault, also where there are fewer futures than shards."""
    number, _, of = text.partition("/")
    if not (number.isascii() and number.isdigit() and of.isascii() and of.isdigit()):
        raise Fault(f"--shard {text} must be of the form 3/200: the third of two hundred.")
    if max(len(number), len(of)) > 9 or not 1 <= int(number) <= int(of) <= MOST_SHARDS:
        raise Fault(f"--shard {text} must be one of 1/N to N/N, with N from 1 to {MOST_SHARDS:,}.")
    if runs is not None and int(of) > runs:
        raise Fault(f"--shard {text} of {runs:,} futures leaves some empty; use at most {runs:,}.")
    return Shard(int(number), int(of))


@dataclass(frozen=True)
class Part:
    """A shard on disk, with what its manifest says."""

    shard: Shard
    folder: Folder
    manifest: dict[str, Any]

    @property
    def study(self) -> tuple[str, ...]:
        """What it has in common with all shards of its study."""
        runs = (self.manifest.get("shard") or {}).get("runs")
        return tuple(str(self.manifest.get(k)) for k in OF_A_STUDY) + (str(runs),)


def gather(path: Path) -> dict[str, Any]:
    """Join the shards in a folder into its tables; the manifest of what is made.

    The shards stay. Raises Fault, with all that is wrong, before anything is written.
    """
    refuse_links(path, (SHARDS,))
    found, faults = _found(path)
    if not found and not faults:
        raise Fault(f"{path} holds no shards; compute them with --shard 1/N to N/N into it.")
    known = Folder(path).manifest()
    faults += _strangers(found, known)
    if not faults:
        faults += _missing(found)
    if faults:
        raise Fault(faults, f"{path} cannot be gathered, and nothing was changed:")
    return _joined(path, found, known)


def _found(path: Path) -> tuple[list[Part], list[str]]:
    """The shards in a folder, and what is wrong with what is not one."""
    found, faults = [], []
    there = sorted((path / SHARDS).iterdir()) if (path / SHARDS).is_dir() else []
    for folder in (p for p in there if not p.name.startswith(".")):
        named = NAME.fullmatch(folder.name)
        if not named or folder.is_symlink() or not folder.is_dir():
            faults.append(f"{SHARDS}/{folder.name} is no folder of a shard; move it away.")
            continue
        try:
            manifest = Folder(folder).manifest()
            if manifest:
                own = Folder(folder, str(manifest.get("keep", "all")))
                shard = Shard(int(named[1]), int(named[2]))
                found.append(Part(shard, own, manifest))
        except Fault as e:
            faults += e.faults
    return found, faults


def _strangers(found: Sequence[Part], known: dict[str, Any]) -> list[str]:
    """Shards that belong to another study than most, or than the folder that they lie in."""
    if not found:
        return []
    most = Counter(p.study for p in found).most_common(1)[0][0]
    here = tuple(str(known.get(k)) for k in OF_A_STUDY) + (most[-1],) if known else most
    faults = []
    for part in found:
        pairs = zip((*OF_A_STUDY, "runs"), part.study, here, strict=True)
        differs = [f"{k} {a} there, {b} here" for k, a, b in pairs if a != b]
        if differs:
            faults.append(
                f"{SHARDS}/{part.shard.name} belongs to another study ({', '.join(differs)}); "
                "move it away."
            )
        elif part.manifest.get("shard") != part.shard.to_dict(int(part.study[-1])):
            faults.append(
                f"{SHARDS}/{part.shard.name} holds another shard than its name says "
                f"({part.manifest.get('shard')}); move it away."
            )
    cuts = sorted({p.shard.of for p in found})
    if len(cuts) > 1:
        faults.append(
            f"there are shards of {' and of '.join(map(str, cuts))}; move those of one kind away."
        )
    return faults


def _missing(found: Sequence[Part]) -> list[str]:
    """Shards that are not there, or not whole."""
    of, runs = found[0].shard.of, int(found[0].study[-1])
    there = {p.shard.number for p in found}
    gone = [k for k in range(1, of + 1) if k not in there]
    faults = []
    if gone:
        word = "shard" if len(gone) == 1 else "shards"
        faults.append(
            f"{word} {_stretches(gone)} of {of} {'is' if len(gone) == 1 else 'are'} missing; the "
            f"same command with --shard {gone[0]}/{of} computes "
            f"{'it' if len(gone) == 1 else 'the first'}."
        )
    for part in found:
        wanted = part.shard.numbers(runs)
        lacks = len(set(wanted) - part.folder.finished())
        if lacks:
            more = " (it is being computed now)" if part.folder.in_use() else ""
            faults.append(
                f"shard {part.shard.number} of {of} lacks {lacks:,} of its {len(wanted):,} "
                f"futures{more}; the same command with --shard {part.shard.number}/{of} computes "
                "them."
            )
    return faults


def _stretches(numbers: Iterable[int]) -> str:
    """Numbers as people list them: 4, 7 to 9."""
    spans: list[list[int]] = []
    for k in numbers:
        if spans and spans[-1][1] == k - 1:
            spans[-1][1] = k
        else:
            spans.append([k, k])
    said = [str(a) if a == b else f"{a} to {b}" for a, b in spans[:MOST_NAMED]]
    more = sum(b - a + 1 for a, b in spans[MOST_NAMED:])
    return ", ".join(said) + (f" and {more} more" if more else "")


def _joined(path: Path, found: Sequence[Part], known: dict[str, Any]) -> dict[str, Any]:
    """Put the parts of all shards into the folder, and join them there."""
    first = found[0].manifest
    runs = int(found[0].study[-1])
    identity = {k: first.get(k) for k in OF_A_STUDY} | {"shard": None}
    folder = Folder(path, str(first.get("keep", "all")))
    mended = folder.claim(identity)
    try:
        manifest = _told(found, known) | {"runs": runs, "shard": None, "mended": mended}
        folder.write_json("manifest.json", manifest | {"status": "running"})
        for name in COPIED:
            source = found[0].folder.path / name
            if source.is_file() and not source.is_symlink():
                _taken(source, path / name)
        there = folder.finished()
        for part in found:
            for numbers, files in part.folder.parts.each():
                if not there.issuperset(numbers):
                    writers = {t: partial(_over, file) for t, file in files.items()}
                    folder.parts.put(numbers[0], writers)
        folder.parts.join()
        index = folder.parts.index()
        manifest["status"] = "failed" if index["failed"].all() else "finished"
        folder.write_json("manifest.json", manifest)
        return manifest
    finally:
        folder.release()


def _told(found: Sequence[Part], known: dict[str, Any]) -> dict[str, Any]:
    """The manifest of the whole from those of the shards."""
    seconds: Counter[str] = Counter()
    plainly: dict[str, str] = {}
    for part in found:
        seconds.update({k: v or 0.0 for k, v in _seconds(part).items()})
        plainly |= part.manifest.get("plainly") or {}
    total = {k: sum(p.manifest.get(k) or 0.0 for p in found) for k in ("seconds", "agent_days")}
    shown = {k: v for k, v in found[0].manifest.items() if k != "command"}
    return shown | {
        "command": known.get("command") or found[0].manifest.get("command"),
        "seconds": round(total["seconds"], 3),
        "agent_days": total["agent_days"],
        "seconds_by_mechanism": {k: round(v, 4) for k, v in sorted(seconds.items())},
        "plainly": plainly,
        "gathered": len(found),
    }


def _seconds(part: Part) -> dict[str, float | None]:
    """Seconds by mechanism; none of a shard that ended without a word."""
    return part.manifest.get("seconds_by_mechanism") or {}


def _over(source: Path, target: Path) -> None:
    """The same file under another name: as a second name where the disk can, else as a copy."""
    if source.is_symlink():
        raise Fault(f"{source} is a link; a folder of results has none.")
    with contextlib.suppress(OSError):
        beside = target.with_name(f"{target.name}.link")
        os.link(source, beside)
        os.replace(beside, target)
        return
    shutil.copyfile(source, target)


def _taken(source: Path, target: Path) -> None:
    whole(target, partial(_over, source))


def manifest_of(path: Path) -> dict[str, Any]:
    """The manifest of a study, or of the first shard in its folder."""
    own = Folder(path).manifest()
    if own:
        return own
    for folder in sorted(path.glob(f"{SHARDS}/*/manifest.json")):
        return read_json(folder)
    raise Fault(f"{path} holds no study (no manifest.json); begin it, or write it with --plan.")
