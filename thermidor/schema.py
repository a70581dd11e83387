"""What a scenario file may hold. The JSON Schema for editors comes from here (`thermidor check --schema`)."""
from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

Grade = Literal["measured", "several studies", "one study", "analogy", "judgement"]
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Text = Annotated[str, Field(min_length=1, max_length=4000)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sourced(Strict):
    """A parameter's value in this scenario, its range and its evidence; what is left out stays as the mechanism declares."""

    value: float | int | str | None = None
    low: float | int | None = None
    high: float | int | None = None
    among: list[str] | None = Field(None, description="forms to draw from, for a structural alternative")
    unit: str | None = Field(None, description="must be the declared unit; a reminder to the reader")
    why: Text | None = None
    source: str | None = Field(None, description="key in refs.bib")
    grade: Grade | None = None


Entry = Annotated[Annotated[Sourced, Tag("row")] | Annotated[float | int | str, Tag("value")],
                  Discriminator(lambda v: "row" if isinstance(v, (dict, Sourced)) else "value")]


class Province(Strict):
    id: Annotated[str, Field(min_length=1, max_length=16)]
    name: Text
    population: Annotated[float | int, Field(gt=0, le=2e9)]
    children: Share = 0.24
    young: Share = 0.25
    old: Share = 0.06
    minority: Share = 0.0
    unemployment: Share = 0.1


class Front(Strict):
    name: Text
    strength: Share
    weight: Annotated[float | int, Field(ge=0)] = 1.0
    source: str | None = None
    grade: Grade = "judgement"


class PlaceRow(Strict):
    country: Text
    capital: str
    provinces: Annotated[list[Province], Field(min_length=1, max_length=2000)]
    neighbours: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = []
    fronts: Annotated[list[Front], Field(max_length=50)] = []
    outlines: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+\.geojson$")] | None = Field(None, description="GeoJSON beside the scenario file")
    source: str | None = None


class Event(Strict):
    date: dt.date | None = None
    day: Annotated[int, Field(ge=1, le=100_000)] | None = None
    what: Text
    into: str = Field(description="channel that it speaks into")
    value: float | int
    where: str | None = Field(None, description="member of the channel's axis, such as a province; all if left out")
    days: Annotated[int, Field(ge=1, le=100_000)] = 1
    source: str | None = None


class Observed(Strict):
    date: dt.date
    track: Literal["home", "abroad"]
    choice: str
    street: Share
    palace: Share
    war: Share
    money: Share
    why: Text
    source: str | None = None


class Arm(Strict):
    """What one side of a comparison changes: parameters by key, days, mechanisms switched off."""

    set: dict[str, Any] = {}
    switched_off: list[str] = []
    days: Annotated[int, Field(ge=1, le=100_000)] | None = None


class Test(Strict):
    """The mean of an outcome in one arm against another arm, or against a number."""

    outcome: Text = Field(
        description="expression over the columns of runs.parquet (docs/expressions.md)")
    of: str
    against: str | float | int = Field(0.0, description="an arm, or a number")
    expect: Literal["above", "below"]
    margin: float | int | None = Field(None, description=(
        "smallest effect that matters, in the outcome's unit; below 0, the largest loss that does "
        "not. Left out: 0.01 for shares, a factor of 1.05 for logarithms, 5 % of the other side "
        "for the rest"))
    given: Text | None = Field(None, description="condition that both futures of a pair must meet")
    says: Text


class Claim(Strict):
    id: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9]{0,15}$")]
    sentence: Text
    arms: dict[str, Arm] = {}
    days: Annotated[int, Field(ge=1, le=100_000)] | None = None
    runs: Annotated[int, Field(ge=2, le=1_000_000)] | None = Field(None, description="pairs of futures, if fewer will do for a long horizon")
    citizens: Annotated[int, Field(ge=1)] | None = None
    tests: list[Test] = Field([], description="all must hold for the claim to be supported")
    also: list[Test] = Field([], description="shown beside, without a say in the verdict")
    not_testable: Text | None = Field(None, description="why no run can decide it")
    note: Text | None = None


class Part(Strict):
    id: str
    says: Text
    states: list[str] = []
    channels: list[str] = []
    parameters: list[str] = []


class BaseRate(Strict):
    says: Text
    rate: Share = Field(description="share that ended within a year")
    low: Share | None = None
    high: Share | None = None
    source: str | None = None


class Suggest(Strict):
    """Sizes that suit the scenario, where the command names none."""

    runs: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    citizens: Annotated[int, Field(ge=1)] = 100_000


class ScenarioFile(Strict):
    """A scenario: the place, the mechanisms, how the world works, what actors decide, what happens, what is claimed."""

    thermidor: Literal[1] = Field(description="version of this format")
    name: Name
    title: Text
    about: Text | None = None
    parent: str | None = Field(None, description="another scenario that this one changes; its name or file")
    start: dt.date
    days: Annotated[int, Field(ge=1, le=100_000)]
    suggest: Suggest = Suggest()
    place: PlaceRow
    mechanisms: Annotated[list[str], Field(min_length=1, max_length=100)]
    switched_off: list[str] = []
    assumptions: dict[str, Entry] = {}
    posterior: bool = Field(True, description="draw what all countries share from what past uprisings say of it, where this file does not give it")
    choices: dict[str, Entry] = {}
    choices_from: dt.date | None = Field(None, description="day from which the choices of this file hold, and its parent's before; the start if left out")
    events: Annotated[list[Event], Field(max_length=5000)] = []
    observed: Annotated[list[Observed], Field(max_length=1000)] = []
    claims: Annotated[list[Claim], Field(max_length=200)] = []
    parts: list[Part] = []
    left_out: list[Text] = []
    base_rates: list[BaseRate] = []


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file."""
    return ScenarioFile.model_json_schema() | {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Thermidor scenario"}
