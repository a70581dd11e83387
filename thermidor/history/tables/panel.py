"""The panel of autocracy-years from the tables that you download yourself: which columns and joins.

    gwf        Geddes, Wright and Frantz, Autocratic Regimes 1.2, GWFtscs.txt (1946-2010): cowcode,
               year, gwf_country, gwf_casename, gwf_duration, gwf_fail, gwf_fail_type,
               gwf_regimetype
    regimes    REIGN (One Earth Future), regime_list.csv, for the years after: cowcode,
               gwf_startdate, gwf_enddate, gwf_regimetype, and gwf_country where it is there
    vdem       V-Dem, country-year core, CSV: country_name, year, v2x_polyarchy
    wdi        World Bank, World Development Indicators, bulk CSV: Country Name, Indicator Code
               (NY.GDP.PCAP.KD, NY.GDP.PCAP.KD.ZG, SP.POP.TOTL), a column a year
    ucdp       UCDP/PRIO Armed Conflict Dataset, CSV: location, year, type_of_conflict
    coups      Powell and Thyne, powell_thyne_coups_final.txt: country, year, coup
    protests   Mass Mobilization, mmALL as CSV or tab: country, year, protest

A row is a regime that was in power on 1 January of a year; what it is given is of the year before
(l1_), so nothing of what the year brought. Countries are joined by name (states.py) as of the row's
year.

    gwf_duration   years since the regime began: the year less that of its start
    income, growth as they are (USD of 2015 a head; per cent); population in thousands
    openness       v2x_polyarchy
    conflict       1 if a conflict of type 1, 3 or 4 was fought there in the year before, else 0
    coups          attempts, failed or not, in the five years before
    protests       rows with protest = 1 in the year before; empty before 1991

Checked against the panel that the package's calibration used: the lags and the five years of
attempts (every row that can be compared), and the duration of regimes after 2010 (560 of 615 rows;
others are dated by hand there). Columns of gwf, regimes, ucdp, coups and protests were checked
against programs that others published, those of vdem and wdi were written from memory. Not checked,
since the downloads were not at hand: that the whole comes out row by row as that panel; which
spells of the list of regimes it left out (here: democracies, provisional, foreign and warlord
rule). That panel also had income and population before 1960, and of states that are no more, from
Gleditsch's expanded GDP data; the World Bank has none, so a case gets the usual value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import polars as pl

from ...support.faults import Fault
from .case import regime_type
from .download import number, read
from .states import code, state

TABLES: dict[str, dict[str, tuple[str, ...]]] = {  # columns, with other names that they may have
    "gwf": dict.fromkeys(
        (
            "cowcode",
            "year",
            "gwf_country",
            "gwf_casename",
            "gwf_duration",
            "gwf_fail",
            "gwf_fail_type",
            "gwf_regimetype",
        ),
        (),
    ),
    "regimes": {"cowcode": (), "gwf_startdate": (), "gwf_enddate": (), "gwf_regimetype": ()},
    "vdem": {"country_name": (), "year": (), "v2x_polyarchy": ()},
    "wdi": {"Country Name": (), "Indicator Code": ()},
    "ucdp": {"location": (), "year": (), "type_of_conflict": ("typeofconflict", "type")},
    "coups": {"country": (), "year": (), "coup": ()},
    "protests": {"country": (), "year": (), "protest": ()},
}
ALSO = {"regimes": ("gwf_country",), "wdi": None}  # read where it is there; of wdi a column a year
INCOME, GROWTH, PEOPLE = "l1_NY.GDP.PCAP.KD", "l1_NY.GDP.PCAP.KD.ZG", "l1_pop"
OPENNESS, CONFLICT = "l1_v2x_polyarchy", "l1_internal_confl"
COUPS, PROTESTS = "l1_pt_attempt_num5yrs", "l1_mm_protests"
INDICATORS = {"NY.GDP.PCAP.KD": INCOME, "NY.GDP.PCAP.KD.ZG": GROWTH, "SP.POP.TOTL": PEOPLE}
COVARIATES = (INCOME, GROWTH, PEOPLE, COUPS, CONFLICT, OPENNESS, PROTESTS)
COLUMNS = (
    "cowcode",
    "year",
    "gwf_country",
    "gwf_casename",
    "rtype",
    "gwf_duration",
    "gwf_fail",
    "gwf_fail_type",
    "src",
    *COVARIATES,
)
INTERNAL = (1.0, 3.0, 4.0)  # types of conflict on a state's own territory
WINDOW = 5  # years in which attempts of a coup count
NO_REGIME = ("democracy", "foreign", "occupied", "provisional", "warlord", "interim", "transition")
LAST, MOST_NAMED = 2020, 8


def write(downloads: Mapping[str, Path], out: Path, last: int = LAST) -> list[str]:
    """The panel in a new CSV file. Returns what was found, by column."""
    if out.exists():
        raise Fault(f"{out} is there already; choose another name with --out. Nothing was changed.")
    if not out.parent.is_dir():
        raise Fault(
            f"there is no folder {out.parent} for the panel; make it, or choose another with --out."
        )
    rows, told = panel(downloads, last)
    with out.open("xb") as f:
        rows.write_csv(f)
    return told


def panel(downloads: Mapping[str, Path], last: int = LAST) -> tuple[pl.DataFrame, list[str]]:
    """The panel from downloads by option, and a line for each of its columns on what was found.

    gwf is needed; without the others their columns stay empty.  Raises Fault where a file is not
    what its option says.
    """
    got = {
        option: read(Path(path), TABLES[option], ALSO.get(option, ()))
        for option, path in downloads.items()
    }
    rows = regimes(got["gwf"], got.get("regimes"), last)
    makers = {
        "wdi": income,
        "vdem": openness,
        "ucdp": conflict,
        "coups": coups,
        "protests": protests,
    }
    for option, made in makers.items():
        if option in got:
            rows = rows.join(made(got[option]), on=("state", "year"), how="left")
    for option, column in (("ucdp", CONFLICT), ("coups", COUPS)):
        if option in got:
            rows = _none_in_record(rows, column, number(got[option], "year"))
    absent = [pl.lit(None, pl.Float64).alias(c) for c in COLUMNS if c not in rows.columns]
    rows = rows.with_columns(absent)
    return rows.select(COLUMNS).sort("gwf_country", "year"), _told(rows)


def regimes(gwf: pl.DataFrame, after: pl.DataFrame | None, last: int) -> pl.DataFrame:
    """Regime-years with their states: those of GWF, and those of the list after GWF's last year."""
    counted = ("cowcode", "year", "gwf_duration", "gwf_fail", "gwf_fail_type")
    rows = gwf.with_columns([number(gwf, c) for c in counted]).with_columns(src=pl.lit("GWF"))
    if after is not None:
        names = dict(rows.sort("year").select("cowcode", "gwf_country").iter_rows())
        more = _later(after, names, int(cast(float, rows["year"].max())) + 1, last)
        rows = pl.concat([rows, more], how="diagonal_relaxed")
    kinds = [regime_type(t or "") for t in rows["gwf_regimetype"]]
    named = rows.select("gwf_country", "year").iter_rows()
    states = [state(name, dt.date(int(year), 1, 1)) for name, year in named]
    return rows.with_columns(
        pl.Series("rtype", kinds, pl.String), pl.Series("state", states, pl.String)
    )


