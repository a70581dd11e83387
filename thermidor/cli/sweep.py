"""The verb `sweep`: a scenario varied over a design."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..support.faults import Fault
from ..terminal.interrupt import Interrupted
from ..terminal.options import (
    BeliefsFile,
    DesignName,
    KeepOfDesign,
    Outcomes,
    Over,
    Points,
    Reference,
    RunsEach,
)
from ..terminal.progress import progress
from ..terminal.show import show
from ..terminal.streams import say
from . import parts
from .options import Options
from .scenario import GOES_ON, RESULTS, command, loaded

if TYPE_CHECKING:
    from ..study.design.sweep import Sweep
    from ..study.design.told import Told

MOST_ROWS = 40  # points that are printed
MOST_KEYS = 6  # parameters that are printed
MOST_TOLD = 4  # outcomes beside them


def sweep(
    scenario: Reference,
    options: Options,
    over: Over = None,
    design: DesignName = "full",
    points: Points = None,
    runs: RunsEach = 20,
    outcome: Outcomes = None,
    keep: KeepOfDesign = None,
    beliefs: BeliefsFile = None,
) -> None:
    """Vary levers and assumptions over a design, every point on the same luck: a table of points
    with outcomes and their intervals, and a picture.

    Examples:

        thermidor sweep iran-2025 --over broker.pressure=0:1:11 --over treasury.price=60,70,80

        thermidor sweep iran-2025 --over security.crowd_half --over elites.coup_memory --design lhs

        thermidor sweep iran-2025 --over broker.pressure --design one-at-a-time --runs 50 --json

        thermidor sweep iran-2025 --over security.crowd_half --over elites.noise --design saltelli
    """
    from .. import api
    from ..study.engines.planned import expected

    o, made = options, loaded(scenario, options, beliefs=beliefs)
    made = made if o.citizens else api.fewer(made)
    how: dict[str, Any] = {
        "design": design,
        "points": points,
        "runs": runs,
        "fixed": o.fixed,
        "keep": keep,
        "command": command(),
        **o.how,
    } | {k: v for k, v in parts.means(o).items() if k != "shard"}
    held = sorted(k for k in (x.partition("=")[0].strip() for x in o.set_ or []))
    asked = api.sweep_plan(made, over or (), held=held, **how, out=o.out or RESULTS)
    assert asked.design
    name = f"{api.study_folder(made, o.seed, o.fixed)}-sweep-{asked.design.hash[:8]}"
    folder = o.out or RESULTS / (name if asked.keep == asked.design.keeps else f"{name}-{keep}")
    design_points = len(asked.design)
    asked = api.in_shard(asked.of(asked.scenario, folder=folder), o.shard)
    for note in api.sweep_notes(asked):
        say(f"thermidor: note: {note}")
    if o.plan:
        parts.say_planned(asked, o.as_json)
        return
    kept_in = f"What is finished is kept in {folder}. {GOES_ON}"
    with progress(
        f"{made.name}: {design_points:,} points of {runs:,} futures",
        quiet=o.as_json,
        kept=kept_in,
        expected=3600 * expected(asked).hours if o.engine == "processes" else None,
    ) as tick:
        found = api.computed(asked, outcome or (), tick)
    if o.shard:
        parts.say_shard(found.study, o.shard, folder, o.as_json)
        return
    for sentence in (*found.study.mended, *found.study.plainly):
        say(f"thermidor: {sentence}")
    if found.status == "stopped":
        raise Interrupted(kept_in)
    pictured = kept(found)
    show(found.to_dict(), o.as_json, lambda: say_sweep(found, pictured))


def kept(found: Sweep) -> str:
    """Write the table and the picture; where they are, in a sentence."""
    from ..study.design.picture import draw

    found.write()
    try:
        return f"{found.path / 'sweep.csv'} holds the table, {draw(found)} the picture."
    except Fault as e:
        return f"{found.path / 'sweep.csv'} holds the table. {e.faults[0]}"


def say_sweep(found: Sweep, pictured: str) -> None:
    """The answer, the points with their outcomes, where they are kept."""
    from ..study.design.design import SALTELLI
    from ..terminal.console import console, escape

    out = console()
    out.print(f"\n[bold]{escape(found.answer())}[/bold]\n")
    shown = found.told[:MOST_TOLD]
    heads = [escape(found.heading(t.outcome)) for t in shown]
    if found.design["kind"] != SALTELLI:
        _say_points(found, shown, heads)
        if costs := found.said_of_costs():
            out.print(escape(costs))
    out.print(escape(pictured), soft_wrap=True)
    out.print(f"Again: {escape(command())}", soft_wrap=True)


def _say_points(found: Sweep, shown: Sequence[Told], heads: Sequence[str]) -> None:
    """A row a point: what it holds, and its outcomes."""
    from .. import wording as words
    from ..terminal.console import console, escape, table

    out, keys = console(), found.keys[:MOST_KEYS]
    rows = table(*(escape(k) for k in keys), *heads)
    for point in range(min(len(found.points), MOST_ROWS)):
        held = found.points.row(point)[1 : 1 + len(keys)]
        rows.add_row(
            *("as it stands" if v is None else escape(_value(v)) for v in held),
            *(_cell(t.told(point), t.apart and point > 0) for t in shown),
        )
    out.print(rows)
    left = len(found.points) - MOST_ROWS, len(found.keys) - MOST_KEYS
    called = "more point", "more parameter"
    more = [words.count(n, word) for n, word in zip(left, called, strict=True) if n > 0]
    if more:
        out.print(f"and {' and '.join(more)}.")
    for t in found.told[1:]:
        if not t.differ and t.needed:
            out.print(
                f"{escape(found.outcomes[t.outcome])}: cannot tell; about "
                f"{words.about(t.needed)} futures at each point would."
            )


def _value(v: Any) -> str:
    return f"{v:g}" if isinstance(v, float) else str(v)


def _cell(x: tuple[float, float, float], apart: bool) -> str:
    """A mean with its interval; a difference with its sign."""
    from .. import wording as words

    value, low, high = ("+" * (apart and v > 0) + words.number(v) for v in x)
    if x[0] != x[0]:
        return "-"
    return value if x[1] != x[1] else f"{value} ({low} to {high})"
