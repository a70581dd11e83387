"""The folders of studies that the command named, each read as a stranger's; kept until it changes.

What the report says of a study is what the page says of it (report/build.py).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...report.build import SECTIONS, Built, build
from ...report.sections.study_view import StudyView
from ...support.faults import Fault, near

MOST_KEPT = 8
FILES = ("manifest.json", "model.json", "runs.parquet", "points.parquet")
LEFT = ("drivers/*.json", "discover/*.json", "*.json", "updates/*/update.json", "robust/*.json")
BY_ID = {s.id: s for s in SECTIONS}
Mark = tuple[tuple[str, int, int], ...]


class Folders:
    """Studies by name. Nothing else on this machine can be asked for."""

    def __init__(self, named: Mapping[str, str]):
        self.named = named
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, Mark], Folder] = OrderedDict()

    def check(self, name: str) -> str:
        """The name of a study, the first if none is given. Raises Fault."""
        if not self.named:
            raise Fault("no study is served; `thermidor serve FOLDER` names one.")
        name = name or next(iter(self.named))
        if name not in self.named:
            shown = "".join(c if c.isprintable() else " " for c in name)[:40]
            raise Fault(
                f"the study '{shown}' is not served; there are {', '.join(self.named)}."
                f"{near(name, self.named)}"
            )
        return name

    def read(self, name: str) -> Folder:
        """A study as it lies on disk now. Raises Fault if it tells of none."""
        path = Path(self.named[self.check(name)])
        key = name, mark(path)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = Folder(path, key[1])
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]


class Folder:
    """A study, and what the report shows of it by section.

    mark: of the files that it was read from.
    """

    def __init__(self, path: Path, mark: Mark):
        self.path, self.mark = path, mark
        self.view = StudyView(path)
        self._lock = threading.Lock()
        self._built: dict[str, Built] = {}

    def section(self, name: str) -> Built:
        """A section of the report as plain data."""
        with self._lock:
            if name not in self._built:
                self._built[name] = build(self.view, BY_ID[name])
            return self._built[name]

    def there(self, name: str) -> bool:
        """Whether there is anything to show of a section."""
        return bool(BY_ID[name].there(self.view))

    @property
    def sweep(self) -> Any:
        """The design of the study, if it has one."""
        return self.view.manifest.get("sweep")


def mark(path: Path) -> Mark:
    """What tells that a file of a study changed: its name, size and time."""
    found = {path / f for f in FILES}
    for pattern in LEFT:
        found.update(path.glob(pattern))
    out = []
    for f in sorted(found):
        try:
            s = f.lstat()
        except OSError:
            continue
        out.append((f.relative_to(path).as_posix(), s.st_mtime_ns, s.st_size))
    return tuple(out)
