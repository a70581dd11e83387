"""Epstein's lattice: the fast kernel against the plain one (same draws, same people) and against
one written apart (same distribution).
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from scipy.stats import chisquare, ks_2samp

from tests.oracles.civil_plain import play_plain
from thermidor.chance.draws import Draw
from thermidor.kernels import civil, groups, lattice
from thermidor.places.lattice import levels, populate, torus
from thermidor.published.crowds import epstein, epstein_groups


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    vision=st.sampled_from([1.0, 1.7, 2.5, 4.0, 7.0]),
    more=st.tuples(st.integers(0, 6), st.integers(0, 6)),
    density=st.sampled_from([0.3, 0.7, 0.96]),
    legitimacy=st.sampled_from([0.2, 0.6, 0.85]),
    form=st.sampled_from(["literal", "floor", "rounded"]),
    moving=st.booleans(),
    longest=st.sampled_from([0, 1, 5]),
    near=st.booleans(),
)
def test_the_fast_kernel_gives_the_same_people(
    seed, vision, more, density, legitimacy, form, moving, longest, near
):
    rng, side = np.random.default_rng(seed), 2 * int(vision) + 1
    ground = torus(side + more[0], side + more[1], vision)
    size, ticks = ground.height * ground.width, 6
    people = int(density * size)
    corps = min(size - people, 2 + size // 12)
    occupancy = populate(ground, people, corps, Draw(seed, 0, "test"))
    plain_at, police = occupancy.at.copy(), rng.integers(0, corps + 1, ticks)
    hardship, risk = rng.random(people).astype(np.float32), rng.random(people).astype(np.float32)
    rest = (
        hardship,
        risk,
        legitimacy + 0.1 * rng.random(ticks),
        police,
        civil.Rules(0.1, epstein.chances(form, ground.disc), moving, longest, near),
    )
    series = civil.play(ground, np.uint64(seed), occupancy, *rest)
    plain, end = play_plain(ground, seed, plain_at, *rest)
    assert np.array_equal(series, plain)
    assert [(int(a) >> 16, int(a) & 0xFFFF) if a >= 0 else None for a in occupancy.at] == end.at
    assert_counts(ground, occupancy.cells, occupancy.counts)


def assert_counts(ground, cells, counts):
    """What every cell keeps is what a look around it gives; the margin repeats the other side."""
    whole = cells.reshape(-1, ground.stride)
    inner = whole[lattice.ROWS : -lattice.ROWS, lattice.COLUMNS : -lattice.COLUMNS]
    down, across = lattice.ROWS - ground.radius, lattice.COLUMNS - ground.radius
    assert np.array_equal(
        np.pad(inner, ground.radius, mode="wrap"), whole[down:-down, across:-across]
    )
    kept = counts.reshape(-1, ground.stride)[:, lattice.COLUMNS : -lattice.COLUMNS]
    for kind, amount in ((lattice.ACTIVE, lattice.AN_ACTIVE), (lattice.POLICE, lattice.A_POLICE)):
        seen = sum(
            np.roll(inner == kind, (-int(y), -int(x)), (0, 1)).astype(int)
            for y, x in ground.steps[:-1]
        )
        assert np.array_equal(kept // amount % 256, seen)


@njit(cache=True)
def scan(
    seed,
    height,
    width,
    steps,
    people,
    corps,
    hardship,
    risk,
    legitimacy,
    threshold,
    k,
    cut,
    longest,
    ticks,
):
    """The same model, written apart: a table of who is where, a look at every cell in view, NumPy's
    random numbers. Actives and jailed.
    """
    np.random.seed(seed)
    who, n = np.full((height, width), -1), people + corps
    places = np.random.permutation(height * width)[:n]
    y, x = places // width, places % width
    for i in range(n):
        who[y[i], x[i]] = i
    active, left, series = np.zeros(n, np.bool_), np.zeros(n, np.int64), np.zeros((ticks, 2))
    free, seen = np.empty(len(steps) + 1, np.int64), np.empty(len(steps), np.int64)
    for t in range(ticks):
        for i in np.random.permutation(n):
            if left[i] > 0:
                continue
            m = 0
            for s in range(len(steps)):
                if who[(y[i] + steps[s, 0]) % height, (x[i] + steps[s, 1]) % width] < 0:
                    free[m] = s
                    m += 1
            if m:
                s = free[np.random.randint(m)]
                who[y[i], x[i]] = -1
                y[i], x[i] = (y[i] + steps[s, 0]) % height, (x[i] + steps[s, 1]) % width
                who[y[i], x[i]] = i
            police = actives = 0
            for s in range(len(steps)):
                b = who[(y[i] + steps[s, 0]) % height, (x[i] + steps[s, 1]) % width]
                police += b >= people
                if 0 <= b < people and active[b]:
                    seen[actives] = b
                    actives += 1
            if i >= people and actives:
                b = seen[np.random.randint(actives)]
                active[b], left[b] = False, np.random.randint(1, longest + 1)
                who[y[b], x[b]] = -1
            elif i < people:
                ratio = police // (1 + actives) if cut else police / (1 + actives)
                active[i] = (
                    hardship[i] * (1 - legitimacy) - risk[i] * (1 - np.exp(-k * ratio)) > threshold
                )
        for i in range(people):
            left[i] -= left[i] > 0
            if left[i] == 0 and who[y[i], x[i]] != i:
                m = 0
                for s in range(len(steps) + 1):
                    dy, dx = (steps[s, 0], steps[s, 1]) if s < len(steps) else (0, 0)
                    if who[(y[i] + dy) % height, (x[i] + dx) % width] < 0:
                        free[m] = s
                        m += 1
                if m == 0:
                    left[i] = 1
                    continue
                s = free[np.random.randint(m)]
                if s < len(steps):
                    y[i], x[i] = (y[i] + steps[s, 0]) % height, (x[i] + steps[s, 1]) % width
                who[y[i], x[i]] = i
        series[t] = active.sum(), (left > 0).sum()
    return series


def scanned(setting, ticks, seed):
    ground = torus(setting.side, setting.side, setting.vision)
    rng = np.random.default_rng(seed + 10_000)
    size = setting.side**2
    people = round(setting.people * size)
    return scan(
        seed,
        setting.side,
        setting.side,
        ground.steps[:-1],
        people,
        round(setting.police * size),
        rng.random(people),
        rng.random(people),
        setting.legitimacy,
        epstein.THRESHOLD,
        epstein.K,
        setting.form == "floor",
        setting.longest,
        ticks,
    )


def summary(runs):
    """By run: mean actives, mean jailed, most actives."""
    runs = np.array(runs, float)[:, :, :2]
    return [runs[:, :, 0].mean(1), runs[:, :, 1].mean(1), runs[:, :, 0].max(1)]


def compared(setting, other, ticks, seeds):
    fast = summary(epstein.many(lambda s: epstein.play(setting, ticks, s), range(seeds)))
    return [
        ks_2samp(a, b).pvalue
        for a, b in zip(
            fast, summary([scanned(other, ticks, s) for s in range(seeds)]), strict=True
        )
    ]


@pytest.mark.parametrize("form", ["floor", "literal"])
def test_the_same_distribution_as_a_kernel_written_apart(form):
    setting = epstein.Setting(side=16, vision=3.0, longest=12, legitimacy=0.7, form=form)
    assert min(compared(setting, setting, 80, 120)) > 0.01


def test_the_comparison_tells_rules_apart():
    setting = epstein.Setting(side=16, vision=3.0, longest=12, legitimacy=0.7)
    for change in ({"form": "literal"}, {"longest": 9}, {"vision": 2.0}):
        assert min(compared(setting, epstein.replace(setting, **change), 80, 120)) < 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("form", ["floor", "literal"])
def test_the_same_distribution_in_run_2(form):
    setting = epstein.replace(epstein.RUN_2, form=form)
    assert min(compared(setting, setting, 150, 60)) > 0.01


def test_a_run_is_the_same_again():
    a, b, c = (epstein.play(epstein.RUN_2, 30, seed) for seed in (5, 5, 6))
    assert np.array_equal(a, b) and not np.array_equal(a, c)
    a, b = (epstein_groups.play(epstein_groups.RUN_8, 30, 5) for _ in range(2))
    assert np.array_equal(a, b)


def test_views():
    assert (
        torus(40, 40, 1.7).disc == 8
        and torus(40, 40, 7.0).disc == 148
        and torus(40, 40, 1.0).disc == 4
    )
    for height, width, vision, words in (
        (40, 40, 8.0, "vision"),
        (40, 14, 7.0, "lattice"),
        (40, 40, 0.5, "vision"),
        (40, 2**15, 7.0, "lattice"),
    ):
        with pytest.raises(ValueError, match=words):
            torus(height, width, vision)
    with pytest.raises(ValueError, match="as many as there are cells"):
        populate(torus(5, 5, 1.7), 20, 6, Draw(1, 0, "test"))


@pytest.mark.parametrize("full", [0.5, 0.97])
def test_a_free_cell_in_view_is_drawn_uniformly(full):
    """Tried or counted, each free cell is as likely as another."""
    ground, rng = torus(15, 15, 7.0), np.random.default_rng(1)
    cells = np.full((ground.height + 2 * lattice.ROWS) * ground.stride, lattice.QUIET, np.uint8)
    p = lattice.place(ground, 7, 7)
    free = rng.permutation(ground.disc)[: round((1 - full) * ground.disc)]
    cells[p + ground.jump[free]] = lattice.FREE
    found = drawn(ground, cells, p, 60_000, np.array([7], np.uint64))
    assert set(np.flatnonzero(found)) == set(free) and chisquare(found[free]).pvalue > 1e-3


@njit
def drawn(ground, cells, p, times, luck):
    found = np.zeros(ground.disc + 1, np.int64)
    for _ in range(times):
        k = lattice.free_drawn(ground, cells, p, lattice.draw(luck))
        found[lattice.free_again(ground, cells, p, luck) if k == ground.disc else k] += 1
    return found


def test_two_groups_keep_their_books():
    """Nobody stands where another does, counts are what a look around gives, and only a death or a
    birth changes how many there are.
    """
    setting, people, room = epstein_groups.RUN_8, 500, 1800
    ground, draw = torus(30, 30, setting.vision), Draw(3, 0, "test")
    here = populate(ground, people, 36, draw)
    at = np.full(room, groups.GONE, np.int32)
    at[: people + 36] = here.at
    members = groups.Members(
        group=np.full(room, 2, np.int8),
        hardship=np.zeros(room, np.float32),
        risk=np.zeros(room, np.float32),
        life=np.zeros(room, np.int64),
    )
    members.group[:people], members.life[:people] = np.arange(people) % 2, 1_000_000
    members.hardship[:people] = levels(draw, "hardship", people)
    members.risk[:people] = levels(draw, "risk", people)
    rules = groups.Rules(
        legitimacy=0.8,
        threshold=0.1,
        chance=epstein.chances("literal", ground.disc),
        longest=5,
        near=True,
        births=0.0,
        oldest=200,
    )
    occupancy, police = here._replace(at=at), np.full(20, 40)
    series = groups.play(ground, np.uint64(9), occupancy, members, police, rules)
    cells, counts = occupancy.cells, occupancy.counts
    assert_counts(ground, cells, counts)
    large = at[at >= 0]
    assert (
        len(set(large))
        == len(large)
        == (cells.reshape(-1, ground.stride)[8:-8, 16:-16] != lattice.FREE).sum()
    )
    assert (
        np.array_equal(people - series[:, 5].cumsum(), series[:, 0] + series[:, 1])
        and series[-1, 5] < people
    )
    assert series[:, 5].sum() > 50 and series[:, 3].max() > 0 and set(series[:, 4]) == {40}
