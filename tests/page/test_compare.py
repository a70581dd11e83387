"""Compare and Claims: what stands side by side, and the same numbers as the terminal's."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import SMALL
from tests.page.conftest import HERE, PORT
from thermidor.page.claimed import argued, tested
from thermidor.page.compared import beliefs as beside
from thermidor.page.compared import countries, drawn, together
from thermidor.page.tasks.events import clean
from thermidor.study import stats

CLAIMS = """
claims:
  - id: T1
    sentence: More money for the public keeps the crowd small.
    supports: [T2]
    arms: {more: {set: {treasury.public: 20}}, same: {}}
    tests:
      - {says: it is smaller, outcome: peak_turnout_country, of: more, against: same, expect: below}
    objections: {supporter: Money is not all., critic: Money is all.}
  - {id: T2, sentence: Content people stay at home., not_testable: nothing holds contentment}
"""
HERS = "citizens.opposition: {value: 0.75, low: 0.65, high: 0.85, why: She counts the silent.}"
HIS = "citizens.opposition: {value: 0.5, low: 0.4, high: 0.6, why: He does not.}"
FEW, PLAYED = 8, 16  # futures, so that these tests take a moment


def beliefs(path: Path, holder: str, row: str) -> str:
    text = f"beliefs: 1\nholder: {holder}\ndate: 2025-06-16\nassumptions:\n  {row}\n"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two countries that differ in length, beliefs of two people, two studies, another seed's."""
    import thermidor as th

    made = tmp_path_factory.mktemp("beside")
    for name, days in (("small", 8), ("longer", 15)):
        text = SMALL.replace("days: 60", f"days: {days}").replace("name: small", f"name: {name}")
        (made / f"{name}.yaml").write_text(text + CLAIMS, encoding="utf-8")
    beliefs(made / "hers.yaml", "Her", HERS)
    beliefs(made / "his.yaml", "Him", HIS)
    small = made / "small.yaml"
    for name, how in (("one", {}), ("other", {"set": {"treasury.public": 20}}), ("seed", {})):
        seed = 2 if name == "seed" else 1
        th.run(small, runs=FEW, seed=seed, citizens=1536, processes=0, out=made / name, **how)
    th.claims(small, runs=FEW, processes=0, out=made / "one")
    return made


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Any]:
    from starlette.testclient import TestClient

    from thermidor.page.server import application
    from thermidor.page.shared import Shared

    shared = Shared(
        {n: str(folder / f"{n}.yaml") for n in ("small", "longer")},
        2,
        {n: str(folder / n) for n in ("one", "other", "seed")},
        {n: str(folder / f"{n}.yaml") for n in ("hers", "his")},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "STEPS", (8, PLAYED))
        patch.setattr(tested, "FIRST_PAIRS", 5)
        patch.setattr(tested, "PAIRS", FEW)
        patch.setattr(argued, "PAIRS", FEW)
        with TestClient(application(shared, PORT), base_url=HERE) as made:
            yield made


def words(client: Any, path: str, query: str) -> list[dict[str, Any]]:
    """What the server tells of a query until it is done, but for progress."""
    reply = client.post(path, content=query, headers={"x-page": "a1"})
    assert reply.status_code == 200, reply.text
    found = [json.loads(b.split("data: ", 1)[1]) for b in reply.text.strip().split("\n\n")]
    return [w for w in found if w["kind"] != "progress"]


def test_countries_of_unequal_length_are_compared_on_a_day_that_both_have(client: Any) -> None:
    told = words(client, "/api/compare", "country=small&with=longer&c.treasury.public=4")
    assert [w["kind"] for w in told] == ["preview", "refined"]
    last = told[-1]
    assert last["day"] == 7 and [s["days"] for s in last["sides"]] == [8, 15]
    assert [c["x_most"] for c in last["charts"][:1]] == [15]
    assert [len(p) for p in last["charts"][0]["panels"]] == [1, 1]
    (d,) = last["differences"]
    assert not d["paired"] and d["sentence"].startswith("On day 7 A small country")
    assert any("not of pairs" in n for n in last["notes"])
    assert any("are changed in A small country only" in n for n in last["notes"])


def test_a_difference_of_two_samples_is_wider_than_that_of_pairs() -> None:
    a, b = np.array([1.0] * 60 + [0.0] * 40), np.array([1.0] * 40 + [0.0] * 60)
    found = countries.unpaired(stats.share(60, 100), stats.share(40, 100))
    pairs = stats.paired(a, b, binary=True)
    assert (
        found.value == pytest.approx(0.2) and 0.06 < found.low < 0.07 and 0.32 < found.high < 0.34
    )
    assert found.high - found.low > pairs.high - pairs.low


