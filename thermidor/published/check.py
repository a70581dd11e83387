"""What is checked of a published model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A quantity of a published model: what is expected of it, and what the shared code gives.

    expected, tolerance: a band is its middle and half of its width.  source: key of refs.bib, and
    the place where one was checked. exercises: dotted names of the functions of mechanisms and
    kernels that gave the number.  slow: minutes, not seconds. test: T1 to T10, where it is one of
    the ten sharpest tests of the theory notes.
    """

    quantity: str
    expected: float
    got: float
    tolerance: float
    source: str
    exercises: tuple[str, ...]
    slow: bool = False
    test: str | None = None

    @property
    def passed(self) -> bool:
        return bool(abs(self.got - self.expected) <= self.tolerance)
