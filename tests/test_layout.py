"""Folders stand on floors, and imports lead down; the order is read from the folders."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "docs" / "make" / "layout.py"


@pytest.fixture(scope="module")
def layout_of():
    return runpy.run_path(str(SCRIPT))["Layout"]


@pytest.fixture
def package(tmp_path):
    """Writes modules, given as {"folder/module.py": text}, and gives the folder of the package."""

    def written(modules: dict[str, str]) -> Path:
        root = tmp_path / "house"
        for name, text in ({"__init__.py": ""} | modules).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return written


def test_imports_lead_down(layout_of):
    faults = layout_of(SCRIPT.parents[2] / "thermidor").faults()
    assert not faults, "\n".join(faults)


def test_floors_are_counted_over_folders_of_the_package(layout_of, package):
    layout = layout_of(
        package(
            {
                "door.py": "from .upper.inner.part import f",
                "upper/inner/part.py": "def f():\n    from ...lower import base",
                "upper/user.py": "from .inner import part",
                "lower/base.py": "from __future__ import annotations",
            }
        )
    )
    assert layout.floors == {"house": 1, "house.lower": 1, "house.upper": 2, "house.door": 3}
    assert layout.at_root == 2 and not layout.faults()


def test_what_is_wrong_with_a_layout_is_told(layout_of, package):
    many = {f"lower/m{k}.py": "" for k in range(17)} | {f"r{k}.py": "" for k in range(8)}
    layout = layout_of(
        package(
            many
            | {
                "lower/one.py": "from . import two",
                "lower/two.py": "from .one import x\nfrom ..upper import three",
                "upper/three.py": "import house.lower.m1",
            }
        )
    )
    assert layout.faults() == [
        "a circle of modules: house.lower.one, house.lower.two",
        "a circle of folders: house.lower, house.upper",
        "house.lower imports house.upper, which is no floor below",
        "house.upper imports house.lower, which is no floor below",
        "9 modules at the root, 8 at most",
        "house.lower has 19 modules, 16 at most",
    ]


def test_folders_inside_others_may_form_no_circle(layout_of, package):
    layout = layout_of(
        package(
            {
                "top/left/a.py": "from ..right import b",
                "top/right/b.py": "",
                "top/right/c.py": "from ..left import d",
                "top/left/d.py": "",
            }
        )
    )
    assert layout.faults() == ["a circle of folders: house.top.left, house.top.right"]
