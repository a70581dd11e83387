"""Scenario files come from strangers: plain data only, bounded in size, with the line of every
entry.

No tags, no anchors or aliases (they can make a small file unbounded), no key twice, no hidden
characters. Numbers and true/false are those of YAML 1.2, so `no` is a word and 5e-5 a number. JSON
is YAML, so a scenario may come as JSON.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import yaml

from ...support import numerals, textfile
from ...support.faults import Fault, Faults

MOST_BYTES, MOST_NODES, DEEPEST = 2_000_000, 100_000, 12
SCENARIO = "scenario"
SCENARIO_NEEDS = "a scenario needs at least name, start, days, place and mechanisms"
LONGEST_KEY, LARGEST = 200, 1e18  # letters; no number of a scenario is larger
At = tuple[Any, ...]  # keys and indices on the way to an entry
Lines = dict[At, int]
_WHOLE = r"[-+]?[0-9][0-9_]*"
_DECIMAL = r"[-+]?([0-9][0-9_]*\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"
_ENDLESS = r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
_DATE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Finds out what a plain word means; nothing is ever constructed from a tag."""


_Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", _WHOLE, list("-+0123456789")),
    ("float", f"{_DECIMAL}|{_ENDLESS}", list("-+.0123456789")),
    ("timestamp", _DATE, list("0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


def read(path: str | Path, kind: str = SCENARIO, needs: str = SCENARIO_NEEDS) -> tuple[Any, Lines]:
    """The data of a file and the line of every entry; raises a Fault that lists all that is wrong
    with its text.

    kind: what such a file is called in a fault.  needs: what is said of one that is empty.
    """
    path = Path(path)
    a = "an" if kind[0] in "aeiou" else "a"
    text = textfile.read(path, MOST_BYTES, f"{a} {kind} file", "Keep data tables out of it.")
    return parse(text, path.name, kind, needs)


def parse(
    text: str, name: str = "scenario", kind: str = SCENARIO, needs: str = SCENARIO_NEEDS
) -> tuple[Any, Lines]:
    """As `read`, from a string."""
    found = textfile.HIDDEN.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise Fault(
            f"{name}, line {line}: the hidden character {textfile.hidden(text)} is not allowed "
            f"in {'an' if kind[0] in 'aeiou' else 'a'} {kind} file; remove it."
        )
    if text.lstrip()[:1] in ("{", "["):
        text = _surrogates(text)
    try:
        _bounds(text, name, kind)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None) or getattr(e, "context_mark", None)
        at = f", line {mark.line + 1}" if mark else ""
        problem = getattr(e, "problem", None) or str(e).splitlines()[0]
        raise Fault(
            f"{name}{at}: this is not YAML: {problem}. Check indentation, quotes and colons there."
        ) from e
    if node is None:
        raise Fault(f"{name} is empty; {needs}.")
    lines: Lines = {}
    faults = Faults(name)
    data = _value(node, (), lines, faults, name)
    if faults:
        raise faults.all()
    return data, lines


def _surrogates(text: str) -> str:
    """JSON writes letters beyond the first 65,536 as two escapes, which YAML does not know."""
    pair = r"(\\\\)|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"

    def joined(found: re.Match[str]) -> str:
        if found[1]:
            return str(found[1])
        return (bytes.fromhex(found[2]) + bytes.fromhex(found[3])).decode("utf-16-be")

    return re.sub(pair, joined, text)


def _bounds(text: str, name: str, kind: str) -> None:
    """Raises what is wrong with the shape of a text before anything is built from it."""
    depth = documents = 0
    tags = Faults(name)
    event: Any
    for nodes, event in enumerate(yaml.parse(text, Loader=_Loader), 1):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Fault(
                f"{name}, line {line}: anchors (&) and aliases (*) are not allowed "
                f"in {kind} files; write the value out."
            )
        if getattr(event, "tag", None):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")[:LONGEST_KEY]
            tags.append(
                f"{name}, line {line}: the tag '{tag}' is not allowed; "
                f"{kind} files hold plain data only."
            )
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Fault(
                    f"{name}, line {line}: {'an' if kind[0] in 'aeiou' else 'a'} {kind} file "
                    "holds one document; "
                    "remove the second '---'."
                )
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > DEEPEST:
            raise Fault(
                f"{name}, line {line}: nested deeper than {DEEPEST} levels; {kind} files are flat."
            )
        if nodes > MOST_NODES:
            raise Fault(
                f"{name}, line {line}: more than {MOST_NODES} entries; "
                f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} file is a page or two."
            )
    if tags:
        raise Fault(list(tags)) if len(tags) == 1 else tags.all()


