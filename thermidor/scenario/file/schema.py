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

from ...library.sources import TABLES, matching
from ...support import numerals

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

    value: float | int | Word | None = Field(
        default=None, description="the number or form; most draws lie near it"
    )
    low: Number | None = Field(default=None, description="low end of the range that is drawn from")
    high: Number | None = Field(
        default=None, description="high end of the range that is drawn from"
    )
    among: Annotated[list[Word], Field(min_length=1, max_length=20)] | None = Field(
        default=None, description="forms to draw from, for a structural alternative"
    )
    unit: Word | None = Field(default=None, description="must be the declared unit; a reminder")
    why: Text | None = Field(default=None, description="why it is so")
    source: Word | None = Field(default=None, description="key in refs.bib")
    grade: Grade | None = Field(default=None, description="how good the evidence is")


ROW, BARE = "(row)", "(bare)"
Entry = Annotated[
    Annotated[Sourced, Tag(ROW)] | Annotated[float | int | Word, Tag(BARE)],
    Discriminator(lambda v: ROW if isinstance(v, (dict, Sourced)) else BARE),
]


class Province(Strict):
    id: Annotated[str, Field(min_length=1, max_length=16)] = Field(
        description="short name, by which other fields know it"
    )
    name: Line = Field(description="its name")
    population: Annotated[float | int, Field(gt=0, le=2e9), Written] = Field(
        description="residents, in persons"
    )
    children: Share = Field(default=0.24, description="share of residents under 15")
    young: Share = Field(default=0.25, description="share of residents from 15 to 29")
    old: Share = Field(default=0.06, description="share of residents of 65 and over")
    minority: Share = Field(default=0.0, description="share of residents that belong to a minority")
    unemployment: Share = Field(default=0.1, description="share without work")


class Front(Strict):
    name: Annotated[Line, Field(max_length=64)] = Field(
        description="name of the armed group abroad"
    )
    strength: Share = Field(description="strength on the first day, 1 being its best year")
    weight: Annotated[float | int, Field(ge=0, le=1e6), Written] = Field(
        default=1.0, description="weight among the fronts in what they deter"
    )
    source: Word | None = Field(default=None, description="key in refs.bib")
    grade: Grade = Field(default="judgement", description="how good the evidence is")


class PlaceRow(Strict):
    country: Line = Field(description="name of the country")
    capital: Word = Field(description="id of the province in which the capital lies")
    provinces: Annotated[list[Province], Field(min_length=1, max_length=2000)] = Field(
        description="its provinces"
    )
    neighbours: Annotated[list[Pair], Field(max_length=20_000)] = Field(
        default=[], description="pairs of ids of provinces that share a border"
    )
    fronts: Annotated[list[Front], Field(max_length=50)] = Field(
        default=[], description="armed groups abroad"
    )
    outlines: Annotated[str, Field(pattern=OUTLINES)] | None = Field(
        default=None, description="GeoJSON beside the scenario file"
    )
    source: Word | None = Field(
        default=None, description="key in refs.bib, for populations and shares"
    )


class Event(Strict):
    date: Date | None = Field(default=None, description="day on which it begins")
    day: Days | None = Field(
        default=None, description="or the same as a number, 1 being the first day"
    )
    what: Line = Field(description="what happens, in a line")
    into: Word = Field(description="channel that it speaks into")
    value: Number = Field(description="what is said into the channel, in its unit")
    where: Word | None = Field(
        default=None,
        description="member of the channel's axis, such as a province; all if left out",
    )
    days: Days = Field(default=1, description="how many days it lasts")
    source: Word | None = Field(default=None, description="key in refs.bib")


class Observed(Strict):
    date: Date = Field(description="day of the choice")
    track: Literal["home", "abroad"] = Field(description="what it was about")
    choice: Word = Field(description="what was chosen")
    street: Share = Field(description="threat of the street on that day")
    palace: Share = Field(description="threat from inside the coalition")
    war: Share = Field(description="threat of war")
    money: Share = Field(description="threat of an empty treasury")
    why: Text = Field(description="how that is known")
    source: Word | None = Field(default=None, description="key in refs.bib")


class Arm(Strict):
    """What one side of a comparison changes: parameters by key, days, mechanisms switched off."""

    set: Annotated[dict[str, Any], Field(max_length=500)] = Field(
        default={}, description="values by `mechanism.parameter`, and `days`"
    )
    switched_off: Off = Field(default=[], description="mechanisms that are off in this arm")
    days: Days | None = Field(default=None, description="days to play, instead of the scenario's")


class Test(Strict):
    """The mean of an outcome in one arm against another arm, or against a number."""

    outcome: Text = Field(
        description="expression over the columns of runs.parquet (docs/expressions.md)"
    )
    of: str = Field(description="the arm whose outcome is looked at")
    against: str | float | int = Field(default=0.0, description="an arm, or a number")
    expect: Literal["above", "below"] = Field(description="on which side it should lie")
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
    exposure: Literal["equal", "whole"] | None = Field(
        default=None,
        description="equal: both futures of a pair count up to the earlier of their last days; "
        "whole: each up to its own. Left out: equal for an outcome that reads a cost to citizens",
    )
    days: Days | None = Field(
        default=None, description="only the first so many days of each future count"
    )
    says: Text = Field(description="what is expected, in words")


class Objections(Strict):
    """What the fairest reader of either side would hold against a test and its verdict."""

    supporter: Line = Field(description="who holds the claim to be right, in a sentence")
    critic: Line = Field(description="who holds it to be wrong, in a sentence")


