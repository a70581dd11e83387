"""What carries the answer: the assumptions that go with survival most."""

from __future__ import annotations

from typing import Any

from ..drawing import figure
from ..phrases import count, signed
from ..plain import TITLE, plain
from ..study_view import Reading

SHOWN = 5
FEWEST = 10  # futures below which nothing is said


def named(read: Reading, found: list[dict[str, Any]]) -> list[str]:
    """Assumptions by what they say, with their key and correlation."""
    says = {r["key"]: r["says"] for r in read.model["ledger"]}
    return [
        f"{plain(says.get(c['assumption'], c['assumption']), TITLE)} ({c['assumption']}, "
        f"{signed(c['correlation'])})"
        for c in found
    ]


def carries(read: Reading) -> dict[str, Any]:
    """The strongest rank correlations with survival, or why none can be told."""
    found = read.carriers()[:SHOWN]
    if not found:
        return {
            "title": "What carries the answer cannot be told.",
            "rows": [],
            "carriers": [],
            "sentence": why_none(read),
        }
    says = {r["key"]: r["says"] for r in read.model["ledger"]}
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
    title = (
        "No single assumption goes with survival beyond luck."
        if not sure
        else f"Survival goes most with one assumption: {shown[0]['says']}."
        if len(sure) == 1
        else f"Survival goes with {'at least ' if len(sure) == SHOWN else ''}{len(sure)} "
        f"assumptions beyond luck, most with this: {shown[0]['says']}."
    )
    caption = (
        f"Rank correlation of each drawn assumption with survival over "
        f"{count(read.n, 'future')}, a coup counted by its daily chances; to the right, "
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


def why_none(read: Reading) -> str:
    """Why no influence on survival can be told."""
    if read.n < FEWEST:
        are = "none is" if not read.n else "one is" if read.n == 1 else f"{read.n} are"
        return f"Influence on survival needs ten futures or more; {are} finished."
    ended = read.ended.height
    why = (
        "every future ended"
        if ended == read.n
        else "no future ended"
        if not ended
        else "nothing is drawn"
    )
    return f"Influence on survival cannot be told: {why}."