def _value(node: yaml.Node, at: At, lines: Lines, faults: Faults, name: str) -> Any:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, at, lines, faults, name)
    if isinstance(node, yaml.SequenceNode):
        return [_value(v, (*at, k), lines, faults, name) for k, v in enumerate(node.value)]
    return _scalar(node, f"{name}, line {lines[at]}", faults)


def _mapping(
    node: yaml.MappingNode, at: At, lines: Lines, faults: Faults, name: str
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    torn: list[str] = []  # a number with commas, which end an entry
    for k, (key, value) in enumerate(node.value):
        line = key.start_mark.line + 1
        where = f"{name}, line {line}"
        if not isinstance(key, yaml.ScalarNode):
            faults.append(f"{where}: a key must be a word, not a list or mapping.")
            continue
        word = key.value
        if node.flow_style and _is_rest(key, value) and (torn or _is_number(node.value[k - 1][1])):
            torn = torn or [*_shown(node.value[k - 1])]
            torn.append(word)
            if k + 1 == len(node.value) or not _is_rest(*node.value[k + 1]):
                faults.append(_comma(where, torn))
                torn = []
            continue
        if textfile.HIDDEN.search(word) or "\n" in word or "\t" in word:
            faults.append(
                f"{where}: the key '{textfile.shown(word)}' holds a hidden character, a tab "
                "or a line break; remove it."
            )
            continue
        if len(word) > LONGEST_KEY:
            faults.append(
                f"{where}: the key '{word[:40]}...' has {len(word)} letters; a key is a word."
            )
            continue
        if word in out:
            faults.append(f"{where}: '{word}' is given twice; keep one.")
        out[word] = _value(value, (*at, word), lines, faults, name)
        lines[(*at, word)] = line
    return out


def _is_number(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float"))


def _is_rest(key: yaml.Node, value: yaml.Node) -> bool:
    """Whether a comma tore an entry from the number before it: digits without a value."""
    digits = (
        isinstance(key, yaml.ScalarNode)
        and key.style not in ("'", '"')
        and re.match("[0-9]", key.value)
    )
    return (
        bool(digits)
        and isinstance(value, yaml.ScalarNode)
        and value.tag.endswith(":null")
        and value.value == ""
    )


def _shown(entry: tuple[yaml.Node, yaml.Node]) -> tuple[str, str]:
    return entry[0].value[:40], entry[1].value[:40]


def _comma(where: str, torn: list[str]) -> str:
    key, *parts = torn
    text = ",".join(parts)[:40]
    return (
        f"{where}: '{key}: {text}' is torn apart, for a comma ends an entry{numerals.repair(text)}."
    )


def _scalar(node: yaml.Node, where: str, faults: Faults) -> Any:
    kind, text = node.tag.rsplit(":", 1)[1], node.value
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind in ("int", "float"):
        return _number(kind, text.replace("_", "").lower(), where, faults)
    if kind == "timestamp":
        try:
            return dt.date(*(int(x) for x in text.split("-")))
        except ValueError as e:
            faults.append(
                f"{where}: {text} is not a date of the calendar ({e}); write year-month-day."
            )
            return None
    if hidden := textfile.hidden(text):
        faults.append(
            f"{where}: the text '{textfile.shown(text)}' "
            f"holds the hidden character {hidden}; remove it."
        )
        return textfile.HIDDEN.sub("", text)
    return text


def _number(kind: str, text: str, where: str, faults: Faults) -> int | float | None:
    shown = text if len(text) <= 40 else f"{text[:20]}... ({len(text)} digits)"
    value = float(text.replace(".inf", "inf").replace(".nan", "nan"))
    if "inf" in text or "nan" in text:
        faults.append(
            f"{where}: {shown} is not a finite number; give a number or leave the entry out."
        )
    elif not abs(value) <= LARGEST:
        faults.append(f"{where}: {shown} is larger than any number of a scenario ({LARGEST:.0e}).")
    else:
        return int(text) if kind == "int" else value
    return None
