"""Files dropped on the page: checked as in the terminal, kept in memory by what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SMALL
from thermidor.support.faults import Fault

CHILD = """\
thermidor: 1
name: child
title: A child
parent: {parent}
"""
BELIEFS = """\
beliefs: 1
holder: Ann
date: 2025-06-16
assumptions:
  citizens.ties: {value: 1.0, low: 0.7, high: 1.3, why: "close friends decide"}
  security.street_police: {value: 0.3, why: "I saw it"}
"""
SEEN = """\
seen: 1
title: Counted in the squares
observations:
  - {date: 2025-06-20, series: turnout_country, value: 0.01, low: 0.005, high: 0.02, \
source: a newspaper, known: 2025-06-21}
"""
ARGUMENT = """\
argument: 1
name: mine
title: Mine
of: a text
claims:
  - id: A1
    sentence: So free media ought to be let in.
    kind: value
    not_testable: it says what ought to be
"""


def drop(client: Any, text: str | bytes, name: str = "mine.yaml", query: str = "") -> Any:
    body = text.encode() if isinstance(text, str) else text
    return client.post(f"/api/drop{query}", content=body, headers={"x-file-name": name})


def terminal(path: Path) -> list[str]:
    """The faults that `thermidor check` tells of a file."""
    from thermidor.scenario.argument.checked import checked
    from thermidor.scenario.load import load

    with pytest.raises(Fault) as e:
        if checked(str(path)) is None:
            load(path)
    return e.value.faults


def test_a_country_is_served_by_its_fingerprint_and_plays(client: Any) -> None:
    text = SMALL.replace("days: 60", "days: 6").replace("title: A small", "title: Another small")
    told = drop(client, text).json()
    assert told["kind"] == "country" and told["says"].startswith("small is sound: 12 mechanisms")
    key = told["key"]
    model = client.get(f"/api/model?country={key}").json()
    assert model["model"]["country"] == key and model["model"]["days"] == 6
    assert {"name": key, "title": "Another small country (mine.yaml)"} in model["countries"]
    found = client.get(f"/explore.json?country={key}").json()
    assert found["answer"]["futures"] == 200 and found["hashes"]["base"] == model["model"]["hash"]
    assert "parent: mine.yaml" in client.get(f"/explore.yaml?country={key}").text
    recipe = client.get(f"/explore.sh?country={key}").text
    assert "thermidor run mine.yaml" in recipe and "save it in this folder" in recipe
    assert drop(client, text, "other.yaml").json()["key"] == key


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("days: 60", "days: sixty").replace("treasury.taxes: 12", "treasury.taxs: 1"),
        "a: &x [1]\nb: *x\n",
        "a: !!python/object/apply:os.system ['id']\n",
        "- a list\n",
        "",
        BELIEFS.replace("citizens.ties", "citizens.tis"),
        SEEN.replace("2025-06-21", "2025-06-19"),
        ARGUMENT.replace("not_testable", "not_testible"),
        "{unclosed\n",
    ],
)
def test_faults_are_those_of_the_terminal(client: Any, tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    reply = drop(client, text)
    assert reply.status_code == 400
    assert reply.json()["faults"] == terminal(tmp_path / "mine.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CHILD.format(parent="other.yaml"), "line 4: parent = 'other.yaml'; a file on the page"),
        (CHILD.format(parent="/etc/passwd"), "line 4: parent = '/etc/passwd'; a file on the page"),
        (CHILD.format(parent="mine.yaml"), "line 4: parent = 'mine.yaml'; a file on the page"),
        (
            CHILD.format(parent="iran-2025") + "arguments: [/etc/x.yaml]\n",
            "line 5: the argument '/etc/x.yaml' is none of the package",
        ),
        (SMALL.replace("[citizens,", "[citizens, ../evil.py,"), "evil"),
        (SMALL.replace("days: 60", "days: 5000"), "the page plays at most 3,660"),
    ],
)
def test_a_file_names_nothing_else_of_this_machine(client: Any, text: str, said: str) -> None:
    reply = drop(client, text)
    assert reply.status_code == 400 and said in reply.json()["faults"][0], reply.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mine.py", "its name ends with .yaml, .yml, .json"),
        ("", "is no file that the page reads"),
        ("..%2F..%2F.yaml", "is no file that the page reads"),
    ],
)
def test_a_file_has_a_name_of_such_files(client: Any, name: str, said: str) -> None:
    reply = drop(client, SMALL, name)
    assert reply.status_code == 400 and said in reply.json()["faults"][0]


def test_a_path_in_a_name_is_only_its_last_part(client: Any) -> None:
    told = drop(client, ARGUMENT, "..%2F..%2Fetc%2Fmine.yaml").json()
    assert told["name"] == "mine.yaml" and told["kind"] == "argument"
    assert told["says"] == "mine is sound: 1 claim."


def test_what_is_no_text_or_too_large_is_a_sentence(client: Any) -> None:
    assert "not a text file in UTF-8 (byte 0)" in drop(client, b"\xff\xfe").json()["faults"][0]
    large = drop(client, "a" * 2_000_001)
    assert large.status_code == 413 and "2,000,000 bytes" in large.json()["faults"][0]
    assert client.post("/api/answer", content="a" * 70_000).status_code == 413


def test_beliefs_become_the_readers_assumptions(client: Any) -> None:
    told = drop(client, BELIEFS).json()
    assert told["sets"] == {"citizens.ties": 1.0, "security.street_police": 0.3}
    assert "The beliefs of Ann are sound: 2 assumptions." in told["says"]
    query = "&".join(f"a.{k}={v}" for k, v in told["sets"].items())
    assert client.get(f"/explore.yaml?{query}").status_code == 200
    choice = BELIEFS + '  treasury.public: {value: 3, why: "no"}\n'
    assert "is a choice" in drop(client, choice).json()["faults"][0]


def test_what_was_seen_lies_on_its_chart(client: Any) -> None:
    told = drop(client, SEEN, "seen.yaml").json()
    assert told["charts"] == ["crowds"]
    found = client.get(f"/api/seen?seen={told['key']}").json()
    (point,) = found["charts"]["crowds"]
    assert point["day"] == 4 and point["value"] == pytest.approx(0.01 * 10e6)
    query = f"right=crowds&chart=right&seen={told['key']}"
    assert "<circle" in client.get(f"/explore.svg?{query}").text
    late = SEEN.replace("2025-06-20", "2025-12-20").replace("2025-06-21", "2025-12-21")
    assert "lies after the end" in drop(client, late).json()["faults"][0]


def test_a_server_that_has_a_file_no_longer_says_so(client: Any) -> None:
    for path in ("/api/model?country=file-abc", "/explore.json?country=file-abc"):
        reply = client.get(path)
        said = "this server no longer has the file 'file-abc'"
        assert reply.status_code == 400 and said in reply.json()["faults"][0]
    assert "x_choose" in client.get("/api/model?country=file-abc").json()["words"]
    assert "no longer has" in client.get("/api/seen?seen=file-abc").json()["faults"][0]


def test_few_files_are_kept_and_nothing_on_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import tempfile

    from thermidor.page.exports import dropped

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(dropped, "MOST_FILES", 2)
    named: dict[str, str] = {}
    kept = dropped.Dropped(named)
    keys = [kept.add("mine.yaml", f"{SMALL}# {k}\n".encode()).key for k in range(3)]
    assert kept.get(keys[0]) is None and list(named) == keys[1:]
    assert list(tmp_path.iterdir()) == []


def test_a_dropped_argument_has_its_map_in_claims(client: Any) -> None:
    key = drop(client, ARGUMENT).json()["key"]
    found = client.get(f"/api/claims?country=small&argument={key}").json()
    (claim,) = found["claims"]
    assert claim["id"] == "A1" and "--argument mine.yaml" in claim["command"]
    assert {"name": key, "title": "Mine (mine.yaml)"} in found["arguments"]
    gone = client.get("/api/claims?country=small&argument=file-0")
    assert gone.status_code == 400 and "no longer has the file" in gone.json()["faults"][0]
