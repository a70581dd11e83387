"""Every relative link of every document of the project leads to a file, or to a page that is
generated.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.make import DOCS, ROOT
from docs.make.links import targets
from docs.make.reference import pages

NOT_OURS = {"site", "build", "dist", "node_modules"}
CODE = re.compile(r"^ *(`{3,}).*?^ *\1 *$|`[^`\n]+`(?!\])", re.M | re.S)


def documents() -> list[Path]:
    """Documents of the project; not what is built, nor what lies in hidden folders."""
    found = []
    for path in sorted(ROOT.rglob("*.md")):
        parts = path.relative_to(ROOT).parts
        hidden = any(p.startswith(".") or p in NOT_OURS for p in parts[:-1])
        if not hidden and not path.is_relative_to(DOCS / "reference"):
            found.append(path)
    return found


@pytest.fixture(scope="module")
def generated() -> set[Path]:
    return {DOCS / "reference" / name for name in pages()}


def test_every_relative_link_resolves(generated: set[Path]) -> None:
    wrong, seen = [], 0
    for document in documents():
        text = CODE.sub("", document.read_text(encoding="utf-8"))
        for written, path in targets(text, document):
            seen += 1
            if not path.exists() and path not in generated:
                wrong.append(f"{document.relative_to(ROOT)}: {written}")
    assert wrong == [] and seen > 50


def test_every_page_of_the_navigation_is_there(generated: set[Path]) -> None:
    named = re.findall(r"[\w./-]+\.md|[\w./-]+/(?=\])", (ROOT / "mkdocs.yml").read_text("utf-8"))
    missing = [n for n in named if not (DOCS / n).exists() and DOCS / n not in generated]
    folders = {f"{p.parent.relative_to(DOCS).as_posix()}/" for p in generated}
    assert [n for n in missing if n not in folders] == [] and len(named) > 15