def test_who_is_in_power_on_a_day() -> None:
    side = drawn.Side("x", ["in power", "coup", "coup"], np.array([10, 10, 4]), 10)
    assert side.in_power_on(9).tolist() == [True, True, False]
    assert side.in_power_on(10).tolist() == [True, False, False]


def test_two_beliefs_are_paired_and_it_is_told_what_each_holds(client: Any, folder: Path) -> None:
    import thermidor as th

    last = words(client, "/api/compare", "show=beliefs&with=hers,his&country=small")[-1]
    assert [s["title"] for s in last["sides"]] == ["Her", "Him"]
    assert last["differences"][0]["paired"] and last["differences"][0]["pairs"] == PLAYED
    (row,) = last["beliefs"]["rows"]
    assert row["key"] == "citizens.opposition" and row["role"] == "assumption" and row["differ"]
    assert row["each"] == ["0.75 (0.65 to 0.85)", "0.5 (0.40 to 0.60)"]
    assert last["command"].startswith("thermidor crux ")
    out = folder / "believed"
    his = th.run(
        folder / "small.yaml",
        beliefs=folder / "his.yaml",
        runs=PLAYED,
        citizens=20_000,
        processes=0,
        out=out,
    )
    cells = {r["label"]: r["cells"][1] for r in last["charts"][2]["rows"]}
    spread = his.costs()["arrested"]
    found = [cells["arrested in protest"][k] for k in ("value", "low", "high")]
    assert found == pytest.approx(list(spread), rel=1e-9)


def test_dropped_beliefs_are_compared_as_those_of_the_command_line(
    client: Any, folder: Path
) -> None:
    def drop(name: str) -> str:
        headers = {"x-file-name": f"my-{name}.yaml", "content-type": "text/plain"}
        body = (folder / f"{name}.yaml").read_bytes()
        return str(client.post("/api/drop", content=body, headers=headers).json()["key"])

    mine, his = (client.app.state.server.shared.dropped, drop("his"))
    ask = "/compare.json?show=beliefs&country=small&with=hers,"
    named, dropped = (client.get(f"{ask}{x}").json() for x in ("his", his))
    for key in ("sides", "differences", "charts", "beliefs"):
        assert named[key] == dropped[key], key
    assert dropped["names"] == ["hers", his] and dropped["command"].split()[3] == "my-his.yaml"
    model = client.get("/api/model?country=small").json()
    assert model["beliefs"] == ["hers", "his", his] and model["titles"][his].startswith("Him (my-")
    own = client.get(f"{ask}{his}&country={drop('small')}").json()
    assert own["differences"] == named["differences"]
    both = client.get(f"{ask}his&a.citizens.opposition=0.6").json()
    assert both["notes"] == [beside.BOTH.format(keys="citizens.opposition")]
    mine._files.pop(his)
    lost = client.get(f"{ask}{his}")
    assert lost.status_code == 400 and "drop it on the page again" in lost.text


def test_only_studies_whose_fingerprints_allow_it_are_paired(client: Any, folder: Path) -> None:
    import thermidor as th
    from thermidor.study.compare import compare

    last = client.get("/compare.json?show=studies&with=other,one").json()
    assert last["paired"] and last["differences"][0]["paired"]
    made = compare(th.results(folder / "other"), th.results(folder / "one"))
    told = {e["outcome"]: e["mean"] for e in last["effects"]}
    assert told == {e.outcome: e.told.value for e in made.effects if e.outcome in told}
    assert "arrested" in told and "survived" in told
    assert any(d["key"] == "resolved: choices.treasury.public" for d in last["differ"])
    apart = client.get("/compare.json?show=studies&with=one,seed").json()
    assert not apart["paired"] and not apart["effects"]
    assert "their seeds differ (1 and 2)" in apart["notes"][0]


def test_every_argument_is_listed_with_the_command_of_the_matrix(client: Any) -> None:
    last = client.get("/compare.json?show=arguments&country=small").json()
    assert {a["name"] for a in last["arguments"]} >= {"nonviolence", "sanctions-work"}
    assert last["own"]["claims"][0]["id"] == "T1" and "--argument nonviolence" in last["command"]


