"""The report in a browser: no request, no error, figures that can be kept, an opening of two
pages.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_report import HOSTILE, change, end_some, folder, held, study  # noqa: F401
from thermidor.report.page import write_report

SVG = "{http://www.w3.org/2000/svg}"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)


def chromium() -> Iterator[Any]:
    """Chromium without a window; tests are skipped where there is none."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install thermidor[page]"
    )
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((at for n in names if (at := shutil.which(n))), None)
    if not found:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with api.sync_playwright() as p:
        made = p.chromium.launch(executable_path=found, args=[*QUIET])
        yield made
        made.close()


browser = pytest.fixture(chromium, scope="module", name="browser")


@pytest.fixture
def report(folder: Path) -> Path:  # noqa: F811
    """The report of a study of many endings whose title is a stranger's."""
    end_some(folder, [("in power", 28), ("coup", 9), ("in power", 28), ("uprising", 20)], times=30)
    change(folder, "manifest.json", title=HOSTILE)
    return write_report(folder)


def until(page: Any, condition: str) -> None:
    """Wait for a condition; the page's own policy forbids Playwright's way of waiting for one."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {condition}")


@pytest.mark.parametrize("width", [390, 1280])
def test_it_opens_without_a_request_or_an_error(browser: Any, report: Path, width: int) -> None:
    asked, said = [], []
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(report.as_uri())
    page.wait_for_selector("#fig-pull .plot svg")
    assert page.locator(".plot svg").count() >= 4
    assert page.evaluate("document.documentElement.scrollWidth") == width, "it scrolls sideways"
    page.set_viewport_size({"width": 700, "height": 900})
    drawn = "document.querySelector('#fig-survival .plot svg')"
    until(page, f"{drawn}.getBoundingClientRect().width > 500")
    assert page.locator("#ledger-table tbody tr:visible").count() == 15
    page.fill("#ledger-text", "patience")
    rows = page.locator("#ledger-table tbody tr:visible")
    assert 0 < rows.count() < 15
    assert page.inner_text("#ledger-count").startswith(f"{rows.count()} of ")
    page.fill("#ledger-text", "")
    page.locator("#ledger-all").press("Enter")
    assert page.locator("#ledger-table tbody tr:visible").count() > 200
    page.close()
    assert [u for u in asked if u != report.as_uri()] == [] and said == []


def kept(page: Any, figure: str, kind: str) -> tuple[str, str]:
    """What a button of a figure keeps, pressed on the keyboard: the file's name and its text."""
    with page.expect_download() as made:
        page.locator(f"#fig-{figure} button[data-save={kind}]").press("Enter")
    path = Path(made.value.path())
    return made.value.suggested_filename, path.read_text(encoding="utf-8")


def test_a_figure_is_kept_as_a_picture_and_its_numbers(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page.goto(report.as_uri())
    page.wait_for_selector("#fig-pull .plot svg")
    for figure in ("survival", "costs", "endings"):
        name, text = kept(page, figure, "svg")
        root = ET.fromstring(text)
        words = " ".join(e.text or "" for e in root.iter(f"{SVG}text"))
        sentence = page.inner_text(f"#title-{figure}")
        assert name == f"tiny-{figure}.svg" and root.find(f"{SVG}title").text == sentence
        assert sentence in words and "Thermidor 0." in words and "seed 1, fingerprint" in words
        assert root.find(f"{SVG}rect").get("fill") == "#fff"  # in the colours of paper
        assert not {e.tag for e in root.iter()} & {f"{SVG}script", f"{SVG}style", f"{SVG}use"}
        assert "var(--" not in text and float(root.get("height")) > 200
    saved = held(report.read_text(encoding="utf-8"))["saved"]
    for figure in ("survival", "protest", "moved"):
        name, text = kept(page, figure, "csv")
        rows = list(csv.reader(io.StringIO(text)))
        assert name == f"tiny-{figure}.csv" and rows[0] == list(saved[figure])
        assert len(rows) == 1 + max(len(v) for v in saved[figure].values())
        assert {len(r) for r in rows} == {len(rows[0])}
    page.close()


def test_text_is_no_formula_in_a_spreadsheet(browser: Any, folder: Path) -> None:  # noqa: F811
    change(
        folder,
        "model.json",
        provinces=[
            {"id": i, "name": n, "population": 1e6}
            for i, n in (("A", '=HYPERLINK("http://x","y")'), ("B", "-2+3"), ("C", 'a "b", c'))
        ],
    )
    page = browser.new_page()
    page.goto(write_report(folder).as_uri())
    page.wait_for_selector("#fig-pull .plot svg")
    rows = list(csv.DictReader(io.StringIO(kept(page, "map", "csv")[1])))
    assert {r["name"] for r in rows} == {'\'=HYPERLINK("http://x","y")', "'-2+3", 'a "b", c'}
    assert all(float(r["turnout.peak"]) >= 0 for r in rows)
    page.close()


def test_numbers_that_cannot_be_drawn_leave_the_words(browser: Any, report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    report.write_text(
        text.replace('"drawn":{"survival":{', '"drawn":{"other":{', 1), encoding="utf-8"
    )
    page, said = browser.new_page(), []
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(report.as_uri())
    page.wait_for_selector("#fig-pull .plot svg")
    assert page.locator("#told-survival").bounding_box()["height"] > 10 and said == []
    page.close()


def test_without_a_script_the_text_is_all_there(browser: Any, report: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(report.as_uri())
    assert page.locator("#told-survival").bounding_box()["height"] > 10
    assert page.locator("button:visible").count() == 0
    assert page.locator("#ledger-table tbody tr:visible").count() > 200
    page.close()


def test_the_opening_takes_two_pages_of_paper(
    browser: Any,
    folder: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    reader = shutil.which("pdftotext")
    if not reader:
        pytest.skip("no pdftotext on this machine: apt-get install poppler-utils")
    end_some(folder, [("in power", 28), ("coup", 9), ("uprising", 20), ("collapse", 3)], times=9)
    rate = {
        "says": f"regimes of one kind or another that failed {'within a year ' * 3}",
        "rate": 0.03,
        "low": 0.02,
        "high": 0.05,
        "n": 351,
        "ended": 11,
        "source": "X",
    }
    change(folder, "model.json", base_rates=[rate] * 9)
    change(folder, "manifest.json", status="stopped", title="A country in the year of its strikes")
    page = browser.new_page()
    page.goto(write_report(folder).as_uri())
    page.wait_for_selector("#fig-pull .plot svg")
    path = tmp_path / "report.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    page.close()
    text = subprocess.run([reader, "-layout", path, "-"], capture_output=True, text=True).stdout
    pages = text.split("\f")
    opening = [k for k, p in enumerate(pages) if "Case by case:" in p or "Base rates" in p]
    assert "thermidor report of a study" in pages[0] and max(opening) <= 1, opening
    assert "Save picture" not in text and "Does it last?" in "".join(pages[1:3])
