"""A scenario: checked, frozen, hashed. From it a future is drawn; a patch of it is another scenario."""
from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import html
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from .draws import Draw
from .faults import Fault, closest, near
from .mechanism import Parameter, load_file
from .places import Place
from .places.place import FEWEST_WORDS
from .posterior import load as posterior
from .scenariofile import Source, found, gather, locate, validate
from .schema import Event, ScenarioFile, Sourced
from .world import Wiring, wire

MOST_CITIZENS = 2_000_000_000
SETTINGS = ("days", "switched_off", "start", "choices_from", "posterior")  # what a patch may set besides parameters


@dataclass(frozen=True)
class Assumption:
    """A parameter as this scenario holds it: value, range, evidence, and whether it is drawn."""

    parameter: Parameter
    value: Any
    low: Any
    high: Any
    source: str | None
    grade: str
    why: str
    options: tuple[str, ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether futures differ in it."""
        return self.parameter.role == "assumption" and (len(self.options) > 1 or (not self.parameter.options and self.low < self.high))

    def at(self, u: float) -> Any:
        """The value at quantile u of a triangular distribution over the range, peaked at the value."""
        if self.options:
            return self.options[min(len(self.options) - 1, int(u * len(self.options)))]
        low, mode, high = self.low, self.value, self.high
        if self.parameter.log:
            low, mode, high = math.log(low), math.log(mode), math.log(high)
        split = (mode - low) / (high - low)
        x = low + math.sqrt(u * (high - low) * (mode - low)) if u < split else high - math.sqrt((1 - u) * (high - low) * (high - mode))
        return math.exp(x) if self.parameter.log else x


@dataclass(frozen=True, eq=False)
class Scenario:
    """Everything that a run needs. Equal hashes give equal futures for equal seeds."""

    file: ScenarioFile
    source: Source
    place: Place
    wiring: Wiring
    parameters: Mapping[str, Assumption]
    mechanism_files: tuple[str, ...] = ()
    folder: Path | None = None
    fitted: tuple[str, ...] = ()  # parameters drawn from what past uprisings say of them

    name = property(lambda self: self.file.name)
    title = property(lambda self: self.file.title)
    start = property(lambda self: self.file.start)
    days = property(lambda self: self.file.days)
    choices_day = property(lambda self: max(0, ((self.file.choices_from or self.start) - self.start).days - 1))  # last day of the status quo
    claims = property(lambda self: self.file.claims)

    @cached_property
    def resolved(self) -> dict[str, Any]:
        """The scenario as plain data, in one canonical form."""
        data = self.file.model_dump(mode="json")
        data["mechanisms"] = sorted(data["mechanisms"])
        data["switched_off"] = sorted(data["switched_off"])
        data["parameters"] = {k: {"value": a.value, "low": a.low, "high": a.high, "options": list(a.options)}
                              for k, a in sorted(self.parameters.items())}
        data["status_quo"] = dict(sorted(self.status_quo.items()))
        return data

    @cached_property
    def hash(self) -> str:
        """A fingerprint of what decides a future: place, mechanisms, parameters, events, days. Words do not count."""
        what = {k: self.resolved[k] for k in ("start", "days", "mechanisms", "switched_off", "parameters", "status_quo", "events", "observed")}
        if self.choices_day:
            what["choices_from"] = self.resolved["choices_from"]
        if self.fitted:
            what["posterior"] = [posterior().hash, *self.fitted]
        place = {k: v for k, v in self.resolved["place"].items() if k not in ("outlines", "source")}
        files = [hashlib.sha256(Path(f).read_bytes()).hexdigest() for f in sorted(self.mechanism_files)]
        text = json.dumps([what, place, int(self.place.words.sum()), files], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def draw(self, seed: int, run: int, *, fixed: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
        """The parameter sheets of one future: each assumption drawn by its own name, so that patches change no other draw.

        Parameters that all countries share come as one row of the posterior (its medians if fixed), where the file gives none.

        Returns the sheets that it starts from, with the choices of the status quo, and those by which it goes on. So a patch of
        a choice takes effect on the first day, or from `choices_from`, and is not taken for the way things always were.
        """
        luck = Draw(seed, run, "assumptions")
        sheets: dict[str, dict[str, Any]] = {m.name: {} for m in self.wiring.mechanisms}
        learnt = {k: posterior().quantiles[k][1] for k in self.fitted} if fixed else posterior().row(luck.uniform("posterior")) if self.fitted else {}
        for key, a in self.parameters.items():
            value = learnt[key] if key in self.fitted else a.value if fixed or not a.drawn else a.at(luck.uniform(key))
            sheets[a.parameter.mechanism][a.parameter.name] = value
        now = {m.name: m.params(**sheets[m.name]) for m in self.wiring.mechanisms}
        for key, value in self.status_quo.items():
            p = self.parameters[key].parameter
            sheets[p.mechanism][p.name] = value
        return {m.name: m.params(**sheets[m.name]) for m in self.wiring.mechanisms}, now

    @cached_property
    def status_quo(self) -> dict[str, float]:
        """Choices of the file that defines the place, where this scenario changes them."""
        out = {}
        for key, a in self.parameters.items():
            if a.parameter.role == "choice":
                entry = self.source.status_quo.get(key, a.parameter.default)
                before = entry.get("value", a.parameter.default) if isinstance(entry, dict) else entry
                if before != a.value:
                    out[key] = float(before)
        return out

    def patched(self, changes: Mapping[str, Any], switched_off: Sequence[str] = (), days: int | None = None) -> Scenario:
        """The same scenario with parameters set (and then not drawn), mechanisms switched off, or another horizon."""
        data = dict(self.source.data)
        faults = []
        keys = {k: dict(data.get(k) or {}) for k in ("assumptions", "choices")}
        for key, value in changes.items():
            if key in SETTINGS:
                data[key] = value
                continue
            p = self.parameters.get(key)
            if p is None:
                faults.append(f"a patch sets '{key}', which is no parameter of this scenario.{closest(key, [*self.parameters, *SETTINGS])}")
            else:
                keys["choices" if p.parameter.role == "choice" else "assumptions"][key] = value
        if faults:
            raise Fault(faults)
        data |= {k: v for k, v in keys.items() if v}
        if switched_off:
            data["switched_off"] = [*(data.get("switched_off") or []), *switched_off]
        if days is not None:
            data["days"] = days
        source = self.source.changed(data)
        return build(source, self.place.citizens, self.place.threads, self.mechanism_files, self.folder)

    def sized(self, citizens: int | str | None = None, threads: int | None = None) -> Scenario:
        """The same scenario with another number of agents or threads."""
        return build(self.source, citizens if citizens is not None else self.place.citizens,
                     threads if threads is not None else self.place.threads, self.mechanism_files, self.folder)

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{m.name}</td><td>{html.escape(m.doc.strip().splitlines()[0])}</td></tr>" for m in self.wiring.mechanisms)
        return f"<p><b>{html.escape(self.title)}</b><br>from {self.start}, {self.days} days</p><table>{rows}</table>"


def load(reference: str | Path, *, citizens: int | str | None = None, threads: int = 0, mechanism_files: Sequence[str | Path] = ()) -> Scenario:
    """Read, check and freeze a scenario.

    reference: name of a scenario that comes with the package, or a path.  citizens: agents, or "full" for one a person; as the
    scenario suggests if left out.  threads: inside one future; 0 chooses.
    mechanism_files: Python files with mechanisms of your own; naming them here runs them.
    Raises Fault with everything that is wrong.
    """
    source = gather(reference)
    return build(source, citizens, threads, tuple(str(f) for f in mechanism_files), locate(reference).resolve().parent)


def build(source: Source, citizens: int | str | None, threads: int, mechanism_files: tuple[str, ...], folder: Path | None) -> Scenario:
    """Check what the schema cannot: wiring, parameters and their ranges, dates, claims. All faults at once."""
    added = [load_file(f) for f in mechanism_files]
    listed = source.data.get("mechanisms")
    if added and isinstance(listed, list):
        source = source.changed(source.data | {"mechanisms": [*listed, *(a for a in added if a not in listed)]})
    file, faults = validate(source)
    try:
        wiring = wire(file.mechanisms, file.switched_off)
    except Fault as e:
        where = {word: source.where((word,)) for word in ("mechanisms", "switched_off")}
        fit = [f"{where['switched_off' if 'is switched off' in f else 'mechanisms']}: {f}" for f in e.faults]
        raise found(source.name, faults + fit) from e
    known = {p.key: p for m in wiring.mechanisms for p in m.parameters.values()}
    parameters = {k: Assumption(p, p.default, p.default if p.fact else p.low, p.default if p.fact else p.high, p.source, p.grade, p.why,
                                (p.default,) if p.options else ()) for k, p in sorted(known.items())}
    for block, role in (("assumptions", "assumption"), ("choices", "choice")):
        for key, entry in getattr(file, block).items():
            where = source.where((block, key))
            p = known.get(key)
            if p is None:
                faults.append(f"{where}: {block} has '{key}', which is no parameter of these mechanisms.{closest(key, list(known))}")
            elif p.role != role:
                faults.append(f"{where}: '{key}' is {'a choice' if p.role == 'choice' else 'an assumption'}; move it to '{p.role}s'.")
            else:
                parameters[key] = _entry(parameters[key], entry, where, faults)
    of_place: list[str] = []
    place = _place(file, source, citizens if citizens is not None else file.suggest.citizens, threads, wiring, of_place)
    faults += of_place
    _references(file, source, wiring, known, place, faults)
    if faults:
        raise found(source.name, faults)
    learnt = posterior()
    fitted = tuple(k for k in learnt.keys if k in known and k not in file.assumptions) if learnt and file.posterior else ()
    return Scenario(file, source, place, wiring, parameters, mechanism_files, folder, fitted)


def _entry(a: Assumption, entry: Any, where: str, faults: list[str]) -> Assumption:
    """A parameter with what the file says of it. A bare number fixes it; a row keeps the declared range unless it gives one."""
    p = a.parameter
    row = entry if isinstance(entry, Sourced) else Sourced(value=entry)
    bare = not isinstance(entry, Sourced)
    if row.unit is not None and row.unit != p.unit:
        faults.append(f"{where}: {p.key} is in '{p.unit}', not '{row.unit}'; convert the number and give the declared unit.")
    if row.source is None and row.grade not in (None, "judgement") and a.source is None:
        faults.append(f"{where}: {p.key} has grade '{row.grade}' without a source; name one of refs.bib or grade it 'judgement'.")
    if p.options:
        options = (str(row.value),) if row.value is not None else tuple(row.among or a.options)
        for o in options:
            if o not in p.options:
                faults.append(f"{where}: {p.key} = '{o}'; allowed: {', '.join(p.options)}.{near(o, p.options)}")
        return dataclasses.replace(a, value=options[0], options=options, source=row.source or a.source, grade=row.grade or a.grade, why=row.why or a.why)
    value = a.value if row.value is None else row.value
    low, high = (value, value) if bare else (row.low if row.low is not None else min(a.low, value) if isinstance(value, (int, float)) else a.low,
                                             row.high if row.high is not None else max(a.high, value) if isinstance(value, (int, float)) else a.high)
    for word, x in (("value", value), ("low", low), ("high", high)):
        if not isinstance(x, (int, float)):
            faults.append(f"{where}: {p.key} {word} = {x!r} must be a number ({p.unit}).")
            return a
        if not p.low <= x <= p.high and (word == "value" or not bare) and not (row.low is not None and row.high is not None and row.source):
            faults.append(f"{where}: {p.key} {word} = {x} lies outside {p.low} to {p.high} {p.unit} ({p.why}); "
                          "give a number inside, or a row with low, high and source.")
            return a
    if not low <= value <= high:
        faults.append(f"{where}: {p.key} = {value} lies outside its own range {low} to {high}.")
        return a
    if p.log and low <= 0:
        faults.append(f"{where}: {p.key} low = {low}; it is drawn on a logarithmic scale and must be above 0.")
        return a
    return dataclasses.replace(a, value=float(value), low=float(low), high=float(high), source=row.source or a.source,
                               grade=row.grade or a.grade, why=row.why or a.why)


def _place(file: ScenarioFile, source: Source, citizens: int | str, threads: int, wiring: Wiring, faults: list[str]) -> Place | None:
    rows, where = file.place.provinces, source.where(("place",))
    ids = [r.id for r in rows]
    for k, r in enumerate(rows):
        at = source.where(("place", "provinces", k))
        if ids.count(r.id) > 1 and ids.index(r.id) != k:
            faults.append(f"{at}: province id '{r.id}' is given twice.")
        if r.children + r.young + r.old > 1:
            faults.append(f"{at}: shares of children, young and old in {r.name} sum to {r.children + r.young + r.old:.2f}; at most 1.")
    if file.place.capital not in ids:
        faults.append(f"{where}: capital '{file.place.capital}' is no province id.{near(file.place.capital, ids)}")
    for a, b in file.place.neighbours:
        for i in (a, b):
            if i not in ids:
                faults.append(f"{source.where(('place', 'neighbours'))}: neighbour '{i}' is no province id.{near(i, ids)}")
    last = file.start + dt.timedelta(days=file.days)
    if file.choices_from and not file.start <= file.choices_from < last:
        faults.append(f"{source.where(('choices_from',))}: choices_from = {file.choices_from} must lie between {file.start} and the day before {last}.")
    people = sum(r.population for r in rows)
    fewest = 64 * FEWEST_WORDS * len(rows)
    if citizens == "full":
        citizens = round(people)
    if not isinstance(citizens, int) or isinstance(citizens, bool):
        faults.append(f"citizens = {citizens!r} must be a whole number or 'full'.")
    elif not fewest <= citizens <= MOST_CITIZENS:
        faults.append(f"citizens = {citizens} must lie between {fewest} ({64 * FEWEST_WORDS} for each of {len(rows)} provinces) and {MOST_CITIZENS}.")
    if threads < 0:
        faults.append(f"threads = {threads} must be at least 1, or 0 to have them chosen.")
    if faults:
        return None
    columns = {c: np.array([getattr(r, c) for r in rows], float) for c in ("population", "children", "young", "old", "minority", "unemployment")}
    place = Place(file.place.country, tuple(ids), tuple(r.name for r in rows), **columns, capital=ids.index(file.place.capital),
                  neighbours=tuple((a, b) for a, b in file.place.neighbours), front_rows=tuple(file.place.fronts),
                  citizens=citizens, threads=threads, record=tuple(file.observed))
    dated = []
    for k, e in enumerate(file.events):
        event = _event(e, source.where(("events", k)), file, wiring, place, faults)
        if event:
            dated.append(event)
    return dataclasses.replace(place, dated=tuple(dated))


def _event(e: Event, where: str, file: ScenarioFile, wiring: Wiring, place: Place, faults: list[str]) -> tuple | None:
    before = len(faults)
    if (e.date is None) == (e.day is None):
        faults.append(f"{where}: event '{e.what}' needs either a date or a day.")
        return None
    day = e.day if e.day is not None else (e.date - file.start).days
    if e.date is not None and not 1 <= day <= file.days:
        last = file.start + dt.timedelta(days=file.days)
        faults.append(f"{where}: event '{e.what}' on {e.date} is outside the run, which goes from the day after {file.start} to {last}.")
    q = wiring.channels.get(e.into)
    if "events" not in wiring.owner.values():
        faults.append(f"{where}: dated events need the mechanism 'events'; add it to mechanisms.")
    elif q is None:
        faults.append(f"{where}: event '{e.what}' speaks into '{e.into}', which no mechanism here listens to.{near(e.into, wiring.channels)}")
    elif wiring.listener[e.into] == "events":
        faults.append(f"{where}: event '{e.what}' speaks into '{e.into}', which is the channel of events itself.")
    elif e.where is not None:
        members = place.axes.get(q.by, ())
        if e.where not in members:
            allowed = ", ".join(map(str, members)) or "nothing, it is one number"
            faults.append(f"{where}: '{e.where}' is no member of {q.by}; allowed: {allowed}.{near(e.where, members)}")
    if len(faults) > before:
        return None
    value: Any = float(e.value)
    shape = place.sizes[q.by]
    if shape:
        value = np.full(shape, value) if e.where is None else value * (np.array(place.axes[q.by]) == e.where)
    return day, day + e.days - 1, e.into, value, e.what


def _references(file: ScenarioFile, source: Source, wiring: Wiring, known: Mapping[str, Parameter], place: Place | None, faults: list[str]) -> None:
    """Parts, observed choices and claims name things that exist."""
    from .mechanisms.ruler import ABROAD, HOME
    for k, r in enumerate(file.observed):
        names = HOME if r.track == "home" else ABROAD
        if r.choice not in names:
            faults.append(f"{source.where(('observed', k))}: choice '{r.choice}' {r.track}; allowed: {', '.join(names)}.{near(r.choice, names)}")
    for k, part in enumerate(file.parts):
        for words, table in ((part.states, wiring.states), (part.channels, wiring.channels), (part.parameters, known)):
            faults += [f"{source.where(('parts', k))}: part {part.id} names '{w}', which does not exist.{closest(w, list(table))}"
                       for w in words if w not in table]
    if place is not None:
        from .outcomes import claim_faults
        for k, claim in enumerate(file.claims):
            faults += [f"{source.where(('claims', k))}: claim {claim.id} {f}" for f in claim_faults(claim, wiring, known, place)]
