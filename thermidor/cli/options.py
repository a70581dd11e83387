"""The options that verbs share, as one object."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, get_type_hints

from ..support.faults import Fault
from ..terminal.options import (
    Address,
    AsJson,
    Citizens,
    Days,
    Engine,
    Fixed,
    FutureSeconds,
    KeepFailed,
    Mechanisms,
    Out,
    Patch,
    Plan,
    Processes,
    Seed,
    ShardOf,
    Threads,
    meant,
    number,
)

PARTS = ("engine", "address", "shard", "plan")  # of verbs that compute one study


@dataclass(frozen=True)
class Options:
    """What verbs that compute futures have in common, in the order in which help shows it."""

    citizens: Citizens = None
    days: Days = None
    seed: Seed = 1
    set_: Patch = None
    fixed: Fixed = False
    processes: Processes = None
    threads: Threads = None
    out: Out = None
    mechanism: Mechanisms = None
    future_seconds: FutureSeconds = None
    keep_failed: KeepFailed = False
    engine: Engine = "processes"
    address: Address = None
    shard: ShardOf = None
    plan: Plan = False
    as_json: AsJson = False

    @property
    def how(self) -> dict[str, Any]:
        """How futures are computed, in the words of the library."""
        names = ("seed", "processes", "keep_failed", "future_seconds")
        return {k: getattr(self, k) for k in names}

    @property
    def agents(self) -> int | str | None:
        """What --citizens says: a whole number, or 'full'."""
        text = self.citizens
        if text is None or text == "full":
            return text
        found = number(text)
        if found is None:
            shown = text if text.isalnum() else f"'{text}'"
            repair = meant(text)
            write = "" if repair is None else f"; write {repair}"
            raise Fault(f"--citizens {shown} must be a whole number or 'full'{write}.")
        return found


def shared(without: Collection[str] = ()) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """For a verb whose last parameter is `Options`: its fields become options of the command line.

    without: fields that this verb does not have; they keep their defaults.
    """

    def wrap(verb: Callable[..., None]) -> Callable[..., None]:
        names = [f.name for f in dataclasses.fields(Options) if f.name not in without]

        def call(**given: Any) -> None:
            mine = {k: given.pop(k) for k in names}
            verb(**given, options=Options(**mine))

        kinds = get_type_hints(Options, include_extras=True)
        own = get_type_hints(verb, include_extras=True)
        parameters = [
            p.replace(annotation=own[k])
            for k, p in inspect.signature(verb).parameters.items()
            if k != "options"
        ]
        parameters += [
            inspect.Parameter(
                k,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=getattr(Options, k),
                annotation=kinds[k],
            )
            for k in names
        ]
        call.__name__, call.__doc__, call.__module__ = verb.__name__, verb.__doc__, verb.__module__
        call.__annotations__ = {p.name: p.annotation for p in parameters}
        call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return call

    return wrap
