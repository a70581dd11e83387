"""The steps of a class in an hour: what is told, what the class predicts, what the page then shows.

`docs/class.md` is the teacher's side of it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

COUNTRY = "first-steps"
SHARE, CHANGE, READ = "share", "change", "read"  # what a class predicts; nothing, at the last


class Step(NamedTuple):
    """One step.  asks: SHARE (futures of 100), CHANGE (more, fewer, none) or READ (nothing).
    sets: of the address, beside the country.  after: what to talk about once it is seen.
    """

    title: str
    text: str
    asks: str
    question: str
    sets: dict[str, str]
    after: str


LESSON = (
    Step(
        "A bad month",
        "An invented country of ten million. On day 10 the price of bread doubles; on day 17 a "
        "march in the capital is on every screen. Sixty days are played 200 times, each with other "
        "luck, and with other answers to what nobody knows exactly.",
        SHARE,
        "In how many of 100 futures is the group in power still there on day 60?",
        {"right": "endings"},
        "Why is the answer no single story? Look at the second chart: how do the others end?",
    ),
    Step(
        "What somebody decides",
        "A choice: the treasury spends 40 million a day on public goods in place of 12. All else "
        "is as before, and each future has the luck that it had.",
        CHANGE,
        "Is the group in power still there in more futures, in fewer, or in as many?",
        {"right": "costs", "c.treasury.public": "40"},
        "Where does the money come from, and what happens in the second year? The page plays sixty "
        "days: what can it not tell? Choose the chart of the reserves.",
    ),
    Step(
        "How the world is",
        "No choice, but an assumption: nine in ten are against the regime in private, not six. "
        "Nobody decides this, and no survey there would tell it. It is violet here, for it is kept "
        "apart from choices.",
        CHANGE,
        "More, fewer, or as many?",
        {"tab": "assumptions", "a.citizens.opposition": "0.9"},
        "Was the difference larger or smaller than that of the choice before? Why may private "
        "anger alone change so little? (Look at who goes out while the streets are empty.)",
    ),
    Step(
        "Luck",
        "Nothing is changed but the seed: 200 other futures of the same country.",
        CHANGE,
        "More, fewer, or as many?",
        {"seed": "2"},
        "What does the interval in the sentence say? How far may two classes be apart who did all "
        "the same? With four times as many futures it would be half as wide.",
    ),
    Step(
        "What cannot be told",
        "An assumption that a well-known theory rests on: how strongly a full street elsewhere "
        "draws people out. It is set to the low end of its plausible range.",
        CHANGE,
        "More, fewer, or as many?",
        {"tab": "assumptions", "a.citizens.country": "0.1"},
        "No difference that 200 futures can show is no proof that there is none. Look at the "
        "crowds in place of survival: do they differ? What would you do to find out?",
    ),
    Step(
        "What it costs",
        "A choice: force against crowds is held back altogether.",
        CHANGE,
        "More, fewer, or as many? And how many people are killed?",
        {"right": "costs", "c.ruler.force_limit": "0"},
        "Read survival and costs together. The model says what follows from its assumptions, not "
        "what is right: who would weigh the two sides how?",
    ),
    Step(
        "What it rests on",
        "The last table lists what the answer rests on: each assumption with its range, its "
        "evidence and its source. Most rest on judgement.",
        READ,
        "",
        {},
        "Each group takes one row: what would you read, measure or ask to narrow its range? Set it "
        "to both ends. If the answer stays, it matters little here, however doubtful it is.",
    ),
)


def lesson() -> dict[str, Any]:
    """The steps as the page takes them."""
    return {"country": COUNTRY, "steps": [step._asdict() for step in LESSON]}


WORDS = {
    "guide": "A class in an hour",
    "guide_step": "{n} of {of}",
    "guide_hidden": "The answer is covered until you have predicted it.",
    "guide_see": "See",
    "guide_back": "Back",
    "guide_next": "Next",
    "guide_leave": "Leave the class",
    "guide_share": "You said {guess} of 100; the page says {value} ({low} to {high}).",
    "guide_change": "You said: {guess}. The page says: {found}.",
    "guide_more": "more",
    "guide_fewer": "fewer",
    "guide_same": "as many, or none that can be told",
    "guide_talk": "Talk about it",
    "guide_of_hundred": "of 100",
}
