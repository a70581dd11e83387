"""The server of the page: answers, strangers, bad values, cancellation, the same numbers again."""

from __future__ import annotations

import csv
import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import HERE
from tests.page.served import apart

ASSUMPTION = "security.street_police"
ASK = {"x-page": "a1"}


def words(client: Any, query: str, page: str = "a1") -> list[dict[str, Any]]:
    """What the server tells of a query until it is done."""
    reply = client.post("/api/answer", content=query, headers={"x-page": page})
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith("text/event-stream")
    blocks = reply.text.strip().split("\n\n")
    return [json.loads(b.split("data: ", 1)[1]) for b in blocks]


def test_a_preview_comes_first_and_its_refinement_after_it(client: Any) -> None:
    told = [w for w in words(client, "country=small&seed=11") if w["kind"] != "progress"]
    assert [w["kind"] for w in told] == ["preview", "refined"]
    assert told[0]["answer"]["futures"] in (16, 32) and told[1]["answer"]["futures"] == 200
    assert told[0]["rests"] is None and told[1]["rests"]["rows"]
    sentence = told[1]["answer"]["sentence"]
    assert "of 100 futures the regime is still in power after 12 days" in sentence
    assert "200 futures computed" in sentence
    assert [c["key"] for c in told[1]["charts"]] == ["survival", "crowds"]


def test_choices_and_assumptions_are_told_apart(client: Any) -> None:
    query = f"c.treasury.public=4&a.{ASSUMPTION}=0.2"
    last = words(client, query)[-1]
    assert [p["of"] for p in last["answer"]["parts"]] == ["choices", "assumptions"]
    assert [line["side"] for line in last["charts"][0]["lines"]] == ["base", "assumed", "chosen"]
    assert len(set(last["hashes"].values())) == 3
    none = [p for p in last["answer"]["parts"] if not p["difference"]["told"]]
    assert all("no difference that 200 futures can show" in p["sentence"] for p in none)


def test_the_same_address_gives_the_same_numbers_as_page_json_and_csv(client: Any) -> None:
    query = "country=small&c.treasury.public=4&seed=7&left=endings&right=costs"
    first, again = words(client, query)[-1], words(client, query, "b2")[-1]
    assert first == again
    data = client.get(f"/explore.json?{query}").json()
    assert {k: data[k] for k in first} == first and data["choices"] == {"treasury.public": 4.0}
    rows = list(csv.reader(io.StringIO(client.get(f"/explore.csv?{query}").text)))
    assert rows[0] == ["answer", first["answer"]["sentence"]] and rows[2] == ["seed", "7"]
    assert first["charts"][0]["table"]["head"] in rows


def test_a_preview_has_fewer_agents_the_same_luck_and_nearly_the_same_endings(
    country: Path,
) -> None:
    from thermidor.page.futures import PREVIEWED, play
    from thermidor.page.sides import Countries, Sides

    base = Countries({"small": str(country)}).country("small")
    few, *others = Sides(base, base, base).few()
    assert few.place.citizens == PREVIEWED < base.place.citizens
    assert all(s is few for s in others) and Sides(few, few, few).few().base is few
    one, other = (play(s, 1, range(32), None) for s in (few, base))
    assert (one.assumed == other.assumed).all() and one.runs.tolist() == other.runs.tolist()
    assert sum(a == b for a, b in zip(one.ending, other.ending, strict=True)) >= 30


def test_they_are_those_of_a_comparison_in_python(
    client: Any, country: Path, tmp_path: Path
) -> None:
    import thermidor as th

    last = words(client, "c.treasury.public=4&seed=3")[-1]
    n, patch = last["answer"]["futures"], {"treasury.public": 4}
    made = th.compare(country, patch, runs=n, seed=3, out=tmp_path, processes=0)
    effect = made["survived"]
    assert last["answer"]["survival"]["value"] == effect.of.value
    found = last["answer"]["parts"][0]["difference"]
    assert (found["value"], found["pairs"]) == (effect.effect.value, effect.pairs)
    assert (found["low"], found["high"]) == (effect.effect.low, effect.effect.high)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("country=atlantis", "'atlantis' is not served; there are small"),
        ("c.treasury.publik=4", "there is no choice 'treasury.publik'. Did you mean"),
        ("c.security.street_police=0.2", "is an assumption, not a choice"),
        ("c.treasury.public=lots", "must be a number"),
        ("c.treasury.public=nan", "must be a number"),
        ("c.treasury.public=-5", "lies outside"),
        ("seed=-1", "seed = -1 must be a whole number"),
        ("seed=1e9", "must be a whole number"),
        ("colour=red", "which means nothing"),
        ("left=series.none", "there is no chart"),
        ("c." + "x" * 200 + "=1", "more than 100 letters"),
        ("&".join(f"c.k{k}=1" for k in range(150)), "more than 100 things"),
    ],
)
def test_bad_values_are_a_sentence(client: Any, query: str, said: str) -> None:
    reply = client.post("/api/answer", content=query, headers=ASK)
    assert reply.status_code == 400 and any(said in f for f in reply.json()["faults"]), reply.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example:8020"}, 421),
        ({"host": "127.0.0.1:9999"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-length": "99999999"}, 413),
    ],
)
def test_strangers_are_refused(client: Any, headers: dict[str, str], status: int) -> None:
    reply = client.post("/api/answer", content="seed=1", headers=ASK | headers)
    assert reply.status_code == status and len(reply.json()["faults"]) == 1


