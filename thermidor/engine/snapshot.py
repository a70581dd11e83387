"""A future as it stands at the end of a day: to keep it on disk, to go on from it, to branch from
it.

What mechanisms remember in numbers, arrays, dicts and named tuples of arrays is state, and is kept;
plain tuples, texts and the place are constant, and `start` makes them again. So a future that was
kept and taken up is the same, bit for bit, as one that was never put down. The file is a NumPy
archive without pickled objects: reading one runs no code.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..chance.draws import Draw
from ..declaration.declare import Mechanism
from ..support.faults import Fault
from .model import Model, Sheets
from .pools import check_memory
from .record import Record
from .returned import Declared, check_shapes, declared
from .wiring import freeze, silence


class Damaged(Fault):
    """A kept future that cannot be taken up."""


class Starts:
    """What mechanisms started from in the last futures: one of the same luck and assumptions of its
    own starts from the same, whatever is assumed of the others. Not for several threads at once;
    what is remembered must be copied before it changes.
    """

    MOST = 2_000  # of a mechanism in a future

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, Any] = OrderedDict()

    def of(
        self, m: Mechanism, place: Any, sheet: Any, draw: Draw, may: Declared
    ) -> tuple[dict[str, Any], Any]:
        """The states of day 0 of a mechanism, and what it remembers."""
        key = id(m), draw.base, sheet, id(place)
        if key not in self._kept:  # with both, or their ids might recur
            self._kept[key] = (*_started(m, place, sheet, draw, may), m, place)
            if len(self._kept) > self.MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        states, memory, *_ = self._kept[key]
        return states, memory


def _started(
    m: Mechanism, place: Any, sheet: Any, draw: Draw, may: Declared
) -> tuple[dict[str, Any], Any]:
    states = dict(m.start(sheet, place, draw))
    memory = states.pop("memory", None)
    check_memory(memory, m.name)
    check_shapes(m, states, may)
    return states, memory


def first_day(
    model: Model,
    may: Mapping[str, Declared],
    sheets: Sheets,
    luck: Mapping[str, Draw],
    known: Starts | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The states of day 0, and what each mechanism remembers; may: what each may return.  known:
    from which it is taken where it is there.

    Raises a Fault for a memory that the compiled loop could not hold.
    """
    states: dict[str, Any] = {}
    memory, start = {}, known.of if known else _started
    for m in model.wiring.mechanisms:
        name = m.name
        own, memory[name] = start(m, model.place, sheets[name], luck[name], may[name])
        states |= own
    return states, memory


@dataclass
class Snapshot:
    """The world, what each mechanism remembers and what was recorded, after `day` days of future
    `run`.
    """

    seed: int
    run: int
    day: int
    now: dict[str, Any]
    memory: dict[str, Any]
    record: Record

    @classmethod
    def first(
        cls,
        model: Model,
        seed: int,
        run: int,
        sheets: Sheets,
        luck: Mapping[str, Draw],
    ) -> Snapshot:
        """Day 0: every mechanism starts from its parameters."""
        wiring, columns = model.wiring, model.columns
        may = {m.name: declared(m, columns) for m in wiring.mechanisms}
        now: dict[str, Any] = {c: silence(columns.shapes[c]) for c in wiring.channels}
        states, memory = first_day(model, may, sheets, luck)
        now |= {k: freeze(v) for k, v in states.items()}
        return cls(seed, run, 0, now, memory, Record(columns, model.place.weights, model.days, now))

    def arrays(self) -> dict[str, np.ndarray]:
        """All that changes, by path."""
        out: dict[str, np.ndarray] = {}
        for branch, tree in (
            ("now", self.now),
            ("memory", self.memory),
            ("record", self.record.kept(self.day)),
        ):
            _flatten(tree, branch, out)
        return out

    def save(self, path: Path, what: str) -> None:
        """Write to a file. what: fingerprint of the scenario, so that no other takes it up."""
        head = json.dumps(
            {
                "what": what,
                "seed": self.seed,
                "run": self.run,
                "day": self.day,
                "happened": self.record.happened,
            }
        )
        with open(path, "wb") as file:
            np.savez(file, **(self.arrays() | {"head": np.array(head)}))  # type: ignore[arg-type]

    def restored(self, path: Path, what: str) -> Snapshot:
        """The moment in a file, on top of the first day of the same future."""
        try:
            with np.load(path, allow_pickle=False) as saved:
                arrays = {k: saved[k] for k in saved.files}
                head = json.loads(str(arrays.pop("head")))
            known = {"what": what, "seed": self.seed, "run": self.run}
            if any(head[k] != v for k, v in known.items()):
                raise ValueError("it belongs to another study")
            return self._with(arrays, head["day"], [tuple(h) for h in head["happened"]])
        except Exception as e:  # whatever damaged bytes make of themselves while they are read
            raise Damaged(
                f"{path} is no future that can be taken up ({e}); "
                "remove it and run the same command again."
            ) from e

    def over(self, past: Snapshot) -> Snapshot:
        """A past, on top of the first day of the future that goes on from it; the past itself stays
        as it is.
        """
        return self._with(
            {k: v.copy() for k, v in past.arrays().items()}, past.day, list(past.record.happened)
        )

    def _with(self, arrays: Mapping[str, np.ndarray], day: int, happened: list[Any]) -> Snapshot:
        self.now = {k: freeze(v) for k, v in _overlaid(self.now, "now", arrays).items()}
        self.memory, self.day = _overlaid(self.memory, "memory", arrays), day
        self.record.take_up(
            {k.partition("/")[2]: v for k, v in arrays.items() if k.startswith("record/")},
            day,
            happened,
            self.now,
        )
        return self


def _flatten(x: Any, path: str, out: dict[str, np.ndarray]) -> None:
    if isinstance(x, dict):
        for k, v in x.items():
            _flatten(v, f"{path}/{k}", out)
    elif hasattr(x, "_fields"):  # a NamedTuple
        _flatten(x._asdict(), path, out)
    elif isinstance(x, (np.ndarray, np.generic, int, float)):
        out[path] = np.asarray(x)
    elif not (x is None or isinstance(x, (str, tuple)) or _is_frozen(x)):
        raise Fault(
            f"{path.partition('/')[2]} is a {type(x).__name__}; "
            "a future that is kept holds numbers, arrays and dicts."
        )


def _is_frozen(x: Any) -> bool:
    """Whether it is constant, like the place, so that `start` makes it again."""
    declared = getattr(x, "__dataclass_params__", None)
    return declared is not None and declared.frozen


def _overlaid(x: Any, path: str, arrays: Mapping[str, np.ndarray]) -> Any:
    """x with what was kept under its path."""
    if isinstance(x, dict):
        new = {k: _overlaid(v, f"{path}/{k}", arrays) for k, v in x.items()}
        below = (k[len(path) + 1 :] for k in arrays if k.startswith(path + "/"))
        return new | {k: arrays[f"{path}/{k}"][()] for k in below if k not in new and "/" not in k}
    if hasattr(x, "_fields"):
        return type(x)(**{k: _overlaid(v, f"{path}/{k}", arrays) for k, v in x._asdict().items()})
    if path not in arrays:
        return x
    return arrays[path] if isinstance(x, np.ndarray) else type(x)(arrays[path][()])
