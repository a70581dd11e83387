"""A mechanism's step as a compiled function of rows.

The step of a mechanism's file is compiled as it stands, but for its `return {...}`: each word of it
becomes a write into today's row. Around it stands a loop over futures, which cuts what the
mechanism declared out of yesterday's row, of its sheet and of what it remembers. docs/rows.md says
what a step must keep to.

Yesterday's table cannot be written (its type says so), today's is not to be seen: the one rule.
"""

from __future__ import annotations

import ast
import collections
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np
from numba import njit, typeof, types
from numba.core.errors import NumbaError
from numba.extending import overload

from ..chance.luck import luck
from ..declaration.contract import parsed
from ..declaration.declare import Mechanism
from ..declaration.view import Numbers
from ..kernels.borrowed import borrowed, copied, piece
from ..support.compiled import bare, compiled, is_kept
from ..support.threads import fitting
from ..support.trees import ONE_AT_A_TIME
from .day import close_day, open_day
from .layout import Layout
from .pools import Pools

ONE, TWO = np.zeros(1), np.zeros((1, 1))
# how a place lies in tables: as what is remembered does
PLACES = Pools([{"place": Numbers(ONE, ONE, TWO, TWO, ONE, ONE, ONE, ONE)}])
TABLES = ("now", "today", "week", "told", "dims", "sheets", "spans", "at")
MOST_WHY = 200  # characters
HIDDEN = ("today_", "week_", "told_", "at_", "place_")  # arguments that a step gets besides
ARGUMENTS = "living, day, now, today, week, told, pools, dims, sheets, bases, places, spans, at"


class Rows(NamedTuple):
    """A step over rows. step: None if it cannot be compiled, for the reason given, or is not
    compiled yet (`late`).
    """

    step: Callable[..., None] | None
    at: np.ndarray  # int64: where its columns stand, in the order in which its source counts them
    why: str = ""
    late: bool = False


class _At:
    """The numbers that tell a function of rows where its columns stand: they are data, so that the
    same machine code serves any number of provinces and agents.
    """

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def __call__(self, *numbers: int) -> str:
        """Source that reads the first of some numbers; the others stand after it."""
        self.numbers += numbers
        return f"at[{len(self.numbers) - len(numbers)}]"

    def piece(self, row: str, begin: int, end: int, shape: Sequence[int]) -> str:
        """Source of the piece of a row."""
        if not shape:
            return f"{row}[{self(begin)}]"
        return f"piece({row}, {self(begin)}, ({''.join(f'{self(n)}, ' for n in shape)}))"


def rows(
    m: Mechanism, layout: Layout, pools: Pools, example: Sequence[Any], compile_it: bool = True
) -> Rows:
    """The step of a mechanism over rows.

    example: arguments of the types with which it will be called, but for `at`.  compile_it: if it
    is not kept from an earlier time; else it is late.
    """
    at = _At()
    try:
        with ONE_AT_A_TIME:
            text, step = _source(m, layout, pools, at)
            numbers = np.array(at.numbers or [0], np.int64)
            made = _compiled(m, text, step, pools)
        types_ = tuple(map(typeof, (*example, numbers)))
        if not compile_it and not is_kept(made, types_):
            return Rows(None, numbers, "it is not compiled yet", late=True)
        made.compile(types_)
    except (NumbaError, OSError, TypeError, NotImplementedError) as e:
        return Rows(None, np.zeros(1, np.int64), _why(e))
    return Rows(made, numbers)


def _why(e: BaseException) -> str:
    """What a compiler says, in a line: the first that tells more than that it failed."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(e))
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith("Failed in nopython mode")]
    return (telling or lines or [type(e).__name__])[0].removesuffix(".")[:MOST_WHY]


def _source(m: Mechanism, layout: Layout, pools: Pools, at: _At) -> tuple[str, ast.FunctionDef]:
    """Source of the loop over rows, and the step with its words written into today's row."""
    seen = dict.fromkeys((*m.reads, *m.owns, *m.opens))
    see = [at.piece("before", *layout.spans[w]) for w in seen]
    sheet = [n for n, p in m.parameters.items() if not p.options]
    place = [k for k, n in enumerate(m.parameters) if n in sheet]
    memory, ground = pools.source(m.name), PLACES.source("place", "places", "spans")
    lines = [
        f"def rows({ARGUMENTS}):",
        *(f"    {name} = borrowed({name})" for name in TABLES),
        *(f"    pools{k} = borrowed(pools[{k}])" for k in range(len(pools.tables[m.name]))),
        "    places0 = borrowed(places[0])",
        "    for r in living:",
        "        before, sheet = now[r], sheets[r]",
        f"        memory = {memory}",
        f"        place = {ground}",
        f"        see = See({', '.join([*see, 'memory', 'place'])})",
        f"        p = Sheet({', '.join(f'sheet[{k}]' for k in place) or '0.0'})",
        "        draw = luck(bases[r], day)",
        "        step(see, p, draw, today[r], week[r], told[r], at, place)",
    ]
    tree = parsed(m.step)
    if tree is None:
        raise TypeError("its source is not to be had")
    return "\n".join(lines), _Written(m, layout, at).visit(tree)


