"""The first things on the page: the answer, its dots, the base rate beside it, the endings."""
from __future__ import annotations

from typing import Any

from ..endings import ENDINGS
from ..study import stats
from ..words import at_worst, hundred, of_futures, span
from .phrases import count, listed, of_hundred, signed, two, upper
from .reading import Reading

# letter, shape and colour (Okabe and Ito 2008) of each ending, the same everywhere on the page
LOOK = {"in power": ("", "circle", "power"), "imposed": ("I", "square", "imposed"), "coup": ("C", "diamond", "coup"),
        "uprising": ("U", "triangle", "uprising"), "collapse": ("X", "hexagon", "collapse"), "pact": ("P", "pentagon", "pact")}
NOT_SCORED = ("Not yet scored against history.", "Its futures have not been compared with how past cases ended. The counts below say what follows "
              "from the assumptions in the ledger, not how likely it is in the world: read them as a comparison of mechanisms, not as a forecast.")
SCORED = "Scored against history."
HOW_SCORED = ("The model, not this scenario, was compared with past uprisings; none was predicted with parameters fitted to its outcome, "
              "but for base rates by type, which hold some of them, "
              "though the rules were written by people who knew how they had ended.")
WHOLE_BOARD = "docs/history.md"


def look(ending: str) -> dict[str, str]:
    """How an ending is marked."""
    letter, shape, colour = LOOK.get(ending, (ending[:1].upper(), "square", "other"))
    return {"ending": ending, "letter": letter, "shape": shape, "colour": colour}


def banner(read: Reading) -> dict[str, Any]:
    """What the reader must know before the numbers."""
    from ..past import load_board
    from .board import lines
    scored, board = read.manifest.get("scored"), load_board()
    if scored:
        text = scored if isinstance(scored, str) else "The model has been compared with how past cases ended."
        return {"strong": SCORED, "text": text, "lines": [], "page": None, "kind": "quiet"}
    if board:  # a board that shows no skill warns as well
        good = (board["totals"].get("skill_low") or 0.0) > 0
        return {"strong": SCORED, "text": HOW_SCORED, "lines": lines(board), "page": WHOLE_BOARD, "kind": "quiet" if good else "warning"}
    return {"strong": NOT_SCORED[0], "text": NOT_SCORED[1], "lines": [], "page": None, "kind": "warning"}


def answer(read: Reading) -> dict[str, Any]:
    """The answer in a sentence, its dots, what was run, and what went wrong."""
    m, runs = read.manifest, read.results.runs
    notes = []
    if m.get("status") != "finished":
        notes.append(f"The study was stopped: {count(runs.height, 'future')} of {m['runs']:,} are here. The same command goes on from there.")
    failed = runs.height - read.n
    reason = next((str(r) for r in runs["reason"].to_list() if r), "") if failed and "reason" in runs.columns else ""
    if failed:
        notes.append(f"{count(failed, 'future')} of {runs.height:,} could not be finished and {'is' if failed == 1 else 'are'} left out of every number"
                     f"{f'; the first reason: {reason}' if reason else ''}.")
        if read.n:
            notes.append(at_worst(read.results.survival_bounds(), runs.height))
    facts = [("scenario", m["scenario"]), ("starts on", read.date(0)), ("horizon", count(read.days, "day")), ("futures", f"{read.n:,}"),
             ("agents in each", _agents(read)), ("assumptions", "held fixed" if m.get("fixed") else "drawn from their ranges"),
             ("seed", str(m["seed"])), ("version", m["version"])]
    if not read.n:
        text = "No future is finished, so there is no answer yet." if not runs.height else f"None of {count(runs.height, 'future')} could be finished."
        return {"sentence": text, "lead": text, "number": None, "rest": "", "detail": "", "notes": notes, "facts": facts, "dots": None}
    p = read.results.survival()
    number = of_futures(round(p.value * read.n), read.n).removesuffix(" futures")
    return {"sentence": read.results.answer(), "lead": "In", "number": number, "dots": dots(read), "notes": notes, "facts": facts,
            "rest": f"futures the regime is still in power after {read.days:,} days",
            "detail": f"{span(p.low, p.high)} of 100 is the 95 % interval; {count(read.n, 'future')} computed. It holds the luck of the draw alone, "
                      "not what the model leaves out."}


def _agents(read: Reading) -> str:
    agents, each = read.manifest["agents"], read.population / max(1, read.manifest["agents"])
    return f"{agents:,}" + (f" for {two(read.population)} people" if each > 1.5 else "")


def dots(read: Reading) -> dict[str, Any]:
    """One hundred dots by ending; one dot a future if there are fewer than a hundred."""
    found = {e: n for e, n in read.results.endings().items() if n}
    each = read.n >= 100
    wanted = {e: 100 * n / read.n for e, n in found.items()} if each else dict(found)
    given = {e: int(x) for e, x in wanted.items()}
    for e in sorted(wanted, key=lambda e: (given[e] - wanted[e], wanted[e]))[:(100 if each else read.n) - sum(given.values())]:
        given[e] += 1  # largest remainder; on a tie the rarer ending
    hidden = [f"{e} ({count(found[e], 'future')})" for e in found if not given[e]]
    caption = "Each dot is one of 100 futures." if each else f"Each dot is one of {count(read.n, 'future')}; there are fewer than 100."
    if hidden:
        caption += f" Too rare for a dot: {listed(hidden)}."
    say = listed([f"{given[e]} {e}" for e in given if given[e]])
    return {"dots": [look(e) for e in given for _ in range(given[e])], "caption": caption, "say": f"{'100' if each else read.n} dots: {say}",
            "legend": [look(e) | {"count": given[e]} for e in given if given[e]]}


