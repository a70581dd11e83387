"""How soon the page answers: opened in a browser, dragged, refined; and twenty pages at once.

    python benchmarks/page.py [COUNTRY] [--drags N] [--loopback]
    python benchmarks/page.py [COUNTRY] --pages 20 --minutes 3

The server is a process of its own, `thermidor serve`. The first form drives headless Chromium
(`pip install thermidor[page]`), and without one speaks with the server as the page does. The second
has so many clients that drag without a pause. A preview counts from its asking; in a browser, to
when it is drawn. Printed as a table, with the machine's name.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))

from thermidor.engine.batch import Batch, Futures  # noqa: E402
from thermidor.page.futures import PREVIEWED  # noqa: E402
from thermidor.scenario.load import load  # noqa: E402
from thermidor.study.futures.warm import warm, whole  # noqa: E402
from thermidor.study.patches import fewer  # noqa: E402
from thermidor.support.machine import cores  # noqa: E402

HELD = 4.0  # seconds for which a slider is held
PAUSE = 0.05  # seconds between two moves of a slider


class Server:
    """`thermidor serve` as a process: how soon it was there, what it takes."""

    def __init__(self, country: str):
        self.begin = time.perf_counter()
        command = [sys.executable, "-m", "thermidor", "serve", country, "--port", "0"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().split()[1].rstrip("/")
        while True:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(self.address)
                break
            time.sleep(0.01)
        self.there = time.perf_counter() - self.begin

    def cpu(self) -> float:
        """Seconds of processors so far; NaN where the system does not say."""
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return float("nan")

    def memory(self) -> float:
        """Megabytes of memory; NaN where the system does not say."""
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
            return int(next(r for r in status if r.startswith("VmRSS")).split()[1]) / 1024
        return float("nan")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def told(name: str, seconds: Sequence[float]) -> None:
    ranked = sorted(seconds)
    if not ranked:
        print(f"{name:46} none")
        return
    late = ranked[min(len(ranked) - 1, round(0.95 * (len(ranked) - 1)))]
    print(f"{name:46} {statistics.median(ranked):8.3f} s {late:8.3f} s   of {len(ranked)}")


async def timed(
    client: httpx.AsyncClient, query: str, page: str = "bench", enough: str = "refined"
) -> dict[str, Any]:
    """Seconds until the preview, and until the refined answer; of how many futures each is.

    enough: the word after which nothing more is listened to.
    """
    begin = time.perf_counter()
    found: dict[str, Any] = {}
    ask = client.stream("POST", "/api/answer", content=query, headers={"x-page": page})
    async with ask as reply:
        if reply.status_code != 200:
            raise RuntimeError((await reply.aread()).decode())
        async for line in reply.aiter_lines():
            if line.startswith("data: "):
                word = json.loads(line[6:])
                if word["kind"] == "fault":
                    raise RuntimeError(word["faults"])
                if word["kind"] != "progress":
                    found[word["kind"]] = time.perf_counter() - begin
                    found[f"{word['kind']} of"] = word["answer"]["futures"]
                    if word["kind"] in (enough, "refined"):
                        break
    return found


def sliders(model: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for g in model["choices"] for c in g["controls"] if not c["options"]]


def moved(controls: Sequence[dict[str, Any]], k: int) -> str:
    """The query after the k-th move."""
    c = controls[(k // 8) % len(controls)]
    value = c["low"] + (c["high"] - c["low"]) * ((k * 0.618 + 0.3) % 1)
    return f"c.{c['key']}={quote(f'{value:.4g}')}"


async def loopback(server: Server, drags: int) -> None:
    """What one page would see that draws nothing."""
    async with httpx.AsyncClient(base_url=server.address, timeout=600.0) as client:
        await timed(client, "", enough="preview")
        told("serve started to its first answer", [time.perf_counter() - server.begin])
        await client.get("/explore.json")
        begin = time.perf_counter()
        model = (await client.get("/api/model")).json()["model"]
        await timed(client, "", enough="preview")
        told("model and first answer, once prepared", [time.perf_counter() - begin])
        every, cpu = sliders(model), server.cpu()
        previews = [await timed(client, moved(every, k), enough="preview") for k in range(drags)]
        each = (server.cpu() - cpu) / drags
        few = statistics.mode(p["preview of"] for p in previews if "preview" in p)
        told(f"preview ({few} futures)", [p["preview"] for p in previews if "preview" in p])
        print(f"{'  processor time of one':46} {each:8.3f} s")
        cpu, some = server.cpu(), max(2, drags // 4)
        refined = [await timed(client, f"{moved(every, 8 * k)}&seed=2") for k in range(some)]
        told("refined (200 futures)", [r["refined"] for r in refined])
        print(f"{'  processor time of one':46} {(server.cpu() - cpu) / some:8.3f} s")


# In the page: when an answer was asked for, came and was drawn; how long a key waits for the paint.
WATCH = """
const bench = window.bench = { first: null, previews: [], refined: [], few: [], keys: [] };
const drawn = (f) => requestAnimationFrame(() => requestAnimationFrame(f));
const plain = window.fetch;
window.fetch = async (...given) => {
  const begin = performance.now(), reply = await plain(...given);
  if (!String(given[0]).endsWith("/api/answer")) return reply;
  const reader = reply.clone().body.pipeThrough(new TextDecoderStream()).getReader();
  (async () => {
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (text += value).split("\\n\\n");
      text = parts.pop();
      for (const part of parts) {
        const kind = part.match(/^event: (preview|refined)/)?.[1];
        if (kind === "preview") bench.few.push(Number(part.match(/"futures":(\\d+)/)[1]));
        if (kind) drawn(() => {
          bench.first ??= performance.now();
          bench[kind === "preview" ? "previews" : "refined"].push(performance.now() - begin);
        });
      }
    }
  })().catch(() => null);
  return reply;
};
addEventListener("keydown", (e) => drawn(() => bench.keys.push(performance.now() - e.timeStamp)),
  true);
