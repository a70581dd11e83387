"""The report of a state of the page as one file that opens offline: its futures are played as a
study into a temporary folder, which is removed whatever comes.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...report.page import write_report
from ...report.seen import keep_seen
from ...scenario.scenario import Scenario
from ...study.ensemble import ensemble
from ...study.plan import RunPlan
from ...support.faults import Fault, MachineFault
from ...support.stopping import Stopped
from ..futures import REFINED
from ..pool import Token

LONGEST = 600.0  # seconds of a report


def report(
    scenario: Scenario,
    seed: int,
    command: str,
    token: Token,
    seen: tuple[str, str] | None = None,
    give_way: Callable[[], None] = lambda: None,
) -> str:
    """The report as a text.

    command: that gives the same futures in a terminal.  seen: name and text of a file of
    observations.  give_way: called now and then, so that previews need not wait for the report.
    Raises MachineFault where there is no room, or it takes too long; Stopped once the
    token is cancelled.
    """
    begun = time.monotonic()

    def watch(_: Any) -> None:
        token.check()
        give_way()
        if time.monotonic() - begun > LONGEST:
            raise MachineFault("the report took too long, and was ended.")

    token.check()
    try:
        with tempfile.TemporaryDirectory(prefix="thermidor-", ignore_cleanup_errors=True) as at:
            folder = Path(at) / "study"
            plan = RunPlan(scenario, REFINED, folder, seed=seed, processes=0, command=command)
            ensemble(plan, progress=watch)
            token.check()
            if seen:
                file = Path(at) / seen[0]
                file.write_text(seen[1], encoding="utf-8")
                keep_seen(folder, file)
            return write_report(folder).read_text(encoding="utf-8")
    except OSError as e:
        raise MachineFault(
            f"the report cannot be written: {e.strerror or e}. Make room in the folder for "
            "temporary files, and ask again."
        ) from e


def told(e: BaseException) -> Fault:
    """What a report that was not written says, in words for a page, without paths of the server."""
    if isinstance(e, Stopped):
        return MachineFault("the report was stopped.")
    if isinstance(e, MachineFault) and "the disk is full" in str(e):
        return MachineFault(
            "the disk is full, so that no report can be written; make room in the folder for "
            "temporary files, and ask again."
        )
    return e if isinstance(e, Fault) else MachineFault("the report cannot be written.")
