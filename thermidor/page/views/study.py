"""Study: drivers, boxes and stress of a finished study."""

from __future__ import annotations

from starlette.routing import Route

from ..shared import Shared

TITLE = "Study"
WORDS: dict[str, str] = {}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""
    return []
