"""The page in a browser: what a reader does, what it costs, and what leaves the machine."""

from __future__ import annotations

import json
import re
import statistics
import threading
from typing import Any

from tests.page.served import DONE, opened, until

PUBLIC = "#treasury\\.public"
OPPOSITION = "#citizens\\.opposition"
DRAWN = """
let real; window.drawn = [];
Object.defineProperty(window, "uPlot", { configurable: true, get: () => real, set(plain) {
  real = class extends plain {
    constructor(o, data, at) { super(o, data, at); window.drawn.push(data); }
  };
} });
"""
TYPED = """
window.waits = [];
addEventListener("keydown", () => {
  const pressed = performance.now();
  requestAnimationFrame(() => setTimeout(() => window.waits.push(performance.now() - pressed)));
}, true);
"""


def test_it_opens_offline_with_no_request_elsewhere(browser: Any, address: str) -> None:
    page, said = opened(browser, "about:blank")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    elsewhere = re.compile(rf"^(?!{re.escape(address)}|data:|blob:)")
    page.route(elsewhere, lambda route: route.abort())
    page.goto(address)
    page.wait_for_selector(DONE)
    for k in range(1, page.locator("header nav a").count()):
        page.locator("header nav a").nth(k).click()
        page.wait_for_selector(f"header nav a:nth-child({k + 1})[aria-current=page]")
        page.wait_for_selector("main .card")
    assert [u for u in asked if elsewhere.match(u)] == [] and len(asked) > 30
    assert said == []


def test_a_link_reproduces_the_numbers_in_a_new_browser(browser: Any, address: str) -> None:
    page, _ = opened(browser, f"{address}/explore?country=small&c.treasury.public=3&seed=4")
    page.wait_for_selector(DONE)
    assert "&v=" in page.url and page.locator("#chart-left tbody tr").count() == 3
    again, said = opened(browser, page.url)
    again.wait_for_selector(DONE)
    for part in (".answer", "#chart-left tbody", "#chart-right figcaption"):
        assert again.locator(part).text_content() == page.locator(part).text_content()
    assert said == []


def test_a_drag_shows_a_preview_and_letting_go_its_refinement(browser: Any, address: str) -> None:
    page, said = opened(browser, f"{address}/explore?country=small&seed=11")
    page.wait_for_selector(DONE)
    page.fill("[type=search]", "treasury.public")
    box = page.locator(PUBLIC).bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2)
    page.wait_for_selector(".answer.preview:not(.stale)")
    assert page.locator(".chart.preview").count() == 2
    assert re.match(r"Preview: (16|32) futures of 4,000 agents", page.inner_text(".chip"))
    assert page.inner_text(".answer [role=status]") == ""  # a preview is not spoken
    page.mouse.up()
    page.wait_for_selector(DONE)
    assert "200 futures computed" in page.inner_text("h1")
    assert page.text_content(".answer [role=status]").startswith(page.inner_text("h1"))
    assert page.locator(".chart.preview").count() == 0 and said == []


def test_choices_never_mix_with_assumptions(browser: Any, address: str) -> None:
    page, said = opened(browser, f"{address}/explore?country=small")
    page.wait_for_selector(DONE)
    keys = {}
    for role in ("choices", "assumptions"):
        page.locator(f"#tab-{role}").click()
        page.wait_for_selector(f".controls.{role}")
        keys[role] = page.locator(".control").evaluate_all(
            "all => all.map((c) => c.querySelector('input, select').id)"
        )
    assert len(keys["choices"]) > 10 and not set(keys["choices"]) & set(keys["assumptions"])
    page.fill("[type=search]", "citizens.opposition")
    page.locator(OPPOSITION).press("End")
    page.wait_for_selector(".part.assumptions")
    assert page.locator(".part.choices").count() == 0 and "c." not in page.url.partition("?")[2]
    page.locator("#tab-choices").click()
    page.fill("[type=search]", "treasury.public")
    page.locator(PUBLIC).press("Home")
    page.wait_for_selector(".part.choices")
    page.wait_for_selector(DONE)
    colours = page.locator(".part").evaluate_all("all => all.map((p) => getComputedStyle(p).color)")
    assert len(set(colours)) == 2 and "a.citizens.opposition=" in page.url
    assert page.locator("#chart-left .legend li:not(.hint)").count() == 3
    page.locator(".control.changed button", has_text="As it was").click()
    page.wait_for_selector(".part.choices", state="detached")
    assert "a.citizens.opposition=" in page.url and "c.treasury" not in page.url and said == []


