"""Oil pays the regime; what it does not pay is taken from reserves, then printed, then cut, and
people grow poorer.

    income = [exports . (price - discount) . collected . exp(income push) + taxes]
             . (1 + T/half)^-strike                                                     (treasury.1)
    reserves(t+1) = reserves(t) + income - siphoned - spending + printed                (treasury.2)

T is the share of residents in the street: crowds stop oil fields, transport and customs. With
spending constant, nothing printed and income a random walk in reserves this is gambler's ruin: from
reserves B with mean daily loss mu the mean time to empty them is B/mu, and with a mean gain mu and
variance sigma^2 a day they are ever emptied with probability exp(-2 mu B / sigma^2) (Brownian
limit; Redner 2001).

A gap is met from reserves, and in part by printing; once they are empty all of it is printed, up to
a limit. Printing makes the currency fall, the faster the less of it people still hold (the form of
Cagan's demand for money: beyond some deficit no rate of fall pays for it, and it runs away until
only those hold money who must). Prices follow the currency, wages follow prices; what wages lose
they win back at most:

    currency -> base + (k . printed/GDP)/[kept + (1 - kept) exp(-flight . (currency - base))]
    inflation -> currency                                                               (treasury.3)
    lost(t+1) = max(0, lost(t) + (inflation - wage growth)/365 - lost/years)            (treasury.4)
    hardship_p = (lost + cuts + damage) (1 + exposure . (unemployment_p/mean - 1))      (treasury.5)
    poverty = poverty at the start + slope . hardship

Contracts are made anew the oftener the faster prices rise. Hardship is the logarithm of real income
lost since the first day.

Beyond the limit everything is cut, the forces last; their men, too, are paid in money:

    forces = plan . (paid/planned)^reach, in all
    pay -> forces/forces of the first day . exp(-borne . lost)                          (treasury.6)

and loyalty follows the logarithm of pay, down to a floor; a change of pay is felt in some weeks.
Opportunity cost is kept: what the money spent on proxies, the programme and what was siphoned would
have bought.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..mechanism import Draw, Yesterday, channel, choice, fact, mechanism, par, state
from ..places import Place
from ..places.axes import USE
from ..support.arrays import Array

TINY = 1e-9  # numerical guard: what is divided by stays above zero


@dataclass(frozen=True)
class Parameters:
    exports: float = fact(0.0, 0.0, 12.0, "million barrels a day", "oil sold abroad")
    price: float = fact(
        75.0, 20.0, 150.0, "USD a barrel", "price of oil on the first day, and what it returns to"
    )
    discount: float = fact(
        0.0, 0.0, 40.0, "USD a barrel", "discount that buyers of sanctioned oil take"
    )
    collected: float = fact(
        0.70, 0.1, 1.0, "share", "part of oil income that reaches the state as usable money"
    )
    price_noise: float = par(
        0.022, 0.015, 0.03, "log a day", "standard deviation of the oil price from day to day"
    )
    price_return: float = par(0.005, 0.002, 0.01, "a day", "pull of the price back to its level")
    taxes: float = fact(
        8.6, 0.0, 2000.0, "USD million a day", "income other than oil", per="income"
    )
    reserves: float = fact(
        775.0, 1.0, 3e6, "USD million", "money that can be spent at once", log=True, per="income"
    )
    gdp: float = fact(
        15_700.0, 500.0, 2e7, "USD million a year", "gross domestic product", per="residents"
    )
    print_share: float = par(
        0.5,
        0.2,
        0.8,
        "share of the gap",
        "part of a deficit that is printed even while reserves last",
    )
    print_limit: float = par(
        0.10, 0.05, 0.20, "share of GDP a year", "largest deficit that can be printed", log=True
    )
    strike: float = par(
        0.15,
        0.03,
        0.5,
        "log income per log crowd",
        "income that the state loses while crowds stop work",
        log=True,
    )
    strike_half: float = par(
        0.005,
        0.002,
        0.02,
        "share of residents",
        "turnout at which crowds begin to stop work",
        log=True,
    )
    inflation: float = fact(0.10, -0.05, 5.0, "a year", "inflation on the first day")
    inflation_base: float = fact(
        0.08,
        -0.05,
        4.0,
        "a year",
        "inflation with nothing printed, as people have come to expect it",
    )
    inflation_per_gap: float = par(
        4.5,
        2.0,
        9.0,
        "a year per share of GDP",
        "fall of the currency for each part of GDP printed in a year: GDP over money held",
        log=True,
    )
    flight: float = par(
        0.7,
        0.3,
        1.5,
        "log times per a year",
        "fall of the money that people hold, with the rate at which the currency falls",
        log=True,
    )
    money_kept: float = par(
        0.15, 0.05, 0.3, "share", "part of that money which is held at any rate of fall", log=True
    )
    currency_days: float = par(
        30.0, 10.0, 90.0, "days", "time in which the currency follows what is printed", log=True
    )
    inflation_days: float = par(
        120.0, 60.0, 300.0, "days", "time in which prices follow the currency", log=True
    )
    wage_days: float = par(
        365.0, 150.0, 730.0, "days", "time in which wages follow usual inflation", log=True
    )
    recovery_days: float = par(
        1500.0, 700.0, 4000.0, "days", "time in which lost income is regained by growth", log=True
    )
    public_weight: float = par(
        0.25, 0.1, 0.5, "log income", "real income lost if all public goods were cut"
    )
    exposure: float = par(
        0.5, 0.0, 1.0, "times", "how much harder provinces with unemployment are hit"
    )
    poverty: float = fact(
        0.43, 0.0, 1.0, "share of residents", "people below the poverty line on the first day"
    )
    poverty_slope: float = par(
        0.6, 0.3, 1.0, "share per log income", "people who fall below it as income is lost"
    )
    hardship_pull: float = par(
        1.5,
        0.3,
        3.0,
        "sd per log income",
        "pull of lost income on citizens",
        "ThermidorBaseRates",
        "analogy",
    )
    hardship_leave: float = par(
        3.0, 0.5, 6.0, "log times per log income", "rise of emigration with lost income"
    )
    hardship_doubt: float = par(
        3.0,
        0.5,
        6.0,
        "logit per log income",
        "fall of belief in the regime's competence",
        "GurievTreisman2019",
        "analogy",
    )
    pay_weight: float = par(
        1.2,
        0.5,
        2.4,
        "sd per log pay",
        "loyalty lost when the forces are paid less",
        "BuenoDeMesquita2003",
        "analogy",
    )
    pay_reach: float = par(
        0.3,
        0.05,
        0.6,
        "1",
        "how far a shortfall reaches the pay of the forces (exponent; 0: they are paid first)",
    )
    pay_borne: float = par(
        0.5, 0.0, 1.0, "share", "part of what wages lose to prices that the forces lose as well"
    )
    pay_days: float = par(
        60.0, 30.0, 120.0, "days", "time in which a change of pay is felt", log=True
    )
    insolvency: float = par(
        0.15, 0.05, 0.30, "share of the forces", "strength lost when nothing can be paid"
    )
    siphoned: float = par(
        0.10, 0.03, 0.25, "share of income", "part of income that is siphoned off"
    )
    forces: float = choice(
        1.3,
        0.0,
        240.0,
        "USD million a day",
        "planned spending on the forces",
        "ruler",
        per="income",
    )
    patronage: float = choice(
        0.86,
        0.0,
        240.0,
        "USD million a day",
        "planned private goods for the coalition",
        "ruler",
        per="income",
    )
    public: float = choice(
        5.5, 0.0, 480.0, "USD million a day", "planned public goods", "ruler", per="income"
    )
    propaganda: float = choice(
        0.086,
        0.0,
        40.0,
        "USD million a day",
        "planned spending on broadcaster and religious bodies",
        "ruler",
        per="income",
    )
    proxies: float = choice(
        0.0, 0.0, 60.0, "USD million a day", "planned spending on armed groups abroad", "ruler"
    )
    programme: float = choice(
        0.0, 0.0, 60.0, "USD million a day", "planned spending on the strategic programme", "ruler"
    )
    hospital: float = par(60.0, 20.0, 150.0, "USD million", "what a hospital costs", log=True)
    horizon: float = par(
        3650.0,
        1825.0,
        7300.0,
        "days",
        "time until reserves are empty beyond which nobody looks",
        log=True,
    )
    pay_floor: float = par(
        0.05,
        0.02,
        0.10,
        "share",
        "part of the forces' pay that counts as much as none",
        log=True,
    )


class Memory(NamedTuple):
    """What the treasury remembers of the first day, which shows the status quo."""

    public: float  # planned public goods, USD million a day
    forces: float  # planned spending on the forces, USD million a day
    hit: Array  # loss of income in a province over that of the country, float[province]


class See(Yesterday):
    income_push: float
    claims_public: float
    bills: float
    damage: float
    turnout_country: float

    oil_price: float
    reserves: float
    money: Array
    pay_ratio: float
    currency: float
    inflation: float
    wages: float
    lost_income: float
    hardship_days: float
    hospitals_forgone: float
    memory: Memory


def start(p: Parameters, place: Place, draw: Draw) -> dict[str, Any]:
    plan = planned(p)
    return {
        "memory": Memory(
            public=max(p.public, 1.0),
            forces=p.forces,
            hit=exposed(place.unemployment, place.weights, p.exposure),
        ),
        "oil_price": p.price,
        "income": p.exports * max(0.0, p.price - p.discount) * p.collected + p.taxes,
        "reserves": p.reserves,
        "spending": plan,
        "money": np.zeros(plan.size),
        "pay_ratio": 1.0,
        "printed": 0.0,
        "currency": p.inflation,
        "inflation": p.inflation,
        "wages": p.inflation,
        "lost_income": 0.0,
        "hardship": np.zeros(len(place.ids)),
        "hardship_country": 0.0,
        "poverty": p.poverty,
        "hardship_days": 0.0,
        "runway": 365.0,
        "hospitals_forgone": 0.0,
    }


def planned(p: Parameters) -> Array:
    """Planned spending, USD million a day, float[use]; what is siphoned is not planned."""
    plan = np.zeros(len(USE))
    plan[USE.forces], plan[USE.patronage], plan[USE.public] = p.forces, p.patronage, p.public
    plan[USE.propaganda], plan[USE.proxies] = p.propaganda, p.proxies
    plan[USE.programme] = p.programme
    return plan


def exposed(unemployment: Array, weights: Array, exposure: float) -> Array:
    """How much harder than the country each province is hit, times (treasury.5)."""
    mean = float(weights @ unemployment)
    if mean <= 0:
        return np.ones(len(weights))
    return 1 + exposure * (unemployment / max(mean, TINY) - 1)


def oil_income(
    exports: float, price: float, discount: float, collected: float, push: float
) -> float:
    """USD million a day (treasury.1)."""
    return exports * max(0.0, price - discount) * collected * math.exp(push)  # (treasury.1)


def settle_accounts(
    reserves: float, income: float, wanted: float, print_share: float, print_limit: float
) -> tuple[float, float, float]:
    """Reserves tomorrow, printed and paid (USD million) for a day's income and wanted spending
    (treasury.2).
    """
    gap = wanted - income
    if gap <= 0.0:
        return reserves - gap, 0.0, wanted
    drawn = min(reserves, gap * (1 - print_share))
    printed = min(gap - drawn, print_limit)
    drawn = min(reserves, gap - printed)
    return reserves - drawn, printed, income + drawn + printed  # (treasury.2)


def wanted_from_reserves(
    income: float, wanted: float, print_share: float, print_limit: float
) -> float:
    """What is to be drawn for a day's income and wanted spending, whether or not there are any
    reserves, USD million.
    """
    gap = max(0.0, wanted - income)
    return max(gap * (1 - print_share), gap - print_limit)


def paid_by_use(plan: Array, paid: float, siphoned: float, reach: float) -> tuple[Array, float]:
    """What is paid by use, float[use], when so much of the plan can be paid, and what is left for
    all but the forces, over what they were to have. The forces come first, wholly so at reach 0.
    """
    planned_forces, others = (
        float(plan[USE.forces]),
        float(plan[USE.forces + 1 : USE.siphoned].sum()),
    )
    part = min(1.0, paid / max(planned_forces + others, TINY))
    forces = min(planned_forces * part**reach, paid)  # (treasury.6)
    rest = (paid - forces) / max(others, TINY)
    by_use = plan * min(1.0, rest)
    by_use[USE.forces], by_use[USE.siphoned] = forces, siphoned
    return by_use, rest


def falling(
    printed: float, falls: float, base: float, k: float, flight: float, kept: float
) -> float:
    """Rate at which a currency comes to fall, a year (treasury.3).

    printed: share of GDP a year.  falls, base: rate at which it falls, and as people expect it, a
    year.  k: a year per share of GDP.  flight: log times per a year.  kept: share.
    """
    held = kept + (1 - kept) * math.exp(-flight * max(0.0, falls - base))
    return base + k * printed / held  # (treasury.3)


def real_pay(paid: float, first: float, lost: float, borne: float) -> float:
    """Pay of the forces over that of the first day, times (treasury.6); 1 where nothing was paid.

    paid, first: USD million a day.  lost: by wages to prices, log income.  borne: share.
    """
    ratio = paid / first if first > 0 else 1.0
    return ratio * math.exp(-borne * lost)  # (treasury.6)


@mechanism(
    start=start,
    owns={
        "oil_price": state("USD a barrel", "price of Brent"),
        "income": state("USD million a day", "what the state takes in"),
        "reserves": state("USD million", "money that can be spent at once"),
        "spending": state("USD million a day", "what is paid, by use", by="use"),
        "money": state("USD million", "paid since the start, by use", by="use"),
        "pay_ratio": state("times", "real pay of the forces as felt, over that of the first day"),
        "printed": state("USD million a day", "money printed"),
        "currency": state("a year", "fall of the currency"),
        "inflation": state("a year", "rise of prices"),
        "wages": state("a year", "rise of wages"),
        "lost_income": state("log income", "real income lost to inflation since the start"),
        "hardship": state("log income", "real income lost since the start", by="province"),
        "hardship_country": state(
            "log income", "real income lost since the start, mean of residents"
        ),
        "poverty": state("share of residents", "people below the poverty line"),
        "hardship_days": state(
            "days per head", "days below the poverty line since the start", cost=True
        ),
        "runway": state(
            "days", "time until reserves are empty at today's gap, at most the horizon"
        ),
        "hospitals_forgone": state(
            "hospitals", "what proxies, programme and siphoned money would have bought"
        ),
    },
    opens={
        "income_push": channel(
            "log times", "what raises or lowers income from oil", low=-10.0, high=3.0
        ),
        "claims_public": channel(
            "USD million a day",
            "what is claimed for public goods on top of the plan",
            low=-1e4,
            high=1e4,
        ),
        "bills": channel(
            "USD million a day", "costs that come on top of the budget", low=-1e4, high=1e4
        ),
        "damage": channel(
            "log income", "real income lost to war and shutdowns", low=-5.0, high=10.0
        ),
    },
    adds=["pull", "departures", "doubt", "allegiance", "strain"],
    cites=["Redner2001", "BuenoDeMesquita2003", "GurievTreisman2019", "EscribaFolchWright2010"],
)
def treasury(see: See, p: Parameters, draw: Draw) -> dict[str, Any]:
    noise = p.price_noise * draw.normal("oil price")
    price = see.oil_price * math.exp(noise + p.price_return * math.log(p.price / see.oil_price))
    at_work = (1 + see.turnout_country / p.strike_half) ** -p.strike
    oil = oil_income(p.exports, price, p.discount, p.collected, see.income_push)
    income = (oil + p.taxes) * at_work  # (treasury.1)
    siphoned = p.siphoned * income
    plan = planned(p)
    plan[USE.public] = max(0.0, float(plan[USE.public]) + see.claims_public)
    wanted = float(plan.sum()) + see.bills
    limit = p.print_limit * p.gdp / 365
    reserves, printed, paid = settle_accounts(
        see.reserves, income - siphoned, wanted, p.print_share, limit
    )
    drawn = wanted_from_reserves(income - siphoned, wanted, p.print_share, limit)
    spending, rest = paid_by_use(plan, max(0.0, paid - see.bills), siphoned, p.pay_reach)
    worth = real_pay(float(spending[USE.forces]), see.memory.forces, see.lost_income, p.pay_borne)
    pay = see.pay_ratio + (worth - see.pay_ratio) / p.pay_days
    counted = p.pay_floor + (1 - p.pay_floor) * pay

    falls = falling(
        printed * 365 / p.gdp,
        see.currency,
        p.inflation_base,
        p.inflation_per_gap,
        p.flight,
        p.money_kept,
    )
    currency = see.currency + (falls - see.currency) / p.currency_days
    inflation = see.inflation + (see.currency - see.inflation) / p.inflation_days
    often = 1 + max(0.0, see.inflation - p.inflation_base)  # contracts made anew, times the usual
    wages = see.wages + (see.inflation - see.wages) * often / p.wage_days
    gained_back = see.lost_income / p.recovery_days
    outrun = (see.inflation - see.wages) / 365
    lost = max(0.0, see.lost_income + outrun - gained_back)  # (treasury.4)
    cut = p.public_weight * (1 - float(spending[USE.public]) / see.memory.public)
    country = lost + cut + see.damage
    hardship = country * see.memory.hit  # (treasury.5)
    poverty = min(1.0, max(0.0, p.poverty + p.poverty_slope * country))
    forgone = spending[USE.proxies] + spending[USE.programme] + siphoned
    return {
        "oil_price": price,
        "income": income,
        "reserves": reserves,
        "spending": spending,
        "money": see.money + spending,
        "pay_ratio": pay,
        "printed": printed,
        "currency": currency,
        "inflation": inflation,
        "wages": wages,
        "lost_income": lost,
        "hardship": hardship,
        "hardship_country": country,
        "poverty": poverty,
        "hardship_days": see.hardship_days + poverty,
        "runway": min(p.horizon, reserves / drawn) if drawn > 0 else p.horizon,
        "hospitals_forgone": see.hospitals_forgone + forgone / p.hospital,
        "pull": p.hardship_pull * hardship,
        "departures": p.hardship_leave * hardship,
        "doubt": p.hardship_doubt * country,
        "allegiance": p.pay_weight * math.log(counted),
        "strain": p.insolvency * (1 - min(1.0, rest) + 1 - min(1.0, pay)) / 2,
    }
