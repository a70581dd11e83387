"""Links of the documents that lead to source files: on the site they lead to pages that show them.

In the repository a document links to `../thermidor/endings.py`; the site holds no such file, so a
page is made of each file that a document or a mechanism's page names, and links go there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from . import DOCS, ROOT

LINK = re.compile(r"(!?\[[^\]]*\]\()([^)#\s]+)((?:#[^)\s]*)?\))")
SHOWN = DOCS / "reference" / "source"
INSIDE = (".md", ".svg", ".png")  # what the site itself holds of docs/


def page_of(file: Path) -> Path:
    """The page that shows a file of the project."""
    return SHOWN / file.resolve().relative_to(ROOT).with_suffix(".md")


def targets(text: str, file: Path) -> Iterable[tuple[str, Path]]:
    """Relative links of a document: as written, and the path that they name."""
    for _, target, _ in LINK.findall(text):
        if not re.match(r"[a-z]+:", target):
            yield target, Path(os.path.normpath(file.parent / target))


def shown(path: Path) -> bool:
    """Whether the site shows a file in a page of its own."""
    if not path.is_file():
        return False
    inside = path.is_relative_to(DOCS)
    return path.is_relative_to(ROOT) and not (inside and path.suffix in INSIDE)


def relinked(text: str, file: Path, page: Path) -> str:
    """The text of a document as it stands on a page of the site, its links mended."""

    def mend(found: re.Match[str]) -> str:
        before, target, after = found.groups()
        path = Path(os.path.normpath(file.parent / target))
        if re.match(r"[a-z]+:", target):
            return found[0]
        to = page_of(path) if shown(path) else path
        if to == path and file == page:
            return found[0]
        return f"{before}{Path(os.path.relpath(to, page.parent)).as_posix()}{after}"

    return LINK.sub(mend, text)


def pages(named: Iterable[Path]) -> dict[str, str]:
    """A page for each file that is named here or in a document, by its path in docs/reference."""
    made: dict[str, str] = {}
    waiting = [*named]
    for document in documents():
        waiting += [p for _, p in targets(document.read_text(encoding="utf-8"), document)]
    while waiting:
        file = waiting.pop()
        if not shown(file):
            continue
        page = page_of(file)
        name = page.relative_to(DOCS / "reference").as_posix()
        if name in made:
            continue
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".md":
            waiting += [p for _, p in targets(text, file)]
            made[name] = relinked(text, file, page)
        else:
            made[name] = _listing(text, file)
    return made


def documents() -> list[Path]:
    """The documents that are written by hand or by a script that takes long."""
    made = DOCS / "reference"
    return sorted(p for p in DOCS.rglob("*.md") if not p.is_relative_to(made))


def _listing(text: str, file: Path) -> str:
    name = file.relative_to(ROOT).as_posix()
    kind = {".py": "python", ".yaml": "yaml", ".cff": "yaml"}.get(file.suffix, "text")
    return f'# {file.name}\n\n`{name}`\n\n````{kind} linenums="1"\n{text.rstrip()}\n````\n'
