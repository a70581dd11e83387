"""How the study was made: the command that makes it again, versions, seconds, sources."""
from __future__ import annotations

import shlex
from typing import Any

from .phrases import count, two
from .reading import Reading

CLAIM_CITIZENS = 20_000  # what `thermidor claims` takes if it is not told


def command(read: Reading) -> str:
    """The command line that computes the same futures again; with the same version every number is the same."""
    m = read.manifest
    known = m.get("command")
    if known:
        return known if isinstance(known, str) else shlex.join(map(str, known))
    words = ["thermidor", "run", m["scenario"], "--runs", str(m["runs"]), "--citizens", str(m["citizens"]), "--seed", str(m["seed"])]
    file = _bundled(m["scenario"])
    if file is None or file.get("days") != m["days"]:
        words += ["--days", str(m["days"])]
    return shlex.join(words + _changes(read, file or {}))


def claims_command(read: Reading) -> str:
    """The command line that tests the claims into this folder and writes the report again."""
    m, folder = read.manifest, str(read.path.name if read.path.is_absolute() else read.path)
    words = ["thermidor", "claims", m["scenario"], "--citizens", str(min(m["citizens"], CLAIM_CITIZENS)), "--seed", str(m["seed"])]
    words += [*_changes(read, _bundled(m["scenario"]) or {}), "--out", folder]
    return shlex.join(words)


def _changes(read: Reading, file: dict[str, Any]) -> list[str]:
    """What was set besides the file. A bare number fixes a parameter, in the file or by --set; to set it again changes nothing."""
    m, words = read.manifest, []
    resolved = m.get("resolved") or {}
    for block in ("assumptions", "choices"):
        before = file.get(block) or {}
        words += [w for k, v in (resolved.get(block) or {}).items() if not isinstance(v, dict) and before.get(k) != v for w in ("--set", f"{k}={v}")]
    if m.get("fixed"):
        words.append("--fixed")
    for f in m.get("mechanism_files") or []:
        words += ["--mechanism", str(f)]
    return words


def _bundled(name: str) -> dict[str, Any] | None:
    """The file of a scenario that comes with the package."""
    from ..scenariofile import bundled
    from ..yamlfile import read as read_yaml
    path = bundled().get(name)
    return read_yaml(path)[0] if path else None


def made(read: Reading) -> dict[str, Any]:
    """Command, fingerprint, versions, seconds by mechanism, sources cited."""
    m = read.manifest
    says = {x["name"]: x for x in read.model.get("mechanisms", [])}
    seconds = m.get("seconds_by_mechanism") or {}
    total = sum(seconds.values()) or 1.0
    rows = [{"name": name, "says": says.get(name, {}).get("says", ""), "off": bool(says.get(name, {}).get("switched_off")),
             "seconds": two(s) if s is not None else "–", "part": f"{100 * s / total:.0f}" if s is not None else "–"}
            for name, s in ((n, seconds.get(n)) for n in sorted({*seconds, *says}))]
    rate = f"; {two(m['agent_days'] / m['seconds'])} agent-days a second" if m.get("seconds") and m.get("agent_days") else ""
    return {"command": command(read), "own_file": _bundled(m["scenario"]) is None, "hash": m["hash"], "status": m.get("status", ""), "mechanisms": rows,
            "versions": [("thermidor", m["version"]), *(m.get("versions") or {}).items()],
            "effort": f"{two(m.get('seconds'))} s with {count(m.get('processes', 1), 'process', 'processes')} and {count(m.get('threads', 1), 'thread')}{rate}",
            "citations": sorted((read.model.get("citations") or {}).items(), key=lambda c: (c[1].lower(), c[0]))}
