"""Roles: what the sides of a claim set in any country, by level (mechanisms/roles.yaml).

A level is a patch whose numbers may be expressions in the country's own values. A role that a
country cannot play gives the reason why, and no fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from ...expression.parser import parse
from ...expression.tree import columns
from ...expression.values import holds, numbers
from ...support import numerals
from ...support.faults import Fault, near
from ..assumption import Assumption
from ..file import yamlfile

DIGITS = 12  # of a computed number: sums of decimals come out as one would write them
FRONTS, OBSERVED = "place.fronts", "place.observed"
Patch = dict[str, Any]


@dataclass(frozen=True)
class Need:
    """A condition over a country's values, and what is said of a country in which it fails."""

    holds: str
    otherwise: str


@dataclass(frozen=True)
class Role:
    """Something that a claim may turn, whatever the country."""

    name: str
    says: str
    needs: tuple[Need, ...]
    levels: Mapping[str, Patch]

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter that one of its levels sets."""
        return tuple(dict.fromkeys(k for patch in self.levels.values() for k in patch))


@cache
def roles() -> Mapping[str, Role]:
    """All roles by name."""
    path = Path(str(files("thermidor") / "mechanisms" / "roles.yaml"))
    data, _ = yamlfile.read(path, "roles")
    return {
        name: Role(
            name,
            row["says"],
            tuple(Need(n["holds"], n["else"]) for n in row.get("needs", ())),
            row["levels"],
        )
        for name, row in data["roles"].items()
    }


def faults(arm: Mapping[str, str]) -> list[str]:
    """What is wrong with the roles of a side, in any country."""
    out, known = [], roles()
    set_by: dict[str, str] = {}
    for name, level in arm.items():
        if name not in known:
            hint = near(name, known)
            if not hint and "." in name:
                of = [r.name for r in known.values() if name in r.parameters]
                hint = (
                    f" It is a parameter; an argument sets roles{', such as ' if of else ''}"
                    f"{' or '.join(repr(r) for r in of)}."
                )
            out.append(f"sets '{name}', which is no role; roles: {', '.join(known)}.{hint}")
            continue
        levels = known[name].levels
        if level not in levels:
            out.append(
                f"sets '{name}' to '{level}'; levels: {', '.join(levels)}.{near(level, levels)}"
            )
            continue
        for key in levels[level]:
            other = set_by.setdefault(key, name)
            if other != name:
                out.append(f"sets {key} twice, by '{other}' and by '{name}'; keep one of them.")
    return out


class Country:
    """What roles see of a country: its values, the mechanisms that are on, what was observed."""

    def __init__(
        self, parameters: Mapping[str, Assumption], off: Sequence[str], fronts: int, observed: int
    ):
        self.parameters = parameters
        self.off = frozenset(off)
        values = {k: a.value for k, a in parameters.items()}
        self._values = pl.DataFrame({k: [v] for k, v in values.items()}).with_columns(
            pl.lit(float(fronts)).alias(FRONTS), pl.lit(float(observed)).alias(OBSERVED)
        )

    def lacks(self, role: Role) -> str | None:
        """Why a role cannot be played here, or None."""
        read = [c.name for n in role.needs for c in columns(parse(n.holds))]
        for key in (*role.parameters, *read):
            why = self._absent(key)
            if why:
                return why
        failed = [n for n in role.needs if not bool(holds(n.holds, self._values)[0])]
        return failed[0].otherwise if failed else None

    def _absent(self, key: str) -> str | None:
        mechanism = key.partition(".")[0]
        if mechanism == "place":
            return None
        if mechanism in self.off:
            return f"the mechanism '{mechanism}' is switched off"
        if key not in self.parameters:
            return f"it has no mechanism that knows {key}"
        return None

    def patch(self, arm: Mapping[str, str]) -> Patch:
        """What the roles of a side set here. Raises Fault where a number lies beyond the model."""
        out: Patch = {}
        for name, level in arm.items():
            for key, value in roles()[name].levels[level].items():
                out[key] = self._number(key, value) if isinstance(value, str) else value
        return out

    def _number(self, key: str, text: str) -> float | int:
        """An expression in the country's own values; whole where it is."""
        value = float(f"{numbers(text, self._values)[0]:.{DIGITS}g}")
        p = self.parameters[key].parameter
        if not p.low <= value <= p.high:
            raise Fault(
                f"{text} is {value:g} here, and {key} lies between {p.low:g} and {p.high:g} "
                f"{p.unit}"
            )
        return int(value) if value == int(value) else value

    def moved(self, patch: Patch) -> Patch:
        """The entries of a patch that move anything: those that are held at their value already
        do not."""
        return {k: v for k, v in patch.items() if not self._holds(k, v)}

    def _holds(self, key: str, value: Any) -> bool:
        a = self.parameters[key]
        given = value.get("value") if isinstance(value, dict) else value
        return not a.drawn and numerals.number(given) == a.value
