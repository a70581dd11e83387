"""Each mechanism moves outcomes in the direction that its source says: the sentences of mechanisms.yaml, on paired futures."""
from __future__ import annotations

import functools
from pathlib import Path

import polars as pl
import pytest
import yaml
from scipy.stats import wilcoxon

from thermidor.ledger import references
from thermidor.mechanism import BUILT_IN
from thermidor.simulate import simulate

SENTENCES = yaml.safe_load((Path(__file__).parent / "mechanisms.yaml").read_text())
PAIRS = 24


@functools.cache
def _futures(scenario, patches: tuple, days: int | None) -> pl.DataFrame:
    made = scenario.patched(dict(patches), days=days)
    return pl.DataFrame([simulate(made, 1, k).outcomes() for k in range(PAIRS)], infer_schema_length=None)


@pytest.mark.parametrize("row", SENTENCES, ids=[f"{r['mechanism']}: {r['says']}" for r in SENTENCES])
def test_behaviour(small, row):
    base = row.get("base", {})
    arms = [_futures(small, tuple(sorted(p.items())), row.get("days")) for p in (base, base | row["set"])]
    without, with_ = (a.select(pl.sql_expr(row["outcome"]).cast(pl.Float64).alias("x"))["x"].to_numpy() for a in arms)
    p = wilcoxon(with_ - without, alternative="greater" if row["goes"] == "above" else "less", zero_method="zsplit").pvalue
    assert p < 0.01, f"{row['says']}: {without.mean():.4g} -> {with_.mean():.4g} (p = {p:.2g})"


def test_every_mechanism_has_a_sentence_and_every_source_is_in_the_references():
    assert {r["mechanism"] for r in SENTENCES} == set(BUILT_IN)
    assert {r["source"] for r in SENTENCES} <= set(references())


def test_plotters_hear_more_of_a_crowd_that_media_show():
    """(elites.4): half way at the turnout named, more with free media, never beyond the limit; nothing without a crowd."""
    from thermidor.mechanisms.elites import heard, young
    assert heard(0.5, 0.02, 0.01) == pytest.approx(0.5)
    assert heard(1.0, 0.02, 0.01) > heard(0.5, 0.02, 0.01) > heard(0.1, 0.02, 0.01) > heard(0.5, 0.0, 0.01) == 0.0
    assert heard(1.0, 1.0, 1e-6) < 1.0
    assert young(20.0, 0.25) == young(90.0, 0.25) == pytest.approx(1.0)
    assert young(2.5, 0.25) == pytest.approx((3 / 20.5) ** -0.25)
