"""How the model did against past uprisings: the score board that comes with the package (made by
history/fit.py).
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_board() -> dict[str, Any] | None:
    """The board, or None if none has been made."""
    path = files(__package__) / "data" / "board.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def skill() -> tuple[float, float] | None:
    """Brier skill of the ending out of sample and the low end of its interval, or None without a
    board.
    """
    board = load_board()
    return (board["totals"]["skill"], board["totals"]["skill_low"]) if board else None
