"""The views of a study and of the model in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import thermidor as th
from tests.page.served import opened, served
from tests.page.test_study import STRESS


@pytest.fixture(scope="module")
def address(country: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the small country and of a study of it."""
    from thermidor.page.shared import Shared

    path = tmp_path_factory.mktemp("studies") / "few"
    th.run(country, runs=48, out=path, processes=0)
    (path / "stress-T1.json").write_text(json.dumps(STRESS), encoding="utf-8")
    with served(Shared({"small": str(country)}, 2, studies={"few": str(path)})) as at:
        yield at


def test_a_study_is_told_and_a_condition_is_refused_in_words(
    browser: Any,
    address: str,
) -> None:
    page, said = opened(browser, f"{address}/study", 390)
    page.wait_for_selector("h1:has-text('of 48 futures')")
    assert page.locator(".charts figure").count() == 3
    assert STRESS["sentence"] in page.inner_text("main")
    assert "thermidor robust" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.fill("[name=tips]", "peak_turnout_country")
    page.press("[name=tips]", "Enter")
    page.wait_for_selector("[role=alert]:has-text('is a number')")
    assert "tips=peak_turnout_country" in page.url
    page.click("a:has-text('citizens.noise')")
    page.wait_for_selector("#mechanism:has-text('Citizens')")
    assert page.url.startswith(f"{address}/model") and not said
    page.close()


def test_a_mechanism_opens_its_equations_and_the_ledger_is_filtered(
    browser: Any,
    address: str,
) -> None:
    page, said = opened(browser, f"{address}/model?a.citizens.opposition=0.8")
    page.focus(".wiring a:has-text('Citizens')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".equations:has-text('(citizens.1)')")
    assert "show=citizens" in page.url
    page.wait_for_selector("text=Weights: mean size a day")
    assert page.locator(".wiring path").count() > 10
    page.select_option(".filters select >> nth=2", "mine")
    page.wait_for_selector("text=1 of")
    assert page.locator(".ledger tbody tr").count() == 1
    assert "was 0.7" in page.inner_text(".ledger tbody") and "only=mine" in page.url
    page.select_option(".filters select >> nth=2", "carried")
    page.wait_for_selector(".ledger [role=status]:has-text('Over 200 futures')")
    assert page.locator(".ledger tbody tr").count() == 8 and not said
    page.close()
