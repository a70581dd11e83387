"""How the study was made: the command that makes it again, versions, seconds, sources."""

from __future__ import annotations

import shlex
from typing import Any

from ...wording import count, two
from ..parts.plain import TEXT, plain
from .study_view import StudyView

ELSEWHERE = ("--out", "--shard")  # options that say where and which part, each with a value
CLAIM_CITIZENS = 20_000  # what `thermidor claims` takes if it is not told


def command(view: StudyView) -> str:
    """The command line that computes the same futures again; with the same version, to the bit."""
    return shlex.join(typed(view.manifest["command"]) or _made_again(view))


def under_beliefs(view: StudyView, file: str) -> str:
    """The command line that computes as many futures under a file of beliefs, into a folder of
    their own; empty if these were computed under a file of beliefs already.
    """
    known = iter(typed(view.manifest["command"]) or _made_again(view))
    words = []
    for w in known:
        name = w.partition("=")[0]
        if name == "--beliefs":
            return ""
        if name not in ELSEWHERE:
            words.append(w)
        elif "=" not in w:
            next(known, None)
    return shlex.join([*words, "--beliefs", file])


def _made_again(view: StudyView) -> list[str]:
    m = view.manifest
    words = [
        "thermidor",
        "run",
        m["scenario"],
        "--runs",
        str(m["runs"]),
        "--citizens",
        str(m["citizens"]),
        "--seed",
        str(m["seed"]),
    ]
    file = _bundled(m["scenario"])
    if file is None or file.get("days") != m["days"]:
        words += ["--days", str(m["days"])]
    return words + _changes(view, file or {})


def typed(known: str | None) -> list[str]:
    """The words of a command, each to be quoted again, so that a shell sees one command."""
    try:
        words = [plain(w, TEXT).replace("\n", " ") for w in shlex.split(known or "")]
    except ValueError:
        return []
    return words if words[:1] == ["thermidor"] else []


def claims_command(view: StudyView) -> str:
    """The command line that tests the claims into this folder and writes the report again."""
    m, folder = view.manifest, str(view.path.name if view.path.is_absolute() else view.path)
    words = [
        "thermidor",
        "claims",
        m["scenario"],
        "--citizens",
        str(min(m["citizens"], CLAIM_CITIZENS)),
        "--seed",
        str(m["seed"]),
    ]
    words += [*_changes(view, _bundled(m["scenario"]) or {}), "--out", folder]
    return shlex.join(words)


def _changes(view: StudyView, file: dict[str, Any]) -> list[str]:
    """What was set besides the file.

    A bare number fixes a parameter, in the file or by --set; to set it again changes nothing.
    """
    m, words = view.manifest, []
    resolved = m["resolved"] or {}
    for block in ("assumptions", "choices"):
        before, now = file.get(block) or {}, resolved.get(block)
        for k, v in (now if isinstance(now, dict) else {}).items():
            if not isinstance(v, dict | list) and before.get(k) != v:
                words += ["--set", f"{k}={v}"]
    if m["fixed"]:
        words.append("--fixed")
    for f in m["mechanism_files"]:
        words += ["--mechanism", str(f)]
    return words


def _bundled(name: str) -> dict[str, Any] | None:
    """The file of a scenario that comes with the package."""
    from ...scenario.file.gather import bundled
    from ...scenario.file.yamlfile import read as read_yaml

    path = bundled().get(name)
    return read_yaml(path)[0] if path else None


def provenance(view: StudyView) -> dict[str, Any]:
    """Command, fingerprint, versions, seconds by mechanism, sources cited."""
    m = view.manifest
    says = {x["name"]: x for x in view.model["mechanisms"]}
    seconds = m["seconds_by_mechanism"]
    total = sum(s for s in seconds.values() if s) or 1.0
    rows = []
    for name in sorted({*seconds, *says}):
        about, s = says.get(name, {}), seconds.get(name)
        rows.append(
            {
                "name": name,
                "says": about.get("says", ""),
                "off": bool(about.get("switched_off")),
                "seconds": two(s),
                "part": "–" if s is None else f"{100 * s / total:.0f}",
            }
        )
    rate = ""
    if m["seconds"] and m["agent_days"]:
        rate = f"; {two(m['agent_days'] / m['seconds'])} agent-days a second"
    effort = (
        f"{two(m['seconds'])} s with {count(m['processes'], 'process', 'processes')} and "
        f"{count(m['threads'], 'thread')}{rate}"
    )
    cited = sorted(view.model["citations"].items(), key=lambda c: (c[1].lower(), c[0]))
    return {
        "command": command(view),
        "own_file": _bundled(m["scenario"]) is None,
        "hash": m["hash"],
        "mechanisms": rows,
        "effort": effort,
        "citations": cited,
        "sources": view.model["sources"],
        "versions": [("thermidor", m["version"]), *m["versions"].items()],
    }
