"""How the rows of effects.csv are put to the model: which arm is treated, which is its control,
what is read off both, over which days; and the rows that the model cannot express, with the reason.

To mend a row, change its line here: a parameter by its key, a choice likewise, an event by the
channel that it speaks into. One that is not there, or lies outside its range, is a fault, and no
row is passed over. `adds` says what of a row is put in beforehand, or how it departs from the
published one. All sizes of treatments are judgement unless a row gives them.
"""

from __future__ import annotations

from typing import NamedTuple

from .arms import OLDEST, Arm, Of, Says
from .strikes import GROUND, PROGRAMME

YEAR = (1, 365)


class Row(NamedTuple):
    """A row as it is computed. A level has no control; both sides read `quantity` unless `against`
    is given.

    id: of effects.csv.  label: after the id, where one row is put twice.  treated, control: arms by
    name.  days: the span, both counted.  kinds: only countries of these types.  times: by which the
    effect is multiplied before it is held against the table.  sign: the direction, where the row's
    own value does not say it.
    """

    id: str
    treated: str
    control: str | None
    quantity: str
    days: tuple[int, int] = YEAR
    against: str | None = None
    kinds: tuple[str, ...] = ()
    times: float = 1.0
    sign: int | None = None
    label: str = ""
    adds: str = ""


REGIMES = Arm("autocracies of every type and age")
UPRISING = REGIMES.but("regimes in an uprising", days=400, sets={"events.onset_day": 1.0})
PEACE = REGIMES.but("regimes in peace", on=("adversary",), sets={"adversary.intensity": 0.0})
WAR = REGIMES.but("regimes under air attack", on=("adversary",), sets={"adversary.under_way": 1.0})
LONG = REGIMES.but("regimes over two years", days=730)
PLOTS = REGIMES.but("regimes against which coups are plotted", events=(Says("plots", 5.0),))
SPENT = Of("treasury.taxes", PROGRAMME)
RIVAL = REGIMES.but(
    "regimes with a programme, a rival and a broker",
    on=("proxies", "programme", "adversary", "broker"),
    fronts=1.0,
    sets={
        "programme.reference": SPENT,
        "proxies.reference": SPENT,
        "treasury.programme": SPENT,
        "treasury.proxies": SPENT,
    },
)
TRUCE = RIVAL.but("regimes that sign a deal", days=730, sets={"negotiation.deal_day": 10.0})
HALF_OIL = 0.5 / 46.5  # exports (million barrels a day) for each USD million a day of taxes halved
OIL = LONG.but(
    "oil states",
    sets={
        "treasury.exports": Of("treasury.taxes", HALF_OIL),
        "treasury.taxes": Of("treasury.taxes", 0.5),
    },
)
HARSH = {"ruler.crackdown_cost": 0.25}
EXIT = UPRISING.but("regimes in an uprising, a way out closed", on=("broker",))

