"""What an argument, a beliefs and a seen file may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..file.schema import (
    ClaimWords,
    Date,
    Entry,
    Line,
    Name,
    Number,
    Part,
    Strict,
    Text,
    Word,
)

Arms = dict[Word, dict[Word, Word]]  # sides by name; each sets roles, by level


class RoleClaim(ClaimWords):
    """A claim whose sides are set by roles, so that it can be tried on any country."""

    arms: Annotated[Arms, Field(max_length=50)] = Field(
        default={}, description="sides of the comparison by name, each of roles with levels"
    )


class ArgumentFile(Strict):
    """An argument: the claims of one text, or of several that agree."""

    argument: Literal[1] = Field(description="version of this format")
    name: Name = Field(description="short name, of small letters, digits, dots and dashes")
    title: Line = Field(description="what is argued, in a line")
    of: Annotated[Line, Field(max_length=200)] = Field(
        description="the text or texts whose claims these are, as a report names them"
    )
    cites: Annotated[list[Line], Field(max_length=100)] = Field(
        default=[], description="keys in refs.bib, or references in words"
    )
    owner: Line | None = Field(default=None, description="who wrote this file and answers for it")
    about: Text | None = Field(default=None, description="what a reader should know of it")
    claims: Annotated[list[RoleClaim], Field(max_length=200)] = Field(
        default=[], description="sentences under test"
    )
    parts: Annotated[list[Part], Field(max_length=500)] = Field(
        default=[],
        description="which states, channels and parameters stand for which part of the argument",
    )


class BeliefsFile(Strict):
    """What somebody holds to be otherwise than the ledger has it."""

    beliefs: Literal[1] = Field(description="version of this format")
    holder: Line = Field(description="who holds them")
    date: Date = Field(description="day on which they were held")
    about: Text | None = Field(default=None, description="what a reader should know of them")
    assumptions: Annotated[dict[str, Entry], Field(max_length=500)] = Field(
        default={},
        description="values, ranges and forms by `mechanism.parameter`, each with a `why`",
    )


class Seen(Strict):
    """One observation."""

    date: Date = Field(description="day of which it tells")
    series: Word = Field(description="column of series.parquet that it is of")
    value: Number = Field(description="what was seen, in the unit of the column")
    low: Number | None = Field(default=None, description="low end of what it may have been")
    high: Number | None = Field(default=None, description="high end of what it may have been")
    source: Line = Field(description="key in refs.bib, or a reference in words")
    known: Date = Field(description="day on which it was known")


class SeenFile(Strict):
    """Dated observations, to be laid beside the futures."""

    seen: Literal[1] = Field(description="version of this format")
    title: Line = Field(description="what was observed, in a line")
    owner: Line | None = Field(default=None, description="who wrote this file and answers for it")
    observations: Annotated[list[Seen], Field(max_length=10_000)] = Field(
        default=[], description="what was seen, and when"
    )
