"""The number of agents is a matter of precision, not of outcome (about twenty minutes on two cores:
`pytest -n 0 -m slow`).

100 futures of iran-2025 at 20,000, 200,000 and 2,000,000 agents. Two comparisons: with seeds of
their own, as independent samples, the distributions of endings and of the largest turnout must be
the same; with one seed, where everything but the agents is common, the differences must be centred
on zero.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import chi2_contingency, ks_2samp, ttest_1samp

import thermidor as th

pytestmark = pytest.mark.slow
SIZES, FUTURES = (20_000, 200_000, 2_000_000), 100


@pytest.fixture(scope="module")
def studies(tmp_path_factory) -> dict[tuple[int, int], pl.DataFrame]:
    return {
        (size, seed): th.run(
            "iran-2025",
            citizens=size,
            runs=FUTURES,
            seed=seed,
            out=tmp_path_factory.mktemp(f"{size}-{seed}"),
        ).runs
        for k, size in enumerate(SIZES)
        for seed in {1, 1 + k}
    }


def peak(runs: pl.DataFrame) -> np.ndarray:
    return runs.select(pl.col("peak_turnout_country").log10())["peak_turnout_country"].to_numpy()


@pytest.mark.parametrize(("a", "b"), [(0, 1), (0, 2), (1, 2)])
def test_independent_samples_have_the_same_distributions(studies, a, b):
    first, second = studies[SIZES[a], 1 + a], studies[SIZES[b], 1 + b]
    assert ks_2samp(peak(first), peak(second)).pvalue > 0.01
    table = (
        pl.concat([first.with_columns(size=pl.lit(0)), second.with_columns(size=pl.lit(1))])
        .group_by("ending", "size")
        .len()
        .pivot(on="size", index="ending", values="len")
        .fill_null(0)
        .drop("ending")
        .to_numpy()
    )
    assert len(table) == 1 or chi2_contingency(table).pvalue > 0.01


@pytest.mark.parametrize("size", SIZES[:2])
def test_with_common_luck_few_agents_neither_raise_nor_lower_the_peak(studies, size):
    few, many = studies[size, 1].sort("run"), studies[SIZES[2], 1].sort("run")
    difference = peak(few) - peak(many)
    assert ttest_1samp(difference, 0.0).pvalue > 0.01 or abs(difference.mean()) < 0.01
    assert np.median(np.abs(difference)) < 0.05
    assert (few["ending"] == many["ending"]).mean() >= 0.97


FEW, LARGE = 8, (100_000, 1_000_000, 10_000_000, "full")


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> dict[int | str, pl.DataFrame]:
    return {
        size: th.run(
            "iran-2025", citizens=size, runs=FEW, out=tmp_path_factory.mktemp(str(size))
        ).runs.sort("run")
        for size in LARGE
    }


@pytest.mark.parametrize("size", LARGE[:3])
def test_one_agent_per_person_gives_what_fewer_give(large, size):
    """The same eight futures, down to their luck, at 100,000 to 90 million agents: endings the
    same, peaks within a few hundredths.
    """
    difference = peak(large[size]) - peak(large["full"])
    assert (large[size]["ending"] == large["full"]["ending"]).all()
    assert ttest_1samp(difference, 0.0).pvalue > 0.01 or abs(difference.mean()) < 0.01
    assert np.abs(difference).max() < 0.25 and np.median(np.abs(difference)) < 0.03
