"""One state under all its names, and no state under another's."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from math import log10

import pytest

from thermidor.country.covariates import PACTS, REVOLUTIONS
from thermidor.history.tables.case import Known
from thermidor.history.tables.cases import read_cases
from thermidor.history.tables.covariates import COLUMNS, Panel, covariates
from thermidor.history.tables.states import NAMES, code, known, state, words
from thermidor.history.validate import fitted_as

LATER = dt.date(2010, 1, 1)
SAME = {  # as the World Bank, the UN, GWF, V-Dem, UCDP, the Correlates of War and others write them
    "IRN": (
        "Iran",
        "Iran, Islamic Rep.",
        "Iran (Islamic Republic of)",
        "Islamic Republic of Iran",
        "IRN",
        "ir",
        "I.R. Iran",
        "Persia",
    ),
    "SYR": ("Syria", "Syrian Arab Republic", "syrian arab rep.", "SYR"),
    "EGY": ("Egypt", "Egypt, Arab Rep.", "Arab Republic of Egypt", " EGYPT "),
    "PRK": (
        "North Korea",
        "Korea North",
        "Korea, Dem. People's Rep.",
        "Korea, Dem. People’s Rep.",
        "DPRK",
        "N. Korea",
        "Democratic People's Republic of Korea",
    ),
    "KOR": ("South Korea", "Korea, Rep.", "Republic of Korea", "Korea South", "S. Korea"),
    "MMR": ("Burma", "Myanmar", "Burma/Myanmar", "Myanmar (Burma)", "MMR"),
    "DDR": (
        "East Germany",
        "Germany East",
        "German Democratic Republic",
        "GDR",
        "German Dem. Rep.",
        "DDR",
        "Germany, East",
    ),
    "TUR": ("Turkey", "Türkiye", "Turkiye", "Republic of Türkiye", "TUR"),
    "COD": (
        "Zaire",
        "DR Congo",
        "Congo, Dem. Rep.",
        "Democratic Republic of the Congo",
        "Congo/Zaire",
        "DR Congo (Zaire)",
        "Congo Kinshasa",
    ),
    "COG": ("Congo", "Congo, Rep.", "Congo-Brz", "Congo Brazzaville", "Republic of the Congo"),
    "YEM": ("Yemen", "Yemen, Rep.", "Yemen (North Yemen)", "Yemen Arab Republic; N. Yemen"),
    "YMD": ("South Yemen", "Yemen South", "Yemen People's Republic; S. Yemen", "YMD"),
    "VNM": (
        "Vietnam",
        "Viet Nam",
        "North Vietnam",
        "Vietnam (North Vietnam)",
        "Vietnam, Democratic Republic of",
    ),
    "RVN": ("South Vietnam", "Vietnam South", "Republic of Vietnam", "Vietnam, Republic of"),
    "CIV": ("Ivory Coast", "Cote d'Ivoire", "Côte d'Ivoire", "Côte d’Ivoire"),
    "CAF": ("Cen African Rep", "Central African Republic"),
    "VEN": ("Venezuela", "Venezuela, RB", "Venezuela (Bolivarian Republic of)"),
    "LAO": ("Laos", "Lao PDR", "Lao People's Dem. Rep."),
    "GMB": ("Gambia", "Gambia, The", "The Gambia"),
    "HKG": ("Hong Kong", "Hong Kong SAR, China", "Hong-Kong", "China, Hong Kong SAR"),
    "SRB": (
        "Serbia",
        "FR Yugoslavia",
        "Serbia and Montenegro",
        "Yugoslavia",
        "Serbia (Yugoslavia)",
        "YUG",
    ),
    "RUS": ("Russia", "Russian Federation", "Soviet Union", "Russia (Soviet Union)", "U.S.S.R."),
    "KGZ": ("Kyrgyzstan", "Kyrgyz Republic"),
    "ARE": ("UAE", "United Arab Emirates"),
    "SSD": ("South Sudan", "Sudan South"),
    "TZA": ("Tanzania", "United Republic of Tanzania"),
    "GNB": ("Guinea Bissau", "Guinea-Bissau"),
    "SWZ": ("Swaziland", "Eswatini"),
}


@pytest.mark.parametrize("same", SAME)
def test_all_names_of_a_state_are_one(same: str) -> None:
    assert {state(name, LATER) for name in SAME[same]} == {same}


@pytest.mark.parametrize(
    "name",
    ["Ruritania", "Smallland", "Korea", "Nigerland", "Mauretanien", "Republic", "the", "", "12"],
)
def test_nothing_is_guessed(name: str) -> None:
    assert code(name) is None


def test_a_name_means_the_state_of_its_day() -> None:
    assert state("Russia", dt.date(1989, 1, 1)) == state("USSR", dt.date(1989, 1, 1)) == "SUN"
    assert state("Soviet Union", dt.date(1994, 1, 1)) == "RUS"
    assert (
        state("Serbia", dt.date(1985, 1, 1)) == "YUG"
        and state("Czech Republic", dt.date(1989, 11, 17)) == "CSK"
    )
    assert state("East Germany", dt.date(1989, 9, 4)) != state("Germany", dt.date(1989, 9, 4))


def test_no_own_name_takes_another_state_s_and_every_listed_code_is_known() -> None:
    import pycountry

    by_name: dict[frozenset[str], set[str]] = {}
    for c in pycountry.countries:
        for name in {
            c.name,
            getattr(c, "common_name", c.name),
            getattr(c, "official_name", c.name),
        }:
            by_name.setdefault(words(name), set()).add(c.alpha_3)
    for own, names in NAMES.items():
        for name in names.split(";"):
            by_name.setdefault(words(name), set()).add(own)
    assert not {tuple(sorted(w)): codes for w, codes in by_name.items() if len(codes) > 1}
    assert {s for _, _, _, members in PACTS for s in members} | set(REVOLUTIONS) <= set(
        known()[0].values()
    )


def test_pacts_revolutions_and_the_panel_know_a_state_by_any_name(tmp_path) -> None:
    path = tmp_path / "panel.csv"
    with path.open("w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["gwf_country", "year", *COLUMNS.values()])
        w.writerows(
            [
                ["Korea North", 2011, 63, 600, 1, 24_500, 0, 0, 0.1, 0],
                ["Soviet Union", 1990, 73, 9000, 1, 288_000, 0, 0, 0.2, 1],
            ]
        )
    book = Panel(path)

    def known_of(country: str, day: dt.date) -> Known:
        return Known("X", country, "party", day, None)

    for name in SAME["PRK"]:
        c = covariates(known_of(name, dt.date(2011, 12, 17)), book)
        assert (c.age, c.revolution, c.backing) == (63, 1, 0)
    for name in ("Belarus", "BLR", "Byelorussia"):
        assert covariates(known_of(name, dt.date(2020, 8, 9)), None).backing == 1
    for name in ("Russia", "USSR", "Russian Federation"):
        c = covariates(known_of(name, dt.date(1990, 2, 1)), book)
        assert (c.age, c.revolution) == (73, 1)
    assert covariates(known_of("Russia", dt.date(2011, 12, 10)), book).revolution == 0


def case(country: str, day: str, last: str | None = None):
    """A case of the user's, with an outcome on a day."""
    some = read_cases()[0][0]
    known_of = dataclasses.replace(
        some.known, id="mine", country=country, onset=dt.date.fromisoformat(day)
    )
    days = None if last is None else (dt.date.fromisoformat(last) - known_of.onset).days
    return dataclasses.replace(
        some,
        known=known_of,
        observed=dataclasses.replace(some.observed, duration=days and (log10(days),) * 3),
    )


