"""The commands that give the numbers of a page without the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from ... import __version__
from ..address import State
from ..futures import REFINED
from ..sides import Sides


def recipe(state: State, sides: Sides, country: str, own: bool) -> str:
    """The commands as a text for a shell.

    country: its name in the package, or the name of its file.  own: whether it is a file.
    """
    title = f"# {sides.base.title}: the numbers of the page without the page."
    lines = [title, f"pip install 'thermidor=={__version__}'  # or, in its folder: pip install ."]
    if own:
        lines.append(f"# {_plain(country)} is your own file: save it in this folder.")
    if state.choices or state.assumptions:
        lines += ["", "# The answer, with all that you changed."]
    lines.append(shlex.join(run(state, sides, country)))
    both = state.choices and state.assumptions
    if state.choices:
        under = ", under your assumptions" if both else ""
        lines += ["", f"# What your choices change{under}, on the same luck."]
        lines.append(shlex.join(compare(state, sides, country, "choices")))
    if state.assumptions:
        lines += ["", "# What your assumptions change, on the same luck."]
        lines.append(shlex.join(compare(state, sides, country, "assumptions")))
    return "\n".join(lines) + "\n"


def run(state: State, sides: Sides, country: str) -> list[str]:
    """The words of `thermidor run`."""
    out = ["thermidor", "run", country, *_same(state, sides)]
    return out + _given({**state.assumptions, **state.choices}, "--set")


def compare(state: State, sides: Sides, country: str, of: str) -> list[str]:
    """The words of `thermidor compare`, for what the choices change or the assumptions."""
    out = ["thermidor", "compare", country, *_same(state, sides)]
    if of == "choices":
        return out + _given(state.assumptions, "--set") + _given(state.choices, "--with")
    return out + _given(state.assumptions, "--with")


def _same(state: State, sides: Sides) -> list[str]:
    agents = str(sides.base.place.citizens)
    return ["--runs", str(REFINED), "--seed", str(state.seed), "--citizens", agents]


def _given(values: Mapping[str, Any], option: str) -> list[str]:
    return [w for k, v in values.items() for w in (option, f"{k}={_written(v)}")]


def _written(value: Any) -> str:
    """A value with all its figures."""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
