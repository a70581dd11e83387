"""Scenario files as no person writes them, through `check`: a Fault comes of it, soon, or nothing.

    python -m tests.errors.mutate 10000 --seed 1          # says which are wrong
    python -m tests.errors.mutate --seed 1 --only 4711    # that one alone, with its text

No code is run. What passes is also played for some days: a file that is sound must run.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import SMALL
from thermidor.engine.simulate import simulate
from thermidor.scenario.file.gather import bundled
from thermidor.scenario.load import load
from thermidor.support.faults import Fault

SECONDS = 5.0  # of work; a file that waits for something is given a minute
Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
DAYS = 3

EVERYTHING = (
    SMALL
    + """\
about: A file with one of everything that a file may hold.
suggest: {runs: 10, citizens: 2000}
switched_off: [proxies]
choices_from: 2025-06-20
posterior: true
events:
  - {date: 2025-06-20, what: a march, into: pull, value: 0.5, days: 3, where: A, source: x}
  - {day: 12, what: a strike, into: claims_public, value: 2}
observed:
  - {date: 2025-06-10, track: home, choice: crack down, street: 0.2, palace: 0.1, war: 0.0,
     money: 0.3, why: seen}
claims:
  - id: C1
    sentence: Ties matter.
    days: 20
    runs: 10
    citizens: 1000
    arms: {as it is: {}, loose: {set: {citizens.ties: 0.3}, switched_off: [media], days: 10}}
    tests: [{says: more survive, outcome: survived, of: as it is, against: loose, expect: above}]
    also:
      - {says: fewer die, outcome: killed_protest, of: loose, against: 3, expect: below, margin: 1,
         given: survived}
  - {id: C2, sentence: It is so., not_testable: nobody can tell}
parts:
  - {id: P1, says: the street, states: [turnout], channels: [pull], parameters: [citizens.ties]}
left_out: [the weather]
base_rates: [{says: of ten one falls, rate: 0.1, low: 0.05, high: 0.2}]
""".replace("capital: A\n", "capital: A\n  outlines: o.geojson\n")
)
EVERYTHING = EVERYTHING.replace("  capital: A\n", "  capital: A\n  outlines: o.geojson\n", 1)
CHILD = """\
thermidor: 1
name: child
title: A child
parent: base.yaml
days: 30
place:
  capital: B
  provinces: [{id: B, name: Beta, population: 100_000}, {id: D, name: Delta, population: 300_000}]