@pytest.mark.parametrize(
    ("country", "day", "last", "twin"),
    [
        ("Tunisia", "2010-12-20", None, "TUN2010"),
        ("TUN", "2011-01-05", None, "TUN2010"),
        ("Yugoslavia", "2000-09-24", None, "SRB2000"),
        ("Burma", "2021-03-01", None, "MMR2021"),
        ("German Democratic Republic", "1989-10-09", None, "GDR1989"),
        (
            "Iran, Islamic Rep.",
            "1978-09-08",
            None,
            "IRN1978",
        ),  # eight months later, and the same revolution
        (
            "Egypt, Arab Rep.",
            "2010-06-06",
            "2011-02-11",
            "EGY2011",
        ),  # dated much earlier, with the same end
        ("Egypt", "2011-11-19", None, None),
        ("Egypt", "2013-06-30", None, None),
        ("Iran", "1999-01-01", None, None),
        ("Jordan", "2011-01-25", None, None),
        ("Germany", "1989-10-09", None, None),
        ("Smallland", "2011-01-25", None, None),
    ],
)
def test_a_case_of_the_fit_is_known_by_state_and_days(
    country: str, day: str, last: str | None, twin: str | None
) -> None:
    trained, _ = read_cases()
    found = fitted_as(case(country, day, last), trained)
    assert (found.id if found else None) == twin
