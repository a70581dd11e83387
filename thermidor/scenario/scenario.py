"""A scenario: checked, frozen, hashed. From it a future is drawn; a patch of it is another
scenario.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..declaration.declare import Mechanism
from ..declaration.loading import find, from_source
from ..declaration.parameter import Parameter, scaled
from ..endings import ENDS, judge
from ..engine.columns import Columns
from ..engine.dated import Dated
from ..engine.wiring import Wiring, wire
from ..fitted.posterior import Posterior
from ..fitted.posterior import load as shipped
from ..places.place import AXES, Place
from ..support import numerals
from ..support.faults import Fault, Faults, closest
from . import mentions
from .assumption import Assumption, said
from .file.schema import Claim, ScenarioFile
from .file.sentences import validate
from .file.source import Source
from .file.turns import AT, Turn, parted
from .file.turns import settled as settled_turns
from .machine import Machine
from .machine import faults as machine_faults
from .outlines import LIBRARY, Outlines
from .outlines import read as read_outlines
from .placefile import resolution, settled, size_of
from .sheets import Form, Sheets

SETTINGS = (
    "days",
    "switched_off",
    "start",
    "choices_from",
    "posterior",
)  # what a patch may set besides parameters


def choices_day(file: ScenarioFile) -> int:
    """The last day of the status quo: after it the file's choices and what it switches off hold."""
    return max(0, ((file.choices_from or file.start) - file.start).days - 1)


