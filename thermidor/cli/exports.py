"""The verbs by which a study leaves the laboratory: export, cite, bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..support.faults import Fault
from ..terminal.letters import visible
from ..terminal.options import AsJson, Mechanisms
from ..terminal.show import show

if TYPE_CHECKING:
    from ..study.results import Study

Folder = Annotated[Path, typer.Argument(metavar="STUDY", help="Folder that `thermidor run` wrote.")]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


def export(
    study: Folder,
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar="FILE", help="The file; its ending is .csv, .dta (Stata) or .xlsx."
        ),
    ],
    table: Annotated[
        str,
        typer.Option(
            "--table",
            metavar="NAME",
            help="runs, series, moved, events, provinces, or dictionary: what all columns mean.",
        ),
    ] = "runs",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write a table of results as CSV, for Stata or for Excel.

    Meanings and units become labels in Stata and a sheet of the workbook. Stata and Excel need
    `pip install 'thermidor[formats]'`.

    Examples:

        thermidor export thermidor-results/iran-2025-... --to runs.csv

        thermidor export thermidor-results/iran-2025-... --to runs.dta

        thermidor export thermidor-results/iran-2025-... --table series --to series.xlsx
    """
    path = _study(study).export(to, table, force)
    show({"out": str(path), "table": table}, as_json, lambda: print(visible(f"Written to {path}.")))


def cite(
    study: Folder,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="A .bib file to write, in place of printing."),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """What to cite for a study, as BibTeX: software, country, results, arguments, sources of data.

    Versions and fingerprints stand in the notes.

    Examples:

        thermidor cite thermidor-results/iran-2025-...

        thermidor cite thermidor-results/iran-2025-... --to study.bib
    """
    from ..study.exports.bibtex import written

    text = written(_study(study), to, force)
    told = {"bibtex": text} | ({"out": str(to)} if to else {})
    show(told, as_json, lambda: print(visible(f"Written to {to}.") if to else text))


def bundle(
    study: Folder,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="The zip; named after the study, here, if left out."
        ),
    ] = None,
    file: Annotated[
        list[Path] | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="A file more that belongs to it, such as an argument; may be repeated.",
        ),
    ] = None,
    mechanism: Mechanisms = None,
    licence: Annotated[
        str | None,
        typer.Option(
            "--licence", metavar="ID", help="Licence of the results, such as CC-BY-4.0, or its URL."
        ),
    ] = None,
    author: Annotated[
        list[str] | None,
        typer.Option("--author", metavar="NAME", help="Author of the study; may be repeated."),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write one zip with which anybody repeats a study and sees that its tables are the same.

    It holds results, scenario, codebook, citations, exact versions, Thermidor itself, and a script:
    `python3 reproduce.py --install`. It is an RO-Crate. The same study gives the same zip.

    Examples:

        thermidor bundle thermidor-results/iran-2025-...

        thermidor bundle thermidor-results/iran-2025-... --licence CC-BY-4.0 --out replication.zip

        thermidor bundle thermidor-results/mine-... --mechanism curfew.py --file argument.yaml
    """
    path = _study(study).bundle(
        out,
        files=file or [],
        mechanism_files=mechanism or [],
        licence=licence,
        authors=author or [],
        force=force,
    )

    def say() -> None:
        print(visible(f"Written to {path}, {path.stat().st_size / 1e6:.1f} MB."))

    show({"out": str(path)}, as_json, say)


def _study(folder: Path) -> Study:
    from .. import api

    if folder.exists() and not folder.is_dir():
        raise Fault(f"{folder} is a file; give the folder that `thermidor run` wrote.")
    return api.results(folder)
