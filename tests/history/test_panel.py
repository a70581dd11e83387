"""The recipe of the panel, on small invented downloads with the columns of the real ones."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from thermidor.cli.app import entry
from thermidor.history.tables.covariates import COLUMNS, Panel
from thermidor.history.tables.panel import panel, write
from thermidor.support.faults import Fault

GWF_COLUMNS = (
    "cowcode",
    "year",
    "gwf_country",
    "gwf_casename",
    "gwf_startdate",
    "gwf_enddate",
    "gwf_spell",
    "gwf_duration",
    "gwf_fail",
    "gwf_fail_subsregime",
    "gwf_fail_type",
    "gwf_regimetype",
    "gwf_party",
)
GWF_ROWS = [
    (
        365,
        1991,
        "Soviet Union",
        "Soviet Union 17-91",
        "07nov1917",
        "25dec1991",
        74,
        74,
        1,
        1,
        9,
        "party-based",
        1,
    ),
    (365, 2010, "Russia", "Russia 93-NA", "04oct1993", "31dec2010", 17, 17, 0, 0, 0, "personal", 0),
    (
        775,
        2009,
        "Myanmar",
        "Myanmar 88-NA",
        "18sep1988",
        "31dec2010",
        22,
        21,
        0,
        0,
        0,
        "military-personal",
        0,
    ),
    (
        775,
        2010,
        "Myanmar",
        "Myanmar 88-NA",
        "18sep1988",
        "31dec2010",
        22,
        22,
        0,
        0,
        0,
        "military-personal",
        0,
    ),
    (
        651,
        2010,
        "Egypt",
        "Egypt 52-NA",
        "23jul1952",
        "31dec2010",
        58,
        58,
        0,
        0,
        0,
        "party-personal-military",
        1,
    ),
]
GWF = "\n".join("\t".join(map(str, row)) for row in (GWF_COLUMNS, *GWF_ROWS)) + "\n"
REGIMES = """cowcode,gwf_country,gwf_casename,gwf_startdate,gwf_enddate,gwf_regimetype
651,Egypt,Egypt1,7/23/1952,2/11/2011,Party-Personal-Military Hybrid
775,Myanmar,Myanmar2,3/30/2011,,Indirect Military
651,Egypt,Egypt2,2/12/2011,6/30/2012,Provisional - Military
2,USA,USA1,1/1/1800,,Presidential Democracy
"""
VDEM = """country_name,country_text_id,country_id,year,COWcode,v2x_polyarchy,v2x_libdem
Burma/Myanmar,MMR,10,2008,775,0.101,0.05
Burma/Myanmar,MMR,10,2009,775,0.1,0.05
Russia,RUS,11,1990,365,0.41,0.2
Russia,RUS,11,2009,365,0.29,0.1
Egypt,EGY,13,2009,651,,
Somaliland,SML,139,2009,,0.4,0.2
"""
WDI = """"Data Source","World Development Indicators",
"Last Updated Date","2021-01-01",

