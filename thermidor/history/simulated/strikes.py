"""War from outside: do strikes end a regime, and how often does a rival open a campaign?

Strikes. A country of the rule (country/rule.py) with what is usual for all (type `other`), no
uprising planted, a year long, in four arms that share all luck: no strikes; from the air alone;
from the air alone with the six assumptions of WORST at the end of their range that hurts the
regime; from the air with ground forces. The campaign is under way on the first day with all its air
power; it pauses and begins again as Powell's inequality has it (adversary.1), and its days and
strikes are counted. The programme is switched off, so that its level, and with it the reason for
war, stays: strikes on it would end the campaign early.

Built in: nothing in the mechanism lets air power take a capital (adversary.3); it can only weaken,
anger and impoverish until the forces break or a coup succeeds. Whether that is enough is tested.
That ground forces as large as was reckoned take the capital in about half of the cases is built in
too (adversary.3): their arm says how many do so within a year, and what else ends.

Rivals. Pairs of a country of the rule, its programme and its armed groups abroad paid for, and an
adversary; for the gate (gate.py).
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
import polars as pl

from ...country.covariates import USUAL, Covariates
from ...country.rule import between, rule
from ...engine.batch import simulate_many
from ...engine.run import Run
from ...execution.progress import Watch
from ...mechanisms.adversary import Parameters as Adversary
from ...scenario.file.source import Source
from ...scenario.machine import Machine
from ...scenario.scenario import Scenario, build
from ...study.stats import paired, share
from ..tables.tablefile import rows, table
from .bank import SHARED, held
from .work import Job, over

DAYS, CITIZENS = 365, 4000
FEWEST = 1536  # agents that six provinces must have
FIRST_DAY = dt.date(2000, 1, 1)  # campaigns of the table run from 1950 to 2025
GROUND = 1.0  # ground forces over what taking the capital is reckoned to need
AIR = {"adversary.under_way": 1.0}
WORST = {
    "adversary.rally": -0.4,
    "adversary.rally_forces": -0.2,
    "adversary.shame": 0.8,
    "adversary.decapitation": 0.15,
    "adversary.force_loss": 1e-4,
    "adversary.leader_risk": 3e-3,
}
# what an arm says, its assumptions, choices of the adversary
ARMS: dict[str, tuple[str, dict[str, float], dict[str, float]]] = {
    "none": ("no strikes", {}, {"adversary.intensity": 0.0}),
    "air": ("strikes from the air alone", AIR, {}),
    "air at its worst": (
        "the same, with six assumptions of the adversary at the end of their range that hurts the "
        "regime",
        AIR | WORST,
        {},
    ),
    "ground": ("strikes from the air with ground forces", AIR, {"adversary.ground_force": GROUND}),
}
# of revenue, paid for the programme, and as much for armed groups abroad, by a country with a rival
PROGRAMME = 0.01  # judgement


# Facts of the countries of these studies, and of those of effects, that the rule does not give: a
# programme to make war for, sanctions and oil; judgement.
STUDIED = {
    "programme.level": 0.30,
    "programme.reference": 3.0,
    "proxies.reference": 2.7,
    "adversary.deaths": 1.6,
    "broker.sanctions": 0.2,
    "treasury.price": 70.0,
    "treasury.discount": 8.0,
    "treasury.collected": 0.75,
}


def quiet_country(
    c: Covariates,
    days: int,
    citizens: int,
    *,
    off: Sequence[str] | None = None,
    assumptions: Mapping[str, Any] | None = None,
    choices: Mapping[str, float] | None = None,
    values: np.ndarray | None = None,
    fronts: float = 0.0,
) -> Scenario:
    """A country of the rule without a planted uprising, with other parts switched off or other
    parameters; values: of bank.SHARED.
    """
    data = rule(c, False, days)
    data |= {
        "switched_off": data["switched_off"] if off is None else list(off),
        "assumptions": STUDIED | data["assumptions"] | dict(assumptions or {}),
        "choices": data["choices"] | dict(choices or {}),
        "place": data["place"] | {"fronts": [{"name": "front", "strength": fronts}]},
    }
    source = Source(data, {}, c.id)
    source.status_quo = data["choices"]
    new = build(source, Machine(citizens, threads=1))
    return new if values is None else held(new, dict(zip(SHARED, values, strict=True)))


def row(values: np.ndarray | None, number: int) -> np.ndarray | None:
    """The shared parameters that fall on a future's number."""
    return None if values is None else values[number % len(values)]


def luck(name: str, seed: int) -> int:
    """The seed of the random draws of a study of this name."""
    return zlib.crc32(name.encode()) ^ (seed << 32)


