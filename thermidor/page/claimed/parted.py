"""Which belief parts two people on a claim, by the code of `thermidor crux`, where it takes no more
than a minute; else the command does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ... import wording as words
from ...analysis.belief.crux import Crux, crux
from ...analysis.belief.mixed import mixed
from ...execution.progress import Watch
from ...scenario.load import load
from ...scenario.scenario import Scenario
from ...study.claims import effort
from ...study.patches import fewer, patched
from ...study.plan import RunPlan
from ...support.faults import Fault
from ..pool import LATER, Token
from ..tasks.events import Words
from .argued import claim_of
from .tested import PAIRS, Verdicts, heard, in_pool

MOST_SECONDS = 60.0  # that it may be expected to take
WITHIN = 30  # days within which an observation should tell whose beliefs hold
BESIDE = 5  # sets of beliefs that are played whatever the number of beliefs


class Parted:
    """What parts two people, for all pages."""

    def __init__(self, verdicts: Verdicts):
        self.verdicts = verdicts

    async def work(
        self,
        reference: str,
        files: tuple[str, str],
        changes: Mapping[str, Any],
        asked: tuple[str, int, str],
        token: Token,
    ) -> Words:
        """Progress, then the crux.

        reference: of the country.  asked: claim, seed, and the command that does the same.
        """
        task = partial(self._crux, reference, files, dict(changes), asked, token)
        async for word in heard(self.verdicts.threads, task, token):
            if "made" not in word:
                yield word
                continue
            made, base = word["made"]
            yield {"kind": "refined"} | told(made, base)

    def _crux(
        self,
        reference: str,
        files: tuple[str, str],
        changes: dict[str, Any],
        asked: tuple[str, int, str],
        token: Token,
        watch: Watch,
    ) -> tuple[Crux, Scenario]:
        claim, seed, command = asked

        def build(beliefs: Path | None) -> Scenario:
            token.check()
            return patched(fewer(load(reference, beliefs=beliefs)), changes)

        base = build(None)
        claim_of(base, claim)
        key = "crux", base.hash, files, claim, seed
        with self.verdicts.folder(key, token) as folder:
            hands = in_pool(self.verdicts.pool, token, LATER)
            plan = RunPlan(base, PAIRS, folder, seed=seed, processes=0, keep="series", hands=hands)
            two = mixed(Path(files[0]), Path(files[1]), build, folder / "beliefs")
            sets = 2 * len(two.keys) + BESIDE
            one = effort(base, only=[claim], runs=PAIRS, processes=self.verdicts.pool.size)
            if one["seconds"] * sets > MOST_SECONDS:
                minutes = max(1, round(one["seconds"] * sets / 60))
                raise Fault(
                    f"it plays the claim {sets} times, which takes about {minutes} minutes here; "
                    f"do it in the terminal: {command}"
                )
            found = crux(plan, two, claim, within=min(WITHIN, base.days), progress=watch)
        self.verdicts.drop(key)
        return found, base


def told(found: Crux, base: Scenario) -> dict[str, Any]:
    """The crux in words, and each belief's share of the gap."""
    rows = []
    for s in found.gap.shares:
        known = base.parameters.get(s.key)
        part = 100 * s.share.value / found.gap.gap.value if found.gap.gap.value else None
        of = f", {part:.0f} of 100 of the gap" if found.gap.differs and part is not None else ""
        text = f"{s.share.value:+.3g} ({s.share.low:+.3g} to {s.share.high:+.3g}{of})"
        says = words.upper(known.parameter.why) if known else s.key
        rows.append({"key": s.key, "says": says, "told": text})
    return found.to_dict() | {"rows": rows}
