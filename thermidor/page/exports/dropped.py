"""Files that a reader drops on the page: checked as `thermidor check` does it, with its sentences,
and then kept in memory only, by what they hold.

They come from strangers. A file lies in an empty temporary folder while it is read, so that it can
name nothing on this machine but what comes with the package; no code is ever taken from one.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...scenario.argument import argument, beliefs, seen, written
from ...scenario.argument.checked import checked, sound
from ...scenario.file import yamlfile
from ...scenario.file.gather import bundled
from ...scenario.load import load
from ...scenario.scenario import Scenario
from ...study.patches import fewer
from ...support.faults import Fault, MachineFault
from ..address import BEGINS, gone

MOST_FILES, MOST_KEPT = 32, 16_000_000  # files, and bytes of all of them together
MOST_DAYS, MOST_AGENTS = 3_660, 50_000  # of a dropped country
ENDINGS = (".yaml", ".yml", ".json")
LONGEST_NAME = 80


@dataclass(frozen=True)
class File:
    """A file that was found sound.

    key: its name in an address.  kind: country, argument, beliefs or seen.  says: that it is sound,
    in a sentence.  made: the scenario, argument, beliefs or observations.
    """

    key: str
    kind: str
    name: str
    text: str
    title: str
    says: str
    made: Any
    notes: tuple[str, ...] = field(default=())


class Dropped:
    """The files that were dropped last.

    named: countries that are served by name, to which dropped ones are added.
    """

    def __init__(self, named: MutableMapping[str, str]):
        self.named = named
        self._files: OrderedDict[str, File] = OrderedDict()
        self._lock, self._one = threading.Lock(), threading.Lock()

    def add(self, name: str, body: bytes) -> File:
        """Check a file and keep it. Raises Fault with everything that is wrong."""
        name = plain_name(name)
        key = BEGINS + hashlib.sha256(body).hexdigest()[:16]
        if found := self.get(key):
            return found
        with self._one:  # checking takes a core: one file at a time
            made = read(key, name, body)
        with self._lock:
            self._files[key] = made
            while len(self._files) > MOST_FILES or self._bytes() > MOST_KEPT:
                old, _ = self._files.popitem(last=False)
                self.named.pop(old, None)
            if made.kind == "country":
                self.named[key] = key  # no path, whoever reads it
        return made

    def _bytes(self) -> int:
        return sum(len(f.text) for f in self._files.values())

    def get(self, key: str, kind: str | None = None) -> File | None:
        """A file that is still kept, if it is of this kind."""
        with self._lock:
            found = self._files.get(key)
            if found:
                self._files.move_to_end(key)
            return found if found and kind in (None, found.kind) else None

    def must(self, key: str, kind: str) -> File:
        """The same. Raises Fault where it is kept no longer."""
        found = self.get(key, kind)
        if found is None:
            raise Fault(gone(key))
        return found

    def scenario(self, key: str) -> Scenario | None:
        """A dropped country as it is played."""
        found = self.get(key, "country")
        return found.made if found else None

    def offered(self, kind: str) -> list[dict[str, str]]:
        """Names and titles of the dropped files of a kind."""
        with self._lock:
            files = [f for f in self._files.values() if f.kind == kind]
        return [{"name": f.key, "title": f"{f.title} ({f.name})"} for f in files]

    @contextlib.contextmanager
    def laid(self, served: Mapping[str, str], names: Sequence[str]) -> Iterator[list[str]]:
        """Paths of beliefs by name: of those that are served, and of dropped ones, which lie in a
        temporary folder meanwhile. Raises Fault where one is kept no longer, and MachineFault.
        """
        files = {n: self.must(n, "beliefs") for n in names if n not in served}
        with tempfile.TemporaryDirectory(prefix="thermidor-", ignore_cleanup_errors=True) as at:
            for key, file in files.items():
                with _disk(file.name):
                    (Path(at) / key).mkdir()
                    (Path(at) / key / file.name).write_text(file.text, encoding="utf-8")
            yield [str(Path(at) / n / files[n].name) if n in files else served[n] for n in names]


@contextlib.contextmanager
def _disk(name: str) -> Iterator[None]:
    """Raises MachineFault where a file cannot be laid down to be read."""
    try:
        yield
    except OSError as e:
        raise MachineFault(
            f"{name} cannot be read: {e.strerror or e}. Make room in the folder for temporary "
            "files, and drop it again."
        ) from e


def plain_name(name: str) -> str:
    """The last part of a file's name. Raises Fault for one that is no name of such a file."""
    last = name.replace("\\", "/").rpartition("/")[2]
    last = "".join(c if c.isalnum() or c in "-_. " else "-" for c in last).lstrip(".- ")
    stem, dot, ending = last.rpartition(".")
    if not stem or dot + ending.lower() not in ENDINGS:
        raise Fault(
            f"'{last[:LONGEST_NAME]}' is no file that the page reads; its name ends with "
            f"{', '.join(ENDINGS)}."
        )
    return f"{stem[:LONGEST_NAME]}{dot}{ending.lower()}"


