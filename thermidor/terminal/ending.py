"""How a command ends: 0, the user's fault 2, the machine's 1, Ctrl-C 130, a reader that has left
141; a sentence, no traceback."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from ..support.faults import Fault, MachineFault
from ..support.stopping import Stopped
from .interrupt import (
    CODE,
    Interrupted,
    ends_at_once,
    has_workers,
    impatient,
    leave,
)
from .streams import Stream, complain, standard_streams

BROKEN_PIPE = (
    141  # 128 and the number of SIGPIPE: what the shell says of other tools whose reader has left
)
UsageError: Any = typer.BadParameter.__base__


class Verbs(TyperGroup):
    """The verbs; what ends one of them is told in our words, not in those of the library below."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        with _in_our_words():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        with _in_our_words():
            return super().invoke(ctx)


@contextlib.contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, Stopped):
        raise Interrupted from None
    except OSError as e:
        raise _of_the_system(e) from e
    except MemoryError as e:
        raise MachineFault(
            "there is not enough memory; what is finished is kept. Use fewer "
            "--citizens, --runs or --processes."
        ) from e
    except UsageError as e:
        if not e.format_message():  # no verb at all: the library prints the help
            raise
        told = [e.format_message()]
        if e.ctx:
            told += [e.ctx.get_usage(), f"'{e.ctx.command_path} --help' shows every option."]
        raise Fault("\n".join(told)) from None


def _of_the_system(e: OSError) -> Fault:
    """An error of the system: of a path that cannot be one (the user's), or of the machine."""
    where = f": {e.filename}" if e.filename else ""
    if e.errno in (errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.ELOOP):
        return Fault(f"{e.strerror}{where}. Name another file or folder.")
    what = "the disk is full" if e.errno == errno.ENOSPC else f"{e.strerror or e}{where}"
    return MachineFault(
        f"{what}. What is finished is kept; mend that and run the same command again."
    )


def exit_after(app: Callable[[], Any]) -> None:
    """Run the command line and leave with its exit code."""
    with standard_streams() as output, ends_at_once():
        code = _written(output, _code(app))
    sys.exit(code)


def _code(app: Callable[[], Any]) -> int:
    """Run the verb that was typed and say what ended it."""
    try:
        app()
    except SystemExit as e:
        return e.code if isinstance(e.code, int) else 0
    except Fault as e:
        complain(str(e))
        return e.code
    except (Interrupted, KeyboardInterrupt) as e:
        leave()
        complain(f"stopped. {getattr(e, 'kept', '')}".strip())
        if (
            impatient() or has_workers()
        ):  # the program would wait for them, and who waits is not heard
            sys.stdout.flush()
            os._exit(CODE)
        return CODE
    return 0


def _written(output: Stream, code: int) -> int:
    """What becomes of the exit code when standard output could not take what was written."""
    output.flush()
    if output.fault is None:
        return code
    if isinstance(output.fault, BrokenPipeError):
        return code or BROKEN_PIPE
    reason = getattr(output.fault, "strerror", None) or output.fault
    complain(f"standard output could not be written ({reason}). What was computed is kept.")
    return code or MachineFault.code
