"""All pages of the reference, each from what the code declares."""

from __future__ import annotations

from . import (
    ROOT,
    api_pages,
    command_line,
    links,
    mechanism_pages,
    model,
    odd,
    references,
    scenario_schema,
)

HEAD = """# Reference

Generated from the code by `python -m docs.make`.

- [Python](python.md): the verbs, and the objects that they return.
- [Writing a mechanism](writing-a-mechanism.md): what a mechanism's file imports.
- [Command line](command-line.md): every verb with its options and examples.
- [Fields of a scenario file](scenario-schema.md): types, bounds, defaults.
- [The data dictionary](../outcomes.md): every column of every table of results.
- [Mechanisms](mechanisms/index.md): sentences, equations, parameters with their evidence, wiring.
- [ODD](odd.md): the model in the standard form of the field.
- [References](references.md): the works behind the numbers, with what was checked.
"""


def pages() -> dict[str, str]:
    """Every generated page by its path in docs/reference."""
    written = [ROOT / model.source_file(m) for m in model.mechanisms()]
    return (
        {"index.md": HEAD}
        | api_pages.pages()
        | command_line.pages()
        | scenario_schema.pages()
        | mechanism_pages.pages()
        | odd.pages()
        | references.pages()
        | links.pages([*written, ROOT / "thermidor" / "engine" / "simulate.py"])
    )