ARMS: dict[str, Arm] = {
    "regimes": REGIMES,
    "party": REGIMES.but("party regimes", kinds=("party",)),
    "personal": REGIMES.but("personal regimes", kinds=("personal",)),
    "from 31": REGIMES.but("regimes of 31 years and more", ages=(31, OLDEST)),
    "from 20": REGIMES.but("regimes of 20 years and more", ages=(20, OLDEST)),
    "party from 20": REGIMES.but(
        "party regimes of 20 years and more", kinds=("party",), ages=(20, OLDEST)
    ),
    "leaders die": LONG.but("regimes whose leader dies", sets={"events.leader_mortality": 0.5}),
    "revolution": REGIMES.but("regimes of a revolution", sets={"security.revolution": 1.0}),
    "poorer": REGIMES.but("regimes whose people lose 5 %", events=(Says("damage", 0.05),)),
    "dear bread": REGIMES.but(
        "regimes in which food takes a tenth more of income",
        days=30,
        events=(Says("damage", 0.10),),
    ),
    "austerity": REGIMES.but(
        "regimes that cut spending by 5 % of GDP",
        sets={"treasury.public": Of("treasury.public", 0.61)},
    ),
    "young": REGIMES.but("regimes with 10 points more who are young", people={"young": 0.37}),
    "fear": REGIMES.but(
        "regimes of whom people are afraid", days=30, events=(Says("deterrence", 0.5),)
    ),
    "two years": LONG,
    "slump": LONG.but(
        "regimes whose incomes fall 9 % behind in a year",
        events=tuple(Says("damage", 0.0225, day) for day in (1, 92, 183, 274)),
    ),
    "oil": OIL,
    "oil lost": OIL.but("oil states that sell none", events=(Says("income_push", -3.0),)),
    "uprising": UPRISING,
    "forces waver": UPRISING.but(
        "regimes in an uprising whose forces are less loyal by 0.6 sd",
        events=(Says("allegiance", -0.6),),
    ),
    "concedes": UPRISING.but(
        "regimes in an uprising that may concede", sets={**HARSH, "ruler.concession_cost": 0.03}
    ),
    "concedes nothing": UPRISING.but(
        "regimes in an uprising that hardly may", sets={**HARSH, "ruler.concession_cost": 0.25}
    ),
    "no force": UPRISING.but(
        "regimes in an uprising that use no force", days=14, sets={"ruler.force_limit": 0.0}
    ),
    "little force": UPRISING.but(
        "regimes in an uprising that use little force", days=14, sets={"ruler.force_limit": 0.3}
    ),
    "much force": UPRISING.but(
        "regimes in an uprising that use much force",
        days=14,
        sets={"security.kill_rate": 2e-4, "security.arrest_rate": 0.02, "security.severity": 1.3},
    ),
    "network": UPRISING.but(
        "regimes in an uprising whose people a network reaches a tenth more",
        sets={"media.independent": Of("media.independent", 1.1)},
    ),
    "hardly a way out": EXIT.but(
        "regimes in an uprising whose rulers have hardly a way out", sets={"broker.exit_offer": 0.5}
    ),
    "way out": EXIT.but(
        "regimes in an uprising whose rulers have a way out", sets={"broker.exit_offer": 8.0}
    ),
    "plots": PLOTS,
    "guards": PLOTS.but(
        "plotted against, with as many guards as soldiers",
        sets={"security.guards": Of("security.army", 1.0)},
    ),
    "no guards": PLOTS.but(
        "plotted against, with hardly any guards",
        sets={"security.guards": Of("security.army", 0.01)},
    ),
    "peace": PEACE,
    "war": WAR,
    "war lost": WAR.but(
        "regimes that lose ground in war", sets={"adversary.ground_force": GROUND / 2}
    ),
    "coerced": RIVAL.but("regimes struck for what they build", sets={"adversary.under_way": 1.0}),
    "guaranteed": TRUCE.but("deals with a guarantee", sets={"broker.guarantee": 6.0}),
    "no guarantee": TRUCE.but("deals without a guarantee", sets={"broker.guarantee": 0.0}),
}

