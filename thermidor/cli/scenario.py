"""From the words of a command line to a scenario, and to the folder of its results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..support.faults import Fault
from .terminal.interrupt import stoppable
from .terminal.options import meant, number
from .terminal.streams import say

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

FEWER = 20_000
MOST_TRIED = 200_000  # agents of futures that are computed only to see what a patch changes


def loaded(
    reference: str,
    mechanisms: list[Path] | None = None,
    patches: list[str] | None = None,
    *,
    citizens: str | None = None,
    threads: int | None = None,
    days: int | None = None,
) -> Scenario:
    """The scenario that was named, with what was set."""
    from ..scenario.load import load
    from ..study.compare import parse_patches, patched

    made = load(
        reference, citizens=agents(citizens), threads=threads or 0, mechanism_files=mechanisms or []
    )
    changes = parse_patches(patches or [])
    if days is not None:
        changes["days"] = days
    other = patched(made, changes)
    for note in dict.fromkeys((*made.notes, *other.notes)):
        say(f"thermidor: note: {note}")
    return other


def agents(text: str | None) -> int | str | None:
    """What --citizens says: a whole number, or 'full'."""
    if text is None or text == "full":
        return text
    found = number(text)
    if found is None:
        shown = text if text.isalnum() else f"'{text}'"
        repair = meant(text)
        write = "" if repair is None else f"; write {repair}"
        raise Fault(f"--citizens {shown} must be a whole number or 'full'{write}.")
    return found


def for_pairs(scenario: Scenario, citizens: str | None) -> Scenario:
    """Comparisons need fewer agents than a run, since both sides share their luck: a fifth if none
    were named."""
    fewer = max(min(scenario.place.citizens, FEWER), scenario.place.fewest)
    return scenario.sized(fewer) if citizens is None else scenario


def folder_of(scenario: Scenario, seed: int, fixed: bool = False) -> Path:
    """Where results go if no folder was named."""
    name = f"{scenario.name}-{scenario.hash[:8]}-seed{seed}{'-fixed' if fixed else ''}"
    return Path("thermidor-results") / name


def say_silent(before: Scenario, after: Scenario, patches: list[str], seed: int) -> None:
    """Say it when what was set changes nothing that is recorded, in the first futures."""
    from ..study.compare import TRIED, changed_by

    if before.place.agents.sum() > MOST_TRIED or changed_by(before, after, seed):
        return
    say(
        f"thermidor: note: nothing that was recorded changed by --set {' --set '.join(patches)}, in "
        f"the {TRIED} futures in which it was tried."
    )


def report_on(folder: Path) -> Path:
    """Write the report of a folder; the results are there whatever comes."""
    from ..report.page import write_report

    with stoppable(
        f"The results are kept in {folder}; thermidor report {folder} writes the report."
    ):
        return write_report(folder)


def command() -> str:
    """The command as the user could type it again."""
    import shlex

    return shlex.join(["thermidor", *sys.argv[1:]])
