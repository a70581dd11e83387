"""The page in a browser: what a reader does, and what leaves the machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_report_browser import browser  # noqa: F401

DONE = ".answer.refined:not(.stale)"


@pytest.fixture(scope="module")
def address(country: Path) -> Iterator[str]:
    """A server on a free port."""
    import uvicorn

    from thermidor.page.server import application
    from thermidor.page.shared import Shared

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
        config = uvicorn.Config(
            application(Shared({"small": str(country)}, 2), port), log_level="error"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [s]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)


def test_a_reader_moves_a_slider_and_undoes_it(browser: Any, address: str) -> None:  # noqa: F811
    asked: list[str] = []
    said: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(address)
    page.wait_for_selector(DONE)
    first = page.inner_text("h1")
    assert "200 futures computed" in first and page.locator("figure canvas").count() == 2
    page.fill("[type=search]", "treasury.public")
    slider = page.locator("input[type=range]").first
    slider.focus()
    slider.press("Home")
    page.wait_for_selector(".part.choices")
    page.wait_for_selector(DONE)
    assert "c.treasury.public=" in page.url and "a." not in page.url.partition("?")[2]
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.down()
    for k in range(8):  # previews come while the slider is held
        page.mouse.move(box["x"] + 10 * k, box["y"] + box["height"] / 2)
        page.wait_for_timeout(30)
    page.wait_for_selector(".answer:not(.stale)")
    page.mouse.up()
    page.wait_for_selector(DONE)
    second, link = page.inner_text(".answer"), page.url
    slider.focus()
    page.keyboard.press("u")
    page.keyboard.press("u")
    page.wait_for_function("!location.search.includes('treasury')", polling=50)
    page.wait_for_selector(".part", state="detached")
    page.wait_for_selector(DONE)
    assert page.inner_text("h1") == first
    again = browser.new_context().new_page()
    again.goto(link)
    again.wait_for_selector(DONE)
    assert again.inner_text(".answer") == second
    assert again.locator("#chart-left tbody tr").count() == 3  # days 0, 7, 12
    again.set_viewport_size({"width": 390, "height": 800})
    assert again.evaluate("document.documentElement.scrollWidth") == 390
    assert [u for u in asked if not u.startswith((address, "data:"))] == [] and said == []
