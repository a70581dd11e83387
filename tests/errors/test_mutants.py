"""A few hundred of the mutated files of mutate.py; the script tries as many as one likes."""

from __future__ import annotations

import pytest

from tests.errors import mutate
from thermidor.support.faults import Fault


@pytest.mark.parametrize("part", range(4))
def test_mutated_files_are_refused_well_or_run(part, tmp_path):
    mutate.load("first-steps")
    guard = mutate.Guard()
    bad = {}
    for number in range(80 * part, 80 * (part + 1)):
        if found := mutate.wrong(mutate.mutant(tmp_path, 7, number), guard):
            bad[number] = found
    assert not bad, "\n".join(
        f"python -m tests.errors.mutate --seed 7 --only {n}: {x}" for n, x in bad.items()
    )


def test_the_guard_hears_what_is_opened_and_run(tmp_path):
    guard = mutate.Guard()
    guard.on = True
    (tmp_path / "made").write_text("x")
    guard.on = False
    (tmp_path / "later").write_text("x")
    assert len(guard.seen) == 1 and "made" in guard.seen[0]


def test_the_script_finds_what_it_looks_for(tmp_path, monkeypatch):
    path = mutate.mutant(tmp_path, 1, 1)

    def fails(path):
        raise ValueError("not a fault")

    def writes(path):
        (tmp_path / "trace").write_text("x")
        raise Fault("refused")

    def rings(path):
        raise Fault("refused \x1b[31m")

    for load, says in ((fails, "not a fault"), (writes, "did ["), (rings, "hidden characters")):
        monkeypatch.setattr(mutate, "load", load)
        assert says in mutate.wrong(path, mutate.Guard())
