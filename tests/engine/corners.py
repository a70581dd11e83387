"""Futures in the corners of the ledger: every parameter at an end of its declared range, in odd
places, with the loudest events that a scenario may hold. Whatever happens there, a share is a share
and nobody is counted twice.

    python -m tests.engine.corners 300 --seed 1 --days 60
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.conftest import SMALL, write
from thermidor.engine.simulate import simulate
from thermidor.mechanism import Parameter
from thermidor.scenario.load import load
from thermidor.scenario.scenario import Scenario

SHARES = ("share", "chance", "0 or 1")
STOCKS = (
    "persons",
    "person-days",
    "count",
    "expected count",
    "days",
    "days per head",
    "years",
    "strikes",
    "hospitals",
    "USD million",
    "USD a barrel",
    "times",
)
HAIR = 1e-9  # what sums of shares may differ by
ONE_PROVINCE = SMALL[SMALL.index("  provinces:") : SMALL.index("mechanisms:")]
PLACES = {
    "as it is": (),
    "nobody abroad, no minority": (
        ("  fronts: [{name: north, strength: 0.3}]\n", ""),
        (", minority: 0.1}", "}"),
        (", minority: 0.3}", "}"),
    ),
    "one small province": (
        (ONE_PROVINCE, "  provinces: [{id: A, name: Alpha, population: 2000}]\n"),
    ),
    "children alone": (("minority: 0.1}", "children: 1.0, young: 0, old: 0}"),),
    "everybody of the minority": (
        ("minority: 0.1", "minority: 1.0"),
        ("minority: 0.3", "minority: 1.0"),
    ),
}


def corner(luck: random.Random, p: Parameter) -> object:
    """A value at an end of a parameter's range, seldom its default."""
    if p.options:
        return luck.choice(p.options)
    return luck.choices((p.low, p.high, p.default), (9, 9, 2))[0]


def corners(many: int, seed: int, days: int, folder: Path) -> Iterator[tuple[str, Scenario]]:
    """Scenarios, each with a line that says which it is."""
    for k in range(many):
        luck = random.Random(f"{seed} {k}")
        where = luck.choice(list(PLACES))
        path = write(folder / "corner.yaml", SMALL, *PLACES[where])
        base = _smallest(path)
        events = [_event(luck, base, days) for _ in range(luck.choice((0, 0, 1, 3, 10)))]
        if events:
            path.write_text(
                path.read_text() + "events:\n" + "".join(f"  - {e}\n" for e in events),
                encoding="utf-8",
            )
            base = _smallest(path)
        off = luck.sample([m.name for m in base.wiring.mechanisms], luck.choice((0, 0, 0, 1, 2)))
        values = {key: corner(luck, a.parameter) for key, a in base.parameters.items()}
        yield (
            f"corner {k} of seed {seed}: {where}, {len(events)} events, without {off}",
            base.patched(values, off, days),
        )


def _smallest(path: Path) -> Scenario:
    base = load(path)
    return base.sized(base.place.fewest)


def _event(luck: random.Random, base: Scenario, days: int) -> str:
    channel = luck.choice([c for c in base.wiring.channels if base.wiring.listener[c] != "events"])
    q = base.wiring.channels[channel]
    day = luck.randint(1, min(days, base.days))
    value, lasts = luck.choice((q.low, q.high)), luck.choice((1, days))
    return f"{{day: {day}, what: noise, into: {channel}, value: {value}, days: {lasts}}}"


def wrong(scenario: Scenario, run: int = 0) -> list[str]:
    """What a future of a scenario holds that no future may."""
    people = scenario.place.population.sum() * scenario.parameters["citizens.population"].value
    found: dict[str, str] = {}

    def look(moment) -> None:
        for word, q in scenario.wiring.states.items():
            x = np.asarray(moment.now[word], float)
            lowest, highest = (x.min(), x.max()) if x.size else (0.0, 0.0)
            if not np.isfinite(x).all():
                found.setdefault(word, f"{word} is {x} on day {moment.day}")
            elif q.unit.startswith(SHARES) and not -HAIR <= lowest <= highest <= 1 + HAIR:
                found.setdefault(
                    word, f"{word} ({q.unit}) is {lowest} to {highest} on day {moment.day}"
                )
            elif (q.unit in STOCKS or q.unit.startswith("USD")) and lowest < 0:
                found.setdefault(word, f"{word} ({q.unit}) is {lowest} on day {moment.day}")
        now = moment.now
        gone = (
            now["jailed"]
            + now["exiled"]
            + now["killed_protest"]
            + now["executed"]
            + now["killed_strikes"]
        )
        if gone > people * (1 + HAIR):
            found.setdefault(
                "gone",
                f"{gone:.0f} of {people:.0f} people are jailed, abroad or dead on day {moment.day}",
            )
        if (now["killed_here"] > scenario.place.population * 1.25 * (1 + HAIR)).any():
            found.setdefault(
                "killed_here", f"more killed than people in a province on day {moment.day}"
            )

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            simulate(scenario, 1, run, fixed=True, watch=look)
        except Exception as e:  # noqa: BLE001 - what it is goes into the report
            import traceback

            at = traceback.extract_tb(e.__traceback__)[-1]
            found["failed"] = (
                f"{type(e).__name__}: {e} ({Path(at.filename).name}, line {at.lineno})"
            )
    return list(found.values())


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("many", type=int, nargs="?", default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--days", type=int, default=60)
    given = arguments.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, scenario in corners(given.many, given.seed, given.days, Path(folder)):
            faults = wrong(scenario)
            bad += bool(faults)
            for fault in faults:
                print(f"{name}\n    {fault}")
    print(f"{given.many} corners, {bad} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
