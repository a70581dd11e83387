"""What a scenario file may hold. The JSON Schema for editors comes from here (`thermidor check
--schema`).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from ..library.sources import TABLES, matching
from ..support import numerals

Grade = Literal["measured", "several studies", "one study", "analogy", "judgement"]
# As people write them.
Written, Counted = BeforeValidator(numerals.number), BeforeValidator(numerals.whole)
Number = Annotated[float | int, Written]
Days = Annotated[int, Field(ge=1, le=100_000), Counted]
Agents = Annotated[int, Field(ge=1, le=2_000_000_000), Counted]
Date = Annotated[dt.date, BeforeValidator(numerals.date)]
Share = Annotated[float, Field(ge=0, le=1), Written]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Line = Annotated[Text, BeforeValidator(lambda x: " ".join(x.split()) if isinstance(x, str) else x)]
Word = Annotated[str, Field(min_length=1, max_length=200)]
OUTLINES = r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.geojson$"
Pair = Annotated[list[Word], Field(min_length=2, max_length=2)]
Off = Annotated[list[Word], Field(max_length=100)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sourced(Strict):
    """A parameter's value, range and evidence; what is left out stays as the mechanism declares."""

    value: float | int | Word | None = None
    low: Number | None = None
    high: Number | None = None
    among: Annotated[list[Word], Field(min_length=1, max_length=20)] | None = Field(
        default=None, description="forms to draw from, for a structural alternative"
    )
    unit: Word | None = Field(default=None, description="must be the declared unit; a reminder")
    why: Text | None = None
    source: Word | None = Field(default=None, description="key in refs.bib")
    grade: Grade | None = None


ROW, BARE = "(row)", "(bare)"
Entry = Annotated[
    Annotated[Sourced, Tag(ROW)] | Annotated[float | int | Word, Tag(BARE)],
    Discriminator(lambda v: ROW if isinstance(v, (dict, Sourced)) else BARE),
]


class Province(Strict):
    id: Annotated[str, Field(min_length=1, max_length=16)]
    name: Line
    population: Annotated[float | int, Field(gt=0, le=2e9), Written]
    children: Share = 0.24
    young: Share = 0.25
    old: Share = 0.06
    minority: Share = 0.0
    unemployment: Share = 0.1


class Front(Strict):
    name: Annotated[Line, Field(max_length=64)]
    strength: Share
    weight: Annotated[float | int, Field(ge=0, le=1e6), Written] = 1.0
    source: Word | None = None
    grade: Grade = "judgement"


class PlaceRow(Strict):
    country: Line
    capital: Word
    provinces: Annotated[list[Province], Field(min_length=1, max_length=2000)]
    neighbours: Annotated[list[Pair], Field(max_length=20_000)] = []
    fronts: Annotated[list[Front], Field(max_length=50)] = []
    outlines: Annotated[str, Field(pattern=OUTLINES)] | None = Field(
        default=None, description="GeoJSON beside the scenario file"
    )
    source: Word | None = None


class Event(Strict):
    date: Date | None = None
    day: Days | None = None
    what: Line
    into: Word = Field(description="channel that it speaks into")
    value: Number
    where: Word | None = Field(
        default=None,
        description="member of the channel's axis, such as a province; all if left out",
    )
    days: Days = 1
    source: Word | None = None


class Observed(Strict):
    date: Date
    track: Literal["home", "abroad"]
    choice: Word
    street: Share
    palace: Share
    war: Share
    money: Share
    why: Text
    source: Word | None = None


class Arm(Strict):
    """What one side of a comparison changes: parameters by key, days, mechanisms switched off."""

    set: Annotated[dict[str, Any], Field(max_length=500)] = {}
    switched_off: Off = []
    days: Days | None = None


class Test(Strict):
    """The mean of an outcome in one arm against another arm, or against a number."""

    outcome: Text = Field(
        description="expression over the columns of runs.parquet (docs/expressions.md)"
    )
    of: str
    against: str | float | int = Field(default=0.0, description="an arm, or a number")
    expect: Literal["above", "below"]
    margin: float | int | None = Field(
        default=None,
        description=(
            "smallest effect that matters, in the outcome's unit; below 0, the largest loss that "
            "does not. Left out: 0.01 for shares, a factor of 1.05 for logarithms, 5 % of the "
            "other side for the rest"
        ),
    )
    given: Text | None = Field(
        default=None, description="condition that both futures of a pair must meet"
    )
    says: Text


