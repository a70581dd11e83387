"""One future on the page: frames, resuming, the same numbers as a study, and from its folder."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.page.conftest import HERE, PORT
from tests.page.served import apart

RUNS = 3


@pytest.fixture(scope="module")
def folder(country: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of the small country."""
    import thermidor as th

    out = tmp_path_factory.mktemp("studies") / "kept"
    th.run(th.load(country, citizens=20_000), runs=RUNS, seed=5, out=out, processes=0)
    return out


@pytest.fixture(scope="module")
def server(country: Path, folder: Path) -> Iterator[Any]:
    """Serves the country and the study."""
    from starlette.testclient import TestClient

    from thermidor.page.server import application
    from thermidor.page.shared import Shared

    shared = Shared({"small": str(country)}, 2, studies={"kept": str(folder)})
    with TestClient(application(shared, PORT), base_url=HERE) as made:
        yield made


def told(server: Any, query: str, after: int | None = None) -> list[dict[str, Any]]:
    """The words of a stream; each frame has its day as its id."""
    headers = {} if after is None else {"last-event-id": str(after)}
    reply = server.get(f"/future/frames?{query}", headers=headers)
    assert reply.status_code == 200, reply.text
    words = []
    for block in reply.text.strip().split("\n\n"):
        word = json.loads(block.split("data: ", 1)[1])
        assert block.startswith(f"id: {word.get('day')}\n") == (word["kind"] == "frame")
        words.append(word)
    return words


@pytest.mark.parametrize("run", range(RUNS))
def test_its_numbers_are_those_of_a_study_in_the_terminal(
    server: Any, folder: Path, run: int
) -> None:
    head, *frames, end = told(
        server, f"seed=5&future={run}&traces=turnout_country,loyalty,killed_protest"
    )
    assert (head["kind"], head["run"], head["seed"]) == ("head", run, 5)
    series = pl.read_parquet(folder / "series.parquet").filter(pl.col("run") == run).sort("day")
    assert [f["day"] for f in frames] == series["day"].to_list()
    residents = 1e7
    names = [c for c in series.columns if c.startswith("loyalty_")]
    expected = [series["turnout_country"] * residents, *(series[n] for n in names)]
    expected.append(series["killed_protest"])
    found = np.array([f["values"] for f in frames])
    assert np.allclose(found, np.array(expected).T, rtol=6e-5)
    peaks = pl.read_parquet(folder / "provinces.parquet").filter(pl.col("run") == run)
    assert np.allclose(
        np.max([f["provinces"] for f in frames], 0), 1e3 * peaks["turnout.peak"], rtol=6e-3
    )
    events = pl.read_parquet(folder / "events.parquet").filter(pl.col("run") == run)
    happened = [(f["day"], e["mechanism"], e["event"]) for f in frames for e in f["events"]]
    assert sorted(happened) == sorted(events.select("day", "mechanism", "event").rows())
    runs = pl.read_parquet(folder / "runs.parquet").filter(pl.col("run") == run)
    assert end["ending"] == runs["ending"][0] and end["day"] == runs["day"][0]
    assert end["sentence"].startswith(f"Future {run} ")


def test_a_study_is_watched_by_the_same_code(server: Any) -> None:
    live, kept = told(server, "seed=5&future=1"), told(server, "study=kept&future=1")
    same = ("run", "seed", "hash", "days", "start", "title", "traces", "panels", "quantities")
    assert {k: live[0][k] for k in same} == {k: kept[0][k] for k in same}
    assert (live[0]["daily"], kept[0]["daily"]) == (True, False)
    apart = [
        [{k: v for k, v in w.items() if k != "provinces"} for w in words[1:]]
        for words in (live, kept)
    ]
    assert apart[0] == apart[1]
    assert kept[1]["provinces"] == pytest.approx(
        np.max([w["provinces"] for w in live[1:-1]], 0), rel=6e-3
    )


def test_a_dropped_stream_goes_on_after_the_last_day_that_came(server: Any) -> None:
    whole, rest = told(server, "future=2"), told(server, "future=2", after=6)
    assert rest == [whole[0], *[w for w in whole[1:] if w["day"] > 6]]
    assert [w["kind"] for w in told(server, "future=2", after=12)] == ["head", "end"]


def test_changes_reach_the_future_and_its_files(server: Any) -> None:
    query = "future=2&c.treasury.public=4&traces=reserves"
    base, changed = told(server, "future=2&traces=reserves"), told(server, query)
    assert changed[0]["hash"] != base[0]["hash"] and changed[-2]["values"] != base[-2]["values"]
    data = server.get(f"/future.json?{query}").json()
    assert data["frames"] == changed[1:-1] and data["choices"] == {"treasury.public": 4.0}
    rows = list(csv.reader(io.StringIO(server.get(f"/future.csv?{query}").text)))
    assert rows[0] == ["future", changed[-1]["sentence"]]
    begin = rows.index(["day", "date", "reserves"])
    assert [float(r[2]) for r in rows[begin + 1 : begin + 14]] == [
        w["values"][0] for w in changed[1:-1]
    ]


