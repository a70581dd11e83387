"""Manifests of strangers: whatever their scenario is, a sentence or an export, and no traceback."""

from __future__ import annotations

import json
from typing import Any

import pytest

import thermidor as th
from thermidor.support.faults import Fault


def nested(depth: int) -> Any:
    out: Any = "x"
    for _ in range(depth):
        out = {"source": out}
    return out


ODD: dict[str, Any] = {
    "a text": "x",
    "a list": [1, [2], {"a": 3}],
    "a number": 1e308,
    "deep": nested(300),
    "wrong place": {"place": 5, "status_quo": {"treasury.forces": "many"}},
    "wrong names": {"arguments": [5, "no-such", "/etc/passwd"], "mechanisms": ["os", 3]},
    "wrong words": {"title": "x" * 100_000, "claims_of": "}" * 5000, "start": "soon"},
    "no choices": {"choices": [1], "assumptions": {"source": {"source": "\x00\u202e}"}}},
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("whole", [True, False])
def test_odd_scenarios(copy, tmp_path, what, whole):
    path = copy / "manifest.json"
    m, odd = json.loads(path.read_text(encoding="utf-8")), ODD[what]
    m["resolved"] = odd if whole or not isinstance(odd, dict) else m["resolved"] | odd
    path.write_text(json.dumps(m), encoding="utf-8")
    try:
        study = th.results(copy)
        assert study.export(tmp_path / "d.csv", "dictionary").stat().st_size
        text = study.cite()
    except Fault:
        return
    assert "\u202e" not in text and "\x00" not in text
    with pytest.raises(Fault) as told:
        study.bundle(tmp_path / "b.zip")
    assert len(str(told.value)) < 20_000 and not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize(
    "command",
    ["", "thermidor", "rm -rf /", "thermidor run", "thermidor run /dev/stdin", "thermidor run '"]
    + ["thermidor run / --beliefs /etc/passwd", "thermidor run first-steps --days many", "a\x00b"],
)
def test_odd_commands_bring_nothing(copy, tmp_path, command):
    from thermidor.study.exports.inputs import inputs

    path = copy / "manifest.json"
    m = json.loads(path.read_text(encoding="utf-8")) | {"command": command}
    assert inputs(m) == []
