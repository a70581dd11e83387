"""The score board against past uprisings, as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from ..fitted.beside import CROWDS, PARTS, WHO, baselines, crowds, picked, slopes, without
from ..fitted.scoreboard import (
    FEWEST_CASES,
    band,
    happened,
    interval,
    lines,
    named,
    observed,
    worst,
)
from ..terminal.console import Paper, console, escape, table
from ..wording import hundred, listed

MOST_LISTED = 30  # rows, or columns, that are named one by one


def say_board(board: dict[str, Any]) -> None:
    """The board for a terminal."""
    out = console()
    out.print()
    for line in lines(board):
        out.print(f"[bold]{escape(line)}[/bold]")
    if warning := board.get("warning"):
        out.print(f"[bold red]{escape(warning)}[/bold red]")
    if not board.get("fitted_before"):
        out.print(
            "\nNo case was predicted with parameters fitted to its outcome, "
            "base rates by type apart."
        )
    if board["cases"]:
        out.print(
            "\nWorst misses of the ending first. Peak (the largest day, % of residents) and "
            "days: 80 of 100 futures, and below them what was observed.\n"
        )
        out.print(_cases(board))
    if board["totals"].get("n", 0) >= FEWEST_CASES:
        totals = board["totals"]
        for head, rows in ((WHO, baselines(totals)), (PARTS, without(totals))):
            _print(out, head, rows)
        _print(out, CROWDS, crowds(board))
        for said in filter(None, (slopes(board), picked(board))):
            out.print(said)
    if gate := board.get("gate"):
        out.print()
        shown = table("base rate", "model", "known", "met")
        for b in gate["bands"]:
            shown.add_row(escape(b["says"]), *band(b))
        out.print(shown)
        out.print("What of each is put in beforehand: docs/history.md of the project.")
    _left_out(out, board)


def _print(out: Paper, head: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """A table, if there is anything in it."""
    if not rows:
        return
    out.print()
    shown = table(*head)
    for row in rows:
        shown.add_row(*row)
    out.print(shown)


def _left_out(out: Paper, board: dict[str, Any]) -> None:
    """Rows and columns of the user's tables that were not used, and what was taken for what."""
    for where, key in (("Not used", "not_used"), ("Rows of the panel not used", "panel_not_used")):
        lost = board.get(key) or {}
        if lost:
            out.print(f"\n{where}:")
        for k, reason in list(lost.items())[:MOST_LISTED]:
            out.print(f"  - {escape(k)}: {escape(reason)}")
        if len(lost) > MOST_LISTED:
            out.print(f"  - and {len(lost) - MOST_LISTED:,} more")
    if columns := board.get("columns_not_used"):
        more = [f"{len(columns) - MOST_LISTED} more"] if len(columns) > MOST_LISTED else []
        out.print(f"\nColumns not used: {escape(listed([*columns[:MOST_LISTED], *more]))}.")
    for note in board.get("notes") or []:
        out.print(f"\nNote: {escape(note)}")
    out.print()


def _cases(board: dict[str, Any]) -> Table:
    """Each case in two lines: what was predicted of it, and below that what was observed."""
    shown = table("case", "fall of 100\nwas", "peak, %\nobserved", "days\nobserved")
    for c in worst(board):
        cells = [f"{interval(w, c)}\n{observed(w, c)}" for w in ("peak", "duration")]
        shown.add_row(
            f"{escape(c['id'])}\n  {escape(named(c))}",
            f"{hundred(c['fall'])}\n{happened(c)}",
            *cells,
        )
    return shown
