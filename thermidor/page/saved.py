"""The state of a page as a scenario file: a child of the country, with what the reader changed."""

from __future__ import annotations

from typing import Any

import yaml

from .address import State


def written(state: State, parent: str) -> str:
    """The file. parent: the country, by name, or by the name of a file beside it."""
    data: dict[str, Any] = {
        "thermidor": 1,
        "name": f"{state.country}-changed",
        "title": f"{state.country}, as changed on the page",
        "parent": parent,
    }
    for block in ("assumptions", "choices"):
        if values := dict(getattr(state, block)):
            data[block] = values
    head = f"# Saved from the page; its numbers are those of seed {state.seed}.\n"
    return head + yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
