"""One future in a browser: from the answer to its days."""

from __future__ import annotations

from typing import Any

from tests.page.served import DONE, until

DAY = "document.querySelector('.transport output').textContent.split(' ')[1]"
TOLD = "h1:not(.waiting)"


def test_a_reader_goes_from_the_answer_to_one_future_and_through_its_days(
    browser: Any,
    address: str,
) -> None:
    asked: list[str] = []
    said: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(address)
    page.wait_for_selector(DONE)
    page.wait_for_selector(".beside .moved")
    title = page.inner_text(".one .lead").split(".")[0]
    assert title.startswith("Future ") and page.locator(".beside .tiles li").count() == 3
    page.keyboard.press("4")
    page.wait_for_selector(f"main.future {TOLD}")
    page.wait_for_selector(f"h1:text('{title}')")
    page.go_back()
    page.wait_for_selector(".beside .moved")
    assert page.get_attribute("nav a:has-text('One future')", "href").count("future=") == 1
    page.click(".one .lead a")
    page.wait_for_selector(f"main.future {TOLD}")
    page.wait_for_selector(f"h1:text('{title}')")
    assert "future=" in page.url
    day = lambda: int(page.inner_text(".transport output").split()[1])  # noqa: E731
    last = day()
    page.locator("h1").click()
    page.keyboard.press("ArrowLeft")
    assert day() == last - 1
    page.keyboard.press("Shift+ArrowLeft")
    assert day() == max(0, last - 11)
    until(page, f"location.search.includes('day={max(0, last - 11)}')")
    page.keyboard.press("p")
    until(page, "document.querySelector('.play').ariaPressed === 'true'")
    until(page, f"Number({DAY}) > {max(0, last - 11)}")
    page.keyboard.press("p")
    page.click(".traced summary")
    rows = page.locator(".traced tbody tr")
    values = page.locator(".trace-name b").all_inner_texts()
    now = rows.filter(has=page.locator(f"th:text-is('{day()}')"))
    assert now.locator("td").all_inner_texts()[1:] == values
    until(page, "document.querySelector('.which small').textContent !== ''")
    again = browser.new_context().new_page()
    until(page, f"location.search.includes('day=' + {DAY})")
    again.goto(page.url)
    again.wait_for_selector(f"main.future {TOLD}")
    until(again, f"Number({DAY}) === {day()}")
    assert again.locator(".trace-name b").all_inner_texts() == values
    again.set_viewport_size({"width": 390, "height": 800})
    assert again.evaluate("document.documentElement.scrollWidth") == 390
    assert [u for u in asked if not u.startswith((address, "data:"))] == [] and said == []