"""


def in_browser(server: Server, drags: int, browser: Any) -> None:
    """What a reader sees: opening, dragging, letting go, keys meanwhile."""
    model = httpx.get(f"{server.address}/api/model", timeout=600).json()["model"]
    httpx.get(f"{server.address}/explore.json", timeout=600)  # all is prepared
    first = []
    for _ in range(5):
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.add_init_script(WATCH)
        page.goto(server.address)
        while page.evaluate("bench.first") is None:  # its policy forbids `eval`
            page.wait_for_timeout(10)
        first.append(page.evaluate("bench.first") / 1e3)
    told("page opened to its first answer, drawn", first)
    cpu = server.cpu()
    previews, refined, keys, few = [], [], [], []
    for c in (sliders(model) * drags)[: max(1, drags // 12)]:
        page.fill("[type=search]", c["key"])
        slider = page.locator(f"[id='{c['key']}']")
        box = slider.bounding_box()
        page.evaluate("Object.assign(bench, { previews: [], refined: [], few: [], keys: [] })")
        at, y, begin = 0, box["y"] + box["height"] / 2, time.perf_counter()
        page.mouse.move(box["x"] + 8, y)
        page.mouse.down()
        while time.perf_counter() - begin < HELD:
            at += 1
            page.mouse.move(box["x"] + 8 + (at * 3) % (box["width"] - 16), y)
            page.wait_for_timeout(1e3 * PAUSE)
        previews += page.evaluate("bench.previews")
        page.evaluate("Object.assign(bench, { refined: [], keys: [] })")
        page.mouse.up()
        while not page.evaluate("bench.refined.length"):
            page.keyboard.press("Shift")
            page.wait_for_timeout(1e3 * PAUSE)
        refined += page.evaluate("bench.refined")
        keys += page.evaluate("bench.keys")
        few += page.evaluate("bench.few")
        page.keyboard.press("u")
    size = statistics.mode(few) if few else 0
    told(f"preview while dragging ({size} futures), drawn", [x / 1e3 for x in previews])
    told("refined (200 futures), drawn", [x / 1e3 for x in refined])
    told("a key meanwhile, to the next paint", [x / 1e3 for x in keys])
    print(f"{'processor time of the server for all of it':46} {server.cpu() - cpu:8.1f} s")


async def crowd(server: Server, pages: int, minutes: float) -> None:
    """Pages that drag at once, without a pause but that between two moves."""
    limits = httpx.Limits(max_connections=2 * pages)
    seen: list[list[float]] = [[] for _ in range(pages)]
    faults: list[str] = []
    async with httpx.AsyncClient(base_url=server.address, timeout=600.0, limits=limits) as client:
        await client.get("/explore.json")
        every = sliders((await client.get("/api/model")).json()["model"])
        end = time.perf_counter() + 60 * minutes

        async def drag(page: int) -> None:
            for k in range(10**9):
                if time.perf_counter() > end:
                    return
                try:
                    query = f"{moved(every, 97 * page + k)}&seed={1 + page % 4}"
                    found = await timed(client, query, f"page{page}", "preview")
                    seen[page].append(found.get("preview", found.get("refined", 0.0)))
                except Exception as e:
                    faults.append(f"page {page}: {type(e).__name__}: {e}")
                await asyncio.sleep(PAUSE)

        async def watch() -> None:
            while (left := end - time.perf_counter()) > 0:
                print(f"  {left:5.0f} s to go: memory {server.memory():6.0f} MB", flush=True)
                await asyncio.sleep(min(left + 0.01, 30))

        await asyncio.gather(watch(), *(drag(page) for page in range(pages)))
        begin = time.perf_counter()
        await timed(client, "", "after", "preview")
    told(f"preview of one of {pages} pages", [x for page in seen for x in page])
    counts = [len(page) for page in seen]
    print(f"{'previews of a page, fewest and most':46} {min(counts):8,}   {max(counts):8,}")
    told("the country as it is, asked afterwards", [time.perf_counter() - begin])
    print(f"{'memory at the end':46} {server.memory():8.0f} MB")
    print(f"{'errors':46} {len(faults):8}   {'; '.join(faults[:3])}")


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Headless Chromium, or None with the reason."""
    import shutil

    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for n in names if (path := shutil.which(n))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        found = None
    if found is None:
        print("no browser: over loopback alone (pip install thermidor[page], apt install chromium)")
        yield None
        return
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def pace(country: str) -> float:
    """Microseconds that one core takes now for a day of one of eight futures of a preview: a
    virtual machine may give much less from one minute to the next.
    """
    scenario, times = fewer(load(country), PREVIEWED), []
    for _ in range(5):
        batch = Batch(Futures([scenario] * 8, range(8)), whole=True)
        begin = time.perf_counter()
        batch.play()
        times.append((time.perf_counter() - begin) / int(batch.last.sum()))
    return 1e6 * statistics.median(times)


def main(o: argparse.Namespace) -> None:
    if not whole():
        warm()
    before = pace(o.country)
    server = Server(o.country)
    try:
        load = os.getloadavg()[0]
        print(f"{platform.node()}, {platform.machine()}, {cores()} cores, load {load:.1f}")
        print(f"{o.country}\n{'':46} {'median':>10} {'95 of 100':>10}")
        if o.pages:
            asyncio.run(crowd(server, o.pages, o.minutes))
            return
        told("serve started to its address", [server.there])
        asyncio.run(loopback(server, o.drags))
        if not o.loopback:
            with chromium() as browser:
                if browser:
                    in_browser(server, o.drags, browser)
    finally:
        server.end()
        print(f"one core, a day of a future: {before:.0f} us before, {pace(o.country):.0f} after")


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("country", nargs="?", default="iran-2025")
    asked.add_argument("--drags", type=int, default=48, help="previews over loopback")
    asked.add_argument("--loopback", action="store_true", help="without a browser")
    asked.add_argument("--pages", type=int, default=0, help="pages that drag at once")
    asked.add_argument("--minutes", type=float, default=3.0)
    main(asked.parse_args())
