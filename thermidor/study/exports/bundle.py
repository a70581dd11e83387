"""One zip with which anybody repeats a study: results, scenario, codebook, script, exact versions.

The same study gives the same bytes: entries are sorted, and tell nothing of the day or the machine.
Only files that a study writes, and files that the user names, get into it; none through a link.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from ... import __version__
from ...support.faults import Fault
from ...support.writing import whole
from ..store.folder import rules, versions
from . import crate, installed
from .again import again, files_of
from .bibtex import cite
from .export import frame, free
from .inputs import inputs
from .labels import columns_of
from .readme import readme
from .told import AT_ONCE, Told, opened, result_files, sha256, title_of

MOST_BYTES = 4_000_000_000  # of all results
MOST_FILE = 50_000_000  # bytes of a file that the user adds
MADE = ("numpy", "numba", "scipy", "polars")  # what decides the numbers
LICENCE = re.compile(r"[A-Za-z0-9.+-]{1,60}|https://[!-~]{1,200}")
SAYS = {
    "manifest.json": "what the study is: scenario, fingerprint, seed, versions",
    "model.json": "mechanisms, equations, wiring, ledger of assumptions, citations",
    "claims.json": "verdicts on the claims",
    "seen.json": "observations laid beside the futures",
    "runs.parquet": "a row for each future",
    "series.parquet": "a row for each future and day",
    "moved.parquet": "who moved whom, by week",
    "events.parquet": "what happened",
    "provinces.parquet": "a row for each future and province",
}


@dataclass
class _Contents:
    """What goes into the zip: texts by path, files by path, and what each of them is."""

    texts: dict[str, bytes] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, data: str | bytes, says: str) -> None:
        self.texts[name] = data.encode() if isinstance(data, str) else data
        self.says[name] = says

    def file(self, name: str, path: Path, says: str) -> None:
        self.paths[name], self.says[name] = path, says

    def held(self) -> list[crate.Held]:
        """Every file with its size and fingerprint, sorted."""
        out = []
        for name in sorted(self.says):
            data, path = self.texts.get(name), self.paths.get(name)
            if data is not None:
                size, mark = len(data), hashlib.sha256(data).hexdigest()
            else:
                assert path is not None
                size, mark = path.stat().st_size, sha256(path)
            out.append(crate.Held(name, size, mark, self.says[name]))
        return out


def bundle(
    study: Told,
    out: str | Path | None,
    files: Sequence[str | Path],
    mechanisms: Sequence[str | Path],
    licence: str | None,
    authors: Sequence[str],
    force: bool,
) -> Path:
    """Write the bundle of a finished study; its path. Arguments are those of `Study.bundle`.

    Raises Fault for a study that is not finished, or that this version could not repeat.
    """
    name = f"thermidor-{title_of(study.manifest)}"
    to = Path(out) if out is not None else Path(f"{name}.zip")
    if to.suffix.lower() != ".zip":
        raise Fault(f"{to} must end in .zip.")
    if licence is not None and not LICENCE.fullmatch(licence):
        raise Fault(
            f"--licence '{licence}' must be an SPDX identifier such as CC-BY-4.0, or a URL."
        )
    if not all(0 < len(a) <= 200 and a.isprintable() for a in authors):
        raise Fault("--author must be a name of one line, of at most 200 letters.")
    free(to, force)
    _repeatable(study, mechanisms)
    contents = _contents(study, files, mechanisms, authors)
    held = contents.held()
    written = (study.path / "manifest.json").stat().st_mtime
    day = dt.datetime.fromtimestamp(written, dt.UTC).date()
    told = crate.metadata(study.manifest, study.answer(), held, day, licence, authors)
    contents.text(crate.FILE, told, "this bundle, for machines")
    whole(to, lambda beside: _zip(contents, name, beside))
    return to


def _repeatable(study: Told, mechanisms: Sequence[str | Path]) -> None:
    """Raise Fault if the bundle would not repeat the study."""
    m, faults = study.manifest, []
    if study.status != "finished":
        faults.append(
            f"the study is {study.status}, with {study.futures:,} of {m['runs']:,} futures; the "
            "command that began it goes on, and a finished study can be bundled."
        )
    if m.get("past"):
        faults.append(
            "its futures branch from a past (`compare --past`), which `thermidor run` cannot "
            "repeat; bundle the folder of a run."
        )
    other = {} if m["version"] == __version__ else {"Thermidor": (m["version"], __version__)}
    if m.get("rules") != rules():
        other["the code of a day"] = (m.get("rules"), rules())
    here, there = versions(), m.get("versions") or {}
    other |= {k: (there.get(k), here[k]) for k in MADE if there.get(k) != here[k]}
    if other:
        what = ", ".join(f"{k} {a} there, {b} here" for k, (a, b) in other.items())
        faults.append(
            f"it was computed by other versions than are installed ({what}); bundle it where it "
            "was computed, or compute it here again."
        )
    named = [Path(str(f)).name for f in m.get("mechanism_files") or ()]
    if named and not mechanisms:
        faults.append(
            f"it used mechanisms of its own ({', '.join(named)}); name their files with "
            "--mechanism."
        )
    if not faults:
        again(m, mechanisms)
        return
    raise Fault([f"{study.path} cannot be bundled: {f}" for f in faults])


def _contents(
    study: Told,
    files: Sequence[str | Path],
    mechanisms: Sequence[str | Path],
    authors: Sequence[str],
) -> _Contents:
    """Everything but the metadata file."""
    m, c = study.manifest, _Contents()
    total = 0
    for name, path in result_files(study.path):
        total += path.stat().st_size
        c.file(f"results/{name}", path, SAYS.get(name, "a part of a table"))
    if total > MOST_BYTES:
        raise Fault(
            f"the results have {total:,} bytes; at most {MOST_BYTES:,} are bundled. Compute the "
            "study with --keep runs."
        )
    for name, text in files_of(m).items():
        c.text(f"study/{name}", text, "the whole scenario, as the study had it")
    own = _added(c, "mechanisms", sorted(map(Path, mechanisms), key=lambda p: str(p.resolve())))
    found = list(inputs(m, mechanisms))
    _added(c, "files", [*found, *(p for f in files if (p := Path(f)) not in found)])
    names = frame(columns_of(study) if not own else _own_columns(m, mechanisms)).write_csv()
    c.text("codebook.csv", names, "each column of each table: unit, meaning, owner, range")
    c.text("citations.bib", cite(study, authors), "what to cite")
    locked, made = installed.lock(), installed.wheel()
    c.text("requirements.lock", _lock(m, locked, made), "exact versions of what is installed")
    if made:
        c.text(f"wheels/{made[0]}", made[1], "Thermidor as it computed the study")
    script = (resources(__package__) / "reproduce.py").read_bytes()
    c.text("reproduce.py", script, "repeats the study and compares")
    c.text("plan.json", _plan(m, own, locked), "what reproduce.py runs")
    about = readme(m, study.answer(), c.says, bool(made), f"thermidor-{title_of(m)}")
    c.text("README.md", about, "what is here and how to repeat it")
    return c


def _own_columns(m: Mapping[str, Any], mechanisms: Sequence[str | Path]) -> list[dict[str, Any]]:
    from ...scenario.dictionary import dictionary

    return dictionary(again(m, mechanisms))


def _added(c: _Contents, folder: str, files: Sequence[Path]) -> list[str]:
    """Put files of the user into a folder of the bundle, under plain names; their paths in it.

    Several mechanisms are numbered, so that they stay in the order that their fingerprint has.
    """
    out: list[str] = []
    for k, path in enumerate(files, 1):
        with opened(path) as file:
            data = file.read(MOST_FILE + 1)
        if len(data) > MOST_FILE:
            raise Fault(f"{path} has more than {MOST_FILE:,} bytes; it is too large for a bundle.")
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", path.name).strip(".-") or "file"
        clash = f"{folder}/{plain}" in c.says
        numbered = (folder == "mechanisms" and len(files) > 1) or clash
        name = f"{folder}/{k:02d}_{plain}" if numbered else f"{folder}/{plain}"
        c.text(name, data, "a file that the study was made from")
        out.append(name)
    return out


def _lock(m: Mapping[str, Any], locked: Mapping[str, str], made: Any) -> str:
    """Exact versions, as pip reads them."""
    python = (m.get("versions") or {}).get("python", "?")
    lines = [f"# What Thermidor {m['version']} needed, with Python {_word(python)}."]
    lines += [f"{name}=={version}" for name, version in locked.items()]
    if made:
        lines.append(f"# Thermidor itself: wheels/{made[0]}")
    else:
        lines += ["# Thermidor itself is not in this bundle; it comes from the index:"]
        lines += [f"thermidor=={__version__}"]
    return "\n".join(lines) + "\n"


def _word(text: object) -> str:
    return re.sub(r"[^0-9A-Za-z.+-]", "", str(text))[:40]


def _plan(m: Mapping[str, Any], mechanisms: Sequence[str], locked: Mapping[str, str]) -> str:
    """The command that repeats the study, and the versions that it had."""
    words = ["run", "study/scenario.yaml", "--runs", m["runs"], "--citizens", m["citizens"]]
    words += ["--seed", m["seed"], "--keep", m.get("keep", "all")]
    words += ["--fixed"] if m["fixed"] else []
    for name in mechanisms:
        words += ["--mechanism", name]
    plan = {
        "arguments": [str(w) for w in words],
        "hash": m["hash"],
        "python": _word((m.get("versions") or {}).get("python", "?")),
        "versions": dict(locked) | {installed.NAME: __version__},
    }
    return json.dumps(plan, indent=1) + "\n"


def _zip(contents: _Contents, root: str, to: Path) -> None:
    """Write the entries, in one folder."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as z:
        for name in sorted(contents.says):
            entry = installed.entry(f"{root}/{name}", name == "reproduce.py")
            data = contents.texts.get(name)
            if data is not None:
                z.writestr(entry, data)
                continue
            with (
                opened(contents.paths[name]) as source,
                z.open(entry, "w", force_zip64=True) as target,
            ):
                shutil.copyfileobj(source, target, AT_ONCE)
