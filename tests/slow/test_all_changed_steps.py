"""A change of a few words of any mechanism is a change in both loops (some minutes)."""

from __future__ import annotations

import pytest

from tests.engine.mutants import MUTATIONS, NAMES
from tests.engine.test_changed_steps import noticed_alike


@pytest.mark.slow
@pytest.mark.parametrize("name, old, new", MUTATIONS, ids=NAMES)
def test_a_change_of_a_step_is_noticed_by_both_loops_alike(tmp_path, name, old, new):
    noticed_alike(tmp_path, name, old, new)
