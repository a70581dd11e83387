"""The files that a study was made from, as far as they are found: country, arguments, beliefs.

The command in a manifest may be a stranger's. A file that it names is taken only if the scenario
made from it has the study's fingerprint, so that nothing else of this machine gets into a bundle.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...scenario.argument.written import arguments
from ...scenario.file import yamlfile
from ...scenario.file.gather import MOST_PARENTS, bundled, locate
from ...scenario.load import load
from ...support.faults import Fault
from ..patches import parse_patches, patched

FLAGS = ("--fixed", "--keep-failed", "--json", "--no-color")  # options without a value


def inputs(manifest: Mapping[str, Any], mechanisms: Sequence[str | Path] = ()) -> list[Path]:
    """Files of the scenario, its parents, the arguments that it names and the beliefs."""
    reference, options = _words(manifest.get("command"))
    if reference is None or not (reference in bundled() or Path(reference).is_file()):
        return []
    beliefs = options.get("--beliefs", [None])[-1]
    try:
        made = load(
            reference, citizens=manifest["citizens"], mechanism_files=mechanisms, beliefs=beliefs
        )
        changes = dict(parse_patches(options.get("--set", [])))
        if "--days" in options:
            changes["days"] = int(options["--days"][-1])
        if patched(made, changes).hash != manifest["hash"]:
            return []
        found = _chain(reference)
        for name in made.file.arguments:
            beside = made.folder / name if made.folder and Path(name).name == name else None
            inside = beside is not None and beside.is_file()
            found.append(beside if beside and inside else arguments()[name])
    except (Fault, ValueError, KeyError, OSError):
        return []
    return [*found, *([Path(beliefs)] if beliefs else [])]


def _words(command: Any) -> tuple[str | None, dict[str, list[str]]]:
    """The scenario that a command runs, and its options with their values."""
    try:
        words = shlex.split(command) if isinstance(command, str) else []
    except ValueError:
        return None, {}
    if words[:2] != ["thermidor", "run"]:
        return None, {}
    rest, named = iter(words[2:]), []
    options: dict[str, list[str]] = {}
    for word in rest:
        if not word.startswith("--"):
            named.append(word)
        elif word not in FLAGS:
            key, given, value = word.partition("=")
            options.setdefault(key, []).append(value if given else next(rest, ""))
    return (named[0], options) if len(named) == 1 else (None, {})


def _chain(reference: str) -> list[Path]:
    """A scenario's file and those of its parents."""
    path, out = locate(reference), []
    for _ in range(MOST_PARENTS + 1):
        out.append(path)
        data, _lines = yamlfile.read(path)
        parent = data.get("parent") if isinstance(data, dict) else None
        if parent is None:
            break
        path = locate(parent, path.parent)
    return out
