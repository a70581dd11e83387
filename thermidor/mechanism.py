"""A mechanism is one file: what it owns, what it hears, what it says, its parameters with their
evidence, its step.

    @mechanism(params=P, start=start, reads=[...], owns={...}, opens={...}, adds=[...], cites=[...])
    def curfew(see, p, draw):
        return {"curfew": ..., "pull": ...}

`see` is yesterday's world, limited to what was declared; `p` the parameters drawn for this future;
`draw` keyed chance. A step returns the new value of every state it owns and what it adds to the
channels of others.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .support.docstrings import written
from .support.faults import Fault, near

SHARE = re.compile(r"(share|chance)( of( the)? [a-z]+)?|0 or 1")
GRADES = ("measured", "several studies", "one study", "analogy", "judgement")
AXES = (
    "country",
    "province",
    "group",
    "kind",
    "faction",
    "use",
    "front",
    "target",
    "fate x province",
    "kind x province",
)


@dataclass(frozen=True)
class Parameter:
    """One number of the model: its default, its range, its unit, what it says, and on what it
    rests.
    """

    mechanism: str
    name: str
    default: Any
    low: Any
    high: Any
    unit: str
    why: str
    source: str | None
    grade: str
    role: str  # "assumption" (how the world works) or "choice" (what an actor decides)
    actor: str | None = None  # who decides, for a choice
    options: tuple[str, ...] = ()
    log: bool = False
    fact: bool = False  # of the country or the day: drawn only where a scenario gives a range

    @property
    def key(self) -> str:
        return f"{self.mechanism}.{self.name}"


def par(
    default: float,
    low: float,
    high: float,
    unit: str,
    why: str,
    source: str | None = None,
    grade: str = "judgement",
    log: bool = False,
) -> Any:
    """An assumption: how the world works. `log` draws it on a logarithmic scale between low and
    high.
    """
    return dataclasses.field(
        default=default,
        metadata={
            "low": low,
            "high": high,
            "unit": unit,
            "why": why,
            "source": source,
            "grade": grade,
            "role": "assumption",
            "log": log,
        },
    )


def fact(default: float, low: float, high: float, unit: str, why: str, log: bool = False) -> Any:
    """A fact of the country or the day, which a scenario gives with its source; without one the
    default stands for any country.
    """
    return dataclasses.field(
        default=default,
        metadata={
            "low": low,
            "high": high,
            "unit": unit,
            "why": why,
            "source": None,
            "grade": "judgement",
            "role": "assumption",
            "log": log,
            "fact": True,
        },
    )


def choice(
    default: float,
    low: float,
    high: float,
    unit: str,
    why: str,
    actor: str,
    source: str | None = None,
    grade: str = "judgement",
) -> Any:
    """A choice: what an actor decides. Choices are never drawn; a patch or a study changes them."""
    return dataclasses.field(
        default=default,
        metadata={
            "low": low,
            "high": high,
            "unit": unit,
            "why": why,
            "source": source,
            "grade": grade,
            "role": "choice",
            "actor": actor,
        },
    )


def option(
    default: str,
    options: Sequence[str],
    why: str,
    source: str | None = None,
    grade: str = "judgement",
) -> Any:
    """A structural alternative: one of several forms of a rule."""
    return dataclasses.field(
        default=default,
        metadata={
            "low": None,
            "high": None,
            "unit": "form",
            "why": why,
            "source": source,
            "grade": grade,
            "role": "assumption",
            "options": tuple(options),
        },
    )


@dataclass(frozen=True)
class Quantity:
    """A state or a channel as declared: unit, meaning, and what it is given by (`country` for a
    single number).
    """

    unit: str
    why: str
    by: str = "country"
    cost: bool = False  # a cost to citizens, cumulated over the run
    low: float = -math.inf  # of a channel: what its listener hears at least, whatever is said
    high: float = math.inf

    @property
    def is_share(self) -> bool:
        """Whether it is a part of something, or a chance, and so lies between 0 and 1."""
        return bool(SHARE.fullmatch(self.unit))


def state(unit: str, why: str, by: str = "country", cost: bool = False) -> Quantity:
    return Quantity(unit, why, by, cost)


def channel(
    unit: str, why: str, by: str = "country", low: float = -math.inf, high: float = math.inf
) -> Quantity:
    """A channel. What is said is heard within low and high, and no dated event may say more.

    The bounds are wide: outside of them no number makes sense.
    """
    return Quantity(unit, why, by, low=low, high=high)


@dataclass(frozen=True)
class Mechanism:
    name: str
    step: Callable
    start: Callable
    params: type
    reads: tuple[str, ...]
    owns: Mapping[str, Quantity]
    opens: Mapping[str, Quantity]
    adds: tuple[str, ...]
    cites: tuple[str, ...]
    doc: str
    file: str

    @property
    def parameters(self) -> dict[str, Parameter]:
        return {
            f.name: Parameter(self.name, f.name, f.default, **f.metadata)
            for f in dataclasses.fields(self.params)
        }


@dataclass(frozen=True)
class NoParameters:
    """The parameter sheet of a mechanism without parameters."""


REGISTRY: dict[str, Mechanism] = {}
BUILT_IN = (
    "adversary",
    "broker",
    "citizens",
    "elites",
    "events",
    "media",
    "negotiation",
    "programme",
    "proxies",
    "ruler",
    "security",
    "treasury",
)


def mechanism(
    *,
    params: type = NoParameters,
    start: Callable = lambda p, place, draw: {},
    reads: Sequence[str] = (),
    owns: Mapping[str, Quantity] | None = None,
    opens: Mapping[str, Quantity] | None = None,
    adds: Sequence[str] = (),
    cites: Sequence[str] = (),
):
    """Register a step under the name of its function.

    reads: states of others that it looks at.  owns: states that it alone writes.  opens: channels
    that it listens to. adds: channels of others that it speaks into.  cites: keys of refs.bib.
    `start` sees the parameters with the choices of the status quo, so that a patch of a choice
    takes effect on day 1; it may also return "memory", a dict that only this mechanism sees
    (`see.memory`) and may change in place. A mechanism that is taken out or fed nothing must leave
    the others' luck unchanged: draw by name.
    """

    def register(step: Callable) -> Callable:
        file = inspect.getsourcefile(step) or "?"
        found = Mechanism(
            step.__name__,
            step,
            start,
            params,
            tuple(reads),
            dict(owns or {}),
            dict(opens or {}),
            tuple(adds),
            tuple(cites),
            written(inspect.getmodule(step)) or written(step),
            file,
        )
        faults = _declaration_faults(found)
        known = REGISTRY.get(found.name)
        if known and Path(known.file).resolve() != Path(file).resolve():
            faults.append(
                f"the name '{found.name}' is already that of {known.file}; give the function another name."
            )
        if faults:
            raise Fault(faults, f"Mechanism '{found.name}' ({file}) is not declared well:")
        REGISTRY[found.name] = found
        return step

    return register


def _declaration_faults(m: Mechanism) -> list[str]:
    faults = []
    for p in m.parameters.values():
        if p.grade not in GRADES:
            faults.append(
                f"{p.key} has grade '{p.grade}'; allowed: {', '.join(GRADES)}.{near(p.grade, GRADES)}"
            )
        if p.source is None and p.grade != "judgement":
            faults.append(
                f"{p.key} has no source, so its grade must be 'judgement', not '{p.grade}'."
            )
        if p.options and p.default not in p.options:
            faults.append(f"{p.key} = '{p.default}' is none of its options {', '.join(p.options)}.")
        if not p.options and not p.low <= p.default <= p.high:
            faults.append(f"{p.key} = {p.default} lies outside its own range {p.low} to {p.high}.")
        if p.log and p.low <= 0:
            faults.append(
                f"{p.key} is drawn on a log scale, so its low end must be above 0, not {p.low}."
            )
    for name, q in {**m.owns, **m.opens}.items():
        if q.by not in AXES:
            faults.append(
                f"'{name}' is given by '{q.by}'; allowed: {', '.join(AXES)}.{near(q.by, AXES)}"
            )
        if not q.low <= 0.0 <= q.high:
            faults.append(
                f"'{name}' has the bounds {q.low} to {q.high}, which leave out 0: "
                "what is heard when nobody speaks."
            )
    return faults


def find(name: str) -> Mechanism:
    """The mechanism of that name; the built-in ones are imported when first asked for."""
    if name not in REGISTRY and name in BUILT_IN:
        importlib.import_module(f".mechanisms.{name}", __package__)
    if name not in REGISTRY:
        raise Fault(
            f"there is no mechanism '{name}'; built in: {', '.join(BUILT_IN)}.{near(name, BUILT_IN)}"
        )
    return REGISTRY[name]


def load_file(path: str | Path) -> str:
    """Run a user's mechanism file, named by the user on the command line or in Python, and return
    the mechanism's name.
    """
    path = Path(path).resolve()
    if path.is_dir():
        raise Fault(f"mechanism file {path} is a folder; name the Python file in it.")
    if not path.is_file():
        raise Fault(f"mechanism file {path} does not exist.")
    if path.suffix != ".py":
        raise Fault(f"mechanism file {path} is no Python file; its name must end in .py.")
    for m in REGISTRY.values():
        if Path(m.file).resolve() == path:
            return m.name
    before = set(REGISTRY)
    spec = importlib.util.spec_from_file_location(f"thermidor_user_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Fault:
        raise
    except Exception as e:
        raise Fault(f"mechanism file {path} could not be run: {type(e).__name__}: {e}") from e
    new = sorted(set(REGISTRY) - before)
    if len(new) != 1:
        raise Fault(
            f"mechanism file {path} registers {len(new)} mechanisms ({', '.join(new) or 'none'}); it must register one."
        )
    return new[0]
