"""The report of a study as one self-contained HTML file: it opens offline, asks nothing of the network, and prints."""
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

from .answer import answer, banner, base_rates, endings
from .claimed import claims
from .figures import costs, protest, survival
from .made import made
from .movers import movers, pull
from .reading import Reading
from .rests import ledger
from .told import told
from .where import provinces

SCRIPTS = ("vendor/d3.min.js", "vendor/plot.umd.min.js", "figures.js", "ledger.js")


def write_report(folder: str | Path) -> Path:
    """Write report.html into a folder of results and return its path."""
    path = Path(folder) / "report.html"
    text = page(Reading(folder))
    beside = path.with_name(".report.html.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
    return path


def page(read: Reading) -> str:
    """The whole page as a text."""
    drawn = {"survival": survival(read), "protest": protest(read), "told": told(read), "map": provinces(read), "pull": pull(read)}
    data = {f["id"]: f["data"] for f in drawn.values() if f}
    scripts = [_file(s) for s in SCRIPTS]
    return _template().render(
        title=read.manifest["title"], about=(read.manifest.get("resolved") or {}).get("about"), banner=banner(read), answer=answer(read),
        rates=base_rates(read), endings=endings(read), moved=movers(read), costs=costs(read), claims=claims(read), ledger=ledger(read),
        left_out=read.model.get("left_out") or [], made=made(read), style=Markup(_file("style.css")), scripts=[Markup(s) for s in scripts],
        licences=Markup(_file("vendor/LICENSES.txt")), data=_json(data), policy=_policy(scripts), **drawn)


def _json(data: Any) -> Markup:
    """JSON that cannot leave its script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _policy(scripts: list[str]) -> str:
    """A content security policy: no network at all, and only the scripts that are part of the package."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def _file(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _template() -> Any:
    env = Environment(loader=FunctionLoader(_file), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return env.get_template("page.html.j2")
