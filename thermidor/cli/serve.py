"""The verb that opens the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..support.faults import Fault

FIRST = "first-steps"  # the invented country: small, so that the first answer is there at once
PORT = 8020


def serve(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[COUNTRY|STUDY|BELIEFS]...",
            help="Countries by name or file, all of the package if none is named; folders of "
            "finished studies; files of beliefs.",
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

        thermidor serve blr-2020 results/blr-2020 hers.yaml his.yaml
    """
    if not 0 <= port <= 65_535:
        raise Fault(f"--port {port} must lie between 0 and 65,535.")
    needed()
    from ..page.server import serve as run
    from ..page.shared import Shared

    countries, studies, beliefs = sorted_out(what or [])
    shared = Shared(named(countries), studies=called(studies), beliefs=called(beliefs))
    run(shared, port, lambda address: print(f"Open {address} (Ctrl-C ends it)."))


def needed() -> None:
    """Raises Fault where what the page needs is not installed."""
    from ..study.extras import needed as one

    for module in ("starlette", "uvicorn"):
        one(module, "thermidor serve", "web")


def sorted_out(what: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Countries, folders of studies and files of beliefs, as they were named."""
    from ..scenario.file.gather import bundled
    from ..scenario.file.yamlfile import read

    countries: list[str] = []
    studies: list[str] = []
    beliefs: list[str] = []
    for reference in what:
        path = Path(reference)
        if reference not in bundled() and path.is_dir():
            if not (path / "manifest.json").is_file():
                raise Fault(f"{path} holds no study (there is no manifest.json in it).")
            studies.append(reference)
        elif reference not in bundled() and path.is_file() and "beliefs" in read(path)[0]:
            beliefs.append(reference)
        else:
            countries.append(reference)
    return countries, studies, beliefs


def called(paths: list[str]) -> dict[str, str]:
    """Paths by the name that their address has."""
    found: dict[str, str] = {}
    for path in paths:
        name = Path(path).resolve().stem
        if name in found:
            raise Fault(f"{found[name]} and {path} are both called '{name}'; rename one.")
        found[name] = path
    return found


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
