"""What the files of analyses hold, as far as the page tells it; what more there is is left."""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, Field

from ..parts.shapes import Loose

Number = Annotated[float, Field(ge=-1e300, le=1e300)] | None
Named = Annotated[float, Field(ge=-1e300, le=1e300)]


class Span(Loose):
    """A number with its interval; an end that is missing lies beyond all bounds."""

    value: Number = Field(default=None, validation_alias=AliasChoices("value", "mean"))
    low: Number = None
    high: Number = None


class Driver(Loose):
    """An input that moves an outcome."""

    name: str
    says: str = ""
    unit: str = ""
    measure: Span
    total: Span | None = None
    direction: Number = None
    at: Number = None
    so: Number = None
    other: Number = None


class DriverPart(Loose):
    """The assumptions, or the levers."""

    role: str
    sentence: str
    by: str = "share"
    others: str = ""
    n: int = 0
    what: str = "futures"
    drivers: list[Driver] = []


class DriverDay(Loose):
    """What moves the outcome of a day."""

    day: int
    parts: list[DriverPart]


class DriversByDay(Loose):
    """What moves an outcome day by day."""

    days: list[DriverDay]
    sentences: list[str] = []


class Drivers(Loose):
    """drivers.json"""

    outcome: str
    parts: list[DriverPart]
    sentences: list[str] = []
    over_time: DriversByDay | None = None
    command: str | None = None


class Side(Loose):
    """A limit of a box."""

    name: str
    says: str = ""
    words: str
    low: Number = None
    high: Number = None
    so: Named = 0.0
    other: Named = 0.0
    stable: int = 0


class Aside(Loose):
    """How boxes from halves of the futures did in the others."""

    density: list[Named] = []
    coverage: list[Named] = []
    boxes: int = 0


class TipPart(Loose):
    """A box among the assumptions, or among the levers."""

    role: str
    sentence: str
    stability: str = ""
    other: str = ""
    futures: int = 0
    cases: int = 0
    box: list[Side] = []
    density: Number = None
    coverage: Number = None
    kept_aside: Aside | None = None


class Tips(Loose):
    """discover.json"""

    parts: list[TipPart]
    watch: list[str] = []
    command: str | None = None


class Moved(Loose):
    """A belief before and after: mean, and the range of the middle 90 %."""

    key: str
    unit: str = ""
    before: list[Named]
    after: list[Named]


class Change(Loose):
    """A least change of belief."""

    kind: str
    name: str
    keys: list[str] = []
    bits: Number = None
    low: Number = None
    high: Number = None
    effective: Number = None
    moved: list[Moved] = []
    fresh: Span | None = None
    turned: bool | None = None


class Untold(Loose):
    """What nothing can be told of, and with how many futures it could."""

    name: str
    needed: int | None = None


class Event(Loose):
    """What happened in a future."""

    day: int
    date: str = ""
    side: str = ""
    what: str


class Failing(Loose):
    """The most ordinary future in which a claim fails."""

    sentence: str
    story: list[Event] = []


class Stress(Loose):
    """stress-CLAIM.json"""

    claim: str
    sentence: str
    test: str = ""
    pairs: int = 0
    seen: str = ""
    changes: list[Change]
    cannot_tell: list[Untold] = []
    failing: Failing | None = None
    command: str | None = None


class Worth(Loose):
    """What it would be worth to find something out."""

    kind: str
    name: str
    keys: list[str] = []
    turns: Span | None = None
    moves: Span | None = None
    perfect: Span | None = None
    partial: Span | None = None


class Learning(Loose):
    """learn-CLAIM.json"""

    claim: str
    sentence: str
    test: str = ""
    pairs: int = 0
    seen: str = ""
    foresight: Number = None
    values: list[Worth]
    cannot_tell: list[Untold] = []
    command: str | None = None


class Share(Loose):
    """A belief's share of the gap between two people's answers."""

    key: str
    share: Span


class Crux(Loose):
    """crux-CLAIM-A-B.json"""

    claim: str
    sentence: str
    more: list[str] = []
    test: str = ""
    holders: list[str]
    answers: list[Span]
    gap: Span
    shares: list[Share]
    pairs: int = 0
    how: str = ""
    command: str | None = None


class Told(Loose):
    """An outcome before and after observations."""

    outcome: str
    before: Span
    after: Span


class Update(Loose):
    """update.json"""

    answer: str
    as_of: str = ""
    futures: int = 0
    effective: Named = 0.0
    cannot_tell: bool = False
    outcomes: list[Told] = []
    command: str | None = None


class Finalist(Loose):
    """A setting of levers on held-out futures."""

    name: str
    set: dict[str, float | str | bool] = {}
    mean: Span
    worst_tenth: Number = None
    regret: Number = None
    survival: dict[str, Number] = {}
    costs: dict[str, Number] = {}


class Robust(Loose):
    """robust.json"""

    answer: str
    outcome: str = ""
    held_out: int = 0
    finalists: list[Finalist]
    command: str | None = None