@pytest.mark.parametrize(
    "path",
    ["/static/../server.py", "/static/%2e%2e/server.py", "/vendor/", "/etc/passwd", "/api/x"],
)
def test_no_other_path_is_served(client: Any, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["", "a" * 65, "a/b"])
def test_a_page_has_a_plain_name(client: Any, name: str) -> None:
    assert client.post("/api/answer", content="", headers={"x-page": name}).status_code == 400


def test_what_is_sent_has_a_bound_even_if_its_length_is_not_said(client: Any) -> None:
    def much() -> Any:
        yield from [b"x" * 40_000] * 3

    assert client.post("/api/answer", content=much(), headers=ASK).status_code == 413


def test_every_reply_keeps_the_page_to_itself(client: Any) -> None:
    for path in ("/", "/explore?seed=2", "/api/model", "/nothing"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "connect-src 'self'" in policy
        assert "unsafe" not in policy and "http" not in policy
    assert client.get("/", headers={"origin": HERE}).status_code == 200


def test_the_next_job_of_a_page_cancels_the_one_before() -> None:
    from thermidor.page.jobs import Jobs
    from thermidor.page.pool import Pool
    from thermidor.page.sides import Countries

    jobs = Jobs(Countries({}), Pool(1))
    first, other = jobs.begin("a"), jobs.begin("b")
    second = jobs.begin("a")
    assert first.cancelled and not second.cancelled and not other.cancelled
    jobs.end("a", first)  # which ends late, and takes nothing from the second
    assert jobs.now["a"] is second


def test_a_cancelled_job_ends_within_a_day_of_its_futures(country: Path) -> None:
    from thermidor.page.futures import play
    from thermidor.page.pool import Pool, Token
    from thermidor.page.sides import Countries
    from thermidor.support.stopping import Stopped

    scenario = Countries({"small": str(country)}).country("small")
    token, pool, days = Token(), Pool(1), []

    class Third(Token):
        def check(self) -> None:
            days.append(1)
            if len(days) == 3:
                token.cancel()
            token.check()

    work = pool.submit(lambda: play(scenario, 1, range(4), Third()))
    with pytest.raises(Stopped):
        work.result(30)
    assert len(days) == 3


def test_a_part_that_was_cancelled_is_played_again_when_it_is_wanted(country: Path) -> None:
    from thermidor.page.futures import Held
    from thermidor.page.pool import Pool, Token
    from thermidor.page.sides import Countries

    scenario = Countries({"small": str(country)}).country("small")
    pool, gate = Pool(1), threading.Event()
    pool.submit(gate.wait)
    held, token = Held(pool), Token()
    first = held.ask(scenario, 1, 32, token)
    token.cancel()
    second = held.ask(scenario, 1, 32, Token())
    gate.set()
    assert all(a is not b for a, b in zip(first, second, strict=True))
    assert sum(len(f.result(30)) for f in second) == 32
    assert all(f.exception(30) is not None for f in first)


def test_a_preview_goes_before_a_refinement() -> None:
    from thermidor.page.pool import FIRST, LATER, Pool

    pool, gate, done = Pool(1), threading.Event(), []
    pool.submit(gate.wait)
    works = [pool.submit(lambda k=k: done.append(k), k) for k in (LATER, FIRST, LATER)]
    gate.set()
    for work in works:
        work.result(10)
    assert done == [FIRST, LATER, LATER]


def test_a_saved_state_is_a_file_with_the_same_fingerprint(
    client: Any, country: Path, tmp_path: Path
) -> None:
    import thermidor as th

    query = f"c.treasury.public=4&a.{ASSUMPTION}=0.2"
    text = client.get(f"/explore.yaml?{query}").text
    (tmp_path / country.name).write_bytes(country.read_bytes())
    path = tmp_path / "saved.yaml"
    path.write_text(text, encoding="utf-8")
    patch = {"treasury.public": 4.0, ASSUMPTION: 0.2}
    read, patched = th.load(path), th.load(country, set=patch)
    assert read.parameters["treasury.public"].value == 4.0
    assert read.resolved["parameters"] == patched.resolved["parameters"]
    assert read.hash == patched.hash


def test_a_server_may_begin_before_anybody_asks(country: Path) -> None:
    from thermidor.page.shared import Shared

    server = Shared({"small": str(country)}, 2)
    server.prepare()
    scenario = server.countries.country("small")
    parts = server.jobs.held.ask(scenario, 1, 32, None)
    assert sum(len(f.result(30)) for f in parts) == 32
    assert len(server.jobs.held.ask(scenario, 1, 200, None)) == 10
    server.pool.close()


def test_a_page_whose_parts_another_page_cancelled_gets_its_answer(country: Path) -> None:

    from thermidor.page.address import State
    from thermidor.page.jobs import Jobs
    from thermidor.page.pool import Pool
    from thermidor.page.sides import Countries

    pool, gate = Pool(2), threading.Event()
    jobs = Jobs(Countries({"small": str(country)}), pool)
    state = State("small", {"treasury.public": 5.0})
    for _ in range(2):
        pool.submit(gate.wait)
    other = jobs.begin("other")
    jobs._ask(jobs.countries.sides(state), 1, 32, other)

    async def answers() -> list[str]:
        out = []
        async for word in jobs.stream(state, ["survival", "crowds"], jobs.begin("mine")):
            out.append(word["kind"])
            other.cancel()
            gate.set()
        return [k for k in out if k != "progress"]

    assert apart(answers()) == ["preview", "refined"]
    pool.close()
