"""A change of a few words of a mechanism is a change in both loops, and the same one.

Those that take long to compile: tests/slow/test_all_changed_steps.py.
"""

from __future__ import annotations

import pytest

from tests.conftest import CITIZENS, write
from tests.engine.abreast import abreast, differences
from tests.engine.mutants import CHEAP, MUTATIONS, NAMES, mutant
from thermidor.engine.batch import Batch, Futures
from thermidor.engine.simulate import simulate
from thermidor.mechanism import BUILT_IN
from thermidor.scenario.load import load

RUNS = range(3)
SETTING = {
    "adversary.under_way": 1,
    "programme.level": 0.6,
    "events.onset_day": 2,
    "citizens.quiet_turnout": 6e-5,
}


def noticed_alike(tmp_path, name: str, old: str, new: str) -> None:
    """Both loops play the mutant alike, and neither plays it as the mechanism that it was."""
    path = write(tmp_path / "s.yaml")
    own = mutant(name, old, new, tmp_path)
    before, after = (
        load(path, citizens=CITIZENS, mechanism_files=files).patched(SETTING, days=12)
        for files in ([], [own])
    )
    assert Batch(Futures([after], [0])).steps[name].step is not None
    was, now = (abreast([s] * len(RUNS), RUNS) for s in (before, after))
    changed = 0
    for run in RUNS:
        one, other = simulate(before, 1, run), simulate(after, 1, run)
        assert list(differences(other, now[run])) == [] == list(differences(one, was[run]))
        changed += any(differences(one, other)) and any(differences(was[run], now[run]))
    assert changed


def test_every_mechanism_has_a_mutant():
    assert sorted(name for name, _, _ in MUTATIONS) == sorted(BUILT_IN)


@pytest.mark.parametrize("name, old, new", MUTATIONS[:CHEAP], ids=NAMES[:CHEAP])
def test_a_change_of_a_step_is_noticed_by_both_loops_alike(tmp_path, compiled, name, old, new):
    noticed_alike(tmp_path, name, old, new)