def test_if_none_is_named_it_is_the_closest_to_the_median_of_its_kind(server: Any) -> None:
    for query in ("country=small&", "ending=in power&", "ending=uprising&", "ending=coup&"):
        head = told(server, query)[0]
        alike = server.get(f"/future/alike.json?{query}future={head['run']}").json()
        assert head["run"] in alike["runs"] and head["run"] < 200
        explore = server.get(f"/explore/beside.json?{query}").json()
        assert (explore["run"], explore["ending"]) == (head["run"], alike["ending"])
    kept = told(server, "study=kept")[0]
    assert kept["run"] in server.get("/future/alike.json?study=kept").json()["runs"]


def test_beside_the_answer_one_future_is_told_with_its_map_and_who_moved_whom(server: Any) -> None:
    found = server.get("/explore/beside.json?c.treasury.public=4").json()
    whole = told(server, f"c.treasury.public=4&future={found['run']}&traces=turnout_country")
    assert found["told"]["title"] == whole[-1]["sentence"]
    assert sum(e["futures"] for e in found["endings"]) == found["futures"] == 200
    alike = next(e["futures"] for e in found["endings"] if e["ending"] == found["ending"])
    ends = f"{alike} futures that" if alike > 1 else "only future that"
    assert ends in found["told"]["caption"]
    street = found["told"]["panels"][0]["values"][0]
    assert street[1:] == pytest.approx([max(1, w["values"][0]) for w in whole[2:-1]], rel=1e-3)
    where = found["where"]["quantities"][0]
    assert where["key"] == "turnout"
    assert where["values"] == np.max([w["provinces"] for w in whole[1:-1]], 0).tolist()
    for g in found["moved"]["groups"]:
        assert sum(s["part"] for s in g["speakers"]) == pytest.approx(100, abs=1)
        assert all(s["up"] + s["down"] == pytest.approx(s["part"]) for s in g["speakers"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("future=x", "future = x must be a whole number from 0 to 999,999."),
        ("future=-1", "must be a whole number"),
        ("study=kept2", "'kept2' is not a study that is served; there are kept. Did you mean"),
        ("study=../kept", "is not a study that is served"),
        ("study=kept&future=9", "the study has no finished future 9; it has 0 to 2."),
        ("traces=reservs", "there is no trace 'reservs'. Did you mean 'reserves'?"),
        ("traces=" + ",".join(f"k{k}" for k in range(9)), "at most 6 traces are drawn at once"),
        ("quantity=turnuot", "there is no quantity 'turnuot' by province. Did you mean 'turnout'?"),
        ("c.treasury.publik=4", "there is no choice 'treasury.publik'"),
    ],
)
def test_what_there_is_not_is_a_sentence(server: Any, query: str, said: str) -> None:
    reply = server.get(f"/future/frames?{query}")
    assert reply.status_code == 400 and any(said in f for f in reply.json()["faults"]), reply.text


@pytest.mark.parametrize("path", ["/explore/beside.json", "/future/alike.json"])
def test_an_ending_that_there_is_not_is_a_sentence(server: Any, path: str) -> None:
    reply = server.get(f"{path}?ending=imposd")
    assert reply.status_code == 400
    assert "there is no ending 'imposd'. Did you mean 'imposed'?" in reply.text


def test_a_last_day_that_is_none_is_refused(server: Any) -> None:
    reply = server.get("/future/frames?future=1", headers={"last-event-id": "1; x"})
    assert reply.status_code == 400 and "must be a whole number" in reply.text


def test_a_future_that_nobody_watches_stops_and_is_played_anew_when_it_is_wanted(
    country: Path,
) -> None:
    from thermidor.page.pool import Pool, Token
    from thermidor.page.sides import Countries
    from thermidor.page.watch.watches import Watches
    from thermidor.support.stopping import Stopped

    scenario = Countries({"small": str(country)}).country("small")
    pool = Pool(1)
    watches, gone, stays = Watches(pool), Token(), Token()
    gone.cancel()
    first = watches.ask(scenario, 1, 0, gone)
    with pytest.raises(Stopped):
        first.done.result(30)
    second = watches.ask(scenario, 1, 0, stays)
    second.done.result(30)
    assert second is not first and second.story.day == 12
    assert watches.ask(scenario, 1, 0, Token()) is second
    pool.close()


def test_work_that_nobody_waits_for_is_cancelled() -> None:
    import asyncio

    from thermidor.page.pool import Token
    from thermidor.page.watch.desk import attended

    class Gone:
        async def is_disconnected(self) -> bool:
            return True

    token = Token()

    async def work() -> bool:
        while not token.cancelled:
            await asyncio.sleep(0.01)
        return True

    gone: Any = Gone()
    assert apart(asyncio.wait_for(attended(gone, token, work()), 5))
