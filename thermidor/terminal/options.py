"""Options that verbs share, and how the words of a command line become numbers and paths: a
sentence for each that does not."""

from __future__ import annotations

import math
import os
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

MOST_RUNS = 10_000_000
MOST_PROCESSES = 1024
LARGEST = 2**63 - 1
_DIGITS = re.compile(r"[+-]?[0-9]+(_[0-9]+)*")


def whole(low: int, high: int = LARGEST) -> Callable[[Any], int]:
    """A reader of whole numbers between these; digits of ASCII, `_` between them as in 20_000."""

    def read(text: Any) -> int:
        found = number(str(text))
        if found is None:
            repair = meant(str(text))
            write = f"; write {repair}" if repair is not None and low <= repair <= high else ""
            raise typer.BadParameter(f"'{text}' must be a whole number in digits{write}.")
        if not low <= found <= high:
            to = f" and {high:,}" if high < LARGEST else ""
            limits = f"lie between {low:,}{to}" if to else f"be at least {low:,}"
            raise typer.BadParameter(f"{found} must {limits}.")
        return found

    return read


def one_of(*words: str) -> Callable[[Any], str]:
    """A reader of one of these words."""

    def read(text: Any) -> str:
        if str(text) not in words:
            raise typer.BadParameter(f"'{text}' must be one of {', '.join(words)}.")
        return str(text)

    return read


def seconds(text: Any) -> float:
    """A reader of a time in seconds, above nothing and at most a week."""
    try:
        found = float(text) if str(text).isascii() else math.nan
    except ValueError:
        found = math.nan
    if not 0 < found <= 604_800:
        raise typer.BadParameter(
            f"'{text}' must be a number of seconds above 0, and at most 604,800."
        )
    return found


def number(text: str) -> int | None:
    """A whole number as code and files write it, or None. Python's own int() takes digits of every
    script, and spaces."""
    return int(text) if _DIGITS.fullmatch(text) and len(text) <= 30 else None


def meant(text: str) -> int | None:
    """The whole number that somebody may have had in mind: 1e5, 20,000, ' 12 ', １２, ²."""
    bare = unicodedata.normalize("NFKC", text).replace(",", "").replace("_", "").replace(" ", "")
    try:
        value = float(bare)
    except ValueError:
        return None
    return int(value) if abs(value) <= LARGEST and value == int(value) else None


def to_read(text: Any) -> Path:
    """A reader of paths of tables: a file that is there (a pipe is one), not a folder."""
    path = Path(str(text))
    if os.path.isdir(path):
        raise typer.BadParameter(f"{path} is a folder; name the file in it.")
    if not os.path.exists(path):
        raise typer.BadParameter(f"there is no file {path}.")
    return path


def to_fill(text: Any) -> Path:
    """A reader of paths of folders for results: a folder that is there or can be made, not a
    file."""
    path = Path(str(text))
    if os.path.exists(path) and not os.path.isdir(path):  # unlike Path's, they never raise
        raise typer.BadParameter(f"{path} is a file; name a folder, which is made if it is new.")
    return path


def scenarios(begun: str) -> list[str]:
    """Names of scenarios that come with the package, for the completion of a shell; files are its
    own to complete."""
    library = Path(__file__).parents[1] / "library"
    names = sorted(
        p.stem for folder in ("countries", "scenarios") for p in (library / folder).glob("*.yaml")
    )
    return [n for n in names if n.startswith(begun)]


