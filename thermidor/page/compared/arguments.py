"""Arguments: what each claims, and the command that gives a verdict on all of them."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from functools import cache
from typing import Any

from ...scenario.argument.argument import read
from ...scenario.argument.written import arguments
from ...scenario.scenario import Scenario


@cache
def every() -> list[dict[str, Any]]:
    """The arguments that come with the package: name, title, whose, and its claims."""
    found = [read(name) for name in arguments()]
    return [
        {
            "name": a.name,
            "title": a.file.title,
            "of": a.file.of,
            "about": a.file.about,
            "claims": [{"id": c.id, "sentence": c.sentence} for c in a.claims],
        }
        for a in found
    ]


def told(base: Scenario, countries: Iterable[str], seed: int) -> dict[str, Any]:
    """The arguments, and how to have the matrix of their verdicts.

    countries: references.
    """
    own = [{"id": c.id, "sentence": c.sentence} for c in base.claims]
    names = [a["name"] for a in every()]
    command = ["thermidor", "claims", *countries]
    for name in names:
        command += ["--argument", name]
    command += ["--quick"]
    command += ["--seed", str(seed)] if seed != 1 else []
    return {
        "arguments": every(),
        "own": {"of": base.file.claims_of or base.title, "claims": own},
        "command": shlex.join(command),
    }