ELSEWHERE = "Endings that no mechanism follows are put in at their observed rate."
ROWS: tuple[Row, ...] = (
    Row("E01", "leaders die", None, "lasts_without", adds=ELSEWHERE),
    Row("E02", "leaders die", None, "lasts_without", adds=ELSEWHERE),
    Row(
        "E07",
        "leaders die",
        "regimes",
        "democracies_without",
        against="democracies",
        times=100,
        adds="Against no attempt, not against one that failed; democracies by the shares of E14.",
    ),
    Row("E08", "party", None, "ends", adds=f"{ELSEWHERE} So are coups, at a rate by type."),
    Row("E09", "personal", "party", "ends", adds=f"{ELSEWHERE} So are coups, at a rate by type."),
    Row("E10", "from 31", None, "ends", adds=ELSEWHERE),
    Row("E11", "from 20", None, "uprisings", adds="Uprisings a year by type enter the fit."),
    Row("E12", "regimes", None, "by_uprising", adds=f"{ELSEWHERE} Uprisings enter the fit."),
    Row("E15", "revolution", "regimes", "falls"),
    Row("E16", "slump", "two years", "falls", (366, 730)),
    Row("E18", "slump", "two years", "falls", (366, 730), kinds=("party", "monarchy")),
    Row(
        "E19",
        "poorer",
        "regimes",
        "democracies",
        times=100 / 5,
        adds="A fall of 5 %, for each per cent; democracies by the shares of E14.",
    ),
    Row("E20", "dear bread", "regimes", "unrest", (1, 30)),
    Row("E21", "austerity", "regimes", "events"),
    Row("E22", "uprising", "regimes", "events", (31, 210), times=100),
    Row("E23", "oil", "oil lost", "falls", (1, 730)),
    Row("E31", "uprising", None, "falls", adds="How often regimes of a type fall enters the fit."),
    Row(
        "E32",
        "uprising",
        "uprising",
        "large_falls",
        against="small_falls",
        sign=1,
        adds="Against uprisings whose crowds stayed below 3.5 %.",
    ),
    Row(
        "E33", "forces waver", "uprising", "falls", adds="Refusal is how forces end a regime here."
    ),
    Row("E36", "concedes", "concedes nothing", "crowd", (15, 60)),
    Row("E38", "little force", "no force", "crowd", (2, 14), sign=1, label="low"),
    Row("E38", "much force", "little force", "crowd", (2, 14), sign=-1, label="high"),
    Row("E39", "fear", "regimes", "crowd", (2, 30), adds="The channel says it: built in."),
    Row("E42", "regimes", None, "attempts", adds="Coups come at a rate by type, 1946 to 2010."),
    Row("E43", "party from 20", None, "attempts", adds="Coups come at a rate by type."),
    Row("E44", "plots", None, "success", adds="The odds are an assumption with nearly this range."),
    Row("E46", "guards", "no guards", "success"),
    Row("E47", "uprising", "regimes", "attempts", (1, 180)),
    Row("E49", "war", "peace", "falls_at_home"),
    Row("E50", "war lost", "peace", "falls"),
    Row("E51", "coerced", None, "deals"),
    Row("E52", "war", "peace", "support", (1, 60)),
    Row("E57", "network", "uprising", "largest"),
    Row("E60", "young", "regimes", "unrest", adds="Unrest in place of armed conflict."),
    Row(
        "E62",
        "hardly a way out",
        "way out",
        "exile",
        adds="A way out that is worth little stands for culpability.",
    ),
    Row("E63", "guaranteed", "no guarantee", "broken", (1, 730)),
)

LEADERS = "A leader's exit that leaves the regime in power is not followed, deaths apart."
SANCTIONS = "Sanctions act through oil income alone; growth at large is not followed."
NOT_EXPRESSED: dict[str, str] = {
    "E04": LEADERS,
    "E06": "An input (events.leader_mortality), not a result.",
    "E13": LEADERS,
    "E14": "What follows a regime is not followed.",
    "E24": SANCTIONS,
    "E25": SANCTIONS,
    "E26": SANCTIONS,
    "E27": LEADERS,
    "E28": LEADERS,
    "E29": "A threat of sanctions is not followed.",
    "E30": "There are no armed campaigns.",
    "E34": "One case, chosen for its success: a bound, not a level.",
    "E35": "One case: a bound, not a level.",
    "E40": "There is no dissent online.",
    "E53": "What follows a regime is not followed.",
    "E54": "There is no vote, and independent channels show crowds; they persuade nobody.",
    "E55": "Violence by supporters is not followed.",
    "E59": "Violent and peaceful crowds are not told apart.",
    "E61": "There are no elections.",
}
