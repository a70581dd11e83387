"""The sections of a report in their order, each as plain data that any page or text can render.

Each is built on its own, so that a file which is damaged costs no more than what needs it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..study.store.tables import NAMES
from .analyses import believe, crux, drivers, learning, since, stress, tips
from .analyses.kept import files
from .parts.drawing import SectionData
from .parts.files import TROUBLE, said
from .parts.plain import TEXT, plain
from .sections.answer import endings
from .sections.assumptions import ledger
from .sections.carries import carries
from .sections.claims import claims
from .sections.costs import costs
from .sections.movers import movers, pull
from .sections.one_future import one_future
from .sections.protest import protest
from .sections.provenance import provenance
from .sections.provinces import provinces
from .sections.rates import base_rates
from .sections.seen import seen
from .sections.study_view import StudyView
from .sections.survival import survival


@dataclass(frozen=True)
class Section:
    """A part of the page: how it is called, what it shows, and what it cannot do without.

    shows: functions from a study to JSON values, by the names that the page's macros have for them.
    needs: tables by name, and entries of model.json as "model.ledger".
    """

    id: str
    name: str
    heading: str
    shows: Mapping[str, Callable[[StudyView], SectionData]]
    needs: tuple[str, ...] = ()
    opening: bool = False  # a card of the first two pages, with a heading of its own
    there: Callable[[StudyView], object] = lambda view: True  # whether there is anything to show
    macro: str = ""  # of the page that writes it; its id if left out


def _left_out(view: StudyView) -> list[str]:
    return [plain(x, TEXT) for x in view.model["left_out"]]


def _analysis(
    id: str,
    name: str,
    heading: str,
    show: Callable[[StudyView], SectionData],
    patterns: tuple[str, ...],
) -> Section:
    """A section of what an analysis left in the folder, which stands only if it did."""
    return Section(
        id,
        name,
        heading,
        {"found": show},
        there=lambda view: files(view, patterns),
        macro="found",
    )


def _not_given(view: StudyView) -> list[str]:
    found = view.model.get("not_given") or []
    return [plain(f"{r['key']} ({r['says']}) {r['stands']}.", TEXT) for r in found]


SECTIONS = (
    Section("rates", "", "", {"rates": base_rates}, ("runs", "model.base_rates"), opening=True),
    Section("endings", "", "", {"endings": endings}, ("runs",), opening=True),
    Section("costs", "", "", {"costs": costs}, ("runs",), opening=True),
    Section("carries", "", "", {"carries": carries}, ("runs",), opening=True),
    Section("time", "Survival", "Does it last?", {"survival": survival}, ("runs",)),
    Section(
        "street", "Protest", "What happens in the street?", {"protest": protest}, ("runs", "series")
    ),
    Section(
        "seen",
        "Observed",
        "What was observed",
        {"seen": seen},
        ("runs", "series"),
        there=lambda view: view.seen,
    ),
    Section("one", "One future", "One future told", {"one_future": one_future}, ("runs", "series")),
    Section("where", "Where", "Where?", {"map": provinces}, ("runs", "provinces")),
    Section(
        "movers",
        "Who moves whom",
        "Who moves whom?",
        {"pull": pull, "moved": movers},
        ("runs", "moved"),
    ),
    Section("claims", "Claims", "The claims", {"claims": claims}, ("claims.json", "model.claims")),
    Section(
        "believe",
        "Your beliefs",
        "Under your own beliefs",
        {"believe": believe.believe},
        ("runs", "model.ledger"),
        there=believe.drawn,
    ),
    _analysis("drivers", "Drivers", "What moves it?", drivers.drivers, drivers.FILES),
    _analysis("tips", "Tips", "Where does it tip?", tips.tips, tips.FILES),
    _analysis("stress", "Stress", "What would overturn it?", stress.stress, stress.FILES),
    _analysis("crux", "Crux", "Where do two people disagree?", crux.crux, crux.FILES),
    _analysis("learn", "To find out", "What to find out?", learning.learning, learning.FILES),
    _analysis("since", "Seen since", "What was seen since", since.update, since.UPDATES),
    _analysis("robust", "Levers", "Which levers hold up?", since.robust, since.ROBUST),
    Section("ledger", "Ledger", "What it rests on", {"ledger": ledger}, ("model.ledger",)),
    Section(
        "out",
        "Left out",
        "What was left out",
        {"left_out": _left_out, "not_given": _not_given},
        ("model.left_out",),
    ),
    Section("made", "Make it again", "How to make it again", {"provenance": provenance}),
)


@dataclass(frozen=True)
class Built:
    """A section as JSON values by name, or why it is left out."""

    data: dict[str, SectionData] = field(default_factory=dict)
    lost: str = ""

    @property
    def figures(self) -> list[dict[str, Any]]:
        """What of it a reader can keep: its figures, or those within it."""
        found: list[dict[str, Any]] = []
        for part in self.data.values():
            if isinstance(part, dict):
                found += [part] if "saved" in part else part.get("figures", [])
        return found


def build(view: StudyView, section: Section) -> Built:
    """A section as plain data."""
    lost = _lost(view, section)
    if lost:
        return Built(lost=lost)
    try:
        built = Built({name: show(view) for name, show in section.shows.items()})
        json.dumps(built.data, allow_nan=False)
    except TROUBLE as e:
        return Built(lost=untold(view, section, e))
    lost = _lost(view, section)  # damage found on the way
    return Built(lost=lost) if lost else built


def untold(view: StudyView, section: Section, e: BaseException) -> str:
    """Why a section is left out: its files hold what cannot be told."""
    names = [_name(n) for n in section.needs if _there(view, n)]
    return f"{' or '.join(names) or 'a file'} holds what cannot be told ({said(e)})"


def _lost(view: StudyView, section: Section) -> str:
    """Why a section cannot be built: the first file that it needs and that is damaged."""
    for need in section.needs:
        file = _name(need)
        if need in NAMES and need not in view.results.kept:
            return f"{file} was not kept; the futures were computed with --keep {view.keep}"
        key = need.partition(".")[2] if need.startswith("model.") else ""
        if key and key in view.lost_in_model:
            return f"{file} is damaged ({view.lost_in_model[key]})"
        if not key and file in view.damage and not _usable(view, need):
            return f"{file} is damaged ({view.damage[file][0]})"
    return ""


def _usable(view: StudyView, need: str) -> bool:
    """Whether a table of futures is still of use though a column of it is not."""
    return need == "runs" and view.results.runs.height > 0


def _name(need: str) -> str:
    if need.startswith("model."):
        return "model.json"
    return need if "." in need else f"{need}.parquet"


def _there(view: StudyView, need: str) -> bool:
    return (view.path / _name(need)).exists()
