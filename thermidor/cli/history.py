"""The verbs of the command line that hold the model against the past: validate, calibrate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ..support.faults import Fault
from ..terminal.options import (
    AsJson,
    CasesFile,
    Out,
    PanelFile,
    Processes,
    Seed,
    to_fill,
    to_read,
    whole,
)
from ..terminal.progress import progress
from ..terminal.show import show
from .scenario import GOES_ON


def validate(
    cases: CasesFile = None,
    panel: PanelFile = None,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh", help="Compute the package's own board again, in place of reading it."
        ),
    ] = False,
    futures: Annotated[
        int,
        typer.Option("--futures", metavar="N", parser=whole(16, 1_000_000), help="Futures a case."),
    ] = 192,
    effects: Annotated[
        bool,
        typer.Option(
            "--effects", help="In place of the board, published sizes of effects: inside or not."
        ),
    ] = False,
    pairs: Annotated[
        int,
        typer.Option(
            "--pairs",
            metavar="N",
            parser=whole(16, 1_000_000),
            help="Futures an arm of the gate of effects.",
        ),
    ] = 1000,
    processes: Processes = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """The score board: the model against past uprisings, out of sample, with the baselines beside
    it.

    The board of the 37 cases comes with the package and loads at once. Cases of your own are
    forecast by the posterior that comes with the package; what the panel does not give is taken as
    usual for the type, and said. With `--out` finished parts are kept, and the same command goes on
    from there.

    With `--effects` each row of the table of published effects that the model can express is
    computed as paired futures (some four minutes on two cores); those that it cannot are listed.

    Examples:

        thermidor validate

        thermidor validate --effects --out effects

        thermidor validate --cases mine.csv --panel autocracy_hazard_panel_1946_2020.csv --json

        thermidor validate --fresh --panel autocracy_hazard_panel_1946_2020.csv --out board
    """
    from ..history.validate import validate as score
    from ..report.board import say_board

    kept = (
        f"What is finished is kept in {out}. {GOES_ON}"
        if out
        else "Name a folder with --out to keep what is finished."
    )
    if effects:
        if cases or panel or fresh:
            raise Fault("--effects stands alone; leave --cases, --panel and --fresh away.")
        _effects(pairs, out, processes, as_json, kept)
        return
    seconds = _forecasts(cases, futures) if cases or (fresh and panel) else None
    with progress("score board", quiet=as_json, kept=kept, expected=seconds) as tick:
        board = score(
            cases, panel, fresh=fresh, futures=futures, out=out, processes=processes, progress=tick
        )
    show(board, as_json, lambda: say_board(board))


def _effects(pairs: int, out: Path | None, processes: int | None, as_json: bool, kept: str) -> None:
    """The gate of effects, under the posterior that comes with the package if there is one."""
    from ..fitted.posterior import load as posterior
    from ..history.effects import SECONDS, gate
    from ..history.simulated.arms import Learnt
    from ..report.effects import say_effects

    found = posterior()
    learnt = Learnt(found.keys, found.draws) if found else None
    with progress("effects", quiet=as_json, kept=kept, expected=SECONDS * pairs) as tick:
        made = gate(pairs, learnt=learnt, out=out, processes=processes, progress=tick)
    made["posterior"] = found.hash if found else None
    show(made, as_json, lambda: say_effects(made))


def _download(option: str, says: str) -> Any:
    return typer.Option(f"--{option}", metavar="FILE", help=says)


def panel(
    gwf: Annotated[Path, _download("gwf", "Autocratic Regimes 1.2: GWFtscs.txt.")],
    out: Annotated[Path, _download("out", "The panel, a new CSV file.")],
    regimes: Annotated[
        Path | None, _download("regimes", "REIGN: regime_list.csv, for the years after 2010.")
    ] = None,
    vdem: Annotated[Path | None, _download("vdem", "V-Dem: country-year core, CSV.")] = None,
    wdi: Annotated[Path | None, _download("wdi", "World Development Indicators: bulk CSV.")] = None,
    ucdp: Annotated[
        Path | None, _download("ucdp", "UCDP/PRIO Armed Conflict Dataset, CSV.")
    ] = None,
    coups: Annotated[Path | None, _download("coups", "Powell and Thyne: coups, tabs.")] = None,
    protests: Annotated[
        Path | None, _download("protests", "Mass Mobilization, CSV or tabs.")
    ] = None,
    last: Annotated[int, typer.Option("--last", help="Last year of the panel.")] = 2020,
    as_json: AsJson = False,
) -> None:
    """Make the panel of autocracy-years, for --panel, from tables that you download yourself.

    Only --gwf must be there; what the others would give stays empty, and a case gets the usual
    value. Which columns are read and how they are joined, and what of it was checked: the head of
    thermidor/history/tables/panel.py.

    Examples:

        thermidor panel --gwf GWFtscs.txt --vdem V-Dem-CY-Core.csv --wdi WDICSV.csv --out panel.csv
    """
    from ..history.tables.panel import write

    given = {
        "gwf": gwf,
        "regimes": regimes,
        "vdem": vdem,
        "wdi": wdi,
        "ucdp": ucdp,
        "coups": coups,
        "protests": protests,
    }
    told = write({k: v for k, v in given.items() if v}, out, last)

    def say() -> None:
        print(*told, f"Written to {out}.", sep="\n")

    show({"out": str(out), "found": told}, as_json, say)


def calibrate(
    panel: Annotated[
        Path,
        typer.Option(
            "--panel",
            metavar="FILE",
            parser=to_read,
            help="Your download of the panel of autocracy-years, for covariates.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            parser=to_fill,
            help="Folder for the results; the same command goes on from there.",
        ),
    ],
    cases: CasesFile = None,
    campaigns: Annotated[
        Path | None,
        typer.Option(
            "--campaigns",
            metavar="FILE",
            parser=to_read,
            help="Your download of campaigns, a table like that of cases, of which only the "
            "ending is known: fitted too, and scored apart.",
        ),
    ] = None,
    draws: Annotated[
        int,
        typer.Option(
            "--draws",
            metavar="N",
            parser=whole(64, 65_536),
            help="Draws of the parameters at which every case is simulated (a power of two).",
        ),
    ] = 512,
    histories: Annotated[
        int,
        typer.Option(
            "--histories",
            metavar="N",
            parser=whole(10, 1_000_000),
            help="Regime histories of 20 years for each type in the base-rate gate.",
        ),
    ] = 1000,
    seed: Seed = 1,
    processes: Processes = None,
    as_json: AsJson = False,
) -> None:
    """Fit what all countries share to past uprisings, and score the fit on the countries left out.
    An hour and a half on two cores.

    Writes posterior.json, folds.parquet and board.json. Needs `pip install 'thermidor[calibrate]'`.

    Examples:

        thermidor calibrate --panel autocracy_hazard_panel_1946_2020.csv --out fit

        thermidor calibrate --panel panel.csv --cases mine.csv --draws 512 --out mine
    """
    from ..history.baseline import needed
    from ..history.calibrate import calibrate as fit
    from ..history.tables.cases import read_cases
    from ..history.tables.covariates import Panel, covariates
    from ..history.validate import read_campaigns
    from ..report.board import say_board

    for module in ("emcee", "sklearn"):
        needed(module)  # said now, and not after an hour
    if draws & (draws - 1):
        raise Fault(f"--draws {draws} must be a power of two; write {1 << draws.bit_length()}.")
    found, refused = read_cases(cases)
    usable = [c for c in found if c.observed.fell is not None]
    if len(usable) < 8:
        raise Fault(
            f"{cases} has {len(usable)} cases whose ending is known; at least 8 are needed."
        )
    apart: set[str] = set()
    if campaigns is not None:
        more, left_out = read_campaigns(campaigns, usable)
        usable, apart = [*usable, *more], {c.id for c in more}
        refused |= left_out
    book = Panel(panel)
    with progress(
        f"calibration on {len(usable)} cases",
        quiet=as_json,
        expected=_calibration(draws, len(usable)),
        kept=f"What is finished is kept in {out}. {GOES_ON}",
    ) as tick:
        board = fit(
            usable,
            [covariates(c.known, book) for c in usable],
            out,
            campaigns=apart,
            draws=draws,
            histories=histories,
            seed=seed,
            panel=panel.name,
            processes=processes,
            progress=tick,
        )
    board["not_used"] = refused | {
        c.id: "its ending is not known" for c in found if c.observed.fell is None
    }
    (out / "board.json").write_text(json.dumps(board, indent=1), encoding="utf-8")

    def say() -> None:
        say_board(board)
        print(f"\nWritten to {out}: posterior.json, folds.parquet, board.json.")

    show(board, as_json, say)


def _forecasts(cases: Path | None, futures: int) -> float:
    """Seconds on two cores: twenty minutes for the 37 cases of the package and 192 futures each."""
    from ..history.tables.cases import read_cases

    return 1200.0 * len(read_cases(cases)[0]) / 37 * futures / 192


def _calibration(draws: int, cases: int) -> float:
    """Seconds on two cores: an hour and a half for the 37 cases and 512 draws of the package."""
    return 5400.0 * draws / 512 * cases / 37
