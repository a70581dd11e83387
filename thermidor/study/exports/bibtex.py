"""What to cite for a study, as BibTeX: software, country, results, arguments, data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from ...library.sources import source
from ...scenario.argument.argument import read as read_argument
from ...scenario.argument.written import arguments
from ...support.faults import Fault
from .told import Told, sha256

PACKAGE = Path(__file__).parents[2]
CITATION = "CITATION.cff"
DEEPEST = 12  # levels of a scenario file
LONGEST = 500  # letters of a field
SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {c: f"\\{c}" for c in "{}%&#_$"}


def cite(study: Told, authors: Sequence[str] = ()) -> str:
    """The entries, one after another, with fingerprints and versions in their notes.

    Data are the entries of the package's bibliography that the facts, events and claims of the
    scenario name as sources, and those that its arguments cite; a source in words is an entry too.
    authors: of the study, by name.
    """
    m = study.manifest
    told = m.get("resolved")
    resolved: dict[str, Any] = told if isinstance(told, dict) else {}
    named = _named(resolved.get("arguments"))
    found = dict.fromkeys(_sources(resolved))
    for argument in named.values():
        found |= dict.fromkeys(argument.file.cites)
    entries = [_software(m), _country(m), _results(study, authors)]
    entries += [_argument(argument) for argument in named.values()]
    if resolved.get("claims_of") and not named:
        entries.append(_entry("misc", "claims", {"title": _braced(resolved["claims_of"])}))
    entries += [_reference(text, k) for k, text in enumerate(sorted(found), 1)]
    return "\n".join(entries)


def citation_file() -> Path | None:
    """CITATION.cff: in the package, or beside it where it is worked on."""
    return next((p / CITATION for p in (PACKAGE, PACKAGE.parent) if (p / CITATION).is_file()), None)


def _software(m: Mapping[str, Any]) -> str:
    path = citation_file()
    told = yaml.safe_load(path.read_text(encoding="utf-8")) if path else {}
    authors = " and ".join(_author(a) for a in told.get("authors", ())) or "{Thermidor developers}"
    fields = {
        "author": authors,
        "title": _braced(told.get("title", "Thermidor")),
        "version": tex(m["version"]),
        "year": str(told["date-released"])[:4] if "date-released" in told else "",
        "doi": tex(told.get("doi", "")),
        "url": tex(told.get("repository-code", "")),
        "note": f"Version {tex(m['version'])}, rules of a day {tex(m.get('rules', ''))}, "
        f"{tex(told.get('license', 'Apache-2.0'))}",
    }
    return _entry("software", "Thermidor", fields)


def _author(a: Mapping[str, str]) -> str:
    if "family-names" in a:
        return f"{tex(a['family-names'])}, {tex(a.get('given-names', ''))}"
    return _braced(a.get("name", ""))


def _country(m: Mapping[str, Any]) -> str:
    note = f"Scenario {m['scenario']}, {m['days']} days from {m['start']}; fingerprint {m['hash']}"
    fields = {
        "title": _braced(m["title"]),
        "howpublished": "Country file for Thermidor",
        "note": tex(note),
    }
    return _entry("misc", f"country-{_key(m['scenario'])}", fields)


def _results(study: Told, authors: Sequence[str]) -> str:
    m, runs = study.manifest, study.path / "runs.parquet"
    note = (
        f"{study.futures} futures of {m['scenario']}, {study.status}; seed {m['seed']}, "
        f"{m['citizens']} agents asked for, Thermidor {m['version']}"
    )
    if runs.is_file():
        note += f"; SHA-256 of runs.parquet {sha256(runs)}"
    fields = {
        "author": " and ".join(_braced(a) for a in authors),
        "title": _braced(f"{m['title']}: results"),
        "howpublished": "Study made with Thermidor",
        "note": tex(note),
    }
    return _entry("dataset", f"study-{_key(m['hash'])}-seed{int(m['seed'])}", fields)


def _argument(argument: Any) -> str:
    fields = {
        "title": _braced(argument.file.title),
        "author": _braced(argument.file.owner) if argument.file.owner else "",
        "howpublished": "Argument file for Thermidor",
        "note": tex(f"Claims of: {argument.file.of}; fingerprint {argument.hash}"),
    }
    return _entry("misc", f"argument-{_key(argument.name)}", fields)


def _named(names: Any) -> dict[str, Any]:
    """The arguments of the package among these; others lie in files that are not looked for."""
    out = {}
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and name in arguments():
            out[name] = read_argument(name)
    return out


def _sources(x: Any, key: str = "", depth: int = 0) -> Iterable[str]:
    """Every 'source' in a scenario's words, which lie less deep than DEEPEST."""
    if isinstance(x, dict | list) and depth < DEEPEST:
        for k, v in x.items() if isinstance(x, dict) else ((key, v) for v in x):
            yield from _sources(v, k, depth + 1)
    elif key == "source" and isinstance(x, str) and x:
        yield x


@cache
def _library() -> dict[str, str]:
    """Entries of refs.bib by key, as they are written, without the notes on what was checked."""
    text = (files("thermidor.library") / "refs.bib").read_text(encoding="utf-8")
    found = re.findall(r"^(@\w+\{([^,\s]+),.*?\n\})", text, re.S | re.M)
    return {key: re.sub(r"\n  note = \{checked:.*?\},(?=\n)", "", e) + "\n" for e, key in found}


def _reference(text: str, k: int) -> str:
    """A source by its key in the bibliography, or in words."""
    entry = _library().get(text)
    if entry is None:
        return _entry("misc", f"source-{k}", {"title": _braced(text)})
    own = source(text)
    if own is None:
        return entry
    return entry[: -len("}\n")] + f"  note = {{{tex(own['says'])}}},\n}}\n"


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """An entry; what is empty is left out."""
    lines = [f"  {k} = {{{v}}}," for k, v in fields.items() if v]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _key(text: Any) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", str(text))[:60].strip("-") or "x"


def _braced(text: Any) -> str:
    """A text whose capitals stay."""
    return f"{{{tex(text)}}}" if text else ""


def tex(text: Any) -> str:
    """A text as TeX reads it: one line, printable, nothing of it a command."""
    line = " ".join(str(text).split())[:LONGEST]
    return "".join(SPECIAL.get(c, c) for c in line if c.isprintable())


def written(study: Told, to: Path | None = None, force: bool = False) -> str:
    """The entries; also as a file, if one is named."""
    from ...support.writing import whole
    from .export import free

    if to is not None and to.suffix.lower() != ".bib":
        raise Fault(f"{to} must end in .bib.")
    if to is not None:
        free(to, force)
    text = cite(study)
    if to is not None:
        whole(to, lambda p: p.write_text(text, encoding="utf-8", newline="\n"))
    return text
