"""A record as text for a terminal."""

from __future__ import annotations

from typing import Any

from ... import wording as words
from ...terminal.console import console, escape, table


def say_record(told: dict[str, Any]) -> None:
    """The sentence, calibration, and a line for each forecast."""
    out = console()
    out.print(f"\n[bold]{escape(told['answer'])}[/bold]\n")
    for key, name in (("scores", "chance, of 100"), ("late", "sealed after their day")):
        if told[key]:
            t = table(name, "forecasts", "mean chance", "came true, of 100")
            for c in told[key]["calibration"]:
                true = f"{words.hundred(c['true'])} ({words.span(c['low'], c['high'])})"
                t.add_row(
                    words.span(c["from"], c["to"]), str(c["n"]), words.hundred(c["said"]), true
                )
            out.print(t)
            out.print()
    t = table("forecast", "by", "chance, of 100", "outcome")
    for f in told["forecasts"]:
        late = " (late)" if f["late"] else ""
        state = (f["outcome"] or "open") + late
        t.add_row(escape(f["id"]), escape(f["by"]), words.hundred(f["chance"]), escape(state))
    out.print(t)
    out.print(f"\nFingerprint of the whole: {escape(told['hash'])}\n", soft_wrap=True)
