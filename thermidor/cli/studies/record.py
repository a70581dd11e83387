"""The verbs of a record: seal a dated forecast, resolve it, score them all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ...terminal.options import AsJson, Picture
from ...terminal.show import show

Record = Annotated[
    Path, typer.Option("--record", metavar="FILE", help="The file of the record; made if new.")
]
FILE = Path("record.jsonl")


def seal(
    claim: Annotated[
        str,
        typer.Argument(metavar="CLAIM", help="What is to come true, as a condition on a future."),
    ],
    study: Annotated[
        Path, typer.Option("--study", metavar="DIR", help="Folder that `thermidor run` wrote.")
    ],
    by: Annotated[
        datetime,
        typer.Option(
            "--by", metavar="DATE", formats=["%Y-%m-%d"], help="The last day that counts."
        ),
    ],
    record: Record = FILE,
    name: Annotated[
        str | None, typer.Option("--id", metavar="NAME", help="What to call it in the record.")
    ] = None,
    sentence: Annotated[
        str | None, typer.Option("--sentence", metavar="TEXT", help="The claim in words.")
    ] = None,
    late: Annotated[
        bool,
        typer.Option("--late", help="Allow a day that has passed; it is marked and scored apart."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Seal a dated forecast: its chance from a study's futures, in a record that nothing
    overwrites.

    Its rule is tried beforehand on a future in which the claim came true and on one in which it did
    not, so that it can be resolved.

    Example:

        thermidor seal "peak_turnout_country >= 0.02" --study thermidor-results/... --by 2027-03-01
    """
    from ... import studies
    from ...analysis.record import book
    from ...analysis.record.seal import said

    options = {"name": name, "sentence": sentence, "late": late}
    line = studies.seal(claim, study, by.date(), record, **options)
    made = book.read(record)
    told = {"answer": said(line, made), "record": str(record), "hash": made.hash}
    show(told | {"sealed": line}, as_json, lambda: _say(told["answer"]))


def resolve(
    name: Annotated[str, typer.Argument(metavar="ID", help="Which forecast of the record.")],
    record: Record = FILE,
    seen: Annotated[
        Path | None,
        typer.Option("--seen", metavar="FILE", help="Observations, to which its rule is put."),
    ] = None,
    ending: Annotated[
        str | None,
        typer.Option(
            "--ending",
            metavar="ENDING",
            help="How the regime stood on the last day, such as 'in power'.",
        ),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option("--outcome", metavar="yes|no|void", help="Say it yourself; needs --because."),
    ] = None,
    because: Annotated[
        str | None, typer.Option("--because", metavar="TEXT", help="Why, such as a source.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Resolve a sealed forecast: by its rule from what was seen, or as you say with a reason.

    What its rule does not decide is said and left open; nothing is resolved twice.

    Examples:

        thermidor resolve iran-crowds --seen week.yaml

        thermidor resolve iran-crowds --outcome void --because "no count was published"
    """
    from ... import studies
    from ...analysis.record import book
    from ...analysis.record.seal import said

    options = {"seen": seen, "ending": ending, "outcome": outcome, "because": because}
    line = studies.resolve(name, record, **options)
    made = book.read(record)
    told = {"answer": said(line, made), "record": str(record), "hash": made.hash}
    show(told | {"resolved": line}, as_json, lambda: _say(told["answer"]))


def record(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file of the record.")] = FILE,
    picture: Picture = None,
    as_json: AsJson = False,
) -> None:
    """Score a record: Brier and log score with intervals, calibration, and how many are void, open
    or past their day.

    Example:

        thermidor record record.jsonl
    """
    from ... import studies
    from ...analysis.record.say import say_record
    from ...support.faults import Fault

    if not file.exists():
        raise Fault(f"there is no record {file}; `thermidor seal` begins one.")
    told = studies.record(file)
    if picture:
        from ...analysis.record.picture import draw

        draw(told, picture)
    show(told, as_json, lambda: say_record(told))


def _say(text: str) -> None:
    from ...terminal.console import console, escape

    console().print(escape(text))
