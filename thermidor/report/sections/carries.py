"""What carries the answer: the assumptions that go with survival most."""

from __future__ import annotations

from typing import Any

from ...wording import count, signed
from ..parts.drawing import figure
from ..parts.plain import TITLE, plain
from .study_view import StudyView

SHOWN = 5
FEWEST = 10  # futures below which nothing is said


def named(view: StudyView, found: list[dict[str, Any]]) -> list[str]:
    """Assumptions by what they say, with their key and correlation."""
    says = {r["key"]: r["says"] for r in view.model["ledger"]}
    return [
        f"{plain(says.get(c['assumption'], c['assumption']), TITLE)} ({c['assumption']}, "
        f"{signed(c['correlation'])})"
        for c in found
    ]


def carries(view: StudyView) -> dict[str, Any]:
    """The strongest rank correlations with survival, or why none can be told."""
    found = view.carriers[:SHOWN]
    if not found:
        return {
            "title": "What carries the answer cannot be told.",
            "rows": [],
            "carriers": [],
            "sentence": why_none(view),
        }
    says = {r["key"]: r["says"] for r in view.model["ledger"]}
    sure = [c for c in found if c["beyond_luck"]]
    longest = max(0.2, abs(found[0]["correlation"]))
    shown = [
        {
            "key": plain(c["assumption"], TITLE),
            "text": signed(c["correlation"]),
            "says": plain(says.get(c["assumption"], "no row of the ledger"), TITLE),
            "up": c["correlation"] > 0,
            "size": 100 * abs(c["correlation"]) / longest,
            "sure": bool(c["beyond_luck"]),
        }
        for c in found
    ]
    match len(sure):
        case 0:
            title = "No single assumption goes with survival beyond luck."
        case 1:
            title = f"Survival goes most with one assumption: {shown[0]['says']}."
        case several:
            title = (
                f"Survival goes with {'at least ' if several == SHOWN else ''}{several} "
                f"assumptions beyond luck, most with this: {shown[0]['says']}."
            )
    caption = (
        f"Rank correlation of each drawn assumption with survival over "
        f"{count(view.n, 'future')}, a coup counted by its daily chances; to the right, "
        "survival rises with it. A correlation is not a cause."
    )
    saved = {
        "assumption": [c["key"] for c in shown],
        "correlation": [c["correlation"] for c in found],
        "beyond_luck": [c["sure"] for c in shown],
        "says": [c["says"] for c in shown],
    }
    rows = [[c["key"], c["says"], c["text"], "yes" if c["sure"] else "no"] for c in shown]
    return figure(
        "carries",
        title,
        "",
        caption,
        ["assumption", "what it says", "correlation", "beyond luck"],
        rows,
        saved,
        carriers=shown,
    )


def why_none(view: StudyView) -> str:
    """Why no influence on survival can be told."""
    if view.manifest.get("sweep"):
        return (
            "The points of a sweep share their luck and may hold levers, so that correlations over "
            "its futures tell nothing; thermidor drivers parts levers, assumptions and luck."
        )
    if view.n < FEWEST:
        are = {0: "none is", 1: "one is"}.get(view.n, f"{view.n} are")
        return f"Influence on survival needs ten futures or more; {are} finished."
    why = "nothing is drawn"
    if view.ended.height == view.n:
        why = "every future ended"
    elif not view.ended.height:
        why = "no future ended"
    return f"Influence on survival cannot be told: {why}."