def test_undo_gives_back_address_and_numbers(browser: Any, address: str) -> None:
    page, said = opened(browser, f"{address}/explore?country=small")
    page.wait_for_selector(DONE)
    first, link = page.inner_text(".answer"), page.url
    page.fill("[type=search]", "treasury.public")
    page.locator(PUBLIC).press("Home")
    page.wait_for_selector(".part.choices")
    page.wait_for_selector(DONE)
    second = page.inner_text(".answer")
    page.keyboard.press("u")
    page.wait_for_selector(".part.choices", state="detached")
    page.wait_for_selector(DONE)
    assert page.inner_text(".answer") == first and page.url == link
    page.keyboard.press("Shift+U")
    page.wait_for_selector(".part.choices")
    page.wait_for_selector(DONE)
    assert page.inner_text(".answer") == second and said == []


def test_a_page_that_is_closed_stops_its_work(browser: Any, address: str, shared: Any) -> None:
    page, _ = opened(browser, f"{address}/explore?country=small")
    page.wait_for_selector(DONE)
    gate, before = threading.Event(), shared.pool.waiting
    held = [shared.pool.submit(gate.wait) for _ in shared.pool.crew]
    try:
        page.evaluate("history.replaceState(null, '', '?country=small&c.treasury.public=9.5')")
        page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
        for _ in range(600):
            if shared.pool.waiting > before and shared.jobs.now:
                break
            page.wait_for_timeout(20)
        assert shared.pool.waiting > before
        page.close()
        for _ in range(600):
            if shared.pool.waiting == before:
                break
            threading.Event().wait(0.02)
        assert shared.pool.waiting == before
    finally:
        gate.set()
    assert all(h.result(10) for h in held)


def test_the_table_has_what_the_chart_draws(browser: Any, address: str) -> None:
    page, _ = opened(browser, "about:blank")
    page.add_init_script(DRAWN)
    page.goto(f"{address}/explore?country=small&c.treasury.public=3")
    page.wait_for_selector(DONE)
    page.locator("#chart-left .table summary").click()
    rows = page.locator("#chart-left tbody tr").evaluate_all(
        "all => all.map((r) => [...r.children].map((c) => c.textContent))"
    )
    x, *lines = page.evaluate("window.drawn.filter((d) => d.length === 5).at(-1)")
    assert [int(r[0]) for r in rows] == x
    shown = [[float(cell) for cell in r[1:]] for r in rows]
    for k, of_day in enumerate(shown):
        for drawn in (lines[0][k], lines[1][k]):
            assert any(abs(drawn - cell) < 0.06 for cell in of_day), (x[k], drawn, of_day)
    data = json.loads(page.evaluate("fetch(location.href.replace('explore?', 'explore.json?'))"
                                    ".then((r) => r.text())"))  # fmt: skip
    assert data["charts"][0]["x"] == x
    assert [line["y"] for line in data["charts"][0]["lines"]] == lines[:2]


def test_two_hundred_futures_finish_while_keys_are_answered(browser: Any, address: str) -> None:
    page, _ = opened(browser, "about:blank")
    page.add_init_script(TYPED)
    page.goto(f"{address}/explore?country=small&seed=91")
    page.wait_for_selector("[type=search]")
    page.focus("[type=search]")
    typed = 0
    while not page.locator(DONE).count():
        page.keyboard.press("x")
        typed += 1
    until(page, f"window.waits.length === {typed}")
    assert page.input_value("[type=search]") == "x" * typed
    assert typed and statistics.median(page.evaluate("window.waits")) < 500
