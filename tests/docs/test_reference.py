"""The pages of the reference hold all that the code declares."""

from __future__ import annotations

import re

import typer

from docs.make import model
from docs.make.reference import pages
from docs.make.text import docstring
from thermidor.cli.app import app
from thermidor.scenario.file.schema import json_schema


def test_every_mechanism_has_a_page_with_all_that_it_declares() -> None:
    made = pages()
    for m in model.mechanisms():
        page = made[f"mechanisms/{m.name}.md"]
        for word in (*m.parameters, *m.owns, *m.opens, *m.reads, *m.cites):
            assert word in page, f"{m.name}: {word}"
        labels = re.findall(rf"\({m.name}\.\d+\)", m.doc)
        assert all(label in page for label in labels), m.name


def test_the_odd_says_what_it_cannot_say() -> None:
    page = pages()["odd.md"]
    for k, element in enumerate(
        (
            "Purpose and patterns",
            "Entities, state variables, and scales",
            "Process overview and scheduling",
            "Design concepts",
            "Initialization",
            "Input data",
            "Submodels",
        ),
        1,
    ):
        assert f"### {k}. {element}" in page or f"## {element}" in page, element
    assert page.count("Not described yet") >= 5 and "`spark`" in page


def test_every_verb_and_every_option_is_told() -> None:
    page = pages()["command-line.md"]
    for name, verb in typer.main.get_command(app).commands.items():
        section = page.split(f"\n## thermidor {name}\n")[1].split("\n## ")[0]
        for option in (o for p in verb.params for o in p.opts if o.startswith("--")):
            assert f"`{option}" in section, f"{name} {option}"
        assert f"thermidor {name}" in section, f"{name} has no example"


def test_every_field_of_a_scenario_file_has_a_meaning() -> None:
    schema, page = json_schema(), pages()["scenario-schema.md"]
    for part, fields in {"file": schema, **schema["$defs"]}.items():
        for name, field in fields.get("properties", {}).items():
            assert field.get("description"), f"{part}.{name}"
            assert f"| `{name}` |" in page


def test_equations_of_a_docstring_stay_as_they_are_set() -> None:
    told = "\n".join(
        docstring("Says a_b.\n\n    x_1 = a*b         (m.1)\n\nTail\ny = c       (m.2)")
    )
    assert "Says a\\_b." in told and "```\n\nTail" in told
    assert "x_1 = a*b   (m.1)" in told and "y = c   (m.2)" in told