def read(key: str, name: str, body: bytes) -> File:
    """A file checked. Raises Fault, and MachineFault where it cannot be laid down to be read."""
    with (
        _disk(name),
        tempfile.TemporaryDirectory(prefix="thermidor-", ignore_cleanup_errors=True) as at,
    ):
        path = Path(at) / name
        path.write_bytes(body)
        return _read(key, path, body)


def _read(key: str, path: Path, body: bytes) -> File:
    data, lines = yamlfile.read(path)
    text = body.decode("utf-8")
    kind = written.kind_of(data)
    if kind:
        told = checked(str(path))
        assert told is not None
        made: Any = {"argument": argument, "beliefs": beliefs, "seen": seen}[kind].read(path)
        title = str(told.get("holder") or made.file.title)
        return File(key, kind, path.name, text, title, told["says"], made)
    if isinstance(data, dict):
        _nothing_else(data, lines, path.name)
    scenario = load(path)
    if scenario.days > MOST_DAYS:
        raise Fault(
            f"{path.name} has {scenario.days:,} days; the page plays at most {MOST_DAYS:,}. "
            "`thermidor run` plays all of them."
        )
    if scenario.place.fewest > MOST_AGENTS:
        raise Fault(
            f"{path.name} needs {scenario.place.fewest:,} agents for its provinces; the page plays "
            f"at most {MOST_AGENTS:,}. `thermidor run` plays all of them."
        )
    says = sound(scenario)["says"]
    return File(
        key, "country", path.name, text, scenario.title, says, fewer(scenario), scenario.notes
    )


def _nothing_else(data: Mapping[str, Any], lines: Mapping[Any, int], name: str) -> None:
    """Raises Fault where a country names another file than one of the package."""
    faults = []
    parent, known = data.get("parent"), bundled()
    if isinstance(parent, str) and parent not in known:
        faults.append(
            f"{name}, line {lines.get(('parent',), 1)}: parent = '{parent[:60]}'; a file on the "
            "page may have a country of the package as its parent only "
            f"({', '.join(known)}). `thermidor serve {name}` takes files with parents of yours."
        )
    named = data.get("arguments")
    for k, one in enumerate(named if isinstance(named, list) else []):
        if isinstance(one, str) and one not in written.arguments():
            faults.append(
                f"{name}, line {lines.get(('arguments', k), 1)}: the argument '{one[:60]}' is "
                "none of the package; leave it out on the page, and drop its file by itself."
            )
    if faults:
        raise Fault(faults)


def values(file: File, scenario: Scenario) -> tuple[dict[str, Any], list[str]]:
    """The values that beliefs give, by key, as the page sets them; and a sentence for each that it
    cannot set. Raises Fault for what this country does not have.
    """
    rows = beliefs.held(scenario, file.made).data["assumptions"]
    sets: dict[str, Any] = {}
    left = []
    for key in file.made.file.assumptions:
        row = rows[key]
        value = row.get("value")
        known = scenario.parameters[key]
        p = known.parameter
        if p.options:
            if value is None and len(row.get("among") or ()) == 1:
                value = row["among"][0]
            if value in p.options:
                sets[key] = value
            else:
                left.append(f"{key} may have several forms, which the page does not hold as one.")
        elif isinstance(value, int | float):
            low, high = min(p.low, known.low), max(p.high, known.high)
            if low <= value <= high:
                sets[key] = float(value)
            else:
                left.append(f"{key} = {value:g} lies outside {low:g} to {high:g} {p.unit}.")
    return sets, left
