"""The page of references: every entry of refs.bib, and who rests on it."""

from __future__ import annotations

from collections import defaultdict

from thermidor.library.sources import source
from thermidor.scenario.ledger import citation, references

from . import model
from .text import prose

HEAD = """# References

Every work that a mechanism, a parameter or a published model rests on, with a note on what was
checked. Generated from `thermidor/library/refs.bib`.
"""


def pages() -> dict[str, str]:
    """The page by its path in docs/reference."""
    return {"references.md": page()}


def page() -> str:
    """Every reference with its note and its users."""
    used = _used()
    lines = [HEAD]
    for key, r in sorted(references().items()):
        lines += [f"### {key}", "", prose(citation(key)), ""]
        note, own = r.get("note"), source(key)
        if note:
            lines += [f"Note: {prose(note)}.".replace("..", "."), ""]
        if own:
            files = ", ".join(f"`{f}`" for f in own["files"])
            lines += [f"Tables of the project: {files}; {prose(own['says'])}.", ""]
        if used[key]:
            names = ", ".join(f"[{n}](mechanisms/{n}.md)" for n in sorted(used[key]))
            lines += [f"Used by {names}.", ""]
    return "\n".join(lines)


def _used() -> dict[str, set[str]]:
    """Mechanisms by the key that they cite or rest a parameter on."""
    out: dict[str, set[str]] = defaultdict(set)
    for m in model.mechanisms():
        for key in (*m.cites, *(p.source for p in m.parameters.values() if p.source)):
            out[key].add(m.name)
    return out


def link(key: str | None, page: str) -> str:
    """A key as a link to its entry on the page of references; nothing without a key."""
    if not key:
        return ""
    return f"[{key}]({page}#{key.lower()})" if key in references() else prose(key)


def entry(key: str, page: str) -> str:
    """A reference as a line that begins with its link."""
    return f"{link(key, page)}: {prose(citation(key))}" if key in references() else prose(key)
