"""Results printed for people or for machines."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from .letters import machine


def show(data: Any, as_json: bool, say: Callable[[], Any] = lambda: None) -> None:
    """One JSON object, or what `say` prints."""
    if as_json:
        print(machine(data, sys.stdout.encoding or "utf-8"))
    else:
        say()
