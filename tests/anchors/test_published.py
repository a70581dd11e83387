"""Published numbers from the code that the runs use: every check of thermidor/published, and what
the checks say of themselves.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from types import ModuleType

import pytest

from thermidor import published
from thermidor.kernels import fates
from thermidor.published.crowds import _street
from thermidor.scenario.ledger import references

MODELS = list(published.models())
DOCS = Path(__file__).parents[2] / "docs"


def forget() -> None:
    """Empty what the models keep of earlier answers, so that numbers are computed anew."""
    for module in published.models().values():
        for f in vars(module).values():
            if hasattr(f, "cache_clear"):
                f.cache_clear()


class Watched:
    """A module of the package as the models see it; keeps the names of the functions that are taken
    from it to be called.
    """

    def __init__(self, module, called: set[str]):
        self.module, self.called = module, called

    def __getattr__(self, name: str):
        real = getattr(self.module, name)
        if callable(real):
            self.called.add(f"{self.module.__name__.removeprefix('thermidor.')}.{name}")
        return real


@pytest.fixture(scope="module")
def made():
    """The fast checks by model, each with the functions of mechanisms and kernels that the model
    had used by then.
    """
    forget()
    called, out = set(), {}
    with pytest.MonkeyPatch.context() as patch:
        for place in (*published.models().values(), _street):
            for name, value in list(vars(place).items()):
                if isinstance(value, ModuleType) and value.__name__.startswith(
                    ("thermidor.kernels.", "thermidor.mechanisms.")
                ):
                    patch.setattr(place, name, Watched(value, called))
        for name in MODELS:
            forget()
            called.clear()
            out[name] = [(c, frozenset(called)) for c in published.models()[name].checks(False)]
    forget()
    return out


@pytest.mark.parametrize("model", MODELS)
def test_every_number_is_within_tolerance_and_from_the_functions_named(made, model):
    assert made[model] and not [c for c, _ in made[model] if not c.passed]
    for check, called in made[model]:
        assert check.exercises and set(check.exercises) <= called, check.quantity


def test_enough_numbers_and_the_sharpest_ones(made):
    every = [c for checks in made.values() for c, _ in checks]
    assert len(every) >= 90 and len({(m, c.quantity) for m in made for c, _ in made[m]}) == len(
        every
    )
    assert {f"T{k}" for k in range(1, 11)} <= {c.test for c in every}
    known = references()
    assert all(re.match(r"\w+", c.source).group() in known for c in every)


@pytest.mark.parametrize("model", MODELS)
def test_a_model_says_what_is_switched_off_and_what_departs_and_has_its_page(model):
    doc = published.models()[model].__doc__
    assert all(word in doc for word in ("Citation:", "Switched off:", "Departs:"))
    page = (DOCS / "published" / f"{model}.md").read_text(encoding="utf-8")
    assert (
        doc.strip().splitlines()[0].rstrip(".") in page
        and (DOCS / "published" / f"{model}.svg").exists()
    )
    assert f"published/{model}.md" in (DOCS / "published.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_a_picture_has_a_sentence_axes_and_lines_of_numbers(model):
    picture = published.models()[model].picture()
    assert (
        {"title", "x", "y", "caption", "lines"}
        <= set(picture)
        <= {"title", "x", "y", "caption", "lines", "marks", "log", "xlim", "ylim"}
    )
    assert picture["lines"] and all(
        line["label"] and len(line["x"]) == len(line["y"]) > 1 for line in picture["lines"]
    )


@pytest.mark.slow
def test_the_long_simulations_too():
    assert not [r for r in published.run(slow=True) if not r["passed"]]


def test_epstein_arrest_chance_in_its_four_forms():
    literal, floor, smooth, rounded = (
        fates.FORMS.index(f) for f in ("literal", "floor", "smooth", "rounded")
    )
    ratios = (0.25, 1 / 3, 0.5, 1.0, 2.0)
    assert [fates.arrest_chance(x, 2.3, literal) for x in ratios] == pytest.approx(
        [0.4373, 0.5354, 0.6834, 0.899741, 0.9899], abs=5e-5
    )
    assert [fates.arrest_chance(x, 2.3, floor) for x in ratios] == pytest.approx(
        [0, 0, 0, 0.899741, 0.9899], abs=5e-5
    )
    assert fates.arrest_chance(1 / 2.3, 2.3, smooth) == pytest.approx(0.5)
    nearest = [fates.arrest_chance(x, 1.0, rounded) for x in (0.5, 0.51, 1.0, 1.49, 1.5, 2.5)]
    assert nearest == pytest.approx([1 - math.exp(-x) for x in (0, 1, 1, 1, 2, 2)])
