"""A study in the order of attention: its answer, whether it lasts, how it ends and what it costs;
then what moves it, where it tips, and what else was asked of it.

What was not asked yet has the command that asks it.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from ...report.parts.plain import TITLE, plain
from ...report.sections.answer import answer, score_board
from . import asked
from .folder import BY_ID, Folder
from .points import points

STUDIED = "studied"
LEVERS, BELIEFS = "chosen", "assumed"
ORDER = ("drivers", "tips", "stress", "crux", "learn", "since", "robust")
# the command of what needs futures of its own, after the words thermidor VERB
VERBS = {
    "stress": "stress {claim} {scenario} --out {folder}",
    "crux": "crux HERS.yaml HIS.yaml {scenario} --claim {claim} --out {folder}",
    "learn": "learn {claim} {scenario} --out {folder}",
    "since": "update {folder} --seen WEEK.yaml",
    "robust": "robust {scenario} --out {folder}",
}


def shown(name: str, folder: Folder) -> dict[str, Any]:
    """Everything of a study that is there, by card."""
    view = folder.view
    said = answer(view)
    facts = [[k, v] for k, v in said["facts"]]
    made: dict[str, Any] = {
        "study": name,
        "title": view.manifest["title"],
        "answer": {k: said[k] for k in ("sentence", "detail", "notes", "damage")},
        "facts": facts,
        "dots": said["dots"],
        "board": score_board(view),
        "futures": view.n,
        "charts": [c for c in (_survival(folder), _endings(folder), _costs(folder)) if c],
        "cards": [],
    }
    if folder.sweep:
        made["cards"].append({"id": "points", "command": ""} | points(folder))
    made["cards"] += [_card(kind, folder) for kind in ORDER]
    return made


def _card(kind: str, folder: Folder) -> dict[str, Any]:
    """An analysis: what lies in the folder, else what would give it."""
    card: dict[str, Any] = {
        "id": kind,
        "heading": BY_ID[kind].heading,
        "figures": [],
        "lost": [],
        "more": "",
        "command": "",
    }
    if folder.there(kind):
        built = folder.section(kind)
        found: Any = built.data.get("found")
        if built.lost or not isinstance(found, dict):
            card["lost"] = [built.lost]
        else:
            card |= {k: found[k] for k in ("figures", "lost", "more")}
    card["figures"] = [sided(kind, f) for f in card["figures"]]
    if kind in asked.VERBS:
        why = asked.cannot(kind, folder)
        card |= {
            "why": why,
            "command": asked.command(kind, folder),
            "outcomes": [] if why else asked.outcomes(kind, folder),
        }
    elif not card["figures"]:
        card["command"] = _command(kind, folder)
    return card


def sided(kind: str, f: Mapping[str, Any]) -> dict[str, Any]:
    """A figure of the report as the page takes it, and whose colour it has: of choices, of
    assumptions, or of neither.
    """
    keys = (
        *("over", "title", "caption", "head", "rows", "axis", "box", "strips", "wide", "untold"),
        *("lines", "watch", "story", "command"),
    )
    side = {"since": STUDIED, "robust": LEVERS}.get(kind, BELIEFS)
    if kind in asked.VERBS and str(f.get("over")).endswith("levers"):
        side = LEVERS
    return {k: f[k] for k in keys if f.get(k)} | {"side": side}


def _command(kind: str, folder: Folder) -> str:
    m, claims = folder.view.manifest, folder.view.model["claims"]
    words = {
        "claim": shlex.quote(plain(claims[0]["id"], TITLE)) if claims else "CLAIM",
        "scenario": shlex.quote(m["scenario"]),
        "folder": shlex.quote(str(folder.path)),
    }
    return "thermidor " + VERBS[kind].format(**words)


def _survival(folder: Folder) -> dict[str, Any] | None:
    """Share still in power over time, as steps."""
    f: Any = folder.section("time").data.get("survival")
    if not f:
        return _lost("time", folder)
    drawn, days = f["data"], folder.view.days
    x: list[float] = []
    lines: dict[str, list[float | None]] = {k: [] for k in ("alive", "low", "high")}
    for k, day in enumerate(drawn["day"]):
        if k:
            x.append(day - 1e-3)
            for key, line in lines.items():
                line.append(drawn[key][k - 1])
        x.append(day)
        for key, line in lines.items():
            line.append(drawn[key][k])
    if x and x[-1] < days:
        x.append(float(days))
        for line in lines.values():
            line.append(line[-1])
    chart = {
        "x_label": drawn["time"]["label"],
        "x": x,
        "top": 100,
        "side": STUDIED,
        "name": f["head"][3],
        "y": lines["alive"],
        "low": lines["low"],
        "high": lines["high"],
    }
    return _plainly(f, BY_ID["time"].heading) | {"id": "time", "chart": chart}


def _endings(folder: Folder) -> dict[str, Any] | None:
    f: Any = folder.section("endings").data.get("endings")
    if not f:
        return _lost("endings", folder)
    bars = [
        {
            "key": r["ending"],
            "label": r["ending"],
            "says": r["says"],
            "values": [
                {
                    "side": STUDIED,
                    "name": "",
                    "value": r["share"],
                    "low": r["low"],
                    "high": r["high"],
                    "told": r["text"],
                }
            ],
        }
        for r in f["endings"]
    ]
    return _plainly(f, "") | {"id": "endings", "bars": {"rows": bars, "high": 100}}


def _costs(folder: Folder) -> dict[str, Any] | None:
    f: Any = folder.section("costs").data.get("costs")
    if not f:
        return _lost("costs", folder)
    return _plainly(f, "") | {"id": "costs", "open": True}


def _plainly(f: Mapping[str, Any], over: str) -> dict[str, Any]:
    made = {k: f[k] for k in ("title", "caption", "head", "rows")}
    return made | {"over": over, "side": STUDIED}


def _lost(section: str, folder: Folder) -> dict[str, Any] | None:
    why = folder.section(section).lost
    return {"id": section, "over": "", "title": why, "side": STUDIED} if why else None
