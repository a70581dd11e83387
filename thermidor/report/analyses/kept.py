"""The files that analyses left in a study's folder, each read for itself: one that is damaged costs
what it would have told, and no more.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from ..parts.files import TROUBLE, Damaged, fields, read_json, said
from ..parts.plain import TITLE, plain
from ..sections.provenance import typed
from ..sections.study_view import StudyView

# what the page's macros may be given beside a figure, none of which is needed
BARE: dict[str, Any] = dict.fromkeys(
    ("axis", "box", "strips", "wide", "untold", "lines", "watch", "story", "command")
)
MOST_FILES = 24  # of one kind that are shown


def files(view: StudyView, patterns: tuple[str, ...]) -> list[str]:
    """Files of these patterns in the folder of a study, by their path within it."""
    found = [p for pattern in patterns for p in sorted(view.path.glob(pattern))]
    return [p.relative_to(view.path).as_posix() for p in found]


def told(
    view: StudyView,
    patterns: tuple[str, ...],
    kind: type[BaseModel],
    tell: Callable[[StudyView, dict[str, Any], str], list[dict[str, Any]]],
) -> dict[str, Any]:
    """What each file of a kind says, as figures; and a sentence for each that is damaged.

    tell: figures from the fields of a file, whose ids begin with a given text.
    """
    figures: list[dict[str, Any]] = []
    lost: list[str] = []
    names = files(view, patterns)
    for k, name in enumerate(names[:MOST_FILES], 1):
        try:
            made = tell(view, _read(view, name, kind), f"{kind.__name__.lower()}-{k}")
            figures += [BARE | f for f in made]
        except Damaged as e:
            lost.append(_lost(view, name, e.why))
        except TROUBLE as e:
            lost.append(_lost(view, name, f"it holds what cannot be told ({said(e)})"))
    rest = names[MOST_FILES:]
    more = f"{len(rest)} more are in the folder: {plain(', '.join(rest), TITLE)}." if rest else ""
    return {"figures": figures, "lost": lost, "more": more}


def _read(view: StudyView, name: str, kind: type[BaseModel]) -> dict[str, Any]:
    path = view.path / name
    if any(p.is_symlink() for p in path.parents if view.path in p.parents):
        raise Damaged(name, "it lies behind a link")
    good, bad = fields(kind, read_json(path), name)
    if bad:
        raise Damaged(name, "; ".join(list(bad.values())[:3]))
    return good


def _lost(view: StudyView, name: str, why: str) -> str:
    shown = plain(name, TITLE)
    view.note(shown, why)
    return f"{shown} is damaged ({why}) and is left out."


def again(command: str | None, otherwise: list[str]) -> str:
    """The command of an analysis as a shell takes it, or the words that would give it again."""
    return shlex.join(typed(command) or otherwise)


def of_claim(view: StudyView, verb: str, claim: str) -> list[str]:
    """The words of a verb on a claim, where its file does not have them."""
    m = view.manifest
    size = ["--citizens", str(m["citizens"]), "--seed", str(m["seed"])]
    folder = str(view.path.name if view.path.is_absolute() else view.path)
    return ["thermidor", verb, plain(claim, TITLE), m["scenario"], *size, "--out", folder]
