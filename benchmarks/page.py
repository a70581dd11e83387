"""How soon the page answers: the first answer, previews while dragging, refined answers.

    python benchmarks/page.py [COUNTRY] [--drags N]

Speaks with the server over loopback, as its page does. Prints the median and the 95th of 100, with
the machine's name.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import socket
import statistics
import threading
import time
from collections.abc import Sequence

import httpx
import uvicorn

from thermidor.page.server import application
from thermidor.page.shared import Shared
from thermidor.study.futures.warm import ready, warm
from thermidor.support.machine import cores


async def timed(client: httpx.AsyncClient, query: str) -> dict[str, float]:
    """Seconds until the preview, and until the refined answer."""
    begin = time.perf_counter()
    found: dict[str, float] = {}
    ask = client.stream("POST", "/api/answer", content=query, headers={"x-page": "bench"})
    async with ask as reply:
        async for line in reply.aiter_lines():
            if line.startswith("data: "):
                word = json.loads(line[6:])
                if word["kind"] == "fault":
                    raise SystemExit(word["faults"])
                found.setdefault(word["kind"], time.perf_counter() - begin)
    return found


def told(name: str, seconds: Sequence[float]) -> None:
    ranked = sorted(seconds)
    late = ranked[min(len(ranked) - 1, round(0.95 * (len(ranked) - 1)))]
    print(f"{name:28} {statistics.median(ranked):8.3f} s {late:8.3f} s   of {len(ranked)}")


async def main(country: str, drags: int) -> None:
    s = socket.create_server(("127.0.0.1", 0))
    port = s.getsockname()[1]
    config = uvicorn.Config(application(Shared({country: country}), port), log_level="error")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, kwargs={"sockets": [s]}, daemon=True).start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=600.0) as client:
        begin = time.perf_counter()
        model = (await client.get("/api/model")).json()["model"]
        opened = time.perf_counter() - begin
        first = await timed(client, "")
        every = [c for g in model["choices"] for c in g["controls"] if not c["options"]]
        previews, refined = [], []
        for k in range(drags):
            c = every[k % len(every)]
            value = c["low"] + (c["high"] - c["low"]) * ((k * 0.618 + 0.3) % 1)
            found = await timed(client, f"c.{c['key']}={value:.3g}")
            previews.append(found["preview"])
            refined.append(found["refined"])
    print(
        f"{platform.node()}, {platform.machine()}, {cores()} cores, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{country}: {model['days']} days, {model['citizens']:,} agents")
    print(f"{'':28} {'median':>10} {'95 of 100':>10}")
    told("model of the country", [opened])
    told("first answer (32 futures)", [first["preview"]])
    told("first refined (200)", [first["refined"]])
    told("preview (32 futures)", previews)
    told("refined (200 futures)", refined)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("country", nargs="?", default="iran-2025")
    asked.add_argument("--drags", type=int, default=20)
    o = asked.parse_args()
    if not ready():
        warm()
    asyncio.run(main(o.country, o.drags))
