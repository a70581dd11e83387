"""The people as the kernels hold them: a word of 64 bits holds one bit for each of 64 people.

People 64 w to 64 w + 63 form word w, and the words of a province stand in a row. places/people.py
draws them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .arrays import I16, I64, U8, U32, U64


class People(NamedTuple):
    """One bit, one byte or nothing a person; a long tie costs four bytes a word."""

    # Planes: uint64[words], one bit a person.
    out: U64  # in the street
    spare: U64  # where the next day's street is written (the two take turns: `on_day`)
    away: U64  # any of the four below
    jailed: U64
    injured: U64
    dead: U64
    abroad: U64
    anger0: U64  # level of anger (0 to 3), its lower bit
    anger1: U64  # its upper bit
    hurt: U64  # arrested, injured or killed on this day
    near: U8  # uint8[words], what is near a word (crowd.look_around)
    # Traits of a person: uint8[people].
    disposition: U8  # a level: index into levels
    group: U8
    # Ties of all 64 people of a word: uint32[long ties, words], 64 times the partner word + turn.
    ties: U32
    # Where the words lie.
    province: I16  # int16[words]
    first: I64  # int64[provinces], first word
    words: I64  # int64[provinces], number of words
    blocks: I64  # int64[blocks + 1], first word of each share of the work, and the end
    block_province: I16  # int16[blocks]


PLANES = People._fields[:10]


def on_day(people: People, day: int) -> People:
    """The people with yesterday's street in `out` and room for today's in `spare`: the two planes
    take turns, from `out` on day 0.
    """
    if day % 2 == 1:
        return people
    return People(
        people.spare,
        people.out,
        people.away,
        people.jailed,
        people.injured,
        people.dead,
        people.abroad,
        people.anger0,
        people.anger1,
        people.hurt,
        people.near,
        people.disposition,
        people.group,
        people.ties,
        people.province,
        people.first,
        people.words,
        people.blocks,
        people.block_province,
    )


def at_home(disposition: U8, group: U8, ties: U32, words: I64, blocks: I64 | None = None) -> People:
    """People of whom nobody is out, away or angry; a block is a province if none are given."""
    total = int(words.sum())
    first = np.concatenate([[0], np.cumsum(words)[:-1]])
    province = np.repeat(np.arange(len(words), dtype=np.int16), words)
    blocks = np.append(first, total) if blocks is None else blocks
    planes: dict[str, Any] = {plane: np.zeros(total, np.uint64) for plane in PLANES}
    return People(
        **planes,
        near=np.zeros(total, np.uint8),
        disposition=disposition,
        group=group,
        ties=ties,
        province=province,
        first=first,
        words=words,
        blocks=blocks,
        block_province=province[blocks[:-1]],
    )
