"""What to cite: entries that BibTeX reads, whatever a stranger's folder says."""

from __future__ import annotations

import json
import re

import pytest

import thermidor as th
from tests.conftest import command
from thermidor.study.exports.bibtex import tex

ENTRY = re.compile(r"@(\w+)\{([^,\s]+),\n((?:  \w+ = \{.*\},\n)*)\}\n")


def entries(text: str) -> dict[str, str]:
    """Bodies by key; all of the text is entries and blank lines."""
    assert not ENTRY.sub("", text).strip(), ENTRY.sub("", text)
    for line in text.splitlines():
        plain = re.sub(r"\\[{}]", "", line)
        depth = 0
        for c in plain:
            depth += (c == "{") - (c == "}")
            assert depth >= 0 or line == "}", line
    return {key: body for _, key, body in ENTRY.findall(text)}


@pytest.fixture
def changed(copy):
    """The study with something else in its manifest."""

    def change(**told):
        path = copy / "manifest.json"
        data = json.loads(path.read_text(encoding="utf-8"))
        data["resolved"] |= told.pop("resolved", {})
        path.write_text(json.dumps(data | told), encoding="utf-8")
        return th.results(copy)

    return change


def test_software_country_and_results_with_fingerprints(done):
    study = th.results(done)
    found = entries(study.cite())
    results = f"study-{study.hash}-seed1"
    assert list(found) == ["Thermidor", "country-small", results]
    assert study.manifest["rules"] in found["Thermidor"] and study.hash in found["country-small"]
    assert re.search(r"SHA-256 of runs.parquet [0-9a-f]{64}", found[results])


def test_arguments_and_data_that_the_scenario_names(changed):
    facts = {"treasury.price": {"value": 70, "source": "ThermidorFacts"}}
    facts |= {"treasury.taxes": {"value": 12, "source": "A report, 2024, p. 3"}}
    study = changed(resolved={"assumptions": facts, "arguments": ["sanctions-work", "mine.yaml"]})
    text = study.cite()
    found = entries(text)
    assert {"argument-sanctions-work", "ThermidorFacts", "source-1"} <= set(found)
    assert "from memory" in found["ThermidorFacts"] and "checked:" not in text
    assert "A report, 2024, p. 3" in found["source-1"]
    assert len(found) > 6, "the argument's own references"


def test_a_strangers_words_are_no_entries_and_no_commands(changed):
    study = changed(title="A } \\input{/etc/passwd}\n@misc{evil, title={x}} % \x1b[31m")
    found = entries(study.cite())
    assert not any("evil" in key for key in found)
    assert r"\input" not in study.cite() and "\x1b" not in study.cite()


def test_tex():
    assert tex("a_b & 5 % {x} $ # ~ ^ \\") == (
        r"a\_b \& 5 \% \{x\} \$ \# \textasciitilde{} \textasciicircum{} \textbackslash{}"
    )


def test_the_verb_prints_or_writes(capsys, done, tmp_path):
    code, out, _ = command(capsys, "cite", done)
    assert code == 0 and out.strip() == th.results(done).cite().strip()
    assert command(capsys, "cite", done, "--to", tmp_path / "x.bib")[0] == 0
    assert (tmp_path / "x.bib").read_text(encoding="utf-8") == th.results(done).cite()
    code, _, err = command(capsys, "cite", done, "--to", tmp_path / "x.bib")
    assert code == 2 and err.endswith("write over it with --force.\n")
    code, _, err = command(capsys, "cite", done, "--to", "x.txt")
    assert (code, err) == (2, "thermidor: x.txt must end in .bib.\n")
