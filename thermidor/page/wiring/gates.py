"""What the model was held against, and where it missed: from the board that the package has.

What the package does not keep, for it takes minutes or hours, has the command that computes it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ...fitted.beside import CROWDS, PARTS, WHO, baselines, crowds, picked, slopes, without
from ...fitted.scoreboard import (
    FEWEST_CASES,
    band,
    happened,
    interval,
    lines,
    load_board,
    named,
    observed,
    worst,
)
from ...wording import hundred, signed, two

Gate = dict[str, Any]


@cache
def gates() -> list[Gate]:
    """Each with its sentences, its tables, and how to compute it again."""
    board = load_board()
    found = [_board(board), _rates(board), _strikes(board), _calibration(board)] if board else []
    return [*filter(None, found), _effects(), _published()]


def _table(title: str, head: Any, rows: Any) -> dict[str, Any]:
    return {"title": title, "head": list(head), "rows": [list(r) for r in rows]}


def _board(board: dict[str, Any]) -> Gate:
    """Past uprisings, forecast out of sample."""
    totals = board["totals"]
    tables = []
    if totals.get("n", 0) >= FEWEST_CASES:
        tables = [
            _table("Who predicts", WHO, baselines(totals)),
            _table("With cases left out", PARTS, without(totals)),
            _table("Crowds", CROWDS, crowds(board)),
        ]
    rows = [
        [
            named(c),
            hundred(c["fall"]),
            happened(c),
            f"{interval('peak', c)}; {observed('peak', c)}",
            f"{interval('duration', c)}; {observed('duration', c)}",
        ]
        for c in worst(board)
    ]
    head = ["case, worst first", "fall, of 100", "it", "largest day, %: 80 of 100; observed"]
    tables.append(_table("Cases", [*head, "days: 80 of 100; observed"], rows))
    return {
        "key": "board",
        "title": "Past uprisings",
        "sentences": [
            *lines(board)[:2],
            "No case was predicted with parameters fitted to its outcome, base rates by type "
            "apart, though the rules were written by people who knew how they had ended.",
            *filter(None, (slopes(board), picked(board))),
        ],
        "tables": [t for t in tables if t["rows"]],
        "command": "thermidor validate",
    }


def _rates(board: dict[str, Any]) -> Gate | None:
    gate = board.get("gate")
    if not gate:
        return None
    rows = [[b["says"], *band(b), b.get("built_in") or ""] for b in gate["bands"]]
    head = ["base rate", "model", "known", "met", "what of it is put in beforehand"]
    return {
        "key": "rates",
        "title": "Base rates",
        "sentences": [lines(board)[2]],
        "tables": [_table("Base rates", head, rows)],
        "command": "thermidor validate",
    }


def _strikes(board: dict[str, Any]) -> Gate | None:
    s = board.get("strikes")
    if not s:
        return None
    rows = [
        [
            a["says"],
            hundred(a["ended"]),
            f"{hundred(a['low'])} to {hundred(a['high'])}",
            signed(100 * a["effect"]),
        ]
        for a in s["arms"]
    ]
    o = s["observed"]
    return {
        "key": "strikes",
        "title": "Strikes",
        "sentences": [
            f"Of campaigns that were observed, {o['air']['fell']} of {o['air']['n']} from the air "
            f"alone ended a regime, {o['ground']['fell']} of {o['ground']['n']} with ground forces."
        ],
        "tables": [
            _table(
                "Regimes that ended within a year",
                ["strikes", "of 100", "95 % interval", "effect, points of 100"],
                rows,
            )
        ],
        "command": "thermidor validate",
    }


def _calibration(board: dict[str, Any]) -> Gate | None:
    rows, again, dealt = (board.get(k) for k in ("parameters", "recovery", "shuffled"))
    if not rows:
        return None
    by_key = (again or {}).get("by_parameter", {})
    shown = [
        [
            f"{p['says']} ({p['key']})",
            p["unit"],
            f"{two(p['low'])} to {two(p['high'])}",
            f"{two(p['q10'], 3)} to {two(p['q90'], 3)}",
            hundred(p["narrowed"]),
            "yes" if p["moved"] else "no",
            hundred(by_key[p["key"]]) if p["key"] in by_key else "",
        ]
        for p in rows
    ]
    head = ["parameter", "unit", "before", "after, 80 of 100", "narrower, %", "moved"]
    few = sum(p["narrowed"] < 0.2 for p in rows)
    said = [
        f"{len(rows)} parameters that all countries share were fitted to the uprisings; {few} of "
        "them were narrowed by less than a fifth: of these the cases say little."
    ]
    if again:
        said.append(
            f"Recovery: from outcomes made with {again['draws']} known sets of parameters, the "
            f"80 % intervals held the known value in {hundred(again['inside80'])} of 100."
        )
    if dealt:
        said.append(
            "With outcomes dealt out to the cases at random the same fit has a skill of "
            f"{signed(dealt['mean'])}: none, as it should."
        )
    return {
        "key": "calibration",
        "title": "Calibration",
        "sentences": said,
        "tables": [_table("Parameters", [*head, "recovered, of 100"], shown)],
        "command": "thermidor calibrate --help",
    }


def _effects() -> Gate:
    """Published sizes of effects: which rows there are; their result is computed."""
    from ...history.simulated.effects import NOT_EXPRESSED, ROWS
    from ...history.tables.effects import effects

    table = effects()
    known = [[r.label or r.id, table[r.id].topic, table[r.id].quantity] for r in ROWS]
    left = [[k, table[k].topic, why] for k, why in NOT_EXPRESSED.items()]
    return {
        "key": "effects",
        "title": "Published effects",
        "sentences": [
            f"{len(known)} published sizes of effects can be put to the model, {len(left)} cannot. "
            "Which of them it has is not kept in the package and takes some four minutes:"
        ],
        "tables": [
            _table("Put to the model", ["row", "topic", "quantity"], known),
            _table("Cannot be expressed", ["row", "topic", "why"], left),
        ],
        "command": "thermidor validate --effects",
    }


def _published() -> Gate:
    from ...published import models, title

    rows = [[name.replace("_", " "), title(name)] for name in models()]
    return {
        "key": "published",
        "title": "Published models",
        "sentences": [
            f"{len(rows)} published models are special cases of the mechanisms' code; that it "
            "gives their numbers is tested with every change of it. To check it here, in minutes:"
        ],
        "tables": [_table("Models", ["model", "what it is"], rows)],
        "command": "thermidor published",
    }
