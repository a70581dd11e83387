"""Numbers, dates and files as people write them: read, or refused with the right sentence."""

from __future__ import annotations

import datetime as dt
import json
import os

import pytest
import yaml

from tests.conftest import SMALL, write
from thermidor.scenario.file import yamlfile
from thermidor.scenario.load import load
from thermidor.support import numerals, textfile
from thermidor.support.faults import MOST, Fault, Faults


def fault(text: str, folder, name: str = "s.yaml") -> str:
    """What is said of a file that is refused."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Fault) as e:
        load(path)
    return str(e.value)


@pytest.mark.parametrize(
    "text, says",
    [
        ("1,5", "write 1.5"),
        (",5", "write 0.5"),
        ("-0,2", "write -0.2"),
        ("12,345", "write 12345, or 12.345"),
        ("1,234,567", "write 1234567"),
        ("1.234.567", "write 1234567"),
        ("1 234 567", "write 1234567"),
        ("1'234'567", "write 1234567"),
        ("7%", "write a part of one, 0.07"),
        ("7,5 %", "write a part of one, 0.075"),
        ("NA", "leave the entry out"),
        ("?", "leave the entry out"),
        ("١٢", "write 12"),
        ("۳۴", "write 34"),
        ("dozens", ""),
        ("1-2", ""),
        ("x" * 5000, ""),
    ],
)
def test_what_was_meant_as_a_number(text, says):
    assert says in numerals.repair(text) and (says or numerals.repair(text) == "")
    assert numerals.number(text) is text


def test_plain_numbers_and_dates_in_quotes_are_read():
    assert [numerals.number(x) for x in ("60", " 6_000 ", "2.5", "-1e-3", 7, None)] == [
        60,
        6000,
        2.5,
        -0.001,
        7,
        None,
    ]
    assert [numerals.whole(x) for x in ("60.0", 60.0, 60.5, "x")] == [60, 60, 60.5, "x"]
    assert (
        numerals.date("2024-2-29") == dt.date(2024, 2, 29)
        and numerals.date("2025-02-29") == "2025-02-29"
    )


def test_a_scenario_written_with_quotes_points_and_marks_is_the_same(tmp_path):
    plain = load(write(tmp_path / "s.yaml"))
    odd = SMALL.replace("days: 60", 'days: "60.0"').replace(
        "start: 2025-06-16", "start: '2025-6-16'"
    )
    odd = (
        odd.replace("5_000_000", "'5000000'")
        .replace("minority: 0.3", 'minority: "0.3"')
        .replace("4000", "'4_000'")
    )
    (tmp_path / "marked.yaml").write_bytes(
        b"\xef\xbb\xbf---\r\n" + odd.replace("\n", "\r\n").encode()
    )
    assert load(tmp_path / "marked.yaml").hash == plain.hash


def test_a_scenario_may_come_as_json(tmp_path):
    data = yaml.safe_load(SMALL) | {"title": "Łódź 🏙 \u202f", "days": 60.0}
    for name, indent in (("s.json", None), ("s.yaml", "\t")):
        (tmp_path / name).write_text(json.dumps(data, default=str, indent=indent))
        made = load(tmp_path / name)
        assert made.hash == load(write(tmp_path / "plain.yaml")).hash and made.title == "Łódź 🏙"
    data["place"]["provinces"][0]["population"] = float("nan")
    assert "population = 'NaN' must be a number; leave the entry out" in fault(
        json.dumps(data, default=str), tmp_path, "s.json"
    )
    assert "there is no scenario file nothing.json" in str(
        pytest.raises(Fault, load, "nothing.json").value
    )


def test_numbers_that_are_none_are_said_where_they_stand(tmp_path):
    text = SMALL.replace("population: 3_000_000", "population: 3,000,000").replace(
        "minority: 0.3", "minority: 30%"
    )
    assert "line 11: 'population: 3,000,000' is torn apart" in fault(text, tmp_path)
    assert "minority = '30%' must be a number; write a part of one, 0.3" in fault(
        SMALL.replace("0.3}", "30%}", 1), tmp_path
    )
    assert "'value: 1,5' is torn apart" in fault(
        SMALL + "events: [{day: 3, what: x, into: pull, value: 1,5}]\n", tmp_path
    )
    assert "unknown key '3'" in fault(
        SMALL + "events: [{day: 3, what: x, into: pull, value: 1, 3: 4}]\n", tmp_path
    )


@pytest.mark.parametrize(
    "text, says",
    [
        ("---\n---\na: 1", "one document"),
        ("a: 1\n---\nb: 2", "one document"),
        ("--- {a: !!float x}", "the tag '!!float'"),
        ("a: " + "7" * 5000, "(5000 digits) is larger than any number"),
        ("a: 1e999", "1e999 is larger than any number"),
        ("a: -" + "9" * 25, "is larger than any number"),
        ("a: !<!x> 1", "the tag '!x'"),
        ('a: "\\0"', "U+0000"),
        ("a: \x7f", "U+007F"),
        ('a: "\\u2066b"', "U+2066"),
        ("? [a]\n: 1", "a key must be a word"),
        ("b" * 300 + ": 1", "has 300 letters"),
        ("a: 0000-00-00", "no date"),
    ],
)
def test_texts_that_are_no_scenario(text, says):
    says = says.replace("no date", "is not a date of the calendar")
    with pytest.raises(Fault) as e:
        yamlfile.parse(text)
    assert says in str(e.value) and not textfile.HIDDEN.search(str(e.value))


def test_one_leading_line_of_dashes_is_fine():
    assert yamlfile.parse("--- # a comment\na: {b: 1}\n...\n")[0] == {"a": {"b": 1}}


def test_pipes_devices_and_links_to_them_are_refused_unread(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "endless.yaml").symlink_to("/dev/zero")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "folder.yaml").mkdir()
    write(tmp_path / "s.yaml")
    (tmp_path / "linked.yaml").symlink_to("s.yaml")
    assert load(tmp_path / "linked.yaml").name == "small"
    for name, says in (
        ("pipe", "not an ordinary file"),
        ("endless", "not an ordinary file"),
        ("loop", "there is no scenario file"),
        ("folder", "there is no scenario file"),
        ("a\0b", "there is no scenario file"),
        ("x" * 5000, "there is no scenario file"),
    ):
        with pytest.raises(Fault, match=says):
            load(f"{tmp_path / name}.yaml")
    (tmp_path / "child.yaml").write_text("parent: pipe.yaml\n")
    assert "not an ordinary file" in str(pytest.raises(Fault, load, tmp_path / "child.yaml").value)


def test_a_file_of_nothing_but_faults_is_given_up_at_the_hundredth(tmp_path):
    said = fault(SMALL + "".join(f"surprise_{k}: 1\n" for k in range(5000)), tmp_path)
    assert (
        "s.yaml has 100 faults or more; mend these first:" in said
        and len(said.splitlines()) == MOST + 1
    )
    faults = Faults("x")
    faults += ["a", "b", "a"]
    assert list(faults) == ["a", "b"] and str(faults.all()) == "x has 2 faults:\n  - a\n  - b"


def test_merging_keeps_the_lines_of_child_and_parent(tmp_path):
    """Entries of a long list over those of a parent, each with its own file and line."""
    write(
        tmp_path / "base.yaml",
        SMALL + "left_out:\n" + "".join(f"  - base {k}\n" for k in range(50)),
    )
    (tmp_path / "s.yaml").write_text(
        "parent: base.yaml\nleft_out:\n"
        + "".join(f"  - child {k}\n" for k in range(50))
        + "  - 7\n"
    )
    with pytest.raises(Fault) as e:
        load(tmp_path / "s.yaml")
    assert e.value.faults == ["s.yaml, line 53: left_out.100 = 7 must be a text; put it in quotes."]


def test_text_of_several_lines_is_one_line_where_a_line_is_meant(tmp_path):
    made = load(
        write(
            tmp_path / "s.yaml",
            SMALL,
            ("title: A small country", "title: >\n  A small\n  country\n"),
        )
    )
    assert made.title == "A small country"


def test_true_and_false_as_the_core_of_yaml_has_them():
    data = yamlfile.parse("a: True\nb: FALSE\nc: yes\nd: Null\ne: No\n")[0]
    assert data == {"a": True, "b": False, "c": "yes", "d": None, "e": "No"}
