"""The worlds in which parameters are tried: a calm, uprisings, wars and crises, each made so that
rules which act rarely act in it. All numbers in them are judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...scenario.scenario import Scenario, build


class Setting(NamedTuple):
    """A world in which parameters are tried.

    sets: parameters by key.  hears: what is said into a channel on every day, by its name.  days,
    futures: how much of it is played.
    """

    says: str
    sets: Mapping[str, Any]
    hears: Mapping[str, float]
    days: int
    futures: int


UPRISING = {"events.onset_day": 1.0, "events.onset": 4.0}
WAR = {"adversary.under_way": 1.0, "adversary.occasions": 1.0}
FORCE = {  # much of it, and unevenly
    "security.kill_rate": 2e-4,
    "security.kill_spread": 2.5,
    "security.arrest_rate": 0.02,
    "security.arrest_spread": 1.5,
    "ruler.crackdown_cost": 0.03,
    "ruler.lethality": 20.0,
    "ruler.severity": 2.5,
}
DOUBT = {  # a ruler who tries everything
    "ruler.noise": 0.12,
    "ruler.review_days": 3.0,
    "ruler.mood_days": 30.0,
    "ruler.inertia": 0.0,
    "ruler.ideology": 0.1,
    "ruler.exit_worth": 0.12,
    "ruler.leaving_cost": 0.5,
    "ruler.sharing_cost": 0.2,
    "ruler.crackdown_cost": 0.25,
    "broker.exit_offer": 3.0,
}
BROKER = {  # who is just believed
    "broker.error": 0.4,
    "broker.yield_share": 0.5,
    "broker.yield_more": 0.3,
    "broker.modest_share": 0.3,
    "broker.peace_value": 0.3,
    "broker.listener_weight": 0.45,
    "programme.level": 0.3,
    "broker.restraint": 0.08,
    "broker.patience_days": 30.0,
}
UNPAID = {  # nothing but the forces is paid for, and they in part
    "treasury.exports": 0.0,
    "treasury.reserves": 1.0,
    "treasury.gdp": 500.0,
    "treasury.taxes": 3.0,
    "treasury.forces": 10.0,
    "treasury.patronage": 0.0,
    "treasury.public": 0.0,
    "treasury.propaganda": 0.0,
    "treasury.proxies": 0.0,
    "treasury.programme": 0.0,
    "treasury.insolvency": 0.05,
    "treasury.pay_weight": 0.5,
    "security.strength": 0.8,
}
SETTINGS: dict[str, Setting] = {
    "calm": Setting("the scenario as it is", {}, {}, 60, 2),
    "uprising": Setting(
        "an uprising in a frail regime with an ally, met by much force",
        {
            **UPRISING,
            **FORCE,
            "security.frailty": 1.0,
            "security.backing": 1.0,
            "security.revolution": 1.0,
            "media.openness": 0.5,
        },
        {"street_alarm": 0.7},
        90,
        3,
    ),
    "war": Setting(
        "strikes on leaders and the economy, ground forces, an old leader, and an uprising then",
        {
            **WAR,
            "events.onset_day": 10.0,
            "adversary.on_leadership": 0.3,
            "adversary.on_military": 0.2,
            "adversary.ground_force": 0.6,
            "events.leader_mortality": 0.5,
            "treasury.programme": 12.0,
            "treasury.patronage": 100.0,
            "adversary.strikes": 200.0,
            "adversary.deaths": 10.0,
        },
        {"freeze": 0.4, "plots": 3.0, "departures": 4.0},
        150,
        6,
    ),
    "crisis": Setting(
        "no oil, no reserves, high inflation, emigration, a new regime with many generals",
        {
            "treasury.exports": 0.0,
            "treasury.reserves": 1.0,
            "treasury.inflation": 1.0,
            "treasury.patronage": 1.0,
            "elites.clerics": 0.4,
            "elites.generals": 0.45,
            "elites.technocrats": 0.2,
            "elites.tenure": 0.0,
            "elites.coup_consolidation": 0.6,
            "events.spark_rate": 1.2,
            "events.onset_day": 20.0,
        },
        {"plots": 3.0, "departures": 6.0},
        200,
        8,
    ),
    "crisis, unpaid": Setting(
        "forces that are paid a part, and a ruler who would concede",
        {
            **UNPAID,
            **DOUBT,
            "ruler.concession_cost": 0.03,
            "ruler.sharing_cost": 0.9,
            "ruler.leaving_cost": 1.5,
        },
        {"street_alarm": 0.5},
        120,
        8,
    ),
    "crisis, hardly paid": Setting(
        "forces that are paid next to nothing", {**UNPAID, "treasury.taxes": 0.6}, {}, 60, 4
    ),
    "uprising, doubt": Setting(
        "an uprising, a coalition that leaves, and a ruler who tries everything",
        {**UPRISING, **DOUBT, "events.onset": 1.0, "treasury.patronage": 0.0},
        {"street_alarm": 0.5},
        200,
        12,
    ),
    "uprising, a pact": Setting(
        "an uprising, and a pact that is to hand over power",
        {
            **UPRISING,
            "negotiation.pact_day": 10.0,
            "negotiation.handover_days": 120.0,
            "negotiation.handover_risk": 0.5,
        },
        {},
        160,
        10,
    ),
    "uprising, a promise": Setting(
        "a very large uprising, met by a promise that is just believed, or by massacres",
        {
            **FORCE,
            "events.onset_day": 1.0,
            "events.onset": 4.5,
            "events.onset_luck": 0.9,
            "negotiation.pact_day": 6.0,
            "negotiation.transfer": 0.0,
            "negotiation.revolution_cost": 0.55,
            "negotiation.revolution_eased": 0.1,
            "negotiation.rich_income": 0.5,
            "negotiation.street_half": 0.005,
            "security.strength": 0.8,
        },
        {"street_alarm": 0.7, "departures": 6.0},
        90,
        24,
    ),
    "war, a deal": Setting(
        "a campaign, a deal, and what becomes of it",
        {
            **WAR,
            "negotiation.deal_day": 20.0,
            "negotiation.verification": 0.3,
            "negotiation.breach_rate": 0.05,
            "broker.guarantee": 0.0,
        },
        {},
        300,
        8,
    ),
    "war, talks": Setting(
        "a campaign, and talks whose deals are broken and signed again",
        {
            **WAR,
            **BROKER,
            "negotiation.talk_days": 15.0,
            "negotiation.trust": 0.6,
            "negotiation.outside_breach": 0.0025,
            "negotiation.breach_rate": 0.05,
            "ruler.noise": 0.12,
            "ruler.review_days": 3.0,
            "ruler.mood_days": 30.0,
            "ruler.face_cost": 0.05,
            "ruler.ideology": 0.0,
        },
        {"trust_push": -0.15},
        500,
        8,
    ),
}


def placed(scenario: Scenario, setting: Setting) -> Scenario:
    """A scenario in a setting. Raises Fault for a parameter or a channel that is not there."""
    world = scenario.patched(setting.sets, days=setting.days)
    if not setting.hears:
        return world
    said = [
        {"day": 1, "what": word, "into": word, "value": value, "days": setting.days}
        for word, value in setting.hears.items()
    ]
    data = {**world.source.data, "events": [*(world.source.data.get("events") or []), *said]}
    return build(world.source.changed(data), world.machine, world.added, world.folder)
