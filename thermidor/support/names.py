"""Things are known by name or id: no two by one, nor by what the eye does not tell apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from .faults import near

ODD_BUT_FINE = " ._-'’()&/+"
_PLAIN = str.maketrans("ıłøđðŁØĐÐ", "iloddLODD")  # letters that no decomposition makes plain


def folded(name: str) -> str:
    """A name without case, spaces and what cannot be seen; two that are equal so look alike."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(
        c for c in text if not (c.isspace() or c == "_" or unicodedata.category(c) == "Cf")
    )


def bare(name: str) -> str:
    """Letters and digits alone, without case and accents: to look up what others spell."""
    text = unicodedata.normalize("NFKD", name.translate(_PLAIN)).casefold()
    return "".join(c for c in text if c.isalnum() or _vowel(c))


def _mark(c: str) -> bool:
    return unicodedata.category(c)[0] == "M"


def _vowel(c: str) -> bool:
    """A sign that some scripts write beside a letter, and that is no accent."""
    return _mark(c) and not unicodedata.combining(c)


def faults(what: str, named: Iterable[tuple[str, str]], *, words: bool = False) -> Iterable[str]:
    """A sentence for every name that cannot be one; named: (where in the file, name).

    words: whether a name may be a phrase, with any characters.
    """
    given: set[str] = set()
    alike: dict[str, str] = {}
    for where, name in named:
        if odd := "" if words else _odd(name):
            yield (
                f"{where}: {what} '{name}' holds {odd}; "
                "letters, digits, inner spaces, dots and dashes make a name."
            )
        other = alike.setdefault(folded(name), name)
        if name in given:
            yield f"{where}: {what} '{name}' is given twice."
        elif other != name:
            yield (
                f"{where}: {what} '{name}' differs from '{other}' by case or spaces alone; "
                "give it another."
            )
        given.add(name)


def _odd(name: str) -> str:
    """What a name holds that none should, for a sentence."""
    odd = sorted({c for c in name if not (c.isalnum() or c in ODD_BUT_FINE or _mark(c))})
    if odd:
        return ", ".join(f"'{c}'" if c.isprintable() else f"U+{ord(c):04X}" for c in odd)
    return "" if name == name.strip() else "a space at its end or beginning"


def unknown(what: str, name: str, ids: Sequence[str], names: Sequence[str]) -> str:
    """That a province is not known by this id, and which one may be meant."""
    if name in names:
        return f"{what} '{name}' is a province's name; give its id, '{ids[names.index(name)]}'."
    alike = [i for i in ids if folded(i) == folded(name)]
    meant = f" Did you mean '{alike[0]}'?" if alike else near(name, ids)
    return f"{what} '{name}' is no province id.{meant}"
