"""The site of the documentation, built: no warning, every link and anchor resolves, nothing is
loaded from the network, also in a browser.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from docs.make import ROOT
from tests.test_report_browser import browser  # noqa: F401

NEEDED = ("mkdocs", "material", "mkdocstrings_handlers.python")
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
POINTERS = {"canonical", "prev", "next", "alternate"}  # a link of these kinds loads nothing


class Page(HTMLParser):
    """Links, anchors and what a page loads."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.loads: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {k: v or "" for k, v in attrs}
        self.anchors |= {told[k] for k in ("id", "name") if k in told}
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        pointer = tag == "link" and told.get("rel") in POINTERS
        if tag in LOADED and told.get(LOADED[tag]) and not pointer:
            self.loads.append(told[LOADED[tag]])


def there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not all(there(name) for name in NEEDED):
        pytest.skip("the site's generator is not installed: pip install thermidor[docs]")
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run(
        [sys.executable, "-m", "docs.make", "--site", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def read(site: Path) -> dict[Path, Page]:
    return {file: Page(file) for file in sorted(site.rglob("*.html"))}


def test_every_link_and_anchor_resolves(site: Path, read: dict[Path, Page]) -> None:
    wrong, seen = [], 0
    for file, page in read.items():
        if file.name == "404.html":  # its links are from the root of a server
            continue
        for link in {*page.links, *page.loads}:
            if urlsplit(link).scheme:
                continue
            path, anchor = urldefrag(link)
            target = (file.parent / unquote(path)).resolve() if path else file
            seen += 1
            known = read[target].anchors if target in read else {anchor}
            if not target.is_file() or (anchor and unquote(anchor) not in known):
                wrong.append(f"{file.relative_to(site)}: {link}")
    assert wrong == [] and seen > 1000


def test_nothing_is_loaded_from_the_network(site: Path, read: dict[Path, Page]) -> None:
    far = [
        x for page in read.values() for x in page.loads if urlsplit(x).scheme in ("http", "https")
    ]
    assert far == []
    styles = [f.read_text(encoding="utf-8") for f in site.rglob("*.css")]
    assert styles and not any("url(http" in s or "@import" in s for s in styles)


def test_what_belongs_to_the_makers_stays_out(site: Path) -> None:
    assert not (site / "make").exists()
    assert {p.parent.name for p in site.rglob("*.py")} <= {"examples"}


@pytest.fixture
def asked(browser: Any, site: Path) -> Iterator[Any]:  # noqa: F811
    """Opens a page of the site; tells what it asked for and what went wrong."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.requests, page.faults = [], []
    page.on("request", lambda r: page.requests.append(r.url))
    page.on("pageerror", lambda e: page.faults.append(str(e)))
    page.on("requestfailed", lambda r: page.faults.append(r.url))
    yield page
    page.close()


@pytest.mark.parametrize("name", ["index.html", "reference/mechanisms/elites.html"])
def test_it_opens_from_disk_without_a_request(asked: Any, site: Path, name: str) -> None:
    asked.goto((site / name).as_uri())
    asked.wait_for_timeout(500)
    assert [u for u in asked.requests if not u.startswith("file:")] == []
    assert asked.faults == []


def test_search_works_from_disk(asked: Any, site: Path) -> None:
    asked.goto((site / "index.html").as_uri())
    asked.fill("input.md-search__input", "cohesion")
    asked.wait_for_selector(".md-search-result__item a", timeout=20_000)
    found = asked.locator(".md-search-result__item a").evaluate_all("a => a.map(x => x.href)")
    assert any("elites" in link for link in found)
    assert [u for u in asked.requests if not u.startswith("file:")] == []