def _later(after: pl.DataFrame, names: Mapping[float, str], first: int, last: int) -> pl.DataFrame:
    """Rows of the list of regimes for the years from first to last."""
    out = []
    for r in after.iter_rows(named=True):
        begin, end = _year(r["gwf_startdate"]), _year(r["gwf_enddate"])
        kind, cowcode = r["gwf_regimetype"] or "", float(r["cowcode"] or -1)
        name = r.get("gwf_country") or names.get(cowcode)
        if begin is None or not name or any(word in kind.lower() for word in NO_REGIME):
            continue
        for year in range(max(first, begin + 1), min(last, end or last) + 1):
            out.append(
                {
                    "cowcode": cowcode,
                    "year": float(year),
                    "gwf_country": name,
                    "gwf_casename": f"{name} {begin}",
                    "gwf_regimetype": kind,
                    "gwf_duration": float(year - begin),
                    "gwf_fail": float(year == end),
                    "src": "REIGN",
                }
            )
    return pl.DataFrame(out)


def _year(text: str | None) -> int | None:
    """The year of a date such as 1/16/1979 or 1979-01-16."""
    parts = (text or "").replace("/", "-").split("-")
    return next((int(x) for x in parts if len(x) == 4 and x.isdigit()), None)


def _placed(frame: pl.DataFrame, name: str, lag: int = 1) -> pl.DataFrame:
    """The frame with the year for which a row counts, and the state that its name means then.

    Rows without a state that is known are left out.
    """
    frame = frame.filter(pl.col(name).is_not_null())
    frame = frame.with_columns(number(frame, "year") + lag).filter(pl.col("year").is_not_null())
    states = [
        state(n, dt.date(int(y), 1, 1)) if code(n) else None
        for n, y in frame.select(name, "year").iter_rows()
    ]
    there = pl.col("state").is_not_null()
    return frame.with_columns(pl.Series("state", states, pl.String)).filter(there)


