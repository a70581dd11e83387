"""What a request must be to be answered: of this machine, of this page, and not too large."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAMES = ("127.0.0.1", "localhost", "[::1]")
MOST_BYTES = 65_536  # of what is sent
LARGER = {"/api/drop": 2_000_000}  # a file, as large as the reader of files takes
LONGEST_ADDRESS = 8_192


def hosts(port: int) -> frozenset[str]:
    """What `Host` may be."""
    return frozenset(f"{n}:{port}" for n in NAMES)


class Guard:
    """Refuses strangers (DNS rebinding, other sites), and sends what keeps the page to itself."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], policy: str):
        self.app, self.hosts = app, frozenset(hosts)
        self.headers = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cross-origin-resource-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "x-frame-options": "DENY",
            "cache-control": "no-store",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(k.encode(), v.encode()) for k, v in self.headers.items()]
                message = {**message, "headers": [*message.get("headers", []), *own]}
            await send(message)

        wrong = self.fault(scope)
        if wrong:
            status, sentence = wrong
            await JSONResponse({"faults": [sentence]}, status)(scope, receive, sent)
            return
        await self.app(scope, _bounded(receive, most_bytes(scope)), sent)

    def fault(self, scope: Scope) -> tuple[int, str] | None:
        """What is wrong with a request: status and sentence."""
        headers: dict[str, list[str]] = {}
        for k, v in scope["headers"]:
            headers.setdefault(k.decode("latin-1").lower(), []).append(v.decode("latin-1"))
        host = headers.get("host", [])
        if len(host) != 1 or host[0].lower() not in self.hosts:
            return 421, "this server answers to its own name only, such as 127.0.0.1 with its port."
        origin = headers.get("origin", [])
        if origin and origin != [f"http://{host[0]}"]:
            return 403, "this server answers to its own page only, not to another site."
        if headers.get("sec-fetch-site", ["none"])[0] not in ("none", "same-origin"):
            return 403, "this server answers to its own page only, not to another site."
        if len(scope.get("query_string", b"")) > LONGEST_ADDRESS:
            return 414, f"the address has more than {LONGEST_ADDRESS:,} letters."
        length, most = headers.get("content-length", ["0"])[0], most_bytes(scope)
        if not length.isdigit() or int(length) > most:
            return 413, f"what is sent has more than {most:,} bytes."
        return None


class TooMuch(Exception):
    """More was sent than was said, or than is taken."""


def most_bytes(scope: Scope) -> int:
    """Of what may be sent to a path."""
    return LARGER.get(scope["path"], MOST_BYTES)


def _bounded(receive: Receive, most: int) -> Receive:
    seen = 0

    async def bounded() -> Any:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooMuch
        return message

    return bounded
