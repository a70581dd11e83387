"""Compare and Claims in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.page.served import opened, served
from tests.page.test_compare import CLAIMS, HERS, HIS, beliefs
from thermidor.page.claimed import argued, tested
from thermidor.page.compared import together


@pytest.fixture(scope="module")
def address(country: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a free port, of two countries that make a claim."""
    from thermidor.page.shared import Shared

    made = tmp_path_factory.mktemp("browser")
    text = country.read_text(encoding="utf-8") + CLAIMS
    named = {}
    for name in ("small", "other"):
        path = made / f"{name}.yaml"
        path.write_text(text.replace("name: small", f"name: {name}"), encoding="utf-8")
        named[name] = str(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "STEPS", (8, 16))
        patch.setattr(tested, "FIRST_PAIRS", 5)
        patch.setattr(tested, "PAIRS", 8)
        patch.setattr(argued, "PAIRS", 8)
        with served(Shared(named, 2)) as at:
            yield at


def test_a_country_is_laid_beside_another_and_the_link_says_so(
    browser: Any,
    address: str,
    tmp_path: Path,
) -> None:
    page, said = opened(browser, f"{address}/compare?country=small&c.treasury.public=4", 390)
    page.wait_for_selector(".beside-all.refined")
    page.locator(".choose select").select_option("other")
    page.wait_for_selector(".panel:nth-child(2)")
    page.wait_for_selector(".beside-all.refined")
    assert "with=other" in page.url and "unpaired" not in page.inner_text("h1, header")
    assert "not of pairs" in page.inner_text(".card.top")
    cells = page.locator(".grid").first.locator("tbody tr").first.locator("td")
    assert cells.count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    href = page.get_by_role("link", name="See it there").get_attribute("href")
    assert href.startswith("/explore?") and "c.treasury.public=4" in href
    for name, row in (("Ann", HERS), ("Bob", HIS)):  # beliefs that are dropped here
        path = tmp_path / f"{name}.yaml"
        beliefs(path, name, row)
        page.locator("#answer").focus()
        page.keyboard.press("o")
        page.set_input_files("dialog input[type=file]", path)
        page.wait_for_selector(f"dialog p:has-text('beliefs of {name} are sound')")
        page.wait_for_selector("dialog p:has-text('that are compared')")
        page.keyboard.press("Escape")
    page.wait_for_selector(".beside-all.refined .grid")
    sides = page.locator(".said-by strong").all_inner_texts()
    assert sorted(sides) == ["Ann", "Bob"] and "a.citizens" not in page.url
    assert "file-" in page.url and "Bob (Bob.yaml)" in page.inner_text(".choose")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not said


def test_a_claim_is_opened_and_tested_with_the_keyboard_alone(
    browser: Any,
    address: str,
) -> None:
    page, said = opened(browser, f"{address}/claims?country=small", 390)
    page.wait_for_selector(".claims-list a")
    page.locator(".claims-list a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".go")
    assert "claim=T1" in page.url and "not tested yet" in page.inner_text(".evidence")
    page.locator(".go").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".evidence.refined")
    verdict = page.inner_text(".verdict.big")
    assert any(v in verdict for v in ("supported", "not settled", "not testable"))
    assert "Survival and costs of each side" in page.inner_text(".evidence")
    assert "--only T1" in page.inner_text(".evidence code >> nth=-1")
    assert page.locator("svg.argument a").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not said
