"""Assumptions drawn for many futures at once are those that each future draws by itself."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest

from thermidor.chance.draws import Draw
from thermidor.scenario.assumption import Assumption
from thermidor.scenario.load import load
from thermidor.scenario.scenario import Scenario

RUNS = [*range(12), 123_456, -1]


def plain(scenario: Scenario, seed: int, run: int, fixed: bool) -> dict[str, Any]:
    """The assumptions of one future, one after another, by their definition."""
    luck, found = Draw(seed, run, "assumptions"), {}
    row = {}
    if scenario.posterior:
        row = scenario.posterior.row(luck.uniform("posterior"))
    for key, a in scenario.parameters.items():
        if key in scenario.fitted:
            held = fixed or a.off
            assert scenario.posterior
            found[key] = scenario.posterior.quantiles[key][1] if held else row[key]
        else:
            found[key] = a.value if fixed or not a.drawn else quantile(a, luck.uniform(key))
    return found


def quantile(a: Assumption, u: float) -> Any:
    """The quantile u of a triangular distribution over the range, peaked at the value."""
    if a.options:
        return a.options[min(len(a.options) - 1, int(u * len(a.options)))]
    low, mode, high = a.low, a.value, a.high
    if a.parameter.log:
        low, mode, high = math.log(low), math.log(mode), math.log(high)
    if u < (mode - low) / (high - low):
        x = low + math.sqrt(u * (high - low) * (mode - low))
    else:
        x = high - math.sqrt((1 - u) * (high - low) * (high - mode))
    return math.exp(x) if a.parameter.log else x


def changed(name: str) -> Scenario:
    """A scenario by name, with or without something changed in it."""
    file, _, what = name.partition(": ")
    s = load(file)
    match what:
        case "patched":
            return s.patched({"citizens.ties": 0.5, "adversary.intensity": 0.0})
        case "with a status quo":
            later = s.start + dt.timedelta(days=20)
            return s.patched({"adversary.intensity": 0.0, "choices_from": later})
        case "with mechanisms off":
            return s.patched({}, switched_off=["adversary", "negotiation"])
        case "without the posterior":
            return s.patched({"posterior": False})
    return s


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "iran-2025",
        "iran-2025: patched",
        "iran-2025: with mechanisms off",
        "iran-2025: without the posterior",
        "first-steps",
        "first-steps: with a status quo",
    ],
)
def test_many_futures_draw_what_each_draws_alone(name, fixed):
    s = changed(name)
    sheets = s.draw_many(3, RUNS, fixed=fixed)
    for k, (run, (before, now)) in enumerate(zip(RUNS, sheets, strict=True)):
        assert (before, now) == s.draw(3, run, fixed=fixed)
        expected = plain(s, 3, run, fixed)
        for m in s.wiring.mechanisms:
            for place, p in enumerate(m.parameters.values()):
                value = expected[p.key]
                first = s.status_quo.get(p.key, value)
                assert getattr(now[m.name], p.name) == value, p.key
                assert getattr(before[m.name], p.name) == first, p.key
                numbers = sheets[m.name][:, k, place].tolist()
                assert numbers == [p.options.index(v) if p.options else v for v in (first, value)]


def test_forms_are_drawn_too():
    s = load("first-steps")
    key, a = next((k, a) for k, a in s.parameters.items() if a.parameter.options)
    s = s.patched({key: {"among": list(a.parameter.options)}})
    forms = [
        getattr(now[a.parameter.mechanism], a.parameter.name)
        for _, now in s.draw_many(1, range(40))
    ]
    assert set(forms) == set(a.parameter.options)
    assert forms == [plain(s, 1, run, False)[key] for run in range(40)]


def test_numbers_of_a_mechanism_are_an_array_of_futures_and_parameters():
    s = load("first-steps")
    sheets = s.draw_many(1, range(5))
    for m in s.wiring.mechanisms:
        assert sheets[m.name].shape == (2, 5, len(m.parameters))
    assert len(sheets) == 5 and np.isfinite(sheets.now).all()