@dataclass(frozen=True, eq=False)
class Scenario:
    """Everything that a run needs. Equal hashes give equal futures for equal seeds."""

    file: ScenarioFile
    source: Source
    place: Place
    wiring: Wiring
    parameters: Mapping[str, Assumption]
    machine: Machine = Machine()
    added: tuple[Mechanism, ...] = ()  # the user's own
    folder: Path | None = None
    posterior: Posterior | None = None  # what past uprisings say of parameters
    fitted: tuple[str, ...] = ()  # those that are drawn from it
    later: tuple[Turn, ...] = ()  # choices that turn on a day
    notes: tuple[str, ...] = ()  # what is not expected, such as an event that is left out

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def title(self) -> str:
        return self.file.title

    @property
    def start(self) -> dt.date:
        return self.file.start

    @property
    def days(self) -> int:
        return self.file.days

    @property
    def claims(self) -> list[Claim]:
        return self.file.claims

    @property
    def choices_day(self) -> int:
        """The last day of the status quo."""
        return choices_day(self.file)

    @property
    def turns(self) -> tuple[int, ...]:
        """The later days, ascending, from each of which dated choices hold."""
        return tuple(t.day for t in self.later)

    @property
    def dated(self) -> Sequence[Dated]:
        """The dated events."""
        return self.place.dated

    @property
    def silent(self) -> frozenset[str]:
        """Mechanisms that are off on every day."""
        return frozenset() if self.choices_day else self.wiring.off

    @property
    def mechanism_files(self) -> tuple[str, ...]:
        """The files of the user's own mechanisms."""
        return tuple(m.file for m in self.added)

    @cached_property
    def columns(self) -> Columns:
        """The columns in which its futures are recorded."""
        return Columns(self.wiring, self.place.axes)

    @property
    def ends(self) -> Sequence[str]:
        """States one of which is 1 on the day of an ending."""
        return ENDS

    def judge(self, world: Mapping[str, Any]) -> str | None:
        """The ending of a day, or None."""
        return judge(world)

    @property
    def recipe(self) -> tuple[Any, ...]:
        """What `_rebuilt` makes the same scenario of, in another process."""
        return (
            self.source,
            self.machine,
            tuple((m.file, m.source) for m in self.added),
            self.folder,
            self.notes,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, self.recipe

    @cached_property
    def resolved(self) -> dict[str, Any]:
        """The scenario as plain data, in one canonical form."""
        data = self.file.model_dump(mode="json")
        data["mechanisms"] = sorted(data["mechanisms"])
        data["switched_off"] = sorted(data["switched_off"])
        data["parameters"] = {
            k: {"value": a.value, "low": a.low, "high": a.high, "options": list(a.options)}
            for k, a in sorted(self.parameters.items())
        }
        data["status_quo"] = dict(sorted(self.status_quo.items()))
        return data

    @cached_property
    def hash(self) -> str:
        """A fingerprint of what decides a future: place, mechanisms, parameters, events, days.
        Words do not count.
        """
        what = {
            k: self.resolved[k]
            for k in (
                "start",
                "days",
                "mechanisms",
                "switched_off",
                "parameters",
                "status_quo",
                "events",
                "observed",
            )
        }
        if self.choices_day:
            what["choices_from"] = self.resolved["choices_from"]
        if self.later:
            what["turns"] = [[t.day, t.choices] for t in self.later]
        if self.posterior and self.fitted:
            what["posterior"] = [self.posterior.hash, *self.fitted]
        place = {k: v for k, v in self.resolved["place"].items() if k not in ("outlines", "source")}
        files = [m.hash for m in sorted(self.added, key=lambda m: m.file)]
        text = json.dumps([what, place, int(self.place.words.sum()), files], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def draw(self, seed: int, run: int, *, fixed: bool = False) -> tuple[dict[str, Any], ...]:
        """The parameter sheets of one future: each assumption drawn by its own name, so that
        patches change no other draw.

        Parameters that all countries share come as one row of the posterior (its medians if fixed),
        where the file gives none. Those of a mechanism that is switched off are held, but for
        facts: its states stand as on the first day, which facts decide.

        Returns the sheets that it starts from, with the choices of the status quo, those by which
        it goes on, and those of each later day on which choices turn. So a patch of a choice takes
        effect on the first day, or from `choices_from`, and is not taken for the way things always
        were.
        """
        return next(iter(self.draw_many(seed, [run], fixed=fixed)))

    def draw_many(self, seed: int, runs: Sequence[int], *, fixed: bool = False) -> Sheets:
        """The parameter sheets of many futures at once, as `draw` gives those of one."""
        return self._form.draw(seed, runs, fixed=fixed)

    @cached_property
    def _form(self) -> Form:
        return Form(
            self.wiring.mechanisms,
            self.parameters,
            self.posterior,
            self.fitted,
            self.status_quo,
            [t.choices for t in self.later],
        )

    @cached_property
    def status_quo(self) -> dict[str, float]:
        """Choices of the file that defines the place, where this scenario changes them."""
        out = {}
        for key, a in self.parameters.items():
            if a.parameter.role == "choice":
                before = _before(self.source, a.parameter)
                if before != a.value:
                    out[key] = float(before)
        return out

    @cached_property
    def outlines(self) -> Outlines | None:
        """The provinces' outlines, from the file that the scenario names, beside it or else of the
        package; raises Fault.
        """
        name = self.file.place.outlines
        if name is None or self.folder is None:
            return None
        provinces = {r.id: r.name for r in self.file.place.provinces}
        beside = self.folder / name
        own = beside.exists() or beside.is_symlink() or not (LIBRARY / name).is_file()
        return read_outlines(beside if own else LIBRARY / name, provinces)

    def patched(
        self,
        changes: Mapping[str, Any],
        switched_off: str | Sequence[str] = (),
        days: int | None = None,
    ) -> Scenario:
        """The same scenario with parameters set (and then not drawn), mechanisms off, other days.

        Dated events outside of another horizon are left out.
        """
        data = dict(self.source.data)
        given: list[tuple[str, ...]] = []  # given: the entries that the patch sets
        faults = []
        keys = {k: dict(data.get(k) or {}) for k in ("assumptions", "choices")}
        for key, value in changes.items():
            known = self.parameters.get(parted(key)[0])
            if key in SETTINGS:
                data[key] = value
                given.append((key,))
            elif known is None:
                meant = closest(parted(key)[0], [*self.parameters, *SETTINGS])
                faults.append(
                    f"a patch sets '{key}', which is no parameter of this scenario.{meant}"
                )
            else:
                block = f"{known.parameter.role}s"
                keys[block][key] = value
                given.append((block, key))
        if faults:
            raise Fault(faults)
        data |= {k: v for k, v in keys.items() if v}
        if isinstance(switched_off, str):
            switched_off = [switched_off]
        if not isinstance(switched_off, Sequence):
            raise Fault(
                f"switched_off = {switched_off!r} must be the name of a mechanism, "
                "or a list of names."
            )
        if switched_off:
            data["switched_off"] = [*(data.get("switched_off") or []), *switched_off]
            given.append(("switched_off",))
        if days is not None:
            data["days"] = days
            given.append(("days",))
        source = self.source.patched(data, given)
        return build(source, self.machine, self.added, self.folder)

    def sized(self, citizens: int | str | None = None, threads: int | None = None) -> Scenario:
        """The same scenario with another number of agents or threads; nothing is rebuilt."""
        threads = self.machine.threads if threads is None else threads
        faults = Faults(self.source.name)
        agents = self.place.citizens
        if citizens is not None:
            agents = resolution(self.file, self.source, citizens, faults)
        faults += machine_faults(threads)
        if faults:
            raise faults.all()
        sizes = vars(self.place).setdefault("_sizes", {})  # of the place, each made once
        if agents not in sizes:
            sizes[agents] = dataclasses.replace(self.place, citizens=agents)
        made = dataclasses.replace(
            self,
            place=sizes[agents],
            machine=Machine(agents=agents, threads=threads),
        )
        same = {"columns", "resolved"}  # hang on no number of agents, and are not made again
        vars(made).update({k: v for k, v in vars(self).items() if k in same})
        return made

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{m.name}</td><td>{html.escape(m.doc.strip().splitlines()[0])}</td></tr>"
            for m in self.wiring.mechanisms
        )
        head = f"<b>{html.escape(self.title)}</b><br>from {self.start}, {self.days} days"
        return f"<p>{head}</p><table>{rows}</table>"


def _rebuilt(
    source: Source,
    machine: Machine,
    files: Sequence[tuple[str, bytes]],
    folder: Path | None,
    notes: tuple[str, ...],
) -> Scenario:
    """A scenario from its recipe."""
    made = build(source, machine, [from_source(*f) for f in files], folder)
    return dataclasses.replace(made, notes=notes)


def build(
    source: Source,
    machine: Machine = Machine(),  # noqa: B008 (frozen)
    added: Sequence[Mechanism] = (),
    folder: Path | None = None,
) -> Scenario:
    """Check what the schema cannot: wiring, parameters and their ranges, dates, claims. All faults
    at once.
    """
    own = {m.name: m for m in added}
    listed = source.data.get("mechanisms")
    if own and isinstance(listed, list):
        source = source.changed(
            source.data | {"mechanisms": [*listed, *(n for n in own if n not in listed)]}
        )
    faults = Faults(source.name)
    faults += source.faults
    file = validate(source, faults)
    try:
        wiring = wire(_named(file.mechanisms, own), file.switched_off, AXES)
    except Fault as e:
        for f in e.faults:
            word = "switched_off" if "is switched off" in f else "mechanisms"
            faults.append(f"{source.where((word,))}: {f}")
        raise faults.all() from e
    size = size_of(file)
    known = {p.key: scaled(p, size) for m in wiring.mechanisms for p in m.parameters.values()}
    parameters = {
        k: Assumption(
            p,
            p.default,
            p.default if p.fact else p.low,
            p.default if p.fact else p.high,
            p.source,
            p.grade,
            p.why,
            (p.default,) if p.options else (),
        )
        for k, p in sorted(known.items())
    }
    for block, role in (("assumptions", "assumption"), ("choices", "choice")):
        for key, entry in getattr(file, block).items():
            if AT in key:
                continue
            where = source.where((block, key))
            p = known.get(key)
            if p is None:
                faults.append(
                    f"{where}: {block} has '{key}', which is no parameter of these mechanisms."
                    f"{closest(key, list(known))}"
                )
            elif p.role != role:
                kind = "a choice" if p.role == "choice" else "an assumption"
                faults.append(f"{where}: '{key}' is {kind}; move it to '{p.role}s'.")
            else:
                parameters[key] = said(parameters[key], entry, where, faults)
    for key, p in known.items():
        if p.role == "choice" and type(_before(source, p)) not in (int, float):
            faults.append(
                f"{source.file('place')}: {key} = {_before(source, p)!r}, "
                f"from which a later file departs, must be a number ({p.unit})."
            )
    notes: list[str] = []
    later = settled_turns(file, source, parameters, choices_day(file), faults, notes)
    faults += machine_faults(machine.threads)
    place = settled(file, source, machine.agents, wiring, faults, notes)
    if not choices_day(file):  # else what is switched off runs until then
        parameters |= {
            k: dataclasses.replace(a, off=True)
            for k, a in parameters.items()
            if a.parameter.mechanism in wiring.off
        }
    mentions.check(file, source, wiring, parameters, place, faults)
    if faults:
        raise faults.all()
    posterior = shipped() if file.posterior else None
    keys = posterior.keys if posterior else ()
    fitted = tuple(k for k in keys if k in known and k not in file.assumptions)
    assert place is not None
    return Scenario(
        file=file,
        source=source,
        place=place,
        wiring=wiring,
        parameters=parameters,
        machine=dataclasses.replace(machine, agents=place.citizens),
        added=tuple(added),
        folder=folder,
        posterior=posterior if fitted else None,
        fitted=fitted,
        later=later,
        notes=tuple(notes),
    )


def _named(names: Sequence[str], added: Mapping[str, Mechanism]) -> list[Mechanism]:
    """The mechanisms of these names; raises a Fault for all that do not exist."""
    found, faults = [], []
    for name in names:
        try:
            found.append(find(name, added))
        except Fault as e:
            faults += e.faults
    if faults:
        raise Fault(faults)
    return found


def _before(source: Source, p: Parameter) -> Any:
    """A choice as it stood in the file that defines the place."""
    entry = source.status_quo.get(p.key)
    value = numerals.number(entry.get("value") if isinstance(entry, dict) else entry)
    return p.default if value is None else value
