"""What the JSON files of a study hold, as far as the page tells it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Loose(BaseModel):
    """What is declared has its type; what more stands beside it is left aside."""

    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)


class Row(Loose):
    """A row of the ledger."""

    key: str
    says: str
    value: float | str | None
    unit: str
    grade: str
    role: str
    low: float | None = None
    high: float | None = None
    actor: str | None = None
    source: str | None = None
    drawn: bool = False
    scale: str = "linear"
    drawn_from: list[str] | None = None
    declared: dict[str, float | str | None] | None = None
    posterior: dict[str, float] | None = None
    rests_on: str | None = None


class Told(Loose):
    """A state or a channel."""

    unit: str = ""
    says: str = ""
    by: str = "country"
    cost: bool = False


class Part(Loose):
    """A mechanism of the study."""

    name: str
    says: str = ""
    switched_off: bool = False
    owns: dict[str, Told] = {}
    opens: dict[str, Told] = {}


class Rate(Loose):
    """A base rate."""

    says: str
    rate: Annotated[float, Field(ge=0, le=1)]
    low: Annotated[float, Field(ge=0, le=1)] | None = None
    high: Annotated[float, Field(ge=0, le=1)] | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    ended: Annotated[int, Field(ge=0)] | None = None
    source: str | None = None
    rests_on: str | None = None


class Made(Loose):
    """A claim as the scenario makes it."""

    id: str
    sentence: str


class Place(Loose):
    """A province."""

    id: str
    name: str
    population: Annotated[float, Field(ge=0, le=1e10)]


class Source(Loose):
    """A table of the project behind a source key."""

    files: list[str]
    says: str


class NotGiven(Loose):
    """A fact of the country that the file does not give."""

    key: str
    says: str
    stands: str


class Model(Loose):
    """What the scenario rests on. What has a default came later, so a folder may lack it."""

    mechanisms: list[Part]
    ledger: list[Row]
    citations: dict[str, str]
    left_out: list[str]
    endings: dict[str, str]
    claims: list[Made]
    base_rates: list[Rate]
    provinces: list[Place]
    not_given: list[NotGiven] = []
    outlines: Any = None
    sources: dict[str, Source] = {}
    claims_of: str | None = None


class Sighting(Loose):
    """Something that was observed."""

    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    series: str
    value: float
    low: float | None = None
    high: float | None = None
    source: str = ""
    known: str = ""


class Sightings(Loose):
    """What was observed, beside a study."""

    title: str
    observations: list[Sighting]


class Judged(Loose):
    """The verdicts on claims; what a claim holds is seen to where it is told."""

    claims: list[dict[str, Any]]
    scenario: str = ""
    hash: str = ""
    runs: int | None = None
    seed: int | None = None
    citizens: int | None = None
    claims_of: str | None = None
    supports: dict[str, list[str]] = {}
    attacks: dict[str, list[str]] = {}
