"""What mechanisms started from before is what they start from again, and nothing that changed."""

from __future__ import annotations

import numpy as np

from thermidor.engine import snapshot
from thermidor.engine.batch import Batch, Futures
from thermidor.engine.snapshot import Starts
from thermidor.page.sides import moved


def test_futures_from_kept_starts_are_those_from_none(small, compiled):
    starts = Starts()
    other = small.patched({"treasury.public": 4.0})
    for model in (small, other, small):  # a future changes what it remembers, not what is kept
        kept, anew = (
            Batch(Futures([model] * 3, range(3), 5, starts=s), whole=True) for s in (starts, None)
        )
        kept.play()
        anew.play()
        assert np.array_equal(kept.series, anew.series, equal_nan=True)
        assert kept.endings == anew.endings and kept.happened == anew.happened


def test_only_what_is_set_starts_anew_and_old_starts_are_forgotten(small, monkeypatch):
    started, start = [], snapshot._started
    monkeypatch.setattr(snapshot, "_started", lambda m, *a: started.append(m.name) or start(m, *a))
    starts, every = Starts(), sorted(m.name for m in small.wiring.mechanisms)
    monkeypatch.setattr(Starts, "MOST", len(every) + 1)

    def begins(model, run):
        started.clear()
        Batch(Futures([model], [run], starts=starts))
        return sorted(started)

    assert begins(small, 0) == every and begins(small, 0) == []
    assert begins(moved(small, {"treasury.public": 4.0}), 0) == []  # a choice, from day 1 on
    assert begins(moved(small, {"citizens.ties": 1.0}), 0) == ["citizens"]
    assert begins(small, 1) == every and begins(small, 0) == every
