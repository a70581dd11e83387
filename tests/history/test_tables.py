"""Tables as spreadsheets, R and archives write them are read, or refused with what is wrong; nobody
sees a traceback.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from thermidor.history.tables.case import Observed
from thermidor.history.tables.cases import case_table, read_cases
from thermidor.history.tables.cell import decimal
from thermidor.history.tables.covariates import COLUMNS, Panel
from thermidor.history.tables.tablefile import MOST_BYTES
from thermidor.support.faults import Fault

HEAD = [
    "case_id",
    "country",
    "regime_type",
    "onset",
    "population_m",
    "regime_fell",
    "crowd_frac_best",
    "deaths_best",
    "days_onset_to_outcome",
]
ROW = ["K1", "Kenya", "party", "1990-07-07", "23.5", "0", "0.004", "28", "9"]
PANEL_HEAD = ["gwf_country", "year", *COLUMNS.values()]
PANEL_ROW = ["Kenya", "1990", "26", "800", "1.5", "23000", "0", "0", "0.2", "3"]


def table(
    folder: Path,
    *rows: list[str],
    head: list[str] = HEAD,
    separator: str = ",",
    encoding: str = "utf-8",
) -> Path:
    path = folder / "cases.csv"
    path.write_bytes("\r\n".join(separator.join(r) for r in (head, *rows)).encode(encoding))
    return path


def cells(**changed: str) -> list[str]:
    return [changed.get(c, v) for c, v in zip(HEAD, ROW, strict=True)]


def seen(path: Path) -> Observed:
    cases, refused = read_cases(path)
    assert not refused
    return cases[0].observed


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_byte_orders_change_nothing(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    plain = seen(table(tmp_path, ROW))
    assert seen(table(tmp_path, ROW, separator=separator, encoding=encoding)) == plain


def test_decimal_commas_are_read_where_they_can_be_nothing_else(tmp_path: Path) -> None:
    plain = seen(table(tmp_path, ROW))
    german = [c.replace(".", ",") if c.replace(".", "").isdigit() else c for c in ROW]
    assert seen(table(tmp_path, german, separator=";")) == plain
    assert seen(table(tmp_path, [f'"{c}"' for c in german])) == plain
    many = cells(deaths_best="1.028", crowd_frac_best="0,004", population_m="23,5")
    assert seen(table(tmp_path, many, separator=";")).deaths[1] == pytest.approx(3.0124, abs=1e-4)
    _, refused = read_cases(
        table(
            tmp_path,
            cells(deaths_best="1,028", crowd_frac_best="", population_m="23"),
            separator=";",
        )
    )
    assert "can be read in two ways" in refused["K1"]


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("12 345", 12345.0),
        ("1'234'567", 1234567.0),
        ("2e6", 2e6),
        ("−3", -3.0),
        ("1,234", 1234.0),
        (".5", 0.5),
    ],
)
def test_numbers_as_people_write_them(text: str, x: float) -> None:
    assert decimal(text, "x") == x


@pytest.mark.parametrize(
    "text", ["many", "1_000", "inf", "1e400", "12.345.6", "1,23,4", "20 %", "~500", "1,2.3,4", "5,"]
)
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        decimal(text, "x")


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "NA",
        "nan",
        "NaN",
        ".",
        "..",
        "-",
        "--",
        "-99",
        "-99.0",
        "-999",
        "NULL",
        "None",
        "#N/A",
        "n/a",
        "?",
        "missing",
        "<NA>",
        "  ",
    ],
)
def test_nothing_in_many_words(tmp_path: Path, nothing: str) -> None:
    gone = dict.fromkeys(
        ("population_m", "regime_fell", "crowd_frac_best", "deaths_best", "days_onset_to_outcome"),
        nothing,
    )
    assert seen(table(tmp_path, cells(**gone))) == Observed(None, None, None, None, None)
    row = [PANEL_ROW[0], PANEL_ROW[1], *[nothing] * (len(PANEL_HEAD) - 2)]
    assert Panel(table(tmp_path, row, head=PANEL_HEAD))("Kenya", 1990) == {}


@pytest.mark.parametrize(
    ("header", "same"),
    [
        ("Case_ID", "case_id"),
        (" onset ", "onset"),
        ("Regime Type", "regime_type"),
        ("COUNTRY", "country"),
        ("population-m", "population_m"),
    ],
)
def test_a_column_is_known_by_its_name_whatever_its_case_and_spaces(
    tmp_path: Path, header: str, same: str
) -> None:
    head = [header if c == same else c for c in HEAD]
    assert seen(table(tmp_path, ROW, head=head)) == seen(table(tmp_path, ROW))


def test_a_header_below_a_title_is_found(tmp_path: Path) -> None:
    path = table(tmp_path, ROW)
    plain = seen(path)
    path.write_text("Protests of the world,,\nmade by hand,,\n\n" + path.read_text())
    assert seen(path) == plain
    path.write_text("sep=;\n" + table(tmp_path, ROW, separator=";").read_text())
    assert seen(path) == plain


def whole(text: str | bytes, says: str) -> tuple[str | bytes, str]:
    return text, says


ROWS = ",".join(HEAD) + "\n" + ",".join(ROW) + "\n"
WHOLE = {
    "header only": whole(",".join(HEAD) + "\n", "has no rows"),
    "header and blank lines": whole(",".join(HEAD) + "\r\n,,,,\r\n\r\n", "has no rows"),
    "empty": whole("", "is empty"),
    "only spaces": whole(" \n\n \n", "is empty"),
    "a column twice": whole(ROWS.replace("deaths_best", "onset"), "the column 'onset' 2 times"),
    "twice but for its case": whole(
        ROWS.replace("deaths_best", "Onset "), "the column 'onset' 2 times"
    ),
    "latin": whole(
        ROWS.replace("Kenya", "Côte d'Ivoire").encode("cp1252"), "line 2 has the byte 0xF4"
    ),
    "utf-16 without a mark": whole(ROWS.encode("utf-16-le"), "zero bytes"),
    "a workbook": whole(b"PK\x03\x04\x14\x00", "is an Excel workbook"),
    "compressed": whole(b"\x1f\x8b\x08", "is a compressed file"),
    "stata": whole(b"<stata_dta><header>", "is a Stata file"),
    "a web page": whole("<!DOCTYPE html><p>", "is a web page"),
    "one column": whole("some words\nabout nothing\n", "one column only"),
    "a quotation mark": whole(ROWS + 'K2,"Kenya,party,1992-01-01,,,,,\n', "a quotation mark"),
    "a long cell": whole(
        ROWS + "K2," + "x" * 200_000 + ",party,1992-01-01,,,,,\n",
        "a cell has more than 131,072 characters",
    ),
    "a long line": whole("," * 3_000_000, "a table has at most 2,000 columns"),
    "a long line of text": whole("x" * 3_000_000, "a cell has more than"),
    "too long": whole(b"x" * (MOST_BYTES + 1), "more than 20,000,000 bytes"),
    "another separator": whole(ROWS.replace(",", ":"), "one column only"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_fault_of_the_whole_table_is_said(tmp_path: Path, name: str) -> None:
    text, says = WHOLE[name]
    path = tmp_path / "cases.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for reader in (read_cases, Panel):
        with pytest.raises(Fault) as refused:
            reader(path)
        assert "'None'" not in str(refused.value) and len(str(refused.value)) < 3000
        if reader is read_cases or "column" not in says:
            assert says in str(refused.value)


def test_all_faults_of_a_table_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("case_id,nation,onset,onset\n")
    with pytest.raises(Fault) as refused:
        read_cases(path)
    assert len(refused.value.faults) == 4
    for says in ("'onset' 2 times", "no column 'country'", "no column 'regime_type'", "no rows"):
        assert says in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"crowd_frac_best": "2"}, "a share of residents between 0 and 1"),
        ({"crowd_frac_best": "200"}, "0.02 for 2 of 100"),
        ({"deaths_best": "24000000"}, "between 0 and the 23,500,000 residents"),
        ({"deaths_best": "-4"}, "between 0 and"),
        ({"days_onset_to_outcome": "-5"}, "at least 0"),
        ({"days_onset_to_outcome": "900000"}, "days have passed"),
        ({"population_m": "23500000"}, "in millions"),
        ({"population_m": "0"}, "between 0.01 and 3000"),
        ({"onset": "9999-01-01"}, "lies in the future"),
        ({"onset": "1090-07-07"}, "before 1789"),
        ({"onset": "07/08/1990"}, "is no date such as"),
        ({"onset": "1990-02-31"}, "is no date"),
        ({"onset": ""}, "onset is empty"),
        ({"country": "651"}, "is no name"),
        ({"country": "NA"}, "write Namibia"),
        ({"regime_type": "."}, "regime_type is empty"),
        ({"regime_fell": "perhaps"}, "must be 1 or 0"),
        ({"deaths_best": "dozens"}, "'dozens' is no number"),
        ({"deaths_best": "x" * 5000}, "...' is no number"),
    ],
)
def test_an_impossible_value_refuses_its_row_alone(
    tmp_path: Path, changed: dict[str, str], says: str
) -> None:
    cases, refused = read_cases(table(tmp_path, cells(**changed), cells(case_id="K2")))
    assert [c.id for c in cases] == ["K2"] and says in refused["K1"] and len(refused["K1"]) < 300


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (ROW[:-2], "7 cells where the header has 9"),
        ([*ROW, "5"], "10 cells where the header has 9"),
    ],
)
def test_a_row_of_another_length_is_refused(tmp_path: Path, row: list[str], says: str) -> None:
    cases, refused = read_cases(
        table(tmp_path, row, cells(case_id="K2"), [*cells(case_id="K3"), ""])
    )
    assert [c.id for c in cases] == ["K2", "K3"] and says in refused["K1"]


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("year", "nineteen", "no number"),
        ("year", "1990.5", "whole number"),
        ("year", "", "year is empty"),
        ("year", "12", "between 1789"),
        ("l1_NY.GDP.PCAP.KD", "0", "more than 0"),
        ("l1_NY.GDP.PCAP.KD", "-300", "more than 0"),
        ("l1_pop", "23000000", "thousand persons"),
        ("l1_v2x_polyarchy", "20", "between 0 and 1"),
        ("gwf_duration", "long", "no number"),
        ("gwf_country", "-", "gwf_country is empty"),
        ("l1_NY.GDP.PCAP.KD.ZG", "-250", "at least -100"),
    ],
)
def test_a_row_of_the_panel_with_an_impossible_value_is_left_out_and_named(
    tmp_path: Path, column: str, value: str, says: str
) -> None:
    bad = [value if c == column else v for c, v in zip(PANEL_HEAD, PANEL_ROW, strict=True)]
    good = ["Ghana", *PANEL_ROW[1:]]
    book = Panel(table(tmp_path, bad, good, good[:-1], head=PANEL_HEAD))
    assert book("Ghana", 1991)["age"] == 27 and book("Kenya", 1990) is None
    assert (
        says in book.refused["line 2"]
        and "9 cells" in book.refused["line 4"]
        and len(book.refused) == 2
    )
    with pytest.raises(Fault, match=says):
        Panel(table(tmp_path, bad, head=PANEL_HEAD))


def test_the_columns_of_the_projects_own_table_stand_in_for_one_another(tmp_path: Path) -> None:
    head = [
        "case_id",
        "country",
        "regime_type",
        "onset",
        "outcome_date",
        "outcome",
        "population_m",
        "crowd_low",
        "crowd_best",
        "wishes",
    ]
    row = [
        "T1",
        "Togo",
        "personal",
        "2017-08-19",
        "19.09.2017",
        "Survived (for now)",
        "8",
        "40000",
        "80000",
        "none",
    ]
    found = case_table(table(tmp_path, row, head=head))
    o = found.cases[0].observed
    assert o.fell is False and found.not_used == ("wishes",)
    assert 10 ** o.duration[1] == pytest.approx(31) and [10**x for x in o.peak] == pytest.approx(
        [0.005, 0.01, 0.01]
    )
    given = ["T1", "Togo", "personal", "2017-08-19", "", "", "8", "40000", "80000", "none"]
    assert case_table(table(tmp_path, given, head=head)).cases[0].observed.fell is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"outcome": "mixed"}, "neither fall nor survive"),
        ({"outcome": "fall", "regime_fell": "0"}, "contradict"),
        ({"outcome_date": "2017-08-01"}, "before the onset"),
        ({"days": "90", "outcome_date": "2017-09-19"}, "it is 31 days"),
        ({"outcome_date": "2999-01-01"}, "in the future"),
        ({"crowd_best": "9000000"}, "between 0 and the 8,000,000 residents"),
        ({"crowd_low": "90000"}, "not in that order"),
    ],
)
def test_columns_that_contradict_each_other_refuse_the_row(
    tmp_path: Path, changed: dict[str, str], says: str
) -> None:
    row = {
        "case_id": "T1",
        "country": "Togo",
        "regime_type": "personal",
        "onset": "2017-08-19",
        "outcome": "survive",
        "regime_fell": "",
        "outcome_date": "",
        "days": "",
        "population_m": "8",
        "crowd_low": "",
        "crowd_best": "80000",
    } | changed
    head = ["days_onset_to_outcome" if c == "days" else c for c in row]
    _, refused = read_cases(table(tmp_path, list(row.values()), head=head))
    assert says in refused["T1"]


def test_what_was_taken_for_what_is_said(tmp_path: Path) -> None:
    head = ["case_id", "country", "regime_type", "onset", "crowd_best", "colour"]
    rows = [
        ["A", "Kenia", "sultanate", "1990-07-07", "5000", "red"],
        ["B", "Kenya", "personalist", "2007-12-30", "", "blue"],
    ]
    found = case_table(table(tmp_path, *rows, head=head))
    assert [c.known.type for c in found.cases] == ["other", "personal"] and found.not_used == (
        "colour",
    )
    notes = " ".join(found.notes)
    assert (
        "'sultanate' is taken as other (1 row)" in notes
        and "'Kenia' is not known" in notes
        and "Did you mean 'Kenya'" in notes
    )
    assert "crowd_best of 1 row is not used" in notes


def test_signs_that_nobody_sees_do_not_reach_a_terminal(tmp_path: Path) -> None:
    cases, _ = read_cases(table(tmp_path, cells(case_id="\x1b[31mK1\x07", country="Ken\u200bya")))
    assert cases[0].id.isprintable() and cases[0].known.country.isprintable()


def test_any_bytes_end_in_cases_or_in_a_fault(tmp_path: Path) -> None:
    """Bytes of a sound table changed, lost, doubled or moved, four hundred times."""
    luck, path = random.Random(7), tmp_path / "cases.csv"
    sound = table(
        tmp_path,
        ROW,
        cells(case_id="K2", deaths_best='"1,000"'),
        cells(case_id="K3", country='"Iran, Islamic Rep."'),
    ).read_bytes()
    for _ in range(400):
        data = bytearray(sound)
        for _ in range(luck.randint(1, 6)):
            k = luck.randrange(len(data))
            match luck.randrange(4):
                case 0:
                    data[k] = luck.choice(b'",;\t\n\r\x00\xff-.9x\\|')
                case 1:
                    del data[k : k + luck.randint(1, 30)]
                case 2:
                    data[k:k] = data[k : k + luck.randint(1, 60)]
                case _:
                    data[k:k] = luck.choice(
                        (b'"', b",", b"9999", b"-", b"\n", b"\xe9", b"NA", b";" * 9)
                    )
        path.write_bytes(bytes(data))
        for reader in (case_table, Panel):
            try:
                reader(path)
            except Fault as fault:
                assert str(fault) and "'None'" not in str(fault)


def test_the_last_day_of_a_case_is_that_of_its_outcome() -> None:
    cases = {c.id: c for c in read_cases()[0]}
    assert cases["EGY2011"].last_day == dt.date(2011, 2, 11) and cases[
        "IRN1978"
    ].last_day == dt.date(1979, 2, 11)