assumptions: {citizens.ties: {value: 0.7, low: 0.4, high: 1.0}}
claims: [{id: C2, sentence: It is not so., not_testable: nobody can tell}]
events: [{day: 3, what: a march, into: pull, value: 0.5, where: D}]
"""
SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
OUTLINES = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"shapeISO": i, "name": n},
                "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
            }
            for i, n in (("A", "Alpha"), ("b", "BETA"), ("C", "Gámma"))
        ],
    }
)

NUMBERS = [
    "0",
    "-1",
    "1e308",
    "-1e308",
    "1e-320",
    ".inf",
    ".nan",
    "9" * 30,
    "9" * 400,
    "0x10",
    "1_000",
    "1,000",
    "0,28",
    "5.000.000",
    "30%",
    "NaN",
    "60.0",
    '"60"',
    "2025-06-16",
    "0001-01-01",
    "9999-12-31",
    '"2025-02-30"',
    "2025-13-40",
]
SHAPES = [
    "",
    "~",
    "true",
    "no",
    "[]",
    "{}",
    "[[]]",
    "{a: {b: {c: 1}}}",
    "[1, 2, 3]",
    "- x",
    "&a [1]",
    "*a",
    "!!int abc",
    "!!python/object/apply:os.system [id]",
    "!x y",
    "!!binary aGk=",
    "<<: {a: 1}",
    "'",
    '"',
    "\\",
    "|",
    ">",
    "? :",
    "%",
    "@",
    "`",
]
TEXTS = [
    '"\\u202e"',
    '"\\0"',
    '"\\ud800"',
    "'é'",
    "é",
    "ﬁ",
    "\u200d",
    "😀",
    "../../etc/passwd",
    "/dev/zero",
    "a" * 300,
    "A",
    "B",
    "a b",
    "[bold]x[/bold]",
    "{{7*7}}",
    "__import__('os').system('id')",
    "base.yaml",
    "iran-2025",
    "first-steps",
    "survived",
    "citizens.ties",
    "pull",
    "events",
    "o.geojson",
]
HOSTILE = [*NUMBERS, *SHAPES, *TEXTS]
WORDS = [
    "thermidor",
    "name",
    "title",
    "start",
    "days",
    "place",
    "provinces",
    "id",
    "population",
    "children",
    "neighbours",
    "fronts",
    "mechanisms",
    "assumptions",
    "choices",
    "events",
    "into",
    "value",
    "where",
    "claims",
    "arms",
    "tests",
    "outcome",
    "set",
    "parent",
    "switched_off",
    "suggest",
    "citizens",
    "observed",
    "parts",
    "left_out",
    "base_rates",
    "low",
    "high",
    "among",
    "posterior",
]


def _at(luck: random.Random, text: str) -> int:
    return luck.randrange(len(text) + 1)


def _flip(luck: random.Random, text: str) -> str:
    k = _at(luck, text)
    letter = luck.choice((luck.randrange(256), luck.randrange(0x3000), 10, 32, 9))
    return text[:k] + chr(letter) + text[k + 1 :]


def _cut(luck: random.Random, text: str) -> str:
    a, b = sorted((_at(luck, text), _at(luck, text)))
    return text[:a] + text[min(b, a + 60) :]


def _end(luck: random.Random, text: str) -> str:
    return text[: _at(luck, text)]


def _line(luck: random.Random, text: str) -> str:
    """A line given twice, taken out, moved, or indented in another way."""
    lines = text.split("\n")
    k, j = luck.randrange(len(lines)), luck.randrange(len(lines))
    way = luck.randrange(4)
    if way == 0:
        lines.insert(j, lines[k])
    elif way == 1:
        lines[k], lines[j] = lines[j], lines[k]
    elif way == 2:
        lines[k] = " " * luck.randrange(8) + lines[k].lstrip()
    else:
        del lines[k]
    return "\n".join(lines)


def _token(luck: random.Random, text: str) -> str:
    """A word of the file in place of another, or something hostile."""
    tokens = text.replace("\n", " \n ").split(" ")
    words = [k for k, t in enumerate(tokens) if t.strip()]
    if words:
        other = tokens[luck.choice(words)]
        tokens[luck.choice(words)] = luck.choice((luck.choice(HOSTILE), other, luck.choice(WORDS)))
    return " ".join(tokens).replace(" \n ", "\n")


def _value(luck: random.Random, text: str) -> str:
    """Something hostile in place of what stands after a colon."""
    colons = [k for k, c in enumerate(text) if c == ":"]
    if not colons:
        return text
    k = luck.choice(colons)
    ends = [text.find(c, k) for c in "\n,}" if c in text[k:]]
    end = min(ends, default=len(text))
    return f"{text[: k + 1]} {luck.choice(HOSTILE)}{text[end:]}"


def _insert(luck: random.Random, text: str) -> str:
    k = _at(luck, text)
    return text[:k] + luck.choice(HOSTILE) + text[k:]


def _deep(luck: random.Random, text: str) -> str:
    k, n = _at(luck, text), luck.choice((5, 50, 5000))
    opening, closing = luck.choice((("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")))
    return text[:k] + opening * n + closing * luck.choice((n, 0)) + text[k:]


def _many(luck: random.Random, text: str) -> str:
    """A line, or a piece of one, very many times."""
    lines = text.split("\n")
    k, n = luck.randrange(len(lines)), luck.choice((20, 3000))
    piece = lines[k]
    other = luck.random() < 0.5
    lines[k:k] = [piece.replace(":", f"{j}:", 1) if other else piece for j in range(n)]
    return "\n".join(lines)


def _tree(luck: random.Random, text: str) -> str:
    """The file's data with a branch changed, written as YAML or JSON."""
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return text
    for _ in range(luck.choice((1, 1, 2, 4))):
        data = _grafted(luck, data, luck.randrange(1, 6))
    try:
        if luck.random() < 0.4:
            return json.dumps(data, default=str)
        return yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False)
    except (yaml.YAMLError, TypeError, ValueError):
        return text


def _grafted(luck: random.Random, x: Any, depth: int) -> Any:
    odd = [
        None,
        True,
        0,
        -1,
        1.5,
        1e300,
        10**25,
        float("inf"),
        float("nan"),
        "",
        "x",
        " A",
        "a",
        "A\u0301",
        [],
        {},
        [[]],
        {"a": 1},
        [None],
        ["x"] * 50,
        "1,000",
        "60.0",
        "2025-06-16",
        "x" * 5000,
        {"set": 5},
        {"value": None, "low": 3},
    ]
    if depth == 0 or not isinstance(x, (dict, list)) or not x:
        return luck.choice(odd)
    if isinstance(x, list):
        x, k = list(x), luck.randrange(len(x))
        way = luck.randrange(6)
        if way == 0:
            x.insert(k, x[k])
        elif way == 1:
            del x[k]
        else:
            x[k] = _grafted(luck, x[k], depth - 1)
        return x
    x, key = dict(x), luck.choice(list(x))
    way = luck.randrange(8)
    if way == 0:
        x[luck.choice(WORDS)] = x.pop(key)
    elif way == 1:
        del x[key]
    elif way == 2:
        x[luck.choice(WORDS)] = luck.choice(odd)
    else:
        x[key] = _grafted(luck, x[key], depth - 1)
    return x


