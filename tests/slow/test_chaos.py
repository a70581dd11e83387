"""Killed workers, a full disk, SIGTERM and futures that fail in every way leave the tables as they
would be.
"""

from __future__ import annotations

import pytest

from tests.slow.chaos import chaos


@pytest.mark.slow
def test_whatever_happens_the_tables_are_the_same():
    told = chaos(2000)
    assert "SIGTERM" in told and "a worker is killed" in told and told[-1] == "ends with 0"
