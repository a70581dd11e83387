"""Compare: countries, arguments, the beliefs of two people, two studies."""

from __future__ import annotations

from starlette.routing import Route

from ..shared import Shared

TITLE = "Compare"
WORDS: dict[str, str] = {}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""
    return []