"Country Name","Country Code","Indicator Name","Indicator Code","1990","2009 [YR2009]","2010"
"Egypt, Arab Rep.","EGY","GDP per capita (constant 2015 US$)","NY.GDP.PCAP.KD","","3000.5","3100"
"Egypt, Arab Rep.","EGY","GDP per capita growth","NY.GDP.PCAP.KD.ZG","..","2.7","3.1"
"Egypt, Arab Rep.","EGY","Population, total","SP.POP.TOTL","57000000","82000000","83000000"
"Arab World","ARB","Population, total","SP.POP.TOTL","1","2","3"
"Russian Federation","RUS","Population, total","SP.POP.TOTL","148000000","142000000","142000000"
"Russian Federation","RUS","Other","SP.OTHER","1","1","1"
"""
UCDP = """conflict_id,location,side_a,side_b,incompatibility,year,intensity_level,\
type_of_conflict,gwno_loc,region,version
1,Myanmar (Burma),Government of Myanmar,KNU,1,2009,1,3,775,3,21.1
2,"Egypt, Israel",Government of Egypt,Government of Israel,1,2009,1,2,"651, 666",2,21.1
3,Russia (Soviet Union),Government of Russia,APF,1,1990,1,4,365,1,21.1
"""
COUPS = """country\tccode\tyear\tmonth\tday\tcoup\tversion
Soviet Union\t365\t1991\t8\t19\t1\t1
Myanmar (Burma)\t775\t2005\t1\t1\t1\t1
Myanmar (Burma)\t775\t2005\t2\t1\t2\t1
Myanmar (Burma)\t775\t2004\t2\t1\t2\t1
Yemen Arab Republic; N. Yemen\t678\t1962\t9\t26\t2\t1
"""
PROTESTS = '''id,country,ccode,year,region,protest,protestnumber,notes
1,Egypt,651,2009,MENA,1,1,"one, with a
second line and a ""quote"""
2,Egypt,651,2009,MENA,1,2,more
3,Egypt,651,2010,MENA,0,0,
4,Russia,365,2009,Europe,0,0,
'''
ALL = {
    "gwf": GWF,
    "regimes": REGIMES,
    "vdem": VDEM,
    "wdi": WDI,
    "ucdp": UCDP,
    "coups": COUPS,
    "protests": PROTESTS,
}


def downloads(folder: Path, **changed: str) -> dict[str, Path]:
    for option, text in (ALL | changed).items():
        (folder / option).write_text(text, encoding="utf-8")
    return {option: folder / option for option in ALL}


@pytest.fixture
def made(tmp_path: Path) -> dict[tuple[str, int], dict]:
    rows, _ = panel(downloads(tmp_path), last=2013)
    return {(r["gwf_country"], int(r["year"])): r for r in rows.iter_rows(named=True)}


def test_a_row_holds_the_year_before_under_any_name_of_the_country(made: dict) -> None:
    egypt = made["Egypt", 2010]
    assert (egypt["l1_NY.GDP.PCAP.KD"], egypt["l1_NY.GDP.PCAP.KD.ZG"], egypt["l1_pop"]) == (
        3000.5,
        2.7,
        82_000,
    )
    assert egypt["l1_v2x_polyarchy"] is None and egypt["l1_mm_protests"] == 2
    assert egypt["l1_internal_confl"] == 0  # a war between states is none inside
    assert (
        made["Myanmar", 2010]["l1_internal_confl"] == 1
        and made["Myanmar", 2010]["l1_v2x_polyarchy"] == 0.1
    )
    assert (
        made["Soviet Union", 1991]["l1_v2x_polyarchy"] == 0.41
        and made["Soviet Union", 1991]["l1_internal_confl"] == 1
    )
    assert made["Soviet Union", 1991]["l1_mm_protests"] is None  # before the record begins
    assert made["Egypt", 2011]["l1_mm_protests"] == 0


def test_attempts_count_for_five_years_each(made: dict) -> None:
    assert made["Myanmar", 2009]["l1_pt_attempt_num5yrs"] == 3
    assert made["Myanmar", 2010]["l1_pt_attempt_num5yrs"] == 2
    assert (
        made["Soviet Union", 1991]["l1_pt_attempt_num5yrs"] == 0
    )  # that of the year itself is not known on its first day


def test_regimes_after_the_last_year_come_from_the_list(made: dict) -> None:
    assert [y for c, y in made if c == "Egypt"] == [2010, 2011]
    last = made["Egypt", 2011]
    assert (last["gwf_duration"], last["gwf_fail"], last["rtype"], last["src"]) == (
        59,
        1,
        "party",
        "REIGN",
    )
    assert [(y, made["Myanmar", y]["gwf_duration"]) for c, y in made if c == "Myanmar"] == [
        (2009, 21),
        (2010, 22),
        (2012, 1),
        (2013, 2),
    ]
    assert (
        made["Russia", 2010]["rtype"] == "personal" and made["Myanmar", 2012]["rtype"] == "military"
    )


def test_the_panel_that_is_written_is_one_that_is_read(tmp_path: Path) -> None:
    out = tmp_path / "panel.csv"
    told = write(downloads(tmp_path), out, 2013)
    assert any("l1_v2x_polyarchy" in line and "Egypt" in line for line in told)
    book = Panel(out)
    assert not book.refused
    assert book("Egypt, Arab Rep.", 2011)["age"] == 59
    assert book("Burma", 2010) == {"age": 22, "coups": 2, "conflict": 1, "openness": 0.1}
    with pytest.raises(Fault, match="is there already"):
        write(downloads(tmp_path), out, 2013)


def test_with_the_regimes_alone_all_else_is_empty(tmp_path: Path) -> None:
    rows, told = panel({"gwf": downloads(tmp_path)["gwf"]})
    assert rows.height == 5 and set(COLUMNS.values()) <= set(rows.columns)
    assert all(rows[c].null_count() == 5 for c in COLUMNS.values() if c != "gwf_duration")


@pytest.mark.parametrize(
    ("option", "old", "new", "says"),
    [
        (
            "vdem",
            "v2x_polyarchy",
            "v2x_polyarchi",
            "has no column 'v2x_polyarchy'. Did you mean 'v2x_polyarchi'",
        ),
        ("gwf", "\t1991\t", "\tninety\t", "the column 'year' has 'ninety'"),
        ("coups", "\tcoup\t", "\tattempt\t", "has no column 'coup'"),
        ("wdi", "Indicator Code", "Series", "has no column 'Indicator Code'"),
        ("protests", "id,country", "PK\x03\x04id,country", "an Excel workbook or an archive"),
    ],
)
def test_what_a_file_lacks_is_said(
    tmp_path: Path, option: str, old: str, new: str, says: str
) -> None:
    with pytest.raises(Fault, match=says):
        panel(downloads(tmp_path, **{option: ALL[option].replace(old, new)}))


def test_the_command_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    got = downloads(tmp_path)
    words = [w for option, path in got.items() for w in (f"--{option}", str(path))]
    monkeypatch.setattr(
        "sys.argv",
        ["thermidor", "panel", *words, "--out", str(tmp_path / "out.csv"), "--last", "2013"],
    )
    with pytest.raises(SystemExit) as stopped:
        entry()
    assert not stopped.value.code
    assert "8 regime-years of 4 states, 2 failures" in capsys.readouterr().out
    with (tmp_path / "out.csv").open() as f:
        assert len(list(csv.DictReader(f))) == 8
