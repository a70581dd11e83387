"""The first things on the page: the answer, its dots, the endings, the score board."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...endings import ENDINGS
from ...wording import FEW, count, listed, over_points, part, span, two, upper
from ..parts.drawing import apportioned, figure, look
from ..parts.plain import TITLE, plain
from .study_view import StudyView, part_between

NOT_SCORED = (
    "Not yet scored against history.",
    "Its futures have not been compared with how past cases ended. The counts say what "
    "follows from the assumptions in the ledger, not how likely it is in the world: read "
    "them as a comparison of mechanisms, not as a forecast.",
)
SCORED = "Scored against history."
HOW_SCORED = (
    "The model, not this scenario, was compared with past uprisings; none was predicted "
    "with parameters fitted to its outcome, but for base rates by type, which hold some "
    "of them, though the rules were written by people who knew how they had ended."
)
OF_A_SWEEP = (
    " Points of a sweep share their luck, which the interval does not know. The curve, the endings "
    "and the costs are over all of them too."
)
WHOLE_BOARD = "docs/history.md"
MOST_REASONS = 3


def whose(view: StudyView) -> str:
    """Who makes the claims."""
    return plain(view.model["claims_of"] or "the scenario's author", TITLE)


def score_board(view: StudyView) -> dict[str, Any]:
    """How far the model has been held against the past."""
    from ...fitted.scoreboard import lines, load_board

    scored, board = view.manifest["scored"], load_board()
    if scored:
        text = (
            scored
            if isinstance(scored, str)
            else ("The model has been compared with how past cases ended.")
        )
        return {"strong": SCORED, "text": text, "lines": [], "page": None, "kind": "quiet"}
    if board:  # a board that shows no skill warns as well
        good = (board["totals"].get("skill_low") or 0.0) > 0
        return {
            "strong": SCORED,
            "text": HOW_SCORED,
            "lines": lines(board),
            "page": WHOLE_BOARD,
            "kind": "quiet" if good else "warning",
        }
    return {
        "strong": NOT_SCORED[0],
        "text": NOT_SCORED[1],
        "lines": [],
        "page": None,
        "kind": "warning",
    }


def answer(view: StudyView) -> dict[str, Any]:
    """The answer in a sentence, its dots, what was run, and what went wrong."""
    m, there = view.manifest, view.results.runs.height
    facts = [
        ("scenario", m["scenario"]),
        ("starts on", view.date(0)),
        ("horizon", count(view.days, "day")),
        ("futures", f"{view.n:,}"),
        ("agents in each", _agents(view)),
        ("assumptions", "held fixed" if m["fixed"] else "drawn from their ranges"),
        ("seed", str(m["seed"])),
        ("version", m["version"]),
    ]
    found = {
        "notes": _notes(view),
        "damage": _damage(view),
        "facts": facts,
        "dots": None,
        "number": None,
        "rest": "",
        "detail": "",
    }
    if not view.n:
        text = (
            "No future is finished, so there is no answer yet."
            if not there
            else f"None of {count(there, 'future')} could be finished."
        )
        if "runs.parquet" in view.damage:
            text = "The table of futures is damaged, so there is no answer."
        return found | {"sentence": text, "lead": text}
    p, alive = view.results.survival(), view.endings["in power"]
    lasts = f"the regime is {{}} in power after {count(view.days, 'day')}"
    if view.n == 1:
        text = f"In the one future computed {lasts.format('still' if alive else 'no longer')}"
        return found | {
            "sentence": view.results.answer(),
            "lead": text,
            "dots": dots(view),
            "detail": "One future says nothing of how often.",
        }
    number, _, what = part(alive, view.n).rpartition(" ")
    sweep = bool(m["sweep"])
    return found | {
        "sentence": view.results.answer(),
        "lead": over_points("In") if sweep else "In",
        "number": number,
        "dots": dots(view),
        "rest": f"{what} {lasts.format('still')}",
        "detail": f"{alive:,} of {count(view.n, 'future')} computed; the 95 % interval is "
        f"{span(p.low, p.high)} of 100. It holds the luck of the draw alone, not what "
        f"the model leaves out.{OF_A_SWEEP if sweep else ''}",
    }


def _notes(view: StudyView) -> list[str]:
    """Futures not yet computed, and those that failed, with the bounds that they leave open."""
    m, there = view.manifest, view.results.runs.height
    notes = []
    if view.results.status in ("stopped", "running"):
        notes.append(
            f"The study was stopped: {count(there, 'future')} of {m['runs']:,} are here. "
            "The same command goes on from there."
        )
    failed = view.failed.height
    if failed:
        lasted, one = view.endings["in power"], failed == 1
        every, none = ("it had", "it had not") if one else ("every one of them had", "none had")
        notes.append(
            f"{count(failed, 'future')} of {there:,} could not be finished and "
            f"{'is' if one else 'are'} left out of every number. The bounds: {part(lasted, there)} "
            f"would be still in power if {every} ended, {part(lasted + failed, there)} if {none}."
        )
        notes.append(f"Commonest {'reason' if failed == 1 else 'reasons'}: {_reasons(view)}.")
    return notes


def _reasons(view: StudyView) -> str:
    if "reason" not in view.failed.columns:
        return "not recorded"
    found = Counter(plain(r or "not recorded", TITLE) for r in view.failed["reason"].to_list())
    first = [f"{r.rstrip('.')} ({count(n, 'future')})" for r, n in found.most_common(MOST_REASONS)]
    rest = len(found) - len(first)
    return "; ".join(first + ([f"and {count(rest, 'other reason')}"] if rest else []))


def _damage(view: StudyView) -> list[str]:
    return [f"{file}: {'; '.join(why[:MOST_REASONS])}." for file, why in view.damage.items()]


def _agents(view: StudyView) -> str:
    agents = view.manifest["agents"]
    each = view.population / max(1, agents)
    return f"{agents:,}" + (f" for {two(view.population)} people" if each > 1.5 else "")


def dots(view: StudyView) -> dict[str, Any]:
    """One hundred dots by ending; one dot a future if there are fewer than a hundred."""
    found = {e: n for e, n in view.endings.items() if n}
    each = view.n >= FEW
    wanted = {e: 100 * n / view.n for e, n in found.items()} if each else dict(found)
    given = apportioned(wanted, 100 if each else view.n)
    hidden = [f"{e} ({count(found[e], 'future')})" for e in found if not given[e]]
    caption = (
        f"Each dot is one of 100 futures; {view.n:,} were computed."
        if each
        else f"Each dot is one of {count(view.n, 'future')}; there are fewer than 100."
    )
    if view.n == 100:
        caption = "Each dot is one of 100 futures."
    if hidden:
        caption += f" Too rare for a dot: {listed(hidden)}."
    say = listed([f"{given[e]} {e}" for e in given if given[e]])
    return {
        "dots": [look(e) for e in given for _ in range(given[e])],
        "caption": caption,
        "say": f"{'100' if each else view.n} dots: {say}",
        "legend": [look(e) | {"count": given[e]} for e in given if given[e]],
    }


def endings(view: StudyView) -> dict[str, Any] | None:
    """How the futures end."""
    if not view.n:
        return None
    says = ENDINGS | view.model["endings"]
    rows: list[dict[str, Any]] = []
    for e, n in view.endings.items():
        s = view.share(n)
        numbers = {
            "n": n,
            "share": 100 * s.value,
            "low": 100 * s.low,
            "high": 100 * s.high,
            "text": part_between(n, view.n),
            "says": says.get(e, "No rule of this version."),
        }
        rows.append(look(e) | numbers)
    ends = sorted((r for r in rows if r["ending"] != "in power" and r["n"]), key=lambda r: -r["n"])
    if not ends:
        all_of = "the one future" if view.n == 1 else f"all {count(view.n, 'future')}"
        title = f"No future ended: in {all_of} the group in power stays to the last day."
    else:
        first = [r["ending"] for r in ends if r["n"] == ends[0]["n"]]
        each = part_between(ends[0]["n"], view.n, headline=True)
        title = (
            f"The most frequent ending is {first[0]}: {each}."
            if len(first) == 1
            else f"{upper(listed(first))} are equally frequent endings, each {each}."
        )
    table = [[r["ending"], f"{r['n']:,}", r["text"], r["says"]] for r in rows]
    saved = {
        "ending": [r["ending"] for r in rows],
        "futures": [r["n"] for r in rows],
        "of_100": [r["share"] for r in rows],
        "low": [r["low"] for r in rows],
        "high": [r["high"] for r in rows],
    }
    caption = (
        f"Bar: of 100 futures; {view.n:,} were computed. Line: 95 % interval (Wilson). The "
        "rules were set before the fit, the crowd of an uprising (0.1 %) after two earlier fits."
    )
    return figure(
        "endings",
        title,
        "",
        caption,
        ["ending", "futures", "share (95 % interval)", "rule"],
        table,
        saved,
        endings=rows,
    )
