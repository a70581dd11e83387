"""The pages of the Python interface: which names are public; mkdocstrings writes what they say."""

from __future__ import annotations

import inspect

import thermidor as th
from thermidor import api, asking, studies

HEAD = """# Python

The names of `import thermidor as th`. The verbs are those of the [command line](command-line.md),
with the same defaults.
"""
WRITING = """# Writing a mechanism

What a mechanism's file imports from `thermidor.mechanism`. A first one, step by step: the
[tutorial](../tutorial/own-mechanism.md); the rules: [CONTRIBUTING](source/CONTRIBUTING.md).

::: thermidor.mechanism
    options:
      show_root_heading: false
      show_root_toc_entry: false
      heading_level: 2
"""


def pages() -> dict[str, str]:
    """The pages by their path in docs/reference."""
    return {"python.md": page(), "writing-a-mechanism.md": WRITING}


def page() -> str:
    """The verbs, then the objects that they return and raise."""
    lines = [HEAD, "## Verbs", "", *_directive(f"{asking.__name__}.load", 3)]
    for module in (api, studies):
        lines += _directive(module.__name__, 3, members=True)
    lines += ["## Objects", ""]
    for name in th.__all__:
        found = getattr(th, name)
        if inspect.isclass(found):
            lines += _directive(f"{found.__module__}.{found.__qualname__}", 3)
    return "\n".join(lines)


def _directive(path: str, level: int, members: bool = False) -> list[str]:
    root = "false" if members else "true"
    return [
        f"::: {path}",
        "    options:",
        f"      show_root_heading: {root}",
        f"      show_root_toc_entry: {root}",
        f"      heading_level: {level}",
        "",
    ]