def arguments(begun: str) -> list[str]:
    """Names of arguments that come with the package, for the completion of a shell."""
    folder = Path(__file__).parents[1] / "library" / "arguments"
    return [n for n in sorted(p.stem for p in folder.glob("*.yaml")) if n.startswith(begun)]


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]
Reference = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        autocompletion=scenarios,
        help="Name of a scenario that comes with the package, or a file.",
    ),
]
Countries = Annotated[
    list[str],
    typer.Argument(
        metavar="COUNTRY...",
        autocompletion=scenarios,
        help="Names of countries or scenarios that come with the package, or files.",
    ),
]
Arguments = Annotated[
    list[str] | None,
    typer.Option(
        "--argument",
        metavar="NAME|FILE",
        autocompletion=arguments,
        help="Whose claims are tested, instead of those that the country's file names; may be "
        "repeated.",
    ),
]
BeliefsFile = Annotated[
    Path | None,
    typer.Option(
        "--beliefs",
        metavar="FILE",
        help="Assumptions that somebody holds to be otherwise than the ledger has them.",
    ),
]
SeenFile = Annotated[
    Path | None,
    typer.Option(
        "--seen",
        metavar="FILE",
        help="Observations with their dates, which the report lays beside the futures.",
    ),
]
Runs = Annotated[
    int | None,
    typer.Option(
        "--runs",
        metavar="N",
        parser=whole(1, MOST_RUNS),
        help="Futures to compute. 200 unless the scenario suggests otherwise.",
    ),
]
Pairs = Annotated[
    int | None,
    typer.Option(
        "--runs", metavar="N", parser=whole(2, MOST_RUNS), help="Pairs of futures; 200 if left out."
    ),
]
Quick = Annotated[
    bool,
    typer.Option(
        "--quick", help="A first look at few pairs; the full test then goes on from them."
    ),
]
FromDay = Annotated[
    datetime | None,
    typer.Option(
        "--from",
        metavar="DATE",
        formats=["%Y-%m-%d"],
        help="Day from which the other side's choices hold; the start if left out.",
    ),
]
CommonPast = Annotated[
    int | None,
    typer.Option(
        "--past",
        metavar="N",
        parser=whole(0),
        help="Compute the days before --from once, those of future N, and branch from there.",
    ),
]
Citizens = Annotated[
    str | None,
    typer.Option(
        "--citizens",
        metavar="N|full",
        help="Agents; 'full' is one a person. 100,000 unless the scenario suggests otherwise.",
    ),
]
Days = Annotated[
    int | None,
    typer.Option(
        "--days",
        metavar="N",
        parser=whole(1, 100_000),
        help="Days to run, instead of the scenario's.",
    ),
]
Seed = Annotated[
    int, typer.Option("--seed", metavar="N", parser=whole(0), help="Seed of all chance.")
]
Patch = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Set a parameter (it is then not drawn); may be repeated.",
    ),
]
Fixed = Annotated[
    bool,
    typer.Option(
        "--fixed", help="Hold every assumption at its value instead of drawing it from its range."
    ),
]
Processes = Annotated[
    int | None,
    typer.Option(
        "--processes",
        metavar="N",
        parser=whole(1, MOST_PROCESSES),
        help="Worker processes; as many as there are cores if left out.",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        metavar="N",
        parser=whole(1, MOST_PROCESSES),
        help="Threads inside one future; chosen from its size and the cores if left out.",
    ),
]
FutureSeconds = Annotated[
    float | None,
    typer.Option(
        "--future-seconds",
        metavar="S",
        parser=seconds,
        help="A future that takes longer fails; without it none is ended.",
    ),
]
Keep = Annotated[
    str,
    typer.Option(
        "--keep",
        metavar="runs|series|all",
        parser=one_of("runs", "series", "all"),
        help="What is kept of each future: the table of runs (5 KB a year), also its daily series "
        "and events (85 KB), or all tables (93 KB).",
    ),
]
KeepOfDesign = Annotated[
    str | None,
    typer.Option(
        "--keep",
        metavar="runs|series|all",
        parser=one_of("runs", "series", "all"),
        help="As of `run`; series if left out, with which costs are counted over the same days at "
        "all points, and runs of saltelli.",
    ),
]
KeepFailed = Annotated[
    bool,
    typer.Option(
        "--keep-failed", help="Leave futures that failed as they are, instead of trying them again."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", parser=to_fill, help="Folder for the results."),
]
Picture = Annotated[
    Path | None,
    typer.Option("--picture", metavar="FILE.svg", help="Draw it. Needs thermidor[plot]."),
]
Mechanisms = Annotated[
    list[Path] | None,
    typer.Option(
        "--mechanism",
        metavar="FILE.py",
        help="A mechanism of your own; naming it here runs it. May be repeated.",
    ),
]
Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar="KEY=VALUES",
        help="A parameter to vary: KEY=0:1:11 (eleven values), KEY=30,60,90, KEY=0:1 (a range) or "
        "KEY (the ledger's range). May be repeated.",
    ),
]
DesignName = Annotated[
    str,
    typer.Option(
        "--design",
        metavar="full|lhs|sobol|one-at-a-time|saltelli",
        parser=one_of("full", "lhs", "sobol", "one-at-a-time", "saltelli"),
        help="All combinations, points drawn by Latin hypercube or Sobol's sequence (scrambled), "
        "each parameter alone, or blocks for first-order and total shares by `drivers` (over all "
        "drawn assumptions without --over).",
    ),
]
Points = Annotated[
    int | None,
    typer.Option(
        "--points",
        metavar="N",
        parser=whole(2, MOST_RUNS),
        help="Points that lhs and sobol draw, or blocks of saltelli, each of as many points as "
        "parameters and 2; 64 if left out.",
    ),
]
RunsEach = Annotated[
    int,
    typer.Option(
        "--runs",
        metavar="N",
        parser=whole(1, LARGEST),
        help="Futures at each point, the same luck at all.",
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="EXPRESSION",
        help="What is told of each point: a column of runs or an expression over them, such as "
        "\"ending = 'coup'\". May be repeated.",
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="processes|ray",
        parser=one_of("processes", "ray"),
        help="Where futures are computed: processes of this machine, or a Ray cluster.",
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address",
        metavar="HOST:PORT",
        help="The Ray cluster; RAY_ADDRESS, or one of this machine, if left out.",
    ),
]
ShardOf = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="K/N",
        help="Compute only this part, 3/200 being the third of two hundred; thermidor gather joins "
        "them.",
    ),
]
Plan = Annotated[
    bool,
    typer.Option(
        "--plan", help="Write down what would be computed, say how much it is, and compute nothing."
    ),
]
PanelFile = Annotated[
    Path | None,
    typer.Option(
        "--panel",
        metavar="FILE",
        parser=to_read,
        help="Your download of the panel of autocracy-years, for covariates.",
    ),
]
CasesFile = Annotated[
    Path | None,
    typer.Option(
        "--cases",
        metavar="FILE",
        parser=to_read,
        help="Your own cases, a table with the columns of cases.csv, in place of the package's.",
    ),
]
