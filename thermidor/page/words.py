"""The words of the page that no part of the model says: tabs, buttons, states.
JavaScript has none.
"""

from __future__ import annotations

from .exports.words import WORDS as EXPORTS

WORDS = EXPORTS | {
    "skip": "To the answer",
    "views": "Views",
    "country": "Country",
    "seed": "Seed",
    "choices": "Choices",
    "assumptions": "Assumptions",
    "controls": "What you may change",
    "about_choices": "What actors decide, from within the country outwards. Blue, here and in the "
    "charts.",
    "about_assumptions": "How the world works. A range is drawn anew in every future; a value that "
    "you set holds in all of them. Violet, here and in the charts.",
    "search": "Search",
    "changed": "changed",
    "of": "of",
    "undo": "Undo",
    "redo": "Redo",
    "reset": "Reset all",
    "reset_one": "As it was",
    "answer": "The answer",
    "standing": "A comparison of mechanisms under stated assumptions, no forecast.",
    "standing_link": "What it was held against, and what it missed",
    "chart": "Chart",
    "first_chart": "First chart",
    "second_chart": "Second chart",
    "table": "Table",
    "preview": "Preview: {n} futures, to be refined",
    "refined": "{n} futures",
    "working": "Computing the first futures",
    "compiling": "Steps are being compiled, once for this install; until then futures come slowly",
    "refining": "Refining: {n} of {of} futures",
    "stopped": "The server does not answer. The numbers are those of before; it is asked again.",
    "fault": "That cannot be computed",
    "as_is": "as it is",
    "plausible": "Plausible",
    "range": "Range",
    "beyond": "outside the plausible range",
    "rests": "What it rests on",
    "grade": "Evidence",
    "source": "Source",
    "no_source": "no source",
    "value": "Value",
    "unit": "Unit",
    "assumption": "Assumption",
    "correlation": "Goes with it by",
    "luck": "as much comes by luck",
    "held": "held at one value",
    "data": "Data",
    "json": "JSON",
    "csv": "CSV",
    "yaml": "Scenario file",
    "runs": "Thin lines: single futures. Band: 90 of 100.",
    "interval": "Band: 95 % interval.",
    "older": "This link was made with version {v}; this is {own}, so its numbers may differ.",
}
