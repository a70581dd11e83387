"""The checks of the published models, as text for a terminal."""

from __future__ import annotations

from typing import Any

from ..terminal.console import console, escape, table

WIDE = 150  # columns from which a check fits into one line


def say_published(found: dict[str, Any]) -> None:
    """Each number that is expected beside the one that the code gives, and the functions that each
    model exercises."""
    out = console()
    wide = out.width >= WIDE
    shown = table("quantity", "expected", "got", "tolerance", "pass")
    if wide:
        shown.add_column("source", overflow="fold")
    for name in found["models"]:
        shown.add_row(f"[bold]{escape(name)}[/bold]")
        for r in found["checks"]:
            if r["model"] == name:
                shown.add_row(*_row(r, wide))
    out.print(shown)
    for name in found["models"]:
        rows = [r for r in found["checks"] if r["model"] == name]
        used = sorted({f for r in rows for f in r["exercises"]})
        out.print(f"[dim]{escape(name)} exercises {escape(', '.join(used))}[/dim]")
    out.print(f"\n{found['within']} of {found['quantities']} within tolerance")


def _row(r: dict[str, Any], wide: bool) -> list[str]:
    test = f" [dim]({escape(r['test'])})[/dim]" if r["test"] else ""
    source = "" if wide else f"\n  [dim]{escape(r['source'])}[/dim]"
    return [
        f"{escape(r['quantity'])}{test}{source}",
        f"{r['expected']:.6g}",
        "none" if r["got"] is None else f"{r['got']:.6g}",
        "exact" if r["tolerance"] == 0 else f"{r['tolerance']:.2g}",
        "yes" if r["passed"] else "[bold red]NO[/bold red]",
        *([escape(r["source"])] if wide else []),
    ]