def endings(read: Reading) -> dict[str, Any] | None:
    """How the futures end, with the rule that judges each."""
    if not read.n:
        return None
    says = read.model.get("endings") or ENDINGS
    found, rows = read.results.endings(), []
    for e in [*found, *(x for x in says if x not in found)]:
        n = found.get(e, 0)
        share = stats.share(n, read.n)
        rows.append(look(e) | {"n": n, "says": says.get(e, ""), "share": 100 * share.value, "low": 100 * share.low, "high": 100 * share.high,
                               "text": of_hundred(*share, read.n), "count": count(n, "future")})
    ends = sorted((r for r in rows if r["ending"] != "in power" and r["n"]), key=lambda r: -r["n"])
    if not ends:
        title = f"No future ended: in {'the one' if read.n == 1 else f'all {read.n:,}'} the group in power stays to the last day."
    else:
        first = [r["ending"] for r in ends if r["n"] == ends[0]["n"]]
        title = (f"The most frequent ending is {first[0]}: {ends[0]['text']}." if len(first) == 1 else
                 f"{upper(listed(first))} are equally frequent endings, each {ends[0]['text']}.")
    table = [[r["ending"], f"{r['n']:,}", r["text"], r["says"]] for r in rows]
    return {"title": title, "endings": rows, "head": ["ending", "futures", "of 100 (95 % interval)", "rule"], "rows": table,
            "caption": "Bar: futures of 100. Line: 95 % interval (Wilson). The rules were set before any calibration."}


def base_rates(read: Reading) -> dict[str, Any]:
    """How often regimes have ended, beside how often they do here, and whether the model departs from that."""
    rates = read.model.get("base_rates") or []
    if not rates:
        return {"title": "No base rate stands beside the answer.", "rates": [],
                "sentences": ["The scenario gives no base rate, so the answer stands without a comparison with how often regimes have ended."]}
    rows, sentences = [], []
    if read.n:
        ended = stats.share(read.ended.height, read.n)
        rows.append({"says": f"ended in this study within {count(read.days, 'day')}", "rate": 100 * ended.value, "low": 100 * ended.low,
                     "high": 100 * ended.high, "text": of_hundred(*ended, read.n), "model": True,
                     "source": None})
    for b in rates:
        known = b.get("low") is not None and b.get("high") is not None
        rows.append({"says": b["says"], "rate": 100 * b["rate"], "low": 100 * b["low"] if known else None, "high": 100 * b["high"] if known else None,
                     "text": of_hundred(b["rate"], b["low"], b["high"]) if known else f"{hundred(b['rate'])} of 100, without an interval",
                     "model": False, "source": b.get("source")})
    top = max([r["high"] or r["rate"] for r in rows] + [1.0])
    title = f"{upper(rates[0]['says'])}: {rows[-len(rates)]['text']}."
    if read.n:
        compared = [b for b in rates if b.get("low") is not None and b.get("high") is not None]
        if compared:
            b = compared[0]
            how = ("More end here than" if ended.low > b["high"] else "Fewer end here than" if ended.high < b["low"] else
                   "No clear departure from how often regimes ended")
            title = (f"{how} in the past: {of_hundred(*ended, read.n)} here, "
                     f"{of_hundred(b['rate'], b['low'], b['high'])} there.")
        apart = [b for b in compared if b["low"] > ended.high or b["high"] < ended.low]
        for b in compared:
            if b not in apart:
                sentences.append(f"The model does not depart from the base rate “{b['says']}”: the intervals overlap ({span(ended.low, ended.high)} here, "
                                 f"{span(b['low'], b['high'])} there).")
            else:
                sentences.append(f"The model departs from the base rate “{b['says']}”: its futures end {'more' if ended.low > b['high'] else 'less'} often "
                                 f"({span(ended.low, ended.high)} here, {span(b['low'], b['high'])} there).")
        if apart:
            sentences.append(_why(read))
        if compared and not 330 <= read.days <= 400:
            sentences.append(f"Mind the horizon: this study runs {count(read.days, 'day')}, a base rate is of the period that its sentence names.")
        if len(compared) < len(rates):
            sentences.append("A rate without an interval is shown, but no departure is judged from it.")
    return {"title": title, "rates": rows, "sentences": sentences, "top": min(100.0, top * 1.1), "head": ["what", "ended, of 100 (95 % interval)", "source"],
            "rows": [[r["says"], r["text"], r["source"] or "–"] for r in rows]}


def _why(read: Reading) -> str:
    """What the departure goes with."""
    ends = sorted(((n, e) for e, n in read.results.endings().items() if n and e != "in power"), reverse=True)[:2]
    told = [f"{e} ({of_hundred(*stats.share(n, read.n), read.n)})" for n, e in ends]
    how = f"Its most frequent endings are {listed(told)}. " if ends else "No future ends. "
    carried = [c for c in read.results.carried_by(most=5) if c["beyond_luck"]]
    if not carried:
        return how + "No single assumption goes with survival beyond luck; the departure belongs to the scenario as a whole."
    says = {r["key"]: r["says"] for r in read.model.get("ledger", [])}
    named = [f"{says.get(c['assumption'], c['assumption'])} ({c['assumption']}, {signed(c['correlation'])})" for c in carried]
    return how + f"Survival goes, by rank correlation, with: {listed(named)}."