WAYS: tuple[Callable[[random.Random, str], str], ...] = (
    _flip,
    _flip,
    _cut,
    _end,
    _line,
    _line,
    _token,
    _token,
    _value,
    _value,
    _value,
    _insert,
    _deep,
    _many,
    _tree,
    _tree,
    _tree,
    _tree,
)


def mutant(folder: Path, seed: int, number: int) -> Path:
    """A mutated file in a folder, beside a parent and outlines that may be mutated too."""
    luck = random.Random(f"{seed} {number}")
    base, outlines, child = EVERYTHING, OUTLINES, luck.random() < 0.3
    text = CHILD if child else EVERYTHING
    if luck.random() < 0.1:
        text = bundled()["first-steps"].read_text(encoding="utf-8")
    many = luck.choice((1, 1, 1, 2, 3, 8))
    for _ in range(many):
        which = luck.random()
        if which < 0.15:
            outlines = luck.choice(WAYS)(luck, outlines)
        elif which < 0.35 and child:
            base = luck.choice(WAYS)(luck, base)
        else:
            text = luck.choice(WAYS)(luck, text)
    for name, words in (("base.yaml", base), ("o.geojson", outlines), ("s.yaml", text)):
        data = words.encode("utf-8", "surrogatepass")
        if luck.random() < 0.03:
            wide = words.encode("utf-16", "surrogatepass")
            windows = data.replace(b"\n", b"\r\n")
            data = luck.choice((b"\xef\xbb\xbf" + data, wide, windows, data + b"\xff"))
        (folder / name).write_bytes(data)
    return folder / "s.yaml"


ACTS = (
    "subprocess.",
    "socket.connect",
    "socket.getaddrinfo",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
)


class Guard:
    """While it is on, what opens a file for writing, a socket or a process is noted."""

    def __init__(self) -> None:
        self.on, self.seen = False, []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple) -> None:
        if not self.on:
            return
        writes = os.O_WRONLY | os.O_RDWR
        opens = event == "open" and isinstance(arguments[2], int) and arguments[2] & writes
        if opens or event.startswith(ACTS):
            self.seen.append(f"{event} {arguments}")


def wrong(path: Path, guard: Guard | None = None) -> str:
    """What is wrong with how a file is taken; empty if it is refused well, or sound and runs."""
    begin = time.process_time()
    if guard:
        guard.on, guard.seen = True, []
    try:
        made, said = load(path), ""
    except Fault as e:
        made, said = None, str(e)
    except Exception:  # noqa: BLE001 - what it is goes into the report
        return traceback.format_exc()
    finally:
        if guard:
            guard.on = False
    seconds = time.process_time() - begin
    if seconds > SECONDS:
        return f"took {seconds:.1f} s"
    if guard and guard.seen:
        return f"did {guard.seen}"
    if any(ord(c) < 32 and c not in "\n\t" or 127 <= ord(c) < 160 for c in said):
        return f"said hidden characters: {said!r}"
    return _played(made) if made else ""


def _played(made: Any) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            small = made.sized(made.place.fewest)
            simulate(small.patched({}, days=DAYS) if small.days > DAYS else small, 1, 0)
        except Exception:  # noqa: BLE001
            return "is sound, but does not run\n" + traceback.format_exc()
    return ""


def main() -> int:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("many", type=int, nargs="?", default=10_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", type=int)
    given = arguments.parse_args()
    load("first-steps")  # what the package imports and compiles is its own affair
    guard, bad = Guard(), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(given.many) if given.only is None else [given.only]:
            path = mutant(folder, given.seed, number)
            faulthandler.dump_traceback_later(12 * SECONDS, exit=True)
            if given.only is not None:
                for p in sorted(folder.iterdir()):
                    print(p.name, p.read_bytes().decode("utf-8", "replace"), sep="\n")
            found = wrong(path, guard)
            faulthandler.cancel_dump_traceback_later()
            if found:
                bad += 1
                print(f"mutant {number} of seed {given.seed}: {found}", flush=True)
    print(f"{given.many if given.only is None else 1} mutants, {bad} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
