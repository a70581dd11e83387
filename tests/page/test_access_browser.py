"""For everybody: the keyboard alone, a screen reader, a large or a small screen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.page.served import DONE, opened, until

READY = {
    "explore": DONE,
    "compare": ".parts",
    "claims": ".claims-list",
    "future": "main.future h1:not(.waiting)",
    "study": "main.study h1",
    "model": ".wiring",
}
FOCUSED = "document.activeElement"


def test_axe_finds_nothing_serious_in_any_view_light_or_dark(browser: Any, address: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.base", reason="pip install axe-playwright-python"
    )
    page, said = opened(browser, f"{address}/explore?country=small&c.treasury.public=3")
    found = []
    for view, ready in READY.items():
        page.goto(f"{address}/{view}?country=small&c.treasury.public=3")
        page.wait_for_selector(ready)
        page.evaluate(axe.AXE_FILE_PATH.read_text(encoding="utf-8"))
        for scheme, of in (
            ("light", "runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']"),
            ("dark", "runOnly: ['color-contrast']"),
        ):
            page.emulate_media(color_scheme=scheme)
            told = page.evaluate(f"axe.run({{ resultTypes: ['violations'], {of} }})")
            found += [
                (view, scheme, v["id"], v["nodes"][0]["html"])
                for v in told["violations"]
                if v["impact"] in ("serious", "critical")
            ]
    assert found == [] and said == []


def test_the_keyboard_alone_goes_everywhere_and_the_focus_is_never_lost(
    browser: Any, address: str
) -> None:
    page, said = opened(browser, f"{address}/explore?country=small")
    page.wait_for_selector(DONE)
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.className") == "skip"
    page.keyboard.press("Enter")
    until(page, f"{FOCUSED}.id === 'answer'")
    seen = set()
    for _ in range(30):  # on from the answer: charts, menus, tables, and out again
        page.keyboard.press("Tab")
        at = page.evaluate(
            f"[{FOCUSED}.tagName, getComputedStyle({FOCUSED}).outlineStyle,"
            f" {FOCUSED}.getAttribute('aria-label') ?? {FOCUSED}.textContent]"
        )
        assert at[0] == "BODY" or at[1] != "none", at
        seen.add(at[0])
    assert {"SELECT", "SUMMARY"} <= seen
    page.locator("#chart-left .table summary").press("Enter")
    assert page.locator("#chart-left tbody tr").first.is_visible()
    page.locator("#tab-choices").press("ArrowRight")
    page.wait_for_selector(".controls.assumptions")
    assert page.evaluate(f"{FOCUSED}.id") == "tab-assumptions"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("/")
    page.keyboard.type("treasury.public")
    page.locator("#treasury\\.public").press("ArrowRight")
    page.wait_for_selector(".part.choices")
    page.wait_for_selector(DONE)
    assert page.evaluate(f"{FOCUSED}.id") == "treasury.public"  # a new answer leaves it alone
    page.locator("#tab-choices").press("ArrowRight")
    page.fill("[type=search]", "security.backing")  # yes or no
    page.get_by_role("radio", name="no").press("ArrowRight")
    page.wait_for_url(lambda at: "a.security.backing=1" in at)
    assert page.get_by_role("radio", name="yes").is_checked()
    page.locator("#tab-assumptions").press("ArrowLeft")
    page.fill("[type=search]", "treasury.public")
    page.locator(".control.changed button", has_text="As it was").press("Enter")
    until(page, f"{FOCUSED}.closest('.control') !== null")  # the button is gone
    page.get_by_role("button", name="Undo").press("Enter")
    until(page, f"{FOCUSED}.getAttribute('aria-label') === 'Undo'")
    page.locator(".tools summary", has_text="Menu").press("Enter")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Export").press("Enter")
    page.wait_for_selector("dialog[open]")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(f"{FOCUSED} === document.body || !!{FOCUSED}.closest('dialog')")
    page.keyboard.press("Escape")
    until(page, f"{FOCUSED}.textContent === 'Menu'")
    assert said == []


def test_nothing_is_lost_at_200_per_cent_or_on_a_phone_whose_controls_are_a_drawer(
    browser: Any, address: str
) -> None:
    page, said = opened(browser, f"{address}/", 720, device_scale_factor=2)
    for view, ready in READY.items():
        page.goto(f"{address}/{view}?country=small&c.treasury.public=3")
        page.wait_for_selector(ready)
        for width in (720, 390):
            page.set_viewport_size({"width": width, "height": 450})
            until(page, f"document.documentElement.scrollWidth <= {width}")
    page.goto(f"{address}/explore?country=small&c.treasury.public=3")
    page.wait_for_selector(DONE)
    tops = page.evaluate("['answer', 'chart-left', 'chart-right', 'rests'].map((id) =>"
                         " document.getElementById(id).getBoundingClientRect().top)")  # fmt: skip
    assert tops == sorted(tops) and not page.locator("#controls").is_visible()
    page.locator(".pull").press("Enter")
    assert page.locator("#controls").is_visible() and page.locator("h1").is_visible()
    page.locator("#controls input[type=range]").first.press("Escape")
    assert not page.locator("#controls").is_visible()
    assert page.evaluate(f"{FOCUSED}.className") == "pull"
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible() and not page.locator(".pull").is_visible()
    assert said == []


def test_a_class_sees_the_answer_only_once_it_has_predicted(browser: Any, address: str) -> None:
    page, said = opened(browser, f"{address}/explore?country=first-steps&guide=1")
    page.wait_for_selector(".predict")
    assert page.locator(".answer, figure").count() == 0
    page.fill(".predict input", "50")
    page.keyboard.press("Enter")
    page.wait_for_selector(DONE)
    until(page, "!!document.querySelector('.guide [role=status] p:not(.note)')")
    assert "50" in page.inner_text(".guide [role=status]")
    until(page, f"{FOCUSED}.closest('.guide') !== null")  # the form is gone
    page.locator(".guide button", has_text="Next").press("Enter")
    page.wait_for_selector(".predict button")
    assert page.locator(".answer, figure").count() == 0 and "guide=2" in page.url
    assert said == []
