"""A study in shards: the same bytes when all are there, a sentence when they are not."""

from __future__ import annotations

import json
import shutil

import pytest

import thermidor as th
from tests.conftest import CITIZENS, SMALL, bytes_of, command, write
from thermidor.scenario.load import load
from thermidor.study.store.shards import SHARDS, Shard, parse
from thermidor.support.faults import Fault

RUNS, OF = 21, 7


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    path = write(tmp_path_factory.mktemp("short") / "small.yaml", SMALL, ("days: 60", "days: 3"))
    return load(path, citizens=CITIZENS)


@pytest.fixture(scope="module")
def whole(short, compiled, tmp_path_factory):
    """A study, and the same in seven shards."""
    out = tmp_path_factory.mktemp("shards")
    th.run(short, runs=RUNS, out=out / "one", processes=0)
    for k in range(1, OF + 1):
        th.run(short, runs=RUNS, out=out / "cut", processes=0, shard=f"{k}/{OF}")
    return out


@pytest.fixture
def cut(whole, tmp_path):
    return shutil.copytree(whole / "cut", tmp_path / "cut")


def test_every_future_is_in_one_shard():
    for runs, of in ((21, 7), (100, 7), (7, 7), (100_000, 200), (10_000_000, 999)):
        ends = [Shard(k, of).numbers(runs) for k in range(1, of + 1)]
        assert ends[0].start == 0 and ends[-1].stop == runs
        assert all(a.stop == b.start and len(a) for a, b in zip(ends, ends[1:], strict=False))


def test_two_shards_are_lost_and_run_again(short, whole, cut):
    for k in (3, 6):
        shutil.rmtree(cut / SHARDS / f"{k}-of-7")
    with pytest.raises(Fault, match="shards 3, 6 of 7 are missing; .* --shard 3/7 computes the"):
        th.gather(cut)
    assert sorted(p.name for p in cut.iterdir()) == [SHARDS]
    for k in (3, 6):
        th.run(short, runs=RUNS, out=cut, processes=0, shard=f"{k}/{OF}")
    study = th.gather(cut)
    assert bytes_of(cut) == bytes_of(whole / "one")
    assert study.status == "finished" and study.wanted == study.futures == RUNS
    again = th.run(short, runs=RUNS, out=cut, processes=0)  # the same command finds all done
    assert again.futures == RUNS and th.gather(cut).futures == RUNS


def test_a_shard_that_is_not_whole_is_named(cut):
    (cut / SHARDS / "2-of-7" / "runs.parquet").unlink()
    with pytest.raises(Fault, match="shard 2 of 7 lacks 3 of its 3 futures"):
        th.gather(cut)


def test_a_shard_of_another_study_is_named(short, cut):
    shutil.rmtree(cut / SHARDS / "5-of-7")
    th.run(short, runs=RUNS, seed=2, out=cut, processes=0, shard=f"5/{OF}")
    with pytest.raises(Fault, match="5-of-7 belongs to another study .seed 2 there, 1 here.") as e:
        th.gather(cut)
    assert len(e.value.faults) == 1
    assert sorted(p.name for p in cut.iterdir()) == [SHARDS]


def test_a_shard_under_another_name_is_named(cut):
    shutil.rmtree(cut / SHARDS / "5-of-7")
    shutil.copytree(cut / SHARDS / "4-of-7", cut / SHARDS / "5-of-7")
    with pytest.raises(Fault, match="5-of-7 holds another shard than its name says"):
        th.gather(cut)


def test_shards_of_two_cuts_and_what_is_no_shard(short, cut):
    th.run(short, runs=RUNS, out=cut, processes=0, shard="1/3")
    (cut / SHARDS / "notes").mkdir()
    with pytest.raises(Fault) as e:
        th.gather(cut)
    assert "shards/notes is no folder of a shard" in str(e.value)
    assert "there are shards of 3 and of 7" in str(e.value)


def test_a_folder_without_shards(tmp_path):
    with pytest.raises(Fault, match="holds no shards"):
        th.gather(tmp_path)


def test_a_link_among_shards_is_refused(cut, tmp_path):
    shutil.move(cut / SHARDS / "1-of-7", tmp_path / "elsewhere")
    (cut / SHARDS / "1-of-7").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Fault, match="1-of-7 is no folder of a shard"):
        th.gather(cut)


@pytest.mark.parametrize(
    "text", ["3", "0/7", "8/7", "a/b", "3/7/1", "-1/7", "1/1000000", "/", "²/7"]
)
def test_what_is_no_shard(text):
    with pytest.raises(Fault, match="--shard "):
        parse(text)


def test_more_shards_than_futures():
    with pytest.raises(Fault, match="use at most 5"):
        parse("1/7", 5)


def test_a_sweep_in_shards(short, compiled, tmp_path):
    over = ["broker.pressure=0,1"]
    th.sweep(short, over, runs=2, out=tmp_path / "one", processes=0)
    for k in (1, 2):
        th.sweep(short, over, runs=2, out=tmp_path / "cut", processes=0, shard=f"{k}/2")
    found = th.gather(tmp_path / "cut")
    assert isinstance(found, th.Sweep) and found.table["futures"].to_list() == [2, 2, 2]
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "cut")


def test_the_verbs(tmp_path, capsys, monkeypatch, compiled):
    """A study is planned, its job array printed, two jobs of it done, all gathered."""
    write(tmp_path / "small.yaml", SMALL, ("days: 60", "days: 2"))
    monkeypatch.chdir(tmp_path)
    words = ("run", "small.yaml", "--citizens", CITIZENS, "--runs", 4, "--keep", "runs")
    code, out, err = command(capsys, *words, "--out", "my big", "--plan")
    assert code == 0 and "Nothing was computed. 4 futures" in out, err
    assert json.loads((tmp_path / "my big" / "manifest.json").read_text())["status"] == "planned"
    code, script, _ = command(capsys, "slurm", "my big", "--shards", 2)
    assert code == 0 and "#SBATCH --array=1-2" in script
    last = script.strip().splitlines()[-1]
    assert last == (
        f"exec thermidor run small.yaml --citizens {CITIZENS} --runs 4 --keep runs --out 'my big' "
        '--processes 1 --shard "$SLURM_ARRAY_TASK_ID/2"'
    )
    code, _, err = command(capsys, "gather", "my big")
    assert code == 2 and "holds no shards" in err
    for k in (1, 2):
        code, out, err = command(capsys, *words, "--out", "my big", "--shard", f"{k}/2")
        assert code == 0 and f"Shard {k}/2: 2 futures" in out, err
    code, out, err = command(capsys, "gather", "my big", "--json")
    assert code == 0 and json.loads(out)["runs"] == 4, err


def test_a_study_that_tells_no_command_has_no_script(whole, capsys):
    code, _, err = command(capsys, "slurm", whole / "one")
    assert code == 2 and "does not tell by which command it was begun" in err


def test_a_stranger_s_command_is_no_part_of_a_script(whole, cut, capsys):
    path = cut / SHARDS / "1-of-7" / "manifest.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"command": "thermidor run x; rm -rf ~ $(id)"}))
    code, script, _ = command(capsys, "slurm", cut)
    assert code == 0 and "run 'x;' rm -rf '~' '$(id)'" in script
    path.write_text(json.dumps(told | {"command": "rm -rf now"}))
    assert command(capsys, "slurm", cut)[0] == 2