class Claim(Strict):
    id: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9]{0,15}$")]
    sentence: Line
    arms: Annotated[dict[Word, Arm], Field(max_length=50)] = {}
    days: Days | None = None
    runs: Annotated[int, Field(ge=2, le=1_000_000), Counted] | None = Field(
        default=None, description="pairs of futures, if fewer will do for a long horizon"
    )
    citizens: Agents | None = None
    tests: list[Test] = Field(
        default=[], max_length=50, description="all must hold for the claim to be supported"
    )
    also: list[Test] = Field(
        default=[], max_length=50, description="shown beside, without a say in the verdict"
    )
    not_testable: Text | None = Field(default=None, description="why no run can decide it")
    note: Text | None = None


class Part(Strict):
    id: Annotated[str, Field(min_length=1, max_length=64)]
    says: Line
    states: list[Word] = []
    channels: list[Word] = []
    parameters: list[Word] = []


class BaseRate(Strict):
    """How often a class of regimes, or of campaigns, ended within a year."""

    says: Text
    rate: Share = Field(description="share that ended within a year")
    low: Share | None = None
    high: Share | None = None
    n: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="regime-years, or campaigns"
    )
    ended: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="how many of them ended"
    )
    source: str | None = None
    rows: dict[str, str | list[str]] | None = Field(
        default=None, description="rows of the project's own table behind the source, by column"
    )

    @model_validator(mode="after")
    def _consistent(self) -> BaseRate:
        faults = []
        low, high = 0 if self.low is None else self.low, 1 if self.high is None else self.high
        if not low <= self.rate <= high:
            faults.append(f"the rate, {self.rate:g}, must lie between low and high")
        if self.ended is not None:
            if self.n is None or self.ended > self.n:
                faults.append("of n cases at most n can have ended; give both")
            elif abs(self.ended / self.n - self.rate) > 0.001:
                share = f"{self.ended / self.n:.3g}"
                faults.append(f"{self.ended} of {self.n} is {share}, not the rate, {self.rate:g}")
        if self.rows is not None and not matching(self.source or "", self.rows):
            faults.append(
                "there is no such row in a table of the project; those with rows are "
                f"{', '.join(TABLES)}"
            )
        if faults:
            raise PydanticCustomError("base_rate", "{faults}", {"faults": "; ".join(faults)})
        return self


class Suggest(Strict):
    """Sizes that suit the scenario, where the command names none."""

    runs: Annotated[int, Field(ge=1, le=1_000_000), Counted] = 200
    citizens: Agents = 100_000


class ScenarioFile(Strict):
    """A scenario: the place, the mechanisms, how the world works, what actors decide, what happens,
    what is claimed.
    """

    thermidor: Literal[1] = Field(description="version of this format")
    name: Name
    title: Line
    about: Text | None = None
    parent: Word | None = Field(
        default=None, description="another scenario that this one changes; its name or file"
    )
    start: Date
    days: Days
    suggest: Suggest = Suggest()
    place: PlaceRow
    mechanisms: Annotated[list[Word], Field(min_length=1, max_length=100)]
    switched_off: Off = []
    assumptions: dict[str, Entry] = {}
    posterior: bool = Field(
        default=True,
        description="draw what all countries share from what past uprisings say of it, "
        "where this file does not give it",
    )
    choices: dict[str, Entry] = {}
    choices_from: Date | None = Field(
        default=None,
        description="day from which the choices of this file hold, and its parent's before; "
        "the start if left out",
    )
    events: Annotated[list[Event], Field(max_length=5000)] = []
    observed: Annotated[list[Observed], Field(max_length=1000)] = []
    claims: Annotated[list[Claim], Field(max_length=200)] = []
    claims_of: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None,
        description="whose claims and parts these are, such as 'an opinion article of June "
        "2025'; the scenario's author if left out",
    )
    parts: Annotated[list[Part], Field(max_length=500)] = []
    left_out: Annotated[list[Text], Field(max_length=1000)] = []
    base_rates: Annotated[list[BaseRate], Field(max_length=100)] = []


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Thermidor scenario",
    }
    return ScenarioFile.model_json_schema() | head
