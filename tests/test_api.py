"""The library's verbs: the same numbers and files as the command line, typed results, stopping as a
value.
"""

from __future__ import annotations

import builtins
import dataclasses
import inspect
import json
import os
import pickle
import re
import signal
import sys
from pathlib import Path

import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, bytes_of, write
from tests.study.played import before_each
from tests.test_cli import CLAIM, call
from thermidor import api
from thermidor.asking import AGENTS_OF_PAIRS
from thermidor.study.futures import compute
from thermidor.support.writing import to_json

WHEN = ("seconds", "agent_days_per_second", "seconds_by_mechanism", "command", "out")
PATCH = {"ruler.force_limit": 0.5}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    short = ("days: 60", "days: 20")
    return write(tmp_path_factory.mktemp("api") / "small.yaml", SMALL + CLAIM, short)


@pytest.fixture(scope="module")
def folder(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study, its claims and a comparison in one folder, by the library."""
    out = tmp_path_factory.mktemp("results")
    study = th.run(file, runs=5, citizens=CITIZENS, processes=1, out=out)
    assert study.status == "finished"
    th.claims(file, runs=6, citizens=CITIZENS, processes=1, out=out)
    th.compare(file, PATCH, runs=4, citizens=CITIZENS, processes=1, out=out)
    return out


def plain(data: object) -> object:
    """What a command prints or a manifest holds, without what no two calls share."""
    return json.loads(to_json({k: v for k, v in dict(data).items() if k not in WHEN}))


def tables(folder: Path) -> dict[str, dict[str, str]]:
    return {str(p.parent.relative_to(folder)): bytes_of(p.parent) for p in folder.rglob("runs.*")}


def manifests(folder: Path) -> dict[str, object]:
    return {
        str(p.relative_to(folder)): plain(json.loads(p.read_text(encoding="utf-8")))
        for p in folder.rglob("manifest.json")
    }


def test_the_command_line_gives_the_same_numbers_and_files(capsys, file, folder, tmp_path):
    out = tmp_path / "out"
    size = ["--citizens", CITIZENS, "--processes", 1, "--out", out, "--json"]
    printed = [
        json.loads(call(capsys, *words, *size)[1])
        for words in (
            ("run", file, "--runs", 5),
            ("claims", file, "--runs", 6),
            ("compare", file, "--runs", 4, "--with", "ruler.force_limit=0.5"),
        )
    ]
    assert tables(out) == tables(folder) and len(tables(out)) == 4
    assert manifests(out) == manifests(folder) and len(manifests(out)) == 4
    name = "claims.json"
    assert (out / name).read_bytes() == (folder / name).read_bytes()
    assert (out / "model.json").read_bytes() == (folder / "model.json").read_bytes()

    again = {"citizens": CITIZENS, "processes": 1, "out": folder}
    found = (
        th.run(file, runs=5, **again),
        th.claims(file, runs=6, **again),
        th.compare(file, PATCH, runs=4, **again),
    )
    for data, result in zip(printed, found, strict=True):
        assert plain({k: v for k, v in data.items() if k != "patch"}) == plain(result.to_dict())


def test_defaults_are_those_of_the_command_line(file):
    assert api.for_pairs("iran-2025").place.citizens == AGENTS_OF_PAIRS == 20_000
    assert api.for_pairs("iran-2025", citizens=30_000).place.citizens == 30_000
    assert api.for_pairs(th.load("iran-2025", citizens=50_000)).place.citizens == 50_000
    assert api.for_pairs(file).place.citizens == th.load(file, citizens=20_000).place.citizens
    base, other = api.sides(file, file, citizens=CITIZENS, set=PATCH, days=7)
    assert base.days == other.days == 7 and base.place.citizens == other.place.citizens
    assert [s.parameters["ruler.force_limit"].value for s in (base, other)] == [0.5, 1]
    assert (api.pairs_of(None), api.pairs_of(None, quick=True), api.pairs_of(7)) == (200, 40, 7)
    with pytest.raises(th.Fault, match="give it or --runs, not both"):
        th.claims(file, runs=5, quick=True)


def test_a_report_tells_claims_that_were_tested_from_the_library(folder):
    page = th.write_report(th.results(folder)).read_text(encoding="utf-8")
    assert "Without force more people go out." in page and "K1" in page


def test_only_some_claims_and_a_first_look_are_not_kept(file, tmp_path):
    th.claims(file, only=["K1"], runs=5, citizens=CITIZENS, processes=1, out=tmp_path)
    th.claims(file, quick=True, citizens=CITIZENS, processes=1, out=tmp_path)
    assert not (tmp_path / "claims.json").exists()


# -- results


def test_results_have_attributes_and_go_through_a_pipe(file, folder):
    again = {"citizens": CITIZENS, "processes": 1, "out": folder}
    study, claims = th.results(folder), th.claims(file, runs=6, **again)
    effects = th.compare(file, PATCH, runs=4, **again)
    assert (study.status, study.futures, study.wanted, study.failed) == ("finished", 5, 5, 0)
    assert (study.scenario, study.days, study.seed) == ("small", 20, 1)
    assert str(study.start) == "2025-06-16" and study.costs()["killed_protest"].low >= 0
    assert isinstance(claims["K1"], th.Verdict) and claims["K1"] is claims[0] and len(claims) == 1
    assert claims[0].tests[0].effect.pairs == 6 and claims[0].costs["free"]["executed"].mean >= 0
    assert effects["survived"].pairs == effects.pairs == 4 and effects.without is not None
    for result in (study, claims, effects):
        text = to_json(result.to_dict())
        assert to_json(pickle.loads(pickle.dumps(result)).to_dict()) == text
        assert result._repr_html_().startswith("<p>")
    with pytest.raises(dataclasses.FrozenInstanceError):
        claims[0].verdict = "supported"  # type: ignore[misc]
    for wrong in (claims, effects):
        with pytest.raises(KeyError, match="there is no .*'nothing'; there are"):
            wrong["nothing"]


def test_frames(file, folder):
    pandas = pytest.importorskip("pandas")
    study = th.results(folder)
    runs = study.to_pandas()
    assert isinstance(runs, pandas.DataFrame) and list(runs["run"]) == list(range(5))
    assert study.to_pandas("series").shape == study.series.shape
    again = {"citizens": CITIZENS, "processes": 1, "out": folder}
    assert list(th.claims(file, runs=6, **again).to_pandas()["id"]) == ["K1"]
    rows = th.compare(file, PATCH, runs=4, **again).to_pandas()
    assert "survived" in set(rows["outcome"]) and {"effect", "low", "high"} <= set(rows)


def test_series_by_run_and_day(folder):
    xarray = pytest.importorskip("xarray")
    study = th.results(folder)
    data = study.to_xarray()
    assert isinstance(data, xarray.Dataset) and data.sizes == {"run": 5, "day": 21}
    assert (
        data["strength"].attrs["units"] == "share of the forces"
        and data.attrs["hash"] == study.hash
    )
    one = study.series.row(by_predicate=_cell(3, 7), named=True)
    assert float(data["strength"].sel(run=3, day=7)) == pytest.approx(one["strength"])


def _cell(run: int, day: int):
    import polars as pl

    return (pl.col("run") == run) & (pl.col("day") == day)


def test_pictures(file, folder):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    again = {"citizens": CITIZENS, "processes": 1, "out": folder}
    study = th.results(folder)
    assert study.plot_survival().get_ylabel() == "share of futures in power"
    assert "share" in study.plot_series("strength").get_ylabel()
    with pytest.raises(th.Fault, match="no series 'strenth'.*Did you mean 'strength'"):
        study.plot_series("strenth")
    drawn = th.claims(file, runs=6, **again).plot()
    assert [t.get_text() for t in drawn.get_yticklabels()][0].startswith("K1 ")
    _, ax = pyplot.subplots()
    assert th.compare(file, PATCH, runs=4, **again).plot(ax) is ax
    pyplot.close("all")


@pytest.mark.parametrize(
    ("package", "method", "extra"),
    [
        ("pandas", "to_pandas", "frames"),
        ("xarray", "to_xarray", "frames"),
        ("matplotlib", "plot_survival", "plot"),
    ],
)
def test_a_package_that_is_missing_is_named(folder, monkeypatch, package, method, extra):
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.partition(".")[0] == package:
            raise ImportError(name=package)
        return real(name, *rest, **more)

    for name in [m for m in sys.modules if m.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(th.Fault, match=rf"{method}\(\) needs {package}.*thermidor\[{extra}\]"):
        getattr(th.results(folder), method)()


# -- progress and stopping


def test_every_verb_tells_one_kind_of_event(file, tmp_path):
    how = {"citizens": CITIZENS, "processes": 1}
    later = PATCH | {"choices_from": "2025-06-26"}
    seen: dict[str, list[th.Progress]] = {"run": [], "claims": [], "compare": []}
    th.run(file, runs=3, out=tmp_path / "a", progress=seen["run"].append, **how)
    th.claims(file, runs=5, out=tmp_path / "b", progress=seen["claims"].append, **how)
    th.compare(
        file, later, past=1, runs=3, out=tmp_path / "c", progress=seen["compare"].append, **how
    )
    for events in seen.values():
        assert events and all(isinstance(e, th.Progress) for e in events)
        come = [e.come for e in events]
        assert come == sorted(come) and come[-1] <= events[-1].total
    assert {e.stage for e in seen["run"]} == {""}
    assert {e.stage for e in seen["claims"]} <= {"K1 free", "K1 as_it_is"}
    assert {e.stage for e in seen["compare"]} <= {"past", "with", "without"}
    assert {e.total for e in seen["compare"]} == {3}


def stops(times: int, after: int):
    """Ctrl-C so often while the future of this number is computed."""

    def look(k):
        for _ in range(times if k == after else 0):
            os.kill(os.getpid(), signal.SIGINT)

    return look


@pytest.mark.parametrize("times", [1, 2])
def test_stopping_is_a_value(file, tmp_path, monkeypatch, times):
    how = {"citizens": CITIZENS, "processes": 1}
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(compute, "abreast", lambda _: 2)
    before_each(monkeypatch, stops(times, 2))
    study = th.run(file, runs=5, out=tmp_path / "a", **how)
    assert (study.status, study.futures, study.wanted) == ("stopped", 2, 5)
    claims = th.claims(file, runs=5, out=tmp_path / "b", **how)
    assert claims.status == "stopped" and len(claims) == 0
    assert claims._repr_html_() == "<p>stopped</p>" and not (tmp_path / "b/claims.json").exists()
    found = th.compare(file, PATCH, runs=5, out=tmp_path / "c", **how)
    assert (found.status, found.pairs, found.effects) == ("stopped", 0, ())
    monkeypatch.undo()
    assert signal.getsignal(signal.SIGINT) is before
    assert th.run(file, runs=5, out=tmp_path / "a", **how).status == "finished"
    assert th.claims(file, runs=5, out=tmp_path / "b", **how).status == "finished"
    assert th.compare(file, PATCH, runs=5, out=tmp_path / "c", **how).status == "finished"


def test_a_common_past_can_be_stopped(file, tmp_path, monkeypatch):
    from thermidor.study import compare as module

    real = module.make_past

    def make_past(*options):
        os.kill(os.getpid(), signal.SIGINT)
        return real(*options)

    monkeypatch.setattr(module, "make_past", make_past)
    later = PATCH | {"choices_from": "2025-06-26"}
    found = th.compare(file, later, past=1, runs=3, citizens=CITIZENS, out=tmp_path)
    assert found.status == "stopped" and not list(tmp_path.rglob("*.npz"))


def test_the_library_raises_no_keyboard_interrupt():
    root = Path(inspect.getfile(th)).parent
    raising = [
        str(p.relative_to(root))
        for p in root.rglob("*.py")
        if re.search(r"raise KeyboardInterrupt", p.read_text(encoding="utf-8"))
    ]
    assert raising == ["terminal/interrupt.py"]
