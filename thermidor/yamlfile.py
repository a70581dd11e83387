"""Scenario files come from strangers: plain data only, bounded in size, with the line of every entry.

No tags, no anchors or aliases (they can make a small file unbounded), no key twice. Numbers and true/false are those of
YAML 1.2, so `no` is a word and 5e-5 a number.
"""
from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path
from typing import Any

import yaml

from .faults import Fault

MOST_BYTES, MOST_NODES, DEEPEST = 2_000_000, 100_000, 12
Lines = dict[tuple, int]


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """Finds out what a plain word means; nothing is ever constructed from a tag."""


_Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"[-+]?[0-9][0-9_]*", list("-+0123456789")),
    ("float", r"[-+]?([0-9][0-9_]*\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", list("-+.0123456789")),
    ("timestamp", r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", list("0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)
_PLAIN = {f"tag:yaml.org,2002:{t}" for t in ("str", "bool", "null", "int", "float", "timestamp", "map", "seq")}


def read(path: str | Path) -> tuple[Any, Lines]:
    """The data of a file and the line of every entry; raises a Fault that lists all that is wrong with its text."""
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Fault(f"{path.name} has {size / 1e6:.1f} MB; a scenario file has at most {MOST_BYTES / 1e6:.0f} MB. "
                        "Keep data tables out of it.")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as e:
        raise Fault(f"{path.name} is not a text file in UTF-8 (byte {e.start}); save it as UTF-8.") from e
    except IsADirectoryError as e:
        raise Fault(f"{path} is a folder, not a scenario file.") from e
    except OSError as e:
        raise Fault(f"{path} cannot be read: {e.strerror}.") from e
    return parse(text, path.name)


def parse(text: str, name: str = "scenario") -> tuple[Any, Lines]:
    """As `read`, from a string."""
    try:
        _bounds(text, name)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None) or getattr(e, "context_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(e, "problem", None) or str(e).splitlines()[0]
        raise Fault(f"{name}{line}: this is not YAML: {problem}. Check indentation, quotes and colons there.") from e
    if node is None:
        raise Fault(f"{name} is empty; a scenario needs at least name, start, days, place and mechanisms.")
    lines, faults = {}, []
    data = _value(node, (), lines, faults, name)
    if faults:
        raise Fault(faults, f"{name} has {len(faults)} fault{'s' if len(faults) > 1 else ''}:")
    return data, lines


def _bounds(text: str, name: str) -> None:
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Fault(f"{name}, line {line}: anchors (&) and aliases (*) are not allowed in scenario files; write the value out.")
        if isinstance(event, yaml.DocumentStartEvent):
            nodes += 1
            if nodes > 1 and depth == 0 and event.explicit:
                raise Fault(f"{name}, line {line}: a scenario file holds one document; remove the second '---'.")
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        nodes += 1
        if depth > DEEPEST:
            raise Fault(f"{name}, line {line}: nested deeper than {DEEPEST} levels; scenario files are flat.")
        if nodes > MOST_NODES:
            raise Fault(f"{name}, line {line}: more than {MOST_NODES} entries; a scenario file is a page or two.")


def _value(node: yaml.Node, at: tuple, lines: Lines, faults: list[str], name: str) -> Any:
    lines[at] = node.start_mark.line + 1
    where = f"{name}, line {lines[at]}"
    if node.tag not in _PLAIN:
        faults.append(f"{where}: the tag '{node.tag.replace('tag:yaml.org,2002:', '!!')}' is not allowed; scenario files hold plain data only.")
        return None
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for k, v in node.value:
            if not isinstance(k, yaml.ScalarNode):
                faults.append(f"{name}, line {k.start_mark.line + 1}: a key must be a word, not a list or mapping.")
                continue
            if k.value in out:
                faults.append(f"{name}, line {k.start_mark.line + 1}: '{k.value}' is given twice; keep one.")
            out[k.value] = _value(v, (*at, k.value), lines, faults, name)
            lines[(*at, k.value)] = k.start_mark.line + 1
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_value(v, (*at, k), lines, faults, name) for k, v in enumerate(node.value)]
    return _scalar(node, where, faults)


def _scalar(node: yaml.ScalarNode, where: str, faults: list[str]) -> Any:
    kind, text = node.tag.rsplit(":", 1)[1], node.value
    if kind == "null":
        return None
    if kind == "bool":
        return text == "true"
    if kind == "int":
        return int(text.replace("_", "")) if len(text) <= 30 else float(text.replace("_", ""))
    if kind == "float":
        word = text.replace("_", "").lower()
        value = float(word.replace(".inf", "inf").replace(".nan", "nan"))
        if not math.isfinite(value):
            faults.append(f"{where}: {text} is not a finite number; give a number or leave the entry out.")
        return value
    if kind == "timestamp":
        try:
            return dt.date(*(int(x) for x in text.split("-")))
        except ValueError as e:
            faults.append(f"{where}: {text} is not a date of the calendar ({e}); write year-month-day.")
            return None
    return text