class ClaimWords(Strict):
    """What a claim says and how it is tested, whatever its arms set."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9]{0,15}$")] = Field(
        description="a capital letter, then letters and digits"
    )
    sentence: Line = Field(description="what is claimed")
    kind: Literal["causal", "forecast", "value"] | None = Field(
        default=None, description="what kind of claim it is: of a cause, of what comes, of worth"
    )
    quote: Text | None = Field(default=None, description="the words of the text, if they are given")
    locator: Word | None = Field(
        default=None, description="where the quote stands: page, paragraph or section"
    )
    source: Word | None = Field(
        default=None, description="key in refs.bib, or a reference in words"
    )
    days: Days | None = Field(default=None, description="days to play, instead of the scenario's")
    runs: Annotated[int, Field(ge=2, le=1_000_000), Counted] | None = Field(
        default=None, description="pairs of futures, if fewer will do for a long horizon"
    )
    citizens: Agents | None = Field(
        default=None, description="agents, instead of the number for comparisons"
    )
    tests: list[Test] = Field(
        default=[], max_length=50, description="all must hold for the claim to be supported"
    )
    also: list[Test] = Field(
        default=[], max_length=50, description="shown beside, without a say in the verdict"
    )
    not_testable: Text | None = Field(default=None, description="why no run can decide it")
    caveat: Line | None = Field(
        default=None, description="what must be known of the verdict, said right beside it"
    )
    objections: Objections | None = Field(
        default=None, description="the fairest objection from either side, told with the verdict"
    )
    rests_on: list[Word] = Field(
        default=[], max_length=50, description="what it rests on: parameters, or words"
    )
    supports: list[Word] = Field(
        default=[], max_length=50, description="ids of claims that it speaks for"
    )
    attacks: list[Word] = Field(
        default=[], max_length=50, description="ids of claims that it speaks against"
    )
    would_change_my_mind: Line | None = Field(
        default=None, description="what, if it were seen, its author would give it up for"
    )
    note: Text | None = Field(default=None, description="what a reader should know of the test")


class Claim(ClaimWords):
    arms: Annotated[dict[Word, Arm], Field(max_length=50)] = Field(
        default={}, description="sides of the comparison, by name"
    )


class Part(Strict):
    id: Annotated[str, Field(min_length=1, max_length=64)] = Field(
        description="short name of the part"
    )
    says: Line = Field(description="what the part says")
    states: list[Word] = Field(default=[], description="states that stand for it")
    channels: list[Word] = Field(default=[], description="channels that stand for it")
    parameters: list[Word] = Field(
        default=[], description="parameters that stand for it, by `mechanism.parameter`"
    )


class BaseRate(Strict):
    """How often a class of regimes, or of campaigns, ended within a year."""

    says: Text = Field(description="of what the rate is, in a sentence")
    rate: Share = Field(description="share that ended within a year")
    low: Share | None = Field(default=None, description="low end of its interval")
    high: Share | None = Field(default=None, description="high end of its interval")
    n: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="regime-years, or campaigns"
    )
    ended: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="how many of them ended"
    )
    source: str | None = Field(default=None, description="key in refs.bib")
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

    runs: Annotated[int, Field(ge=1, le=1_000_000), Counted] = Field(
        default=200, description="futures"
    )
    citizens: Agents = Field(default=100_000, description="agents")


class ScenarioFile(Strict):
    """A scenario: the place, the mechanisms, how the world works, what actors decide, what happens,
    what is claimed.
    """

    thermidor: Literal[1] = Field(description="version of this format")
    name: Name = Field(description="short name, of small letters, digits, dots and dashes")
    title: Line = Field(description="what it is about, in a line")
    about: Text | None = Field(default=None, description="what a reader should know of it")
    parent: Word | None = Field(
        default=None, description="another scenario that this one changes; its name or file"
    )
    start: Date = Field(description="first day")
    days: Days = Field(description="how many days are played")
    suggest: Suggest = Field(default=Suggest(), description="sizes that suit it")
    place: PlaceRow = Field(description="the country")
    mechanisms: Annotated[list[Word], Field(min_length=1, max_length=100)] = Field(
        description="names of the mechanisms that run"
    )
    switched_off: Off = Field(
        default=[], description="mechanisms that keep their states as they started, and are silent"
    )
    assumptions: dict[str, Entry] = Field(
        default={}, description="how the world works, by `mechanism.parameter`"
    )
    posterior: bool = Field(
        default=True,
        description="draw what all countries share from what past uprisings say of it, "
        "where this file does not give it",
    )
    choices: dict[str, Entry] = Field(
        default={}, description="what actors decide, by `mechanism.parameter`; never drawn"
    )
    choices_from: Date | None = Field(
        default=None,
        description="day from which the choices of this file hold, and its parent's before; "
        "the start if left out",
    )
    events: Annotated[list[Event], Field(max_length=5000)] = Field(
        default=[], description="what happens on a day"
    )
    observed: Annotated[list[Observed], Field(max_length=1000)] = Field(
        default=[], description="choices that the ruler was seen to make"
    )
    claims: Annotated[list[Claim], Field(max_length=200)] = Field(
        default=[], description="sentences under test"
    )
    claims_of: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None,
        description="whose claims and parts these are, such as 'an opinion article of June "
        "2025'; the scenario's author if left out",
    )
    arguments: Annotated[list[Word], Field(max_length=20)] = Field(
        default=[],
        description="arguments whose claims are tested here, where the command names none; "
        "their names or files",
    )
    parts: Annotated[list[Part], Field(max_length=500)] = Field(
        default=[],
        description="which states, channels and parameters stand for which part of an argument",
    )
    left_out: Annotated[list[Text], Field(max_length=1000)] = Field(
        default=[], description="what the model leaves out, a sentence each"
    )
    base_rates: Annotated[list[BaseRate], Field(max_length=100)] = Field(
        default=[], description="what to compare the answer with"
    )


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Thermidor scenario",
    }
    return ScenarioFile.model_json_schema() | head
