"""Names and labels of columns in other formats: meaning and unit, and names that Stata takes."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...engine.run import REDUCERS
from ...scenario.described import TABLES
from ...scenario.dictionary import dictionary
from ...support.faults import Fault
from .again import again
from .told import Told

STATA_NAME, STATA_LABEL = 32, 80  # letters of a name and of a label
MARK = 6  # hexadecimal digits that keep cut names apart
FIELDS = ("table", "column", "kind", "unit", "says", "owner", "low", "high")
RESERVED = frozenset(
    ["_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n"]
    + ["_N", "_pi", "_pred", "_rc", "_se", "_skip", "str", "strL", "using", "with"]
)
Row = dict[str, Any]


def columns_of(study: Told) -> list[Row]:
    """The study's data dictionary: rows with table, column, kind, unit, says, owner, low, high.

    Of a study that this version cannot make again, only what its folder tells of states and
    parameters.
    """
    try:
        return dictionary(again(study.manifest))
    except Fault:
        return list(_from_model(study._model()))


def _from_model(model: Mapping[str, Any]) -> Iterable[Row]:
    """States and parameters by the names that their columns begin or end with."""
    try:
        for m in model.get("mechanisms", ()):
            for p in m["parameters"]:
                yield _row("runs", str(p["key"]), p["unit"], p["says"], m["name"])
            for name, state in m["owns"].items():
                yield _row("series", str(name), state["unit"], state["says"], m["name"])
                for reducer, says in REDUCERS.items():
                    unit = "day" if reducer == "first" else state["unit"]
                    words = f"{state['says']}: {says}"
                    yield _row("runs", f"{reducer}_{name}", unit, words, m["name"])
    except (AttributeError, KeyError, TypeError):  # a stranger's file
        return


def _row(table: str, column: str, unit: Any, says: Any, owner: Any) -> Row:
    told = (table, column, "", str(unit), str(says), str(owner), None, None)
    return dict(zip(FIELDS, told, strict=True))


def about(rows: Sequence[Row], table: str, columns: Sequence[str]) -> list[Row]:
    """The dictionary of the columns that a table has, in its order; of those that are not known,
    only the name.
    """
    known = {r["column"]: r for r in rows if r["table"] == table}
    return [known.get(c) or _row(table, c, "", "", "") for c in columns]


def label(row: Row) -> str:
    """Meaning and unit in at most 80 letters; what is too long of either is cut."""
    says, unit = " ".join(str(row["says"]).split()), " ".join(str(row["unit"]).split())
    end = f" [{_cut(unit, STATA_LABEL // 2)}]" if unit and unit != "text" else ""
    return _cut(says, STATA_LABEL - len(end)) + end


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def stata_names(columns: Sequence[str]) -> dict[str, str]:
    """Column and its name in Stata.

    A letter that Stata does not take becomes '_', and so begins a name that would begin with a
    digit or be a reserved word. A name that is then longer than 32 letters, or that two columns
    share, is cut to 25 and ends in '_' and six digits of the SHA-256 of the whole column name.
    """
    plain = {c: _plain(c) for c in columns}
    times = Counter(plain.values())
    names = {c: n for c, n in plain.items() if len(n) <= STATA_NAME and times[n] == 1}
    marked = [c for c in columns if c not in names]
    digits = MARK
    while True:  # more digits, should two names still be the same
        made = {c: _marked(plain[c], c, digits) for c in marked}
        every = [*names.values(), *made.values()]
        if len(set(every)) == len(every) or digits > 24:
            return {c: names.get(c) or made[c] for c in columns}
        digits += MARK


def _plain(name: str) -> str:
    made = re.sub(r"[^A-Za-z0-9_]", "_", name) or "_"
    word = made in RESERVED or re.fullmatch(r"str[0-9]+", made)
    return f"_{made}" if made[0].isdigit() or word else made


def _marked(made: str, name: str, digits: int) -> str:
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
    return f"{made[: STATA_NAME - 1 - digits]}_{mark}"


def what_a_row_is(table: str) -> str:
    return TABLES.get(table, "a column")
