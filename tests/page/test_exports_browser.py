"""In a browser: what a reader takes away and brings along, and the keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.conftest import SMALL
from tests.page.served import DONE, opened
from tests.page.test_dropped import BELIEFS
from thermidor import __version__


def test_a_reader_takes_a_figure_and_brings_files(
    browser: Any,
    address: str,
    tmp_path: Path,
) -> None:
    page, said = opened(browser, address)
    page.wait_for_selector(DONE)
    page.locator("#chart-left .menu summary").focus()
    page.keyboard.press("Enter")
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        if not page.locator("#chart-left .menu[open]").count():
            page.locator("#chart-left .menu summary").press("Enter")
        with page.expect_download() as found:
            page.locator("#chart-left .menu button", has_text=kind).press("Enter")
        data = Path(found.value.path()).read_bytes()
        assert data.startswith(begins) and found.value.suggested_filename.endswith(kind.lower())
        if kind == "SVG":
            text = data.decode()
            assert f"Thermidor {__version__}" in text and "Sources of what" in text
            assert page.inner_text("#chart-left figcaption") in text
    page.locator("#answer").focus()
    page.keyboard.press("o")
    bad, good, held = (tmp_path / n for n in ("bad.yaml", "good.yaml", "ann.yaml"))
    bad.write_text(SMALL.replace("treasury.taxes: 12", "treasury.taxs: 1"), encoding="utf-8")
    page.set_input_files("dialog input[type=file]", bad)
    page.wait_for_selector("dialog .faults")
    assert "bad.yaml, line 19: assumptions has 'treasury.taxs'" in page.inner_text("dialog .faults")
    held.write_text(BELIEFS, encoding="utf-8")
    page.set_input_files("dialog input[type=file]", held)
    page.wait_for_url(lambda at: "a.citizens.ties=1" in at)
    good.write_text(SMALL.replace("days: 60", "days: 6"), encoding="utf-8")
    page.set_input_files("dialog input[type=file]", good)
    page.wait_for_url("**country=file-*")
    page.wait_for_selector(DONE)
    assert "after 6 days" in page.inner_text("h1") and "a.citizens" not in page.url
    page.goto(f"{address}/explore?country=file-0123")
    page.wait_for_selector("main.alone input[type=file]")
    assert "no longer has the file 'file-0123'" in page.inner_text("main")
    assert [s for s in said if "400" not in s] == []


def test_keys_alone_set_a_choice_from_a_date_and_replay_it(
    browser: Any,
    address: str,
) -> None:
    page, said = opened(browser, address, reduced_motion="reduce")
    page.wait_for_selector(DONE)
    first = page.inner_text("h1")
    page.keyboard.press("/")
    page.keyboard.type("treasury.public")
    assert "dialog" not in page.evaluate("[...document.querySelectorAll('[open]')].join()")
    page.locator(".said button[aria-expanded]").first.press("Enter")
    page.locator(".dated button", has_text="Add a date").press("Enter")
    page.wait_for_url(lambda at: "public%402025-06-22=12" in at)
    assert "changes nothing" in page.inner_text(".dated tbody")
    assert page.locator(".controls .count").count() == 0
    page.locator(".dated input[type=number]").fill("0")
    page.locator(".dated input[type=number]").press("Tab")
    page.wait_for_url(lambda at: "public%402025-06-22=0" in at)
    assert "1 changed" in page.inner_text("#tab-choices")
    page.wait_for_selector(".answer .part.choices")
    page.wait_for_selector(DONE)
    assert "From 2025-06-22 on:" in page.inner_text(".answer")
    page.locator("#answer").focus()
    page.keyboard.press(" ")
    page.wait_for_selector(".chip.replay")
    assert page.inner_text(".chip") == "Before the last change"
    page.wait_for_selector(".chip.replay", state="detached")
    page.locator("#answer").focus()
    page.keyboard.press("?")
    page.locator("dialog .switch input").focus()
    page.wait_for_selector("dialog .switch input:checked:focus")
    page.keyboard.press(" ")
    page.wait_for_selector("dialog .switch input:not(:checked)")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.locator("#answer").focus()
    for key in "ues?":
        page.keyboard.press(key)
    assert page.locator("dialog").count() == 0 and "2025-06-22=0" in page.url
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_role("button", name="Undo").press("Enter")
    page.wait_for_selector(".part.choices", state="detached")
    page.wait_for_selector(DONE)
    assert page.inner_text("h1") == first and said == []