def income(wdi: pl.DataFrame) -> pl.DataFrame:
    """Income a head, its growth and population of the year before."""
    years = [c for c in wdi.columns if c[:4].isdigit()]
    wanted = wdi.filter(pl.col("Indicator Code").is_in(list(INDICATORS)))
    long = wanted.unpivot(years, index=["Country Name", "Indicator Code"], variable_name="year")
    long = long.filter(pl.col("value").is_not_null()).with_columns(pl.col("year").str.slice(0, 4))
    long = _placed(long.with_columns(number(long, "value")), "Country Name")
    out = long.select("state", "year").unique()
    for indicator, column in INDICATORS.items():
        mine = long.filter(pl.col("Indicator Code") == indicator).group_by("state", "year")
        out = out.join(
            mine.agg(pl.col("value").first().alias(column)), on=("state", "year"), how="left"
        )
    return out.with_columns(pl.col(PEOPLE) / 1000)


def openness(vdem: pl.DataFrame) -> pl.DataFrame:
    """Electoral democracy of the year before."""
    found = _placed(vdem.with_columns(number(vdem, "v2x_polyarchy")), "country_name")
    return found.group_by("state", "year").agg(pl.col("v2x_polyarchy").mean().alias(OPENNESS))


def conflict(ucdp: pl.DataFrame) -> pl.DataFrame:
    """1 for a state with an internal conflict in the year before."""
    fought = ucdp.filter(number(ucdp, "type_of_conflict").is_in(INTERNAL))
    places = [[n] if code(n) else n.split(", ") for n in fought["location"]]
    apart = fought.with_columns(pl.Series("location", places, pl.List(pl.String)))
    found = _placed(apart.explode("location"), "location").select("state", "year").unique()
    return found.with_columns(pl.lit(1.0).alias(CONFLICT))


def coups(attempts: pl.DataFrame) -> pl.DataFrame:
    """Attempts in the five years before."""
    tried = attempts.filter(number(attempts, "coup") > 0)
    spread = pl.concat([_placed(tried, "country", lag) for lag in range(1, WINDOW + 1)])
    return spread.group_by("state", "year").agg(pl.len().cast(pl.Float64).alias(COUPS))


def protests(events: pl.DataFrame) -> pl.DataFrame:
    """Protests counted in the year before; a country-year without one has a row too."""
    found = _placed(events.with_columns(number(events, "protest")), "country")
    counted = (pl.col("protest") > 0).sum().cast(pl.Float64)
    return found.group_by("state", "year").agg(counted.alias(PROTESTS))


def _none_in_record(rows: pl.DataFrame, column: str, years: pl.Series) -> pl.DataFrame:
    """Where the record has nothing there was none, in the years that it covers."""
    first, last = cast(float, years.min()), cast(float, years.max())
    covered = pl.col("year").is_between(first + 1, last + 1)
    filled = pl.when(covered).then(pl.col(column).fill_null(0.0)).otherwise(pl.col(column))
    return rows.with_columns(filled)


def _told(rows: pl.DataFrame) -> list[str]:
    """How much of the panel is filled."""
    states, failures = rows["state"].n_unique(), int(rows["gwf_fail"].sum())
    out = [f"{rows.height:,} regime-years of {states:,} states, {failures:,} failures"]
    for column in COVARIATES:
        there = rows.filter(pl.col(column).is_not_null())
        never = sorted(set(rows["gwf_country"]) - set(there["gwf_country"]))
        named = ", ".join(never[:MOST_NAMED])
        more = f" and {len(never) - MOST_NAMED} more" if len(never) > MOST_NAMED else ""
        out.append(f"{column}: {there.height:,} rows" + (f"; none for {named}{more}" * bool(never)))
    return out
