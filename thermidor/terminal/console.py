"""Where results are printed for people. Text and tables go through here, so that no stranger's word
acts as markup or control.

out = console()
out.print(f"[bold]{escape(title)}[/bold]")
out.print(table("outcome", "with", "without"))
"""

from __future__ import annotations

import os
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.errors import MarkupError
from rich.markup import escape as _escape
from rich.table import Table
from rich.text import Text

from .letters import near, visible


class Paper(Console):
    """A console on which every string is made visible and put into the letters that it has, before
    lines are broken."""

    def render_str(self, text: str, **options: Any) -> Text:
        text = near(visible(text), self.encoding)
        try:
            return super().render_str(text, **options)
        except MarkupError:  # somebody's brackets that were not escaped are text
            return super().render_str(text, **options | {"markup": False})


def console(stderr: bool = False) -> Paper:
    """Standard output (or error) as a console: its width, its letters, its colours unless NO_COLOR
    is set."""
    plain = bool(os.environ.get("NO_COLOR"))
    return Paper(
        stderr=stderr, highlight=False, emoji=False, color_system=None if plain else "auto"
    )


def escape(text: Any) -> str:
    """A stranger's text, to stand inside a line that has markup of ours."""
    return _escape(visible(text))


class Sheet(Table):
    """A table that cuts no word: its columns are as wide as their longest word at least; where that
    is too much for the terminal, each row becomes a paragraph of lines `column: value`."""

    def __rich_console__(self, out: Console, options: ConsoleOptions) -> RenderResult:
        padding = (self.padding[1] + self.padding[3]) * len(self.columns)
        widths = self._widths(out, options.max_width - padding)
        if widths is None:
            yield from self._paragraphs()
            return
        for column, width in zip(self.columns, widths, strict=True):
            column.width = width
        yield from super().__rich_console__(out, options)

    def _widths(self, out: Console, room: int) -> list[int] | None:
        """Columns from their longest words up to their longest lines, as far as there is room; None
        if not even words fit."""
        least, most = [], []
        for column in self.columns:
            texts = [out.render_str(str(x)) for x in (column.header, *column.cells)]
            lines = [line for text in texts for line in text.plain.split("\n")]
            most.append(max(map(cell_len, lines), default=0))
            words = lines if column.no_wrap else [w for line in lines for w in line.split()]
            least.append(max(map(cell_len, words), default=0))
        spare = room - sum(least)
        if spare < 0:
            return None
        found = list(least)
        by_need = sorted(range(len(found)), key=lambda k: most[k] - least[k])
        for n, k in enumerate(by_need):  # those who need little get it, the last share what is left
            found[k] += min(most[k] - least[k], spare // (len(found) - n))
            spare -= found[k] - least[k]
        return found

    def _paragraphs(self) -> RenderResult:
        heads = [str(c.header) for c in self.columns]
        for row in zip(*(c.cells for c in self.columns), strict=True):
            yield row[0]
            for head, cell in zip(heads[1:], row[1:], strict=True):
                names, values = head.split("\n"), str(cell).split("\n")
                if len(names) != len(values):
                    names, values = [" ".join(names)], [" ".join(values)]
                for name, value in zip(names, values, strict=True):
                    if value.strip():
                        yield hanging(
                            "", f"{name}: {value}" if self.show_header else value, indent=2
                        )


def table(*columns: str, gap: int = 1, head: bool = True) -> Sheet:
    """A table without lines; the first column is words, the others numbers."""
    made = Sheet(box=None, padding=(0, gap), header_style="dim", show_header=head, pad_edge=False)
    for k, name in enumerate(columns):
        made.add_column(name, justify="left" if k == 0 else "right", overflow="fold")
    return made


class hanging:  # noqa: N801
    """A paragraph whose further lines begin below its first word, as in a list."""

    def __init__(self, lead: str, text: str, indent: int = 0):
        self.lead, self.text, self.indent = lead, text, indent

    def __rich_console__(self, out: Console, options: ConsoleOptions) -> RenderResult:
        lead = " " * self.indent + (f"{self.lead} " if self.lead else "")
        body = out.render_str(self.text)
        room = max(options.max_width - cell_len(lead), 1)
        for k, line in enumerate(body.wrap(out, room, overflow="fold")):
            line.rstrip()
            yield Text((lead if k == 0 else " " * cell_len(lead))[: options.max_width]) + line
