"""Futures weighed by beliefs say what fresh futures drawn from the same beliefs say."""

from __future__ import annotations

import base64
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import triang

import thermidor as th
from thermidor.report.analyses.believe import believe
from thermidor.report.sections.study_view import StudyView

KEY, STORED, FRESH = "citizens.quiet_turnout", 2_400, 1_200


@pytest.mark.slow
@pytest.mark.parametrize(("centre", "sure"), [(0.15, 0.3), (0.85, 0.3)])
def test_weighed_futures_say_what_fresh_ones_say(tmp_path: Path, centre: float, sure: float):
    th.run("first-steps", runs=STORED, out=tmp_path / "stored", processes=2)
    view = StudyView(tmp_path / "stored")
    data = believe(view)["data"]
    k = [r["key"] for r in data["rows"]].index(KEY)
    row = data["rows"][k]
    parts = np.frombuffer(base64.b64decode(data["parts"]), "<u2").reshape(len(data["rows"]), -1)
    t = parts[k] / 65_535
    kinds = [e for e, n in view.endings.items() if n]
    lasts = np.array(data["ending"]) == kinds.index("in power")
    # (believe.1) to (believe.4); the page's script gives these numbers (test_report_believe.py)
    w = triang.pdf(t, centre, sure * centre, 1 - sure) / triang.pdf(t, row["mode"])
    weighed, many = (w * lasts).sum() / w.sum(), w.sum() ** 2 / (w**2).sum()

    assert row["log"]
    a, b = math.log(row["low"]), math.log(row["high"])
    value, low, high = (
        math.exp(a + part * (b - a)) for part in (centre, sure * centre, sure * centre + 1 - sure)
    )
    beliefs = {KEY: {"value": value, "low": low, "high": high}}
    th.run("first-steps", set=beliefs, runs=FRESH, seed=9, out=tmp_path / "fresh", processes=2)
    fresh = StudyView(tmp_path / "fresh")
    drawn = fresh.endings["in power"] / fresh.n
    error = math.sqrt(weighed * (1 - weighed) / many + drawn * (1 - drawn) / fresh.n)
    assert abs(weighed - drawn) < 3 * error
    assert abs(weighed - lasts.mean()) > 2 * math.sqrt(weighed * (1 - weighed) / many)
