"""The report of a study as one HTML file: it opens offline, asks nothing of any network, prints.

Each section is built and written on its own, so that a file which is damaged costs no more than
what needs it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ..support.faults import Fault
from ..support.writing import whole
from .figures import protest, survival
from .files import TROUBLE, said
from .plain import TEXT, plain
from .sections.answer import answer, endings, score_board, whose
from .sections.assumptions import ledger
from .sections.carries import carries
from .sections.claims import claims
from .sections.costs import costs
from .sections.movers import movers, pull
from .sections.one_future import told
from .sections.provenance import made
from .sections.provinces import provinces
from .sections.rates import base_rates
from .study_view import Reading

SCRIPTS = ("vendor/d3.min.js", "vendor/plot.umd.min.js", "figures.js", "save.js", "ledger.js")
MOST_BYTES = 20_000_000

Figure = Callable[[Reading], Any]


@dataclass(frozen=True)
class Section:
    """A part of the page: how it is called, what it shows, and what it cannot do without.

    needs: tables by name, and entries of model.json as "model.ledger".
    """

    id: str
    name: str
    heading: str
    figures: dict[str, Figure]
    needs: tuple[str, ...] = ()
    opening: bool = False  # a card of the first two pages, with a heading of its own


def _left_out(read: Reading) -> list[str]:
    return [plain(x, TEXT) for x in read.model["left_out"]]


SECTIONS = (
    Section("rates", "", "", {"rates": base_rates}, ("runs", "model.base_rates"), opening=True),
    Section("endings", "", "", {"endings": endings}, ("runs",), opening=True),
    Section("costs", "", "", {"costs": costs}, ("runs",), opening=True),
    Section("carries", "", "", {"carries": carries}, ("runs",), opening=True),
    Section("time", "Survival", "Does it last?", {"survival": survival}, ("runs",)),
    Section(
        "street", "Protest", "What happens in the street?", {"protest": protest}, ("runs", "series")
    ),
    Section("one", "One future", "One future told", {"told": told}, ("runs", "series")),
    Section("where", "Where", "Where?", {"map": provinces}, ("runs", "provinces")),
    Section(
        "movers",
        "Who moves whom",
        "Who moves whom?",
        {"pull": pull, "moved": movers},
        ("runs", "moved"),
    ),
    Section("claims", "Claims", "The claims", {"claims": claims}, ("claims.json", "model.claims")),
    Section("ledger", "Ledger", "What it rests on", {"ledger": ledger}, ("model.ledger",)),
    Section("out", "Left out", "What was left out", {"left_out": _left_out}, ("model.left_out",)),
    Section("made", "Make it again", "How to make it again", {"made": made}),
)


def write_report(folder: str | Path) -> Path:
    """Write report.html into a folder of results and return its path.

    Raises Fault if the folder holds nothing that can be told, MachineFault if it cannot be written.
    """
    path = Path(folder) / "report.html"
    text = page(Reading(folder))
    whole(path, lambda beside: beside.write_text(text, encoding="utf-8", newline="\n"))
    return path


def page(read: Reading) -> str:
    """The whole page as a text."""
    parts, drawn, saved = {}, {}, {}
    for section in SECTIONS:
        parts[section.id], figures = _section(read, section)
        for f in figures:
            drawn[f["id"]], saved[f["id"]] = f["data"], f["saved"]
    data = {
        "drawn": {k: v for k, v in drawn.items() if v is not None},
        "saved": saved,
        "source": _source(read),
    }
    scripts = [_file(s) for s in SCRIPTS]
    about = (read.manifest["resolved"] or {}).get("about")
    text = (
        _templates()
        .get_template("page.html.j2")
        .render(
            title=read.manifest["title"],
            about=plain(about, TEXT) if isinstance(about, str) else None,
            whose=whose(read),
            claimed=bool(read.model["claims"]),
            answer=answer(read),
            board=score_board(read),
            version=read.manifest["version"],
            parts=parts,
            sections=[s for s in SECTIONS if not s.opening],
            style=Markup(_file("style.css")),
            scripts=[Markup(s) for s in scripts],
            licences=Markup(_file("vendor/LICENSES.txt")),
            data=_json(data),
            policy=_policy(scripts),
        )
    )
    if len(text.encode()) > MOST_BYTES:
        raise Fault(
            f"{read.path} holds more text than a report can show ({len(text):,} letters); "
            "its tables can be read with any Parquet reader."
        )
    return text


def _section(read: Reading, section: Section) -> tuple[Markup, list[dict[str, Any]]]:
    """A section as it stands on the page, and its figures; a sentence if it cannot be built."""
    sections = _templates().get_template("sections.html.j2").module
    lost = _lost(read, section)
    if not lost:
        try:
            built = {name: build(read) for name, build in section.figures.items()}
            figures = _figures(built.values())
            _json([[f["data"], f["saved"]] for f in figures])
            lost = _lost(read, section)  # damage found on the way
            if not lost:
                return getattr(sections, section.id)(**built), figures
        except TROUBLE as e:
            names = [_name(n) for n in section.needs if _there(read, n)]
            lost = f"{' or '.join(names) or 'a file'} holds what cannot be told ({said(e)})"
    return sections.lost(section.id, section.heading or section.id, lost), []


def _figures(built: Iterable[Any]) -> list[dict[str, Any]]:
    """What of a section a reader can keep: its figures, or those within it."""
    parts = [p for p in built if isinstance(p, dict)]
    return [f for p in parts for f in ([p] if "saved" in p else p.get("figures", []))]


def _lost(read: Reading, section: Section) -> str:
    """Why a section cannot be built: the first file that it needs and that is damaged."""
    for need in section.needs:
        file = _name(need)
        key = need.partition(".")[2] if need.startswith("model.") else ""
        if key and key in read.lost_in_model:
            return f"{file} is damaged ({read.lost_in_model[key]})"
        if not key and file in read.damage and not _usable(read, need):
            return f"{file} is damaged ({read.damage[file][0]})"
    return ""


def _usable(read: Reading, need: str) -> bool:
    """Whether a table of futures is still of use though a column of it is not."""
    return need == "runs" and read.results.runs.height > 0


def _name(need: str) -> str:
    if need.startswith("model."):
        return "model.json"
    return need if "." in need else f"{need}.parquet"


def _there(read: Reading, need: str) -> bool:
    return (read.path / _name(need)).exists()


def _source(read: Reading) -> dict[str, str]:
    """Where the figures come from, for a reader who keeps one."""
    m = read.manifest
    assumed = "assumptions held fixed" if m["fixed"] else "assumptions drawn from their ranges"
    study = (
        f"{m['scenario']}, {read.n:,} futures of {m['agents']:,} agents over {read.days:,} "
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


def _policy(scripts: list[str]) -> str:
    """A content security policy: no network at all, and only the scripts of the package."""
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    hashes = " ".join(f"'sha256-{d}'" for d in digests)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _file(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _templates() -> Environment:
    return Environment(
        loader=FunctionLoader(_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
