"""Cases become scenarios from what was known at their onset, and from nothing else."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import inspect
import math

import numpy as np
import pytest

from thermidor.country.rule import rule
from thermidor.history.simulated.country import scenario
from thermidor.history.tables.case import Known, Observed, regime_type
from thermidor.history.tables.cases import KNOWN, read_cases
from thermidor.history.tables.covariates import COLUMNS, USUAL, Covariates, Panel, covariates
from thermidor.history.tables.tablefile import table
from thermidor.support.faults import Fault

HEAD = ["gwf_country", "year", "gwf_fail", *COLUMNS.values()]


def panel(tmp_path, rows):
    path = tmp_path / "panel.csv"
    with path.open("w", newline="") as f:
        w = csv.DictWriter(f, HEAD, restval="")
        w.writeheader()
        w.writerows(rows)
    return Panel(path)


def row(country="Smallland", year=2010, **more):
    return {
        "gwf_country": country,
        "year": year,
        "gwf_duration": 10,
        "l1_NY.GDP.PCAP.KD": 2000,
        "l1_NY.GDP.PCAP.KD.ZG": 1.0,
        "l1_pop": 5000,
        "l1_pt_attempt_num5yrs": 0,
        "l1_internal_confl": 0,
        "l1_v2x_polyarchy": 0.3,
        "l1_mm_protests": 2,
    } | more


TOGETHER = (
    ("regime_fell", "outcome"),
    *(
        tuple(f"{what}_{side}" for side in ("low", "best", "high"))
        for what in ("crowd_frac", "deaths", "arrests")
    ),
)
EMPTIED = (
    "outcome_date",
    "crowd_low",
    "crowd_best",
    "crowd_high",
)  # they must agree with what is known


def test_no_observed_column_reaches_a_scenario(tmp_path):
    """All that is not known at the onset is dealt out anew; every scenario stays what it was, byte
    for byte.
    """
    with table("cases.csv").open() as f:
        rows = list(csv.DictReader(f))
    rng = np.random.default_rng(5)
    single = [(c,) for c in rows[0] if c not in KNOWN and not any(c in group for group in TOGETHER)]
    for group in (*TOGETHER, *single):
        values = [[r[c] for c in group] for r in rows]
        for r, k in zip(rows, rng.permutation(len(rows)), strict=True):
            r |= (
                dict(zip(group, values[k], strict=True))
                if group[0] not in EMPTIED
                else {group[0]: ""}
            )
    path = tmp_path / "dealt.csv"
    with path.open("w", newline="") as f:
        w = csv.DictWriter(f, list(rows[0]))
        w.writeheader()
        w.writerows(rows)
    before, _ = read_cases()
    after, refused = read_cases(path)
    assert not refused
    assert [c.observed for c in before] != [c.observed for c in after]
    assert [rule(covariates(c.known, None)) for c in before] == [
        rule(covariates(c.known, None)) for c in after
    ]


def test_what_makes_a_scenario_holds_no_observation():
    seen = {f.name for f in dataclasses.fields(Observed)}
    for kind in (Known, Covariates):
        assert not seen & {f.name for f in dataclasses.fields(kind)}
    assert list(inspect.signature(rule).parameters)[0] == "c"
    assert all(
        not c.startswith("gwf_fail") and (c.startswith("l1_") or c == "gwf_duration")
        for c in COLUMNS.values()
    )


def test_the_panel_gives_no_later_year_and_no_failure(tmp_path):
    book = panel(
        tmp_path, [row(year=2009, gwf_duration=9), row(year=2012, gwf_duration=12, gwf_fail=1)]
    )
    known = Known("X", "Smallland", "party", dt.date(2011, 3, 1), None)
    assert covariates(known, book).age == 11  # of the row of 2009, two years on
    later = covariates(dataclasses.replace(known, onset=dt.date(2020, 1, 1)), book)
    assert covariates(dataclasses.replace(known, onset=dt.date(2013, 1, 1)), book).age == 13
    assert (
        later.age == 20
        and later.carried == 8
        and later.frailty == pytest.approx(dataclasses.replace(later, carried=0).frailty)
    )
    assert covariates(dataclasses.replace(known, onset=dt.date(2008, 1, 1)), book).assumed == tuple(
        USUAL
    )
    flipped = panel(tmp_path, [row(year=2009, gwf_duration=9, gwf_fail=1)])
    assert covariates(known, flipped) == covariates(known, book)


def test_what_is_missing_is_usual_and_said(tmp_path):
    book = panel(tmp_path, [row(l1_v2x_polyarchy="", l1_pop=7000)])
    c = covariates(Known("X", "smallland ", "party", dt.date(2010, 3, 1), None), book)
    assert c.assumed == ("openness",)
    assert c.openness == USUAL["openness"]
    assert c.population == 7e6
    assert (
        covariates(Known("X", "Smallland", "party", dt.date(2010, 3, 1), 4e6), book).population
        == 4e6
    )


def test_frailty_by_hand():
    c = Covariates(
        "X",
        "military",
        dt.date(2000, 1, 1),
        9.069e3,
        1.0,
        math.exp(7.499),
        1.793,
        0.197,
        0.0,
        0.0,
        0.0,
    )
    c = dataclasses.replace(c, population=math.exp(9.069) * 1e3)
    by_hand = -5.925 + 5.686 + 1.815 + 0.255 * 2.604 + 1.324 * 0.196 - 0.046 * 0.179
    assert c.frailty == pytest.approx(by_hand, abs=1e-9)
    assert dataclasses.replace(c, coups=2.0).frailty == pytest.approx(by_hand - 1.324)
    assert (
        dataclasses.replace(c, growth=-50.0).frailty == dataclasses.replace(c, growth=-20.0).frailty
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("party/military", "party"),
        ("personal (competitive)", "personal"),
        ("theocracy", "theocracy"),
        ("sub-national", "other"),
        ("party-personal-military", "party"),
        ("Electoral (competitive)", "electoral"),
    ],
)
def test_regime_types(text, kind):
    assert regime_type(text) == kind


def test_every_case_and_every_type_makes_a_scenario():
    cases, refused = read_cases()
    assert len(cases) == 37
    assert not refused
    for c in cases:
        scenario(covariates(c.known, None))
    usual = covariates(cases[0].known, None)
    for extreme in (
        {"population": 5e4},
        {"population": 1.4e9},
        {"income": 150.0},
        {"income": 90_000.0},
        {"openness": 0.9, "age": 250.0},
    ):
        scenario(dataclasses.replace(usual, **extreme))


def test_bad_rows_are_named_and_the_rest_is_used(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(
        "case_id,country,regime_type,onset,population_m,regime_fell\n"
        "A,Smallland,party,2001-03-01,,1\nB,Smallland,party,spring,,1\n"
        "C,,party,2001-03-01,,\nD,Smallland,,2001-03-01,,\n"
        "A,Smallland,party,2001-03-01,,1\nE,Smallland,party,2001-03-01,-4,\n"
        "F,Smallland,party,2001-03-01,4,maybe\n"
    )
    cases, refused = read_cases(path)
    assert [c.id for c in cases] == ["A"]
    assert set(refused) == {"A", "B", "C", "D", "E", "F"}
    assert "2011-01-25" in refused["B"]
    assert "1 or 0" in refused["F"]
    path.write_text("case_id,land,regime_type\nA,x,party\n")
    with pytest.raises(Fault, match="no column 'country'"):
        read_cases(path)