def strikes(
    runs: int = 400,
    seed: int = 1,
    values: np.ndarray | None = None,
    processes: int | None = None,
    progress: Watch | None = None,
    *,
    days: int = DAYS,
) -> dict[str, Any]:
    """Shares of futures that end within a year by arm, with Wilson intervals; the effect against no
    strikes, with the interval of Agresti and Min; and what became of the campaigns of the table.

    values: rows of bank.SHARED, one for each future in turn; without, all is drawn over the
    ledger's ranges.
    """
    jobs = [
        Job(_struck, (first, min(25, runs - first), seed, values, days))
        for first in range(0, runs, 25)
    ]
    got = pl.concat(over(jobs, processes, progress))
    arms, none = [], got.filter(pl.col("arm") == "none")["ended"].to_numpy().astype(float)
    for name, (says, *_) in ARMS.items():
        mine = got.filter(pl.col("arm") == name)
        ended = share(int(mine["ended"].sum()), mine.height)
        effect = paired(mine["ended"].to_numpy().astype(float), none, True)
        arms.append(
            {
                "name": name,
                "says": says,
                "ended": ended.value,
                "low": ended.low,
                "high": ended.high,
                "effect": effect.value,
                "effect_low": effect.low,
                "effect_high": effect.high,
                "campaign_days": cast(float, mine["campaign_days"].mean()),
                "strikes": cast(float, mine["strikes"].mean()),
                "endings": dict(sorted(mine["ending"].value_counts().iter_rows())),
            }
        )
    return {
        "runs": runs,
        "days": days,
        "ground_force": GROUND,
        "worst": WORST,
        "arms": arms,
        "observed": record(),
    }


def record() -> dict[str, dict[str, float]]:
    """How many campaigns of the table, without and with ground forces, were followed by the
    regime's fall within a year.
    """
    out = {}
    for name, ground in (("air", "0"), ("ground", "1")):
        mine = [r for r in rows(table("external_strikes.csv")) if r["ground_force"] == ground]
        fell = sum(int(r["fell_within_1y"]) for r in mine)
        found = share(fell, len(mine))
        out[name] = {
            "fell": fell,
            "n": len(mine),
            "share": found.value,
            "low": found.low,
            "high": found.high,
        }
    return out


def _struck(
    first: int, count: int, seed: int, values: np.ndarray | None, days: int
) -> pl.DataFrame:
    """Futures of the arms, a row each."""
    generic, out = Covariates("generic", "other", FIRST_DAY, **cast(Any, USUAL)), []
    numbers = range(first, first + count)
    for name, (_, assumptions, choices) in ARMS.items():
        countries = [
            quiet_country(
                generic,
                days,
                CITIZENS,
                off=("proxies", "programme", "broker"),
                assumptions=assumptions,
                choices=choices,
                values=row(values, k),
            )
            for k in numbers
        ]
        for run in simulate_many(countries, luck("strikes", seed), numbers):
            out.append(
                {
                    "arm": name,
                    "run": run.run,
                    "ended": run.ending != "in power",
                    "ending": run.ending,
                    "campaign_days": int((run["campaign"][1:] > 0).sum()),
                    "strikes": sum(v for w, v in run.finals.items() if w.startswith("struck_")),
                }
            )
    return pl.DataFrame(out).sort("run", maintain_order=True)


def rivals(
    countries: Mapping[int, Covariates], seed: int, values: np.ndarray | None, days: int
) -> Iterator[tuple[int, int, float]]:
    """Pair, day on which a campaign begins against a country with a rival, and the adversary's
    chance to prevail. When a regime ends, a new one faces the rival.  countries: by pair.
    """
    lived, regimes = dict.fromkeys(countries, 0), 0
    while left := [pair for pair in countries if lived[pair] < days]:
        models = [
            against_a_rival(countries[pair], days, lived[pair], row(values, pair)) for pair in left
        ]
        numbers = [1000 * pair + regimes for pair in left]
        for pair, run in zip(
            left, simulate_many(models, luck("rivals", seed), numbers), strict=True
        ):
            yield from ((pair, lived[pair] + day, chance) for day, chance in onsets(run))
            lived[pair] += run.day
        regimes += 1


def against_a_rival(c: Covariates, days: int, lived: int, values: np.ndarray | None) -> Scenario:
    """A country that pays for a programme and for fronts, with so many of its days left."""
    plan = rule(c, False, days)
    money = between(1e-3, PROGRAMME * plan["assumptions"]["treasury.taxes"], 60.0)
    return quiet_country(
        c,
        days - lived,
        FEWEST,
        off=(),
        fronts=1.0,
        values=values,
        assumptions={"programme.reference": money, "proxies.reference": money},
        choices={
            "treasury.programme": money,
            "treasury.proxies": money,
            "treasury.public": max(0.0, plan["choices"]["treasury.public"] - 2 * money),
        },
    )


def onsets(run: Run) -> list[tuple[int, float]]:
    """Days on which a campaign from the air begins, and the adversary's chance to prevail."""
    fighting = run["campaign"] > 0
    return [
        (int(d) + 1, prevails(run.parameters["adversary"], float(run["programme_level"][d])))
        for d in np.flatnonzero(fighting[1:] & ~fighting[:-1])
    ]


def prevails(p: Adversary, level: float) -> float:
    """1 - (floor + gain . level^c), a chance (adversary.1)."""
    return 1 - (p.power_floor + p.power_gain * level**p.curvature)
