"""What all verbs of the command line share: options, the progress bar, printing for people or for machines."""
from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]
Processes = Annotated[int | None, typer.Option("--processes", min=1, help="Worker processes; as many as there are cores if left out.")]


class progress_bar:  # noqa: N801
    """A progress bar on standard error with the time left; silent when nobody watches."""

    def __init__(self, title: str, quiet: bool):
        self.title, self.quiet = title, quiet or not sys.stderr.isatty()

    def __enter__(self) -> Any:
        if self.quiet:
            return lambda *_: None
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        self.progress = Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.1f} of {task.total:.0f}"),
                                 TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True), transient=True)
        self.task = self.progress.add_task(self.title, total=None)
        self.progress.start()

        def tick(done: int, total: int, reached: float, label: str = "") -> None:
            self.progress.update(self.task, total=total, completed=max(done, min(reached, total)), description=label or self.title)
        return tick

    def __exit__(self, *_: Any) -> None:
        if not self.quiet:
            self.progress.stop()


def show(data: Any, as_json: bool, say: Any) -> None:
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=1, default=str))
    else:
        say()
