"""What MkDocs asks while it builds: links to source files, and folders in the navigation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from docs.make import DOCS  # noqa: E402
from docs.make.links import relinked  # noqa: E402


def on_config(config: Any) -> Any:
    """A folder in the navigation stands for its pages, the index first."""
    config.nav = _expanded(config.nav)
    return config


def _expanded(nav: Any) -> Any:
    if isinstance(nav, dict):
        return {k: _expanded(v) for k, v in nav.items()}
    if isinstance(nav, list):
        return [x for entry in nav for x in _entries(entry)]
    return nav


def _entries(entry: Any) -> list[Any]:
    if isinstance(entry, str) and entry.endswith("/"):
        found = sorted((DOCS / entry).glob("*.md"), key=lambda p: (p.stem != "index", p.stem))
        return [p.relative_to(DOCS).as_posix() for p in found]
    return [_expanded(entry)]


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links to files that the site shows in pages of their own."""
    file = Path(page.file.abs_src_path)
    return relinked(markdown, file, file)
