"""The report of a study as one HTML file: it opens offline, asks nothing of any network, prints.

Each section is built (build.py) and written on its own, so that a file which is damaged
costs no more than what needs it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ..support.faults import Fault
from ..support.writing import whole
from .build import SECTIONS, Section, build, untold
from .parts.drawing import colours
from .parts.files import TROUBLE
from .parts.plain import TEXT, plain
from .sections.answer import answer, score_board, whose
from .sections.study_view import StudyView

SCRIPTS = (
    "vendor/d3.min.js",
    "vendor/plot.umd.min.js",
    "figures.js",
    "save.js",
    "ledger.js",
    "believe.js",
)
MACROS = ("sections.html.j2", "analyses.html.j2")  # pages of macros, one a section
MOST_BYTES = 20_000_000


def write_report(folder: str | Path) -> Path:
    """Write report.html into a folder of results and return its path.

    Raises Fault if the folder holds nothing that can be told, MachineFault if it cannot be written.
    """
    path = Path(folder) / "report.html"
    text = page(StudyView(folder))
    whole(path, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))
    return path


def page(view: StudyView) -> str:
    """The whole page as a text."""
    parts: dict[str, Markup] = {}
    drawn: dict[str, Any] = {}
    saved: dict[str, Any] = {}
    shown = [s for s in SECTIONS if s.there(view)]
    for section in shown:
        parts[section.id], figures = _section(view, section)
        for f in figures:
            drawn[f["id"]], saved[f["id"]] = f["data"], f["saved"]
    data = {
        "drawn": {k: v for k, v in drawn.items() if v is not None},
        "saved": saved,
        "source": _source(view),
    }
    scripts = [page_file(s) for s in SCRIPTS]
    about = (view.manifest["resolved"] or {}).get("about")
    text = (
        templates()
        .get_template("page.html.j2")
        .render(
            title=view.manifest["title"],
            about=plain(about, TEXT) if isinstance(about, str) else None,
            whose=whose(view),
            has_claims=bool(view.model["claims"]),
            answer=answer(view),
            board=score_board(view),
            version=view.manifest["version"],
            parts=parts,
            sections=[s for s in shown if not s.opening],
            style=style(),
            scripts=[Markup(s) for s in scripts],
            licences=Markup(page_file("vendor/LICENSES.txt")),
            data=_json(data),
            policy=policy(scripts),
        )
    )
    if len(text.encode()) > MOST_BYTES:
        raise Fault(
            f"{view.path} holds more text than a report can show ({len(text):,} letters); "
            "its tables can be read with any Parquet reader."
        )
    return text


def _section(view: StudyView, section: Section) -> tuple[Markup, list[dict[str, Any]]]:
    """A section as it stands on the page, and its figures; a sentence if it cannot be told."""
    macros: dict[str, Any] = {}
    for name in MACROS:
        macros |= vars(templates().get_template(name).module)
    built = build(view, section)
    lost = built.lost
    if not lost:
        try:
            return macros[section.macro or section.id](**built.data), built.figures
        except TROUBLE as e:
            lost = untold(view, section, e)
    return macros["lost"](section.id, section.heading or section.id, lost), []


def _source(view: StudyView) -> dict[str, str]:
    """Where the figures come from, for a reader who keeps one."""
    m = view.manifest
    assumed = "assumptions held fixed" if m["fixed"] else "assumptions drawn from their ranges"
    study = (
        f"{m['scenario']}, {view.n:,} futures of {m['agents']:,} agents over {view.days:,} "
        f"days, {assumed}, seed {m['seed']}, fingerprint {m['hash']}"
    )
    return {
        "title": m["title"],
        "study": study,
        "version": f"Thermidor {m['version']}",
        "name": "".join(
            c if c.isascii() and c.isalnum() or c in "-_" else "-" for c in m["scenario"]
        )[:60],
        "standing": "A comparison of mechanisms under the scenario's assumptions, no forecast.",
    }


def _json(data: Any) -> Markup:
    """JSON that cannot leave its script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def policy(scripts: list[str]) -> str:
    """A content security policy: no network at all, and only the scripts of the package."""
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    hashes = " ".join(f"'sha256-{d}'" for d in digests)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def style() -> Markup:
    """The style sheet, with the colours of endings."""
    return Markup(colours() + page_file("style.css"))


def page_file(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def templates() -> Environment:
    return Environment(
        loader=FunctionLoader(page_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