class _Written(ast.NodeTransformer):
    """A step whose `return {...}` writes into today's row."""

    def __init__(self, m: Mechanism, layout: Layout, at: _At):
        self.m, self.layout, self.at = m, layout, at

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        body = [s for part in map(self.visit, node.body) for s in _listed(part)]
        names = [a.arg for a in node.args.args] + list(HIDDEN)
        new = ast.parse(f"def step({', '.join(names)}): pass").body[0]
        assert isinstance(new, ast.FunctionDef)
        new.body = body
        return ast.fix_missing_locations(new)

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        if not isinstance(node.value, ast.Dict):
            raise TypeError("it returns something else than {...}")
        out: list[ast.stmt] = []
        for key, value in zip(node.value.keys, node.value.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                raise TypeError("a word that it returns is not written out")
            out.append(self._write(key.value, value))
        return [*out, ast.Return(None)]

    def _write(self, word: str, value: ast.expr) -> ast.stmt:
        m, layout = self.m, self.layout
        if word in m.tells:
            k = self.at(layout.tells[m.name, word])
            text = f"told_[{k}] = VALUE"
        elif word in m.owns:
            begin, end, shape = layout.spans[word]
            if shape:
                text = f"put(today_, {self.at(begin)}, {self.at(end)}, {self._sizes(shape)}, VALUE)"
            else:
                text = f"today_[{self.at(begin)}] = VALUE"
        elif word in layout.columns.wiring.adds(m):
            begin, end, shape = layout.spans[word]
            by = layout.columns.wiring.channels[word].by
            weights = "place_.weights" if by == "province" else "place_.weights[:0]"
            voice = layout.speakers.get((word, m.name), len(layout.speakers))
            ends = f"{self.at(begin)}, {self.at(end)}"
            said = f"say(today_, {ends}, {self._sizes(shape)}, {weights}, VALUE)"
            text = f"week_[{self.at(voice)}] += {said}"
        else:
            raise TypeError(f"'{word}' is neither a state, nor a channel, nor told")
        statement = ast.parse(text.replace("at[", "at_[")).body[0]
        filled: ast.stmt = _Filled(value).visit(statement)
        return filled

    def _sizes(self, shape: Sequence[int]) -> str:
        """Source of the sizes that an array must have."""
        return f"({''.join(f'{self.at(n)}, ' for n in shape)})"


class _Filled(ast.NodeTransformer):
    """VALUE replaced by an expression of the step."""

    def __init__(self, value: ast.expr):
        self.value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.value if node.id == "VALUE" else node


def _listed(x: Any) -> list[ast.stmt]:
    return x if isinstance(x, list) else [x]


def _compiled(m: Mechanism, text: str, step: ast.FunctionDef, pools: Pools) -> Any:
    """The function of rows, to be compiled. It bears the name of the step's file, so that what was
    compiled is kept where Numba keeps that of the file itself (nothing is put beside a user's); its
    own name tells its source.
    """
    seen = (*dict.fromkeys((*m.reads, *m.owns, *m.opens)), "memory", "place")
    sheet = tuple(n for n, p in m.parameters.items() if not p.options)
    digest = hashlib.sha256((text + ast.unparse(step) + m.hash).encode()).hexdigest()[:12]
    space: dict[str, Any] = {
        **_globals(m.step),
        **pools.classes(m.name),
        "See": collections.namedtuple("See", seen),
        "Sheet": collections.namedtuple("Sheet", sheet or ("none",)),
        **PLACES.classes("place"),
        "luck": luck,
        "borrowed": borrowed,
        "piece": piece,
        "put": put,
        "say": say,
        "__name__": __name__,
    }
    file = __file__ if m.source else m.step.__code__.co_filename
    exec(compile(ast.Module([step], []), file, "exec"), space)
    space["step"] = njit(nogil=True)(space["step"])
    name = f"rows_{m.name}_{digest}"
    loop = ast.parse(text.replace("def rows(", f"def {name}("))
    exec(compile(loop, file, "exec"), space)
    return compiled(space[name], nogil=True)


def days_of(steps: Mapping[str, Callable[..., None]]) -> Any:
    """Some days of all mechanisms, one after another in one call, to be compiled: until a day, or
    the first on which something happened or a future may have ended. Threads that play futures
    side by side then meet at the interpreter's lock once a week and not with every step.

    steps: their functions of rows, by name, in the order in which they are played; those act of
    which `acts`, bool[step], says so.
    """
    space: dict[str, Any] = {"open_day": open_day, "close_day": close_day, "__name__": __name__}
    lines = []
    for k, (name, step) in enumerate(steps.items()):
        space[f"step_{name}"] = step
        pools, dims, sheets, bases, at = (f"each[{k}][{i}]" for i in range(5))
        lines += [
            f"        if acts[{k}]:",
            f"            step_{name}(living, day, now, today, week, told, "
            f"{pools}, {dims}, {sheets}, {bases}, places, spans, {at})",
        ]
    known = "".join(step.__name__ for step in steps.values())
    called = f"days_{hashlib.sha256(known.encode()).hexdigest()[:12]}"
    text = DAYS.replace("NAME", called).replace("        STEPS", "\n".join(lines))
    exec(compile(text, __file__, "exec"), space)
    return compiled(space[called], nogil=True)


DAYS = """\
def NAME(living, day, until, acts, views, tables, week, told, close, places, spans, each):
    states, marks, bounds, record, ends = close
    while True:
        now, today = views[(day + 1) % 2], tables[day % 2]
        open_day(living, now, today, states)
        STEPS
        happened, due = close_day(living, day, today, marks, bounds, record, told, ends)
        if day >= until or happened > 0 or due > 0:
            return day, happened, due
        day += 1
"""


def _globals(f: FunctionType | Callable[..., Any]) -> dict[str, Any]:
    """The globals of a step; plain functions among them, and those that these call, are made known
    to the compiler.
    """
    assert isinstance(f, FunctionType)
    for name in _names(f.__code__):
        value = f.__globals__.get(name)
        for x in (
            value,
            *(getattr(value, n, None) for n in _names(f.__code__) if isinstance(value, ModuleType)),
        ):
            if isinstance(x, FunctionType) and x.__module__.startswith("thermidor"):
                _jitable(x)
    return dict(f.__globals__)


def _names(code: CodeType) -> set[str]:
    """Names that a function looks up, those of functions in it too."""
    inner = (c for c in code.co_consts if isinstance(c, CodeType))
    return {*code.co_names, *(n for c in inner for n in _names(c))}


def _jitable(f: FunctionType) -> None:
    """Let compiled code call a plain function, literal words and all."""
    if f not in _known:
        _known.add(f)
        overload(f, strict=False, prefer_literal=True)(lambda *args, **words: f)
        _globals(f)


_known: set[Callable[..., Any]] = {fitting}


def put(row: Any, begin: int, end: int, sizes: tuple[int, ...], value: Any) -> None:
    """Write an array of these sizes into columns of a row."""


@overload(put, inline="always")
@bare
def _put(row: Any, begin: Any, end: Any, sizes: Any, value: Any) -> Any:
    if not _fits(sizes, value):
        return None
    if value.layout == "C" and value.dtype == row.dtype:

        @bare
        def write(row: Any, begin: Any, end: Any, sizes: Any, value: Any) -> None:
            if value.shape != sizes:
                raise ValueError(MISFIT)
            copied(value, row, begin)

        return write

    @bare
    def write_each(row: Any, begin: Any, end: Any, sizes: Any, value: Any) -> None:
        if value.shape != sizes:
            raise ValueError(MISFIT)
        row[begin:end] = value.ravel()

    return write_each


def say(row: Any, begin: int, end: int, sizes: tuple[int, ...], weights: Any, value: Any) -> float:
    """Add what is said to the columns of a channel; what it counts for in one number."""
    raise NotImplementedError


@overload(say)
@bare
def _say(row: Any, begin: Any, end: Any, sizes: Any, weights: Any, value: Any) -> Any:
    if not isinstance(value, types.Array):

        @bare
        def add(row: Any, begin: Any, end: Any, sizes: Any, weights: Any, value: Any) -> Any:
            for k in range(begin, end):
                row[k] += value
            return value * 1.0

        return add
    if not _fits(sizes, value):
        return None

    flat_of = _itself if value.ndim == 1 else _raveled

    @bare
    def add_each(row: Any, begin: Any, end: Any, sizes: Any, weights: Any, value: Any) -> Any:
        if value.shape != sizes:
            raise ValueError(MISFIT)
        flat, total = flat_of(value), 0.0
        for k in range(end - begin):
            row[begin + k] += flat[k]
            total += flat[k] * (weights[k] if weights.size else 1.0 / (end - begin))
        return total

    return add_each


@njit(inline="always")
def _itself(value: Any) -> Any:
    return value


@njit(inline="always")
def _raveled(value: Any) -> Any:
    return value.ravel()


MISFIT = "an array is not of the size of its state or channel"  # the plain loop says which


def _fits(sizes: Any, value: Any) -> bool:
    """Whether an array has as many axes as it must have."""
    return isinstance(value, types.Array) and value.ndim == len(sizes)


@overload(fitting)
@bare
def _serial(serial: Any, threaded: Any) -> Any:
    """Compiled steps are many at once already, each on one thread."""
    return lambda serial, threaded: serial


@overload(float)
@bare
def _truth(x: Any) -> Any:
    """float() of a truth, as in Python."""
    if isinstance(x, types.Boolean):
        return lambda x: 1.0 if x else 0.0
    return None
