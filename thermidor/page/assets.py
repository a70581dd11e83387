"""The files of the page, read once: nothing else can be asked for by a path."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ..report.parts.drawing import colours

KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOLDERS = ("static", "static/views", "vendor")


class Asset(NamedTuple):
    """A file and its media type."""

    body: bytes
    kind: str


@cache
def assets() -> dict[str, Asset]:
    """Every file of the page, by its path: static/app.js."""
    found = {"static/endings.css": Asset(colours().encode(), KINDS[".css"])}
    for folder in FOLDERS:
        for file in (files(__package__) / folder).iterdir():
            kind = KINDS.get("." + file.name.rpartition(".")[2])
            if kind:
                found[f"{folder}/{file.name}"] = Asset(file.read_bytes(), kind)
    return found


def policy() -> str:
    """The page's content security policy. The one script that stands in the page says where the
    modules are, and is known by its hash.
    """
    html = assets()["static/index.html"].body.decode()
    inline = re.findall(r"<script type=\"importmap\">(.*?)</script>", html, re.S)
    known = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(x.encode()).digest()).decode()}'" for x in inline
    )
    return (
        f"default-src 'none'; script-src 'self' {known}; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
