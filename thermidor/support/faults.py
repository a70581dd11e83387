"""What is wrong, where, and what to do: every fault that a person meets is raised from here.

A `Fault` is the user's to mend (exit code 2); a `MachineFault` is the machine's (exit code 1): a
full disk, a killed worker.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Self

MOST = 100  # faults of a file that are told
LONGEST = 200  # letters of a word for which a likeness is looked for


class Fault(Exception):
    """One or more faults of what the user gave: a scenario, a patch, a command. Exit code 2."""

    code = 2

    def __init__(self, faults: str | Iterable[str], title: str = ""):
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        self.title = title
        super().__init__(str(self))

    def __str__(self) -> str:
        if len(self.faults) == 1 and not self.title:
            return self.faults[0]
        return "\n".join(
            [self.title or f"{len(self.faults)} faults:", *(f"  - {f}" for f in self.faults)]
        )

    def __reduce__(self) -> tuple[type[Fault], tuple[list[str], str]]:
        # keeps the list when a worker process hands the fault to its parent
        return type(self), (self.faults, self.title)


class MachineFault(Fault):
    """The machine's fault: disk, memory, a killed process. What is finished is kept. Exit 1."""

    code = 1


class NothingFinished(Fault):
    """A study of which no future has an ending; its faults are the commonest reasons, with counts.
    Exit code 1.
    """

    code = 1


class Faults(list[str]):
    """The faults of one file as they are found, none twice; with the hundredth the search ends.

    They are then raised, so that the time which a file of nothing but faults can take has a bound.
    """

    def __init__(self, name: str):
        super().__init__()
        self.name = name

    def append(self, fault: str) -> None:
        if fault in self:
            return
        super().append(fault)
        if len(self) >= MOST:
            raise Fault(self, f"{self.name} has {MOST} faults or more; mend these first:")

    def __iadd__(self, more: Iterable[str]) -> Self:  # type: ignore[override, misc]
        for fault in more:
            self.append(fault)
        return self

    def all(self) -> Fault:
        """All of them as one."""
        return Fault(self, f"{self.name} has {len(self)} fault{'s' if len(self) > 1 else ''}:")


def near(word: str, words: Iterable[str]) -> str:
    """' Did you mean 'x'?' if one of the words is close to the given one, else an empty string."""
    word = str(word)
    if len(word) > LONGEST:
        return ""
    hit = difflib.get_close_matches(word, [str(w) for w in words], 1, 0.6)
    return f" Did you mean '{hit[0]}'?" if hit else ""


def closest(word: str, words: Sequence[str]) -> str:
    """A suggestion for a dotted key: the same last part elsewhere, or the nearest spelling."""
    last = word.rsplit(".", 1)[-1]
    same = [w for w in words if w.rsplit(".", 1)[-1] == last]
    return f" Did you mean '{same[0]}'?" if same else near(word, words)
