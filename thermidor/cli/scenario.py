"""From the words of a command line to a scenario, and to the folder of its results."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..terminal.interrupt import stoppable
from ..terminal.streams import say
from .options import Options

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

RESULTS = Path("thermidor-results")  # folder of folders, if none was named
GOES_ON = "The same command goes on from there."
MOST_TRIED = 200_000  # agents of futures that are computed only to see what a patch changes


def loaded(
    reference: str,
    o: Options,
    patches: list[str] | None = None,
    arguments: list[str] | None = None,
    beliefs: Path | None = None,
) -> Scenario:
    """The scenario that was named, with what was set, or with other patches; says its notes.

    arguments: whose claims are tested, instead of the file's own.  beliefs: file of assumptions.
    """
    from .. import api
    from ..study.patches import parse_patches

    made = api.load(
        reference,
        citizens=o.agents,
        threads=o.threads,
        mechanism_files=o.mechanism or [],
        arguments=arguments,
        beliefs=beliefs,
    )
    set_ = (o.set_ or []) if patches is None else patches
    other = api.load(made, days=o.days, set=parse_patches(set_))
    for note in dict.fromkeys((*made.notes, *other.notes)):
        say(f"thermidor: note: {note}")
    return other


def folder_of(scenario: Scenario, seed: int, fixed: bool = False, keep: str = "all") -> Path:
    """Where results go if no folder was named."""
    from .. import api

    name = api.study_folder(scenario, seed, fixed)
    if keep != "all":
        name += f"-{keep}"
    return RESULTS / name


def say_silent(reference: str, o: Options, after: Scenario, beliefs: Path | None = None) -> None:
    """Say it when what was set changes nothing that is recorded, in the first futures."""
    from ..study.patches import TRIED, changed_by

    before = loaded(reference, dataclasses.replace(o, threads=None), [], beliefs=beliefs)
    if before.place.agents.sum() > MOST_TRIED or changed_by(before, after, o.seed):
        return
    say(
        f"thermidor: note: nothing that was recorded changed by --set "
        f"{' --set '.join(o.set_ or [])}, in the {TRIED} futures in which it was tried."
    )


def report_on(folder: Path, seen: Path | None = None) -> Path:
    """Write the report of a folder, with what was seen; the results are there whatever comes."""
    from .. import api

    with stoppable(
        f"The results are kept in {folder}; thermidor report {folder} writes the report."
    ):
        return api.write_report(folder, seen)


def say_shown(folder: Path, quiet: bool = False) -> None:
    """Write the report of a folder again if one stands there, so that it shows what was found, and
    say where, or how to write it.

    quiet: say nothing.
    """
    from ..terminal.console import console, escape

    if not (folder / "manifest.json").exists():
        return
    if (folder / "report.html").exists():
        text = f"The report shows it: {report_on(folder)}"
    else:
        text = f"To see it in the report: thermidor report {folder}"
    if not quiet:
        console().print(escape(text), soft_wrap=True)


def command() -> str:
    """The command as the user could type it again."""
    import shlex

    return shlex.join(["thermidor", *sys.argv[1:]])
