"""The decorator that makes a step a mechanism."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

from ..support.docstrings import written
from ..support.faults import Fault
from . import contract, parameter, quantity
from .parameter import Parameter
from .quantity import Axis, Quantity
from .view import Yesterday, annotated

Step = Callable[..., Mapping[str, Any]]
S = TypeVar("S", bound=Step)
Check = Callable[[Any], Iterable[tuple[tuple[Any, ...], str]]]


@dataclass(frozen=True)
class NoParameters:
    """The parameter sheet of a mechanism without parameters."""


@dataclass(frozen=True, eq=False)
class Mechanism:
    """A mechanism as declared: its step and start, and the words that they use.

    source: the bytes of its file as they were run, for a file of the user's own.
    """

    name: str
    step: Step
    start: Callable[..., dict[str, Any]]
    params: type
    reads: tuple[str, ...]
    owns: Mapping[str, Quantity]
    opens: Mapping[str, Quantity]
    adds: tuple[str, ...]
    cites: tuple[str, ...]
    doc: str
    file: str
    axes: Mapping[str, Axis] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    tells: tuple[str, ...] = ()
    source: bytes = b""

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Its parameters by name."""
        return parameter.sheet(self.params, self.name)

    @cached_property
    def hash(self) -> str:
        """Fingerprint of its source: equal hashes are equal code."""
        return hashlib.sha256(self.source or Path(self.file).read_bytes()).hexdigest()


def _nothing(p: Any, place: Any, draw: Any) -> dict[str, Any]:
    """The start of a mechanism without states."""
    return {}


def mechanism(
    *,
    params: type | None = None,
    start: Callable[..., dict[str, Any]] = _nothing,
    reads: Sequence[str] = (),
    owns: Mapping[str, Quantity] | None = None,
    opens: Mapping[str, Quantity] | None = None,
    adds: Sequence[str] = (),
    cites: Sequence[str] = (),
    axes: Mapping[str, Axis] | None = None,
    checks: Sequence[Check] = (),
    tells: Sequence[str] = (),
) -> Callable[[S], S]:
    """Make a step a mechanism, under the name of its function.

    params: its sheet of parameters, a frozen dataclass.  reads: states of others that it looks at.
    owns: states that it alone writes.  opens: channels that it listens to.  adds: channels of
    others that it speaks into ("*": all).  cites: keys of refs.bib.  axes: names that it counts
    along, for any mechanism to use.  checks: functions of a `Given` (the scenario file, its
    parameters, the place) that yield what is wrong, each as (path in the file, sentence).

    tells: what may happen, each a sentence of the events; a step returns it as
    `when(condition, size)`.

    A step whose arguments are annotated, `step(see: See, p: Parameters, draw: Draw)`, needs neither
    params nor reads: See, a subclass of Yesterday, annotates what is read.

    `start` sees the parameters with the choices of the status quo, so that a patch of a choice
    takes effect on day 1; it may also return "memory", which only this mechanism sees
    (`see.memory`): a NamedTuple of numbers and arrays. Its arrays are changed in place, its numbers
    stay; a number that changes is a state, or an array of one. What a step must keep to is said in
    contract.py. A mechanism that is taken out or fed nothing must leave the others' luck unchanged:
    draw by name.
    """

    def declare(step: S) -> S:
        own, heard = dict(owns or {}), dict(opens or {})
        view = _annotation(step, 0)
        seen = annotated(view) if view and issubclass(view, Yesterday) else ()
        words = dict.fromkeys([*reads, *(w for w in seen if w not in own and w not in heard)])
        file = getattr(getattr(step, "__code__", None), "co_filename", "?")
        made = Mechanism(
            name=step.__name__,
            step=step,
            start=start,
            params=params or _annotation(step, 1) or NoParameters,
            reads=tuple(words),
            owns=own,
            opens=heard,
            adds=tuple(adds),
            cites=tuple(cites),
            doc=written(sys.modules.get(step.__module__)) or written(cast(FunctionType, step)),
            file=file,
            axes=dict(axes or {}),
            checks=tuple(checks),
            tells=tuple(tells),
        )
        if found := list(_faults(made)):
            raise Fault(found, f"Mechanism '{made.name}' ({file}) is not declared well:")
        step.__mechanism__ = made  # type: ignore[attr-defined]
        return step

    return declare


def _annotation(step: Step, k: int) -> type | None:
    """The class that annotates an argument of a step; None if there is none."""
    code = getattr(step, "__code__", None)
    if code is None or k >= code.co_argcount:
        return None
    said = step.__annotations__.get(code.co_varnames[k])
    if isinstance(said, str):
        said = step.__globals__.get(said)
    return said if isinstance(said, type) else None


def _faults(m: Mechanism) -> Iterable[str]:
    if not m.doc:
        yield (
            "it has no docstring; begin the file with one that says in a sentence what it does, "
            "then its equations."
        )
    for p in m.parameters.values():
        yield from parameter.faults(p)
    for name, q in {**m.owns, **m.opens}.items():
        yield from quantity.faults(name, q)
    yield from contract.faults(m.step, m.owns, m.adds, m.tells)
    for what in m.tells:
        if what in m.owns or what in m.opens or what in m.adds:
            yield f"'{what}' is told and is also a state or channel; give it words of its own."
    for name, axis in m.axes.items():
        if " x " in name or name == quantity.COUNTRY:
            yield f"an axis cannot be called '{name}'; give it a name of its own."
        if not axis.members or len(set(axis.members)) < len(axis.members):
            yield f"the axis '{name}' needs members, each with a name of its own."
