"""Provinces named: the codes of ISO 3166-2 where a name is one of theirs, else a code of our own.

names.csv holds what was looked up by hand (read first); then names that are the same; then names
that are nearly so, which were all read once. A code of our own has a low line where ISO has a
hyphen, KZ_SK, and the letters of the package, or a number.
"""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pycountry

from .topology import Unit

NEAR = 0.72  # of difflib: below it the first wrong pair stands
EXACT_ONLY = {"MAR", "COD", "HKG", "AZE", "LBY"}  # their units are older than the codes, or theirs
WORDS = """oblysy oblast voblast voblasc oblasty province governorate region district al ash as ad
    ar an el az at adh city of state de do la du des le prefecture qalasy shahar respublika
    respublikasi kraj kray krai okrug sheng shi zizhiqu zhuangzu huizu uygur"""
IDLE = set(WORDS.split())


def bare(name: str) -> str:
    """A name without accents, signs and the words for provinces."""
    plain = name.translate(str.maketrans("ıəđĐ", "iedD"))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    found = re.findall("[a-z]+", re.sub("['`]", "", plain).replace("-", " "))
    return " ".join(w for w in found if w not in IDLE)


@cache
def by_hand() -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    """(country, name in the package, its code or nothing): ids and names, in order of the units."""
    with (Path(__file__).parent / "names.csv").open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    out: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for r in rows:
        out.setdefault((r["country"], r["made"], r["code"]), []).append((r["id"], r["name"]))
    return out


def named(iso3: str, units: Sequence[Unit]) -> list[tuple[str, str]]:
    """(id, name) of each unit."""
    alpha2 = pycountry.countries.get(alpha_3=iso3).alpha_2
    listed = list(pycountry.subdivisions.get(country_code=alpha2) or [])
    listed.sort(key=lambda s: (s.parent_code is not None, s.code))
    codes = {s.code for s in listed}
    free: dict[str, str] = {}
    for s in listed:
        free.setdefault(bare(s.name), s.code)
    out: dict[int, tuple[str, str]] = {}
    for k, u in enumerate(units):
        found = by_hand().get((iso3, u.name, u.code)) or by_hand().get((iso3, u.name, ""), [])
        left = [f for f in found if f[0] not in {i for i, _ in out.values()}]
        if left:
            out[k] = left[0]
    free = {n: c for n, c in free.items() if c not in {i for i, _ in out.values()}}
    for near in (False, True):
        for k, u in enumerate(units):
            if k in out or (near and iso3 in EXACT_ONLY):
                continue
            match = [bare(u.name)] if not near else []
            if near:
                match = difflib.get_close_matches(bare(u.name), list(free), 1, NEAR)
            if match and match[0] in free:
                out[k] = (free.pop(match[0]), u.name)
    used = {i for i, _ in out.values()}
    for k, u in enumerate(units):
        if k in out:
            continue
        letters = u.code.partition(".")[2].replace(".", "") or f"{k + 1:02d}"
        own = f"{alpha2}_{letters}"
        while own in used or own.replace("_", "-") in used & codes:
            own = f"{alpha2}_{letters}{sum(i.startswith(own) for i in used) + 1}"
        used.add(own)
        out[k] = (own, u.name)
    return [out[k] for k in range(len(units))]


def parent(code: str) -> str | None:
    """The code of the region that a subdivision belongs to: its own if it is one, None if new."""
    found = pycountry.subdivisions.get(code=code)
    return str(found.parent_code or code) if found else None


def region(code: str) -> str:
    """The name of a region by its code."""
    return str(pycountry.subdivisions.get(code=code).name)