def test_the_verdict_is_that_of_the_terminal(client: Any, folder: Path) -> None:
    import thermidor as th

    told = words(client, "/api/verdict", "country=small&claim=T1")
    assert [(w["kind"], w["pairs"]) for w in told] == [("preview", 5), ("refined", FEW)]
    made = th.claims(
        folder / "small.yaml", only=["T1"], runs=FEW, processes=0, out=folder / "again"
    )
    assert told[1]["raw"] == json.loads(json.dumps(clean(made["T1"].to_dict())))
    assert told[1]["shown"]["arms"] == ["more", "same"]
    assert [len(p) for p in told[1]["charts"][0]["panels"]] == [2]
    found = client.get("/api/claims?country=small").json()
    assert [c["verdict"] for c in found["claims"]] == [told[1]["raw"]["verdict"], "not testable"]
    rows = list(csv.reader(io.StringIO(client.get("/claims.csv?country=small&claim=T1").text)))
    assert ["test", "mean", "low", "high", "margin", "pairs", "verdict", "outcome"] in rows


def test_a_claim_says_what_its_sides_set_and_why_it_cannot_be_tested(client: Any) -> None:
    found = client.get("/api/claims?country=longer&claim=T2&c.treasury.public=9").json()
    one, two = found["claims"]
    assert one["verdict"] == "not tested yet" and two["said"] == "not testable"
    assert two["reason"] == "nothing holds contentment" and len(one["objections"]) == 2
    assert [s["role"] for a in one["arms"] for s in a["sets"]] == ["choice"]
    assert one["arms"][0]["sets"][0]["was"] == "9" and len(found["changed"]) == 1
    assert "--only T1 --set treasury.public=9" in one["command"].replace(".0", "")
    assert [b["id"] for b in found["map"]["boxes"]] == ["T1", "T2"]
    reply = client.post("/api/verdict", content="country=longer&claim=T2", headers={"x-page": "a"})
    assert reply.status_code == 400 and "no run can decide T2" in reply.json()["faults"][0]


def test_verdicts_are_read_from_a_study(client: Any, folder: Path) -> None:
    found = client.get("/api/claims?country=small&study=one&claim=T1").json()
    kept = json.loads((folder / "one" / "claims.json").read_text(encoding="utf-8"))
    assert found["evidence"]["kind"] == "read" and found["evidence"]["raw"] == kept["claims"][0]
    assert "read from the study one" in found["note"]
    none = client.get("/api/claims?country=small&study=other")
    assert none.status_code == 400 and "no claims were tested in full" in none.json()["faults"][0]


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/api/compare", "with=atlantis", "there is no country 'atlantis' here"),
        ("/api/compare", "show=moons", "show = 'moons' must be one of"),
        ("/api/compare", "show=studies&with=/etc", "there is no study '/etc' here"),
        ("/api/crux", "show=countries", "a crux is of two beliefs"),
        ("/api/verdict", "claim=Z9", "there is no claim 'Z9' here; there are T1, T2."),
        ("/api/verdict", "claim=T1&argument=../x", "there is no argument '../x' here"),
    ],
)
def test_what_is_not_there_is_a_sentence(client: Any, path: str, query: str, said: str) -> None:
    reply = client.post(path, content=query, headers={"x-page": "a1"})
    assert reply.status_code == 400 and any(said in f for f in reply.json()["faults"]), reply.text


def test_a_test_that_is_cancelled_stops(folder: Path) -> None:
    from thermidor.page.claimed.tested import Verdicts
    from thermidor.page.pool import Pool, Token
    from thermidor.scenario.load import load
    from thermidor.support.stopping import Stopped

    token, verdicts = Token(), Verdicts(Pool(1))
    token.cancel()
    s = load(folder / "small.yaml")
    with pytest.raises(Stopped):
        verdicts._judge(s, s.claims[0], 1, FEW, token, lambda p: None)


def test_what_the_sides_of_the_twelve_claims_set_is_said_in_plain_values() -> None:
    """Whose sides set values with ranges, and values with dates."""
    from thermidor.scenario.load import load
    from thermidor.study.matrix.matrix import Asked

    told = argued.told(load("iran-2025"), Asked("iran-2025"), {}, {})
    sets = [s for c in told["claims"] for a in c["arms"] for s in a["sets"]]
    assert len(told["claims"]) == 12 and {s["role"] for s in sets} == {"choice", "assumption"}
    assert ("ruler.noise", "1,000") in {(s["key"], s["value"]) for s in sets}
