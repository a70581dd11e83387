"""A server of the page on a free port, and what a browser waits for."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

DONE = ".answer.refined:not(.stale)"


@contextmanager
def served(shared: Any) -> Iterator[str]:
    """Its address."""
    import uvicorn

    from thermidor.page.server import application

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(application(shared, port), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [s]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


def until(page: Any, true: str) -> None:
    """Waits for something to be true on the page, whose policy forbids it to do so by itself."""
    end = time.monotonic() + 60
    while not page.evaluate(true):
        assert time.monotonic() < end, true
        page.wait_for_timeout(30)


def opened(browser: Any, at: str, width: int = 1280, **how: Any) -> tuple[Any, list[str]]:
    """A page in a context of its own, and the errors that it tells."""
    said: list[str] = []
    page = browser.new_context(viewport={"width": width, "height": 900}, **how).new_page()
    page.set_default_timeout(120_000)
    page.on("pageerror", lambda e: said.append(str(e)))
    page.on("console", lambda m: said.append(m.text))
    page.goto(at)
    return page, said


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """What it gives, run in a thread: where a browser is open, this one has a loop already."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, work).result()
