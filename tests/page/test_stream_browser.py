"""A browser whose stream falls silent, or breaks off: it says so, asks again, has its answer."""

from __future__ import annotations

from typing import Any

from tests.page.served import DONE, until

FAULTY = """
const plain = window.fetch, stream = { headers: { "content-type": "text/event-stream" } };
window.asked = 0;
window.fetch = async (...given) => {
  if (given[0] !== "/api/answer") return plain(...given);
  window.asked += 1;
  const silent = new ReadableStream({ cancel() { window.gone = true; } });
  if (window.asked === 1) return new Response(silent, stream);
  if (window.asked === 2) return new Response("event: progress\\n", stream);
  return plain(...given);
};
"""


def test_a_stream_that_falls_silent_or_breaks_off_is_asked_for_again(
    browser: Any,
    address: str,
) -> None:
    page = browser.new_page()
    page.clock.install()
    page.add_init_script(FAULTY)
    page.goto(f"{address}/explore?c.treasury.public=7&seed=3")
    until(page, "window.asked === 1")
    page.clock.fast_forward(21_000)  # a laptop that slept
    until(page, "window.gone === true")
    page.wait_for_selector(".chip.wrong")
    page.clock.fast_forward(2_100)
    until(page, "window.asked === 2")
    page.wait_for_selector(".chip.wrong")
    page.clock.fast_forward(2_100)
    page.wait_for_selector(DONE)
    assert page.evaluate("window.asked") == 3 and page.locator(".chip.wrong").count() == 0
    assert "200 futures computed" in page.inner_text("h1")
    page.close()
