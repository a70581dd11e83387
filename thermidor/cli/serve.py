"""The verb that opens the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..support.faults import Fault

FIRST = "iran-2025"
PORT = 8020


def serve(
    countries: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[COUNTRY]...",
            help="Countries by name or file; all of the package if none is named.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", metavar="N", help="Port on this machine; 0 takes a free one.")
    ] = PORT,
) -> None:
    """Serve a page on this machine, on which the answer moves while you drag.

    It answers on 127.0.0.1 only, and no request leaves the machine. Needs
    `pip install 'thermidor[web]'`. Ctrl-C ends it.

    Examples:

        thermidor serve

        thermidor serve iran-2025 my.yaml --port 9000
    """
    if not 0 <= port <= 65_535:
        raise Fault(f"--port {port} must lie between 0 and 65,535.")
    needed()
    from ..page.server import serve as run

    run(named(countries or []), port, lambda address: print(f"Open {address} (Ctrl-C ends it)."))


def needed() -> None:
    """Raises Fault where what the page needs is not installed."""
    from ..study.extras import needed as one

    for module in ("starlette", "uvicorn"):
        one(module, "thermidor serve", "web")


def named(countries: list[str]) -> dict[str, str]:
    """The countries that are served, by the name that their address has; they must be there."""
    from ..scenario.file.gather import bundled, locate

    if not countries:
        names = sorted(bundled(), key=lambda n: (n != FIRST, n))
        return {n: n for n in names}
    found: dict[str, str] = {}
    for reference in countries:
        locate(reference)
        name = Path(reference).stem
        if name in found and found[name] != reference:
            raise Fault(f"{found[name]} and {reference} are both called '{name}'; rename one.")
        found[name] = reference
    return found
