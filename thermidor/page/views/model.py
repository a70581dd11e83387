"""Model: its wiring with weights from the record, equations, sources, ledger, gates."""

from __future__ import annotations

from starlette.routing import Route

from ..shared import Shared

TITLE = "Model"
WORDS: dict[str, str] = {}


def routes(shared: Shared) -> list[Route]:
    """What this view asks of the server."""
    return []
