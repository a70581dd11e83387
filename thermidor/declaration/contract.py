"""What a step must keep to, read off its source when the mechanism is registered.

    def step(see, p, draw): ... return {"word": value, ...}

Its words are written out, each once: all of its states, and what it says and tells. Its luck is
drawn by names that are written out. What it remembers changes in place. So both loops can play it:
the plain one, and the compiled one, which writes each word into a row (engine/rows.py). A mechanism
that speaks into every channel ("*") may make its words up; it is then played as plain Python.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..support.faults import near
from ..support.trees import ONE_AT_A_TIME

DRAWS = ("key", "uniform", "uniforms", "normal", "exponential", "happens")  # by name


def faults(
    step: Callable[..., Any], owns: Mapping[str, Any], adds: Iterable[str], tells: Iterable[str]
) -> Iterator[str]:
    """What a step breaks, a sentence each; nothing where its source is not to be had."""
    tree = parsed(step)
    if tree is None or "*" in adds:
        return
    if len(tree.args.args) != 3 or tree.args.vararg or tree.args.kwonlyargs or tree.args.kwarg:
        yield f"its step takes ({ast.unparse(tree.args)}); it must take (see, p, draw)."
        return
    yield from _draws(tree)
    returns = [node for node in _own(tree) if isinstance(node, ast.Return)]
    if not returns:
        yield 'its step returns nothing; end it with return {"state": value, ...}.'
    elif not _ends(tree.body):
        yield 'its step may end without a return; end it with return {"state": value, ...}.'
    for node in returns:
        yield from _returned(node, owns, [*adds], [*tells])


def parsed(step: Callable[..., Any]) -> ast.FunctionDef | None:
    """The syntax of a step, or None if its source is not to be had."""
    try:
        with ONE_AT_A_TIME:
            tree = ast.parse(textwrap.dedent(inspect.getsource(step))).body[0]
    except (OSError, TypeError, SyntaxError):
        return None
    return tree if isinstance(tree, ast.FunctionDef) else None


def _own(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, those of functions in it left out."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            yield node
            yield from _own(node)


def _ends(body: Sequence[ast.stmt]) -> bool:
    """Whether a block never goes on to what stands after it."""
    match body[-1]:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=then, orelse=other):
            return bool(other) and _ends(then) and _ends(other)
        case ast.With(body=inside):
            return _ends(inside)
        case ast.Try(body=tried, handlers=handlers, orelse=other, finalbody=last):
            ways = [other or tried, *(h.body for h in handlers)]
            return all(map(_ends, ways)) or bool(last) and _ends(last)
        case ast.Match(cases=cases):
            last_pattern = cases[-1].pattern
            rest = isinstance(last_pattern, ast.MatchAs) and last_pattern.pattern is None
            return rest and not cases[-1].guard and all(_ends(c.body) for c in cases)
    return False


def _returned(
    node: ast.Return, owns: Mapping[str, Any], adds: list[str], tells: list[str]
) -> Iterator[str]:
    """What is wrong with a `return`."""
    if not isinstance(node.value, ast.Dict):
        what = ast.unparse(node.value) if node.value else "nothing"
        yield f'its step returns {what}; write its words out: return {{"state": value, ...}}.'
        return
    words = []
    for key, value in zip(node.value.keys, node.value.values, strict=True):
        if key is None:
            yield f"its step returns **{ast.unparse(value)}; write its words out, one by one."
        elif (word := _text(key)) is None:
            yield f"its step returns the word {ast.unparse(key)}; write it out as a text."
        else:
            words.append(word)
    known = [*owns, *adds, *tells]
    for word, n in Counter(words).items():
        if n > 1:
            yield f"its step returns '{word}' {n} times; return it once."
        if word == "memory" and word not in known:
            yield (
                "its step returns 'memory'; change its arrays in place (see.memory.x[:] = ...), "
                "and make a number that changes a state or an array of one."
            )
        elif word == "happened" and word not in known:
            yield (
                "its step returns 'happened'; name what may happen in tells=, and return each as "
                '"what": when(condition, size).'
            )
        elif word not in known:
            yield (
                f"its step returns '{word}', which it neither owns, nor adds to, nor tells."
                f"{near(word, known)}"
            )
    if len(words) == len(node.value.keys):
        for word in owns:
            if word not in words:
                yield f"its step does not return its state '{word}'."


def _draws(tree: ast.FunctionDef) -> Iterator[str]:
    """Names of draws that are not written out."""
    draw = tree.args.args[2].arg
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in DRAWS
            and _is_luck(node.func.value, draw)
            and not (node.args and _text(node.args[0]) is not None)
        ):
            yield (
                f"its step draws {ast.unparse(node)}; write the name of a draw out, as in "
                f'{ast.unparse(node.func)}("spark").'
            )


def _is_luck(node: ast.expr, draw: str) -> bool:
    """Whether it is the luck of the step, today's or that of some days."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "during" and _is_luck(node.func.value, draw)
    return isinstance(node, ast.Name) and node.id == draw


def _text(node: ast.expr) -> str | None:
    """A text that is written out."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
