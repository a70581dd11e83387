"""Futures weighed by a reader's beliefs in a browser: the numbers of NumPy, and nothing below a
hundred.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml
from scipy.stats import triang

from tests.test_report import folder, study  # noqa: F401
from tests.test_report_analyses import drawn_again
from tests.test_report_browser import browser, until  # noqa: F401
from thermidor.analysis.updating.weights import effective, share
from thermidor.declaration.prior import Prior
from thermidor.report.page import write_report
from thermidor.scenario.argument.schema import BeliefsFile
from thermidor.wording import hundred, span


@pytest.fixture
def opened(browser: Any, folder: Path) -> Any:  # noqa: F811
    """The page of 300 futures in a browser, with what they assumed, and what went wrong in it."""
    parts = drawn_again(folder)
    faults: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.on("console", lambda m: faults.append(m.text))
    page.goto(write_report(folder).as_uri())
    until(page, "document.getElementById('believe-said').textContent !== ''")
    yield page, parts, folder
    page.close()
    assert faults == []


def slide(page: Any, key: str, c: int, s: int) -> None:
    """The central value at c of 200 steps, sure at s of 18."""
    row = f"document.querySelector('#believe-rows li[aria-label*=\"({key})\"]')"
    for k, v in enumerate((c, s)):
        page.evaluate(
            f"(() => {{const i = {row}.querySelectorAll('input')[{k}]; i.value = {v};"
            "i.dispatchEvent(new Event('input'))})()"
        )


def ledger(at: Path) -> dict[str, dict[str, Any]]:
    rows = json.loads((at / "model.json").read_text(encoding="utf-8"))["ledger"]
    return {r["key"]: r for r in rows}


def weight(r: dict[str, Any], t: np.ndarray, c: float, s: float) -> np.ndarray:
    """The ratio of two triangles (believe.1 to believe.3), as SciPy has them."""
    m = float(
        Prior(r["low"], r["value"], r["high"], r["scale"] == "log").part(np.array(r["value"]))
    )
    return triang.pdf(t, c, s * c, 1 - s) / triang.pdf(t, m)


def test_the_weights_are_those_of_numpy(opened: Any) -> None:
    page, parts, at = opened
    rows, runs = ledger(at), pl.read_parquet(at / "runs.parquet")
    first, *rest = parts
    alike = page.locator("#believe-table td").first.get_attribute("data-value")
    assert float(alike) == pytest.approx(runs["survived"].mean(), abs=1e-12)
    second = rest[0]
    if not page.locator(f'#believe-rows li[aria-label*="({second})"]').count():
        page.select_option("#believe-add", second)
    slide(page, first, 60, 6)
    slide(page, second, 120, 3)
    w = weight(rows[first], parts[first], 0.3, 0.3) * weight(rows[second], parts[second], 0.6, 0.15)
    w /= w.sum()
    size = float(page.locator("#believe-size").get_attribute("data-effective"))
    assert size == pytest.approx(effective(w), rel=2e-3) and size > 100
    found = share(w, runs["survived"].to_numpy())
    cells = page.locator("#believe-table tr").first.locator("td").nth(1)
    assert float(cells.get_attribute("data-value")) == pytest.approx(found.value, abs=2e-3)
    cost = runs["killed_protest"].to_numpy()
    told = page.locator("#believe-table tr", has_text="killed in protest").locator("td")
    # equal weights give NumPy's median, others one between those of the weighted steps
    assert float(told.nth(0).get_attribute("data-value")) == pytest.approx(
        np.median(cost), rel=2e-3
    )
    order = np.argsort(cost)
    reached = np.cumsum(w[order]) - w[order] / 2
    middle = np.interp(0.5, reached, cost[order])
    assert float(told.nth(1).get_attribute("data-value")) == pytest.approx(middle, rel=0.02)
    sentence = f"in {hundred(found.value)} of 100 futures ({span(*found[1:])})"
    until(page, f"document.getElementById('believe-said').textContent.includes('{sentence}')")


def test_below_a_hundred_it_is_greyed_and_nothing_told(opened: Any) -> None:
    page, parts, at = opened
    first = next(iter(parts))
    slide(page, first, 10, 18)
    w = weight(ledger(at)[first], parts[first], 0.05, 0.9)
    size = float(page.locator("#believe-size").get_attribute("data-effective"))
    assert size == pytest.approx(effective(w / w.sum()), rel=0.02) and size < 100
    results = page.locator("#believe-results")
    assert results.get_attribute("class") == "few"
    assert results.get_attribute("aria-hidden") == "true"
    until(page, "document.getElementById('believe-said').textContent.startsWith('Cannot tell')")
    assert float(results.evaluate("e => getComputedStyle(e).opacity")) < 0.5
    page.click("#believe-back")
    assert results.get_attribute("aria-hidden") == "false"
    assert float(page.locator("#believe-size").get_attribute("data-effective")) == 300
    until(page, "document.getElementById('believe-said').textContent.startsWith('As the ledger')")


def test_beliefs_are_kept_as_a_file_that_draws_the_same_triangle(opened: Any) -> None:
    page, parts, at = opened
    first = next(iter(parts))
    assert page.locator("#believe-save").is_disabled()
    where = page.locator("#believe-rows input").first
    where.focus()
    before = where.input_value()
    page.keyboard.press("ArrowRight")  # on the keyboard alone
    assert int(where.input_value()) == int(before) + 1
    slide(page, first, 60, 6)
    with page.expect_download() as made:
        page.locator("#believe-save").press("Enter")
    assert made.value.suggested_filename == "tiny-beliefs.yaml"
    told = yaml.safe_load(Path(made.value.path()).read_text(encoding="utf-8"))
    row = BeliefsFile.model_validate(told).assumptions[first]
    r = ledger(at)[first]
    prior = Prior(r["low"], r["value"], r["high"], r["scale"] == "log")
    ends = prior.part(np.array([row.low, row.value, row.high]))
    assert ends == pytest.approx([0.09, 0.3, 0.79], abs=1e-4) and row.why
