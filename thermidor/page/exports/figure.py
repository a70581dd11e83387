"""A chart of the page as a standalone picture (SVG), from the chart's data: with its title, its
sentence, and in small letters what it is of, what was changed, version and sources.

The same data draw the chart on the page; nothing is read from its pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from ... import wording as words
from ...report.parts.drawing import apportioned, colour_of, look
from ..words import WORDS
from .ticks import neat, ticks

WIDE = 800  # pixels of a picture
LEFT, RIGHT, TOP, HIGH = 70, 24, 16, 250  # margins and height of what is drawn
LETTER = 0.53  # width of an average letter, of the size of the letters
INK, SOFT, LINE = "#1b1d22", "#565d69", "#e3e5e9"
OF = {"choices": "chosen", "assumptions": "assumed"}  # whose side a part of the difference is
SIDES = {"base": "#6f747c", "assumed": "#8a3fa0", "chosen": "#0067a3"}
FAMILY = "system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif"


def svg(
    chart: Mapping[str, Any],
    notes: Sequence[str],
    seen: Sequence[Any] = (),
    answer: Mapping[str, Any] | None = None,
) -> str:
    """The picture of a chart.

    notes: lines of small print below it.  seen: observations to lay over it, as `seen.points`
    gives them.  answer: of which it says what comes from the reader's choices and assumptions.
    """
    told = answer or {"against": "", "parts": []}
    split = [(told["against"], INK)] if told["parts"] else []
    split += [(p["sentence"], SIDES[OF[p["of"]]]) for p in told["parts"]]
    parts: list[str] = []
    y = 34.0
    y = _text(parts, chart["title"], 24, y, 19, INK, bold=True)
    y = _text(parts, chart["sentence"], 24, y + 4, 14, INK)
    if chart["kind"] == "lines":
        y = _lines(parts, chart, y, seen)
    else:
        y = _rows(parts, chart, y)
    for sentence, ink in split:
        y = _text(parts, sentence, 24, y + 4, 13, ink)
    y += 6
    for note in notes:
        y = _text(parts, note, 24, y, 10.5, SOFT)
    size = f"0 0 {WIDE} {y:.0f}"
    about = escape("\n".join([chart["sentence"], *(s for s, _ in split), *notes]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" width="{WIDE}" '
        f'height="{y:.0f}" role="img" font-family="{escape(FAMILY)}">'
        f"<title>{escape(chart['title'])}</title><desc>{about}</desc>"
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _text(
    parts: list[str],
    text: str,
    x: float,
    y: float,
    size: float,
    ink: str,
    bold: bool = False,
    wide: float = WIDE - 48,
) -> float:
    """A text over as many lines as it needs; where the next may begin."""
    weight = ' font-weight="600"' if bold else ""
    for row in _wrapped(text, int(wide / (size * LETTER))):
        parts.append(
            f'<text x="{x:g}" y="{y:.1f}" font-size="{size:g}" fill="{ink}"{weight}>'
            f"{escape(row)}</text>"
        )
        y += size * 1.42
    return y


def _wrapped(text: str, letters: int) -> Iterable[str]:
    row = ""
    for word in text.split():
        while len(word) > letters:  # an address
            if row:
                yield row
                row = ""
            yield word[:letters]
            word = word[letters:]
        if row and len(row) + 1 + len(word) > letters:
            yield row
            row = word
        else:
            row = f"{row} {word}".strip()
    if row:
        yield row


def _legend(parts: list[str], y: float, names: Iterable[tuple[str, str, str]]) -> float:
    """Colour, dash and name of each line, in a row."""
    x = 24.0
    for colour, dash, name in names:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(
            f'<path d="M{x:.1f} {y - 4:.1f}h24" stroke="{colour}" stroke-width="3"{dashed}/>'
            f'<text x="{x + 30:.1f}" y="{y:.1f}" font-size="12" fill="{SOFT}">{escape(name)}</text>'
        )
        x += 52 + 12 * LETTER * len(name)
    return y + 20


def _lines(
    parts: list[str], chart: Mapping[str, Any], top: float, seen: Sequence[Mapping[str, Any]]
) -> float:
    days, lines, runs = chart["x"], chart["lines"], chart.get("runs", [])
    last = lines[-1]
    told = [
        v
        for row in (*(x["y"] for x in (*lines, *runs)), last["low"], last["high"])
        for v in row
        if v is not None
    ]
    told += [p[k] for p in seen for k in ("low", "high")]
    low, high = 0.0, chart.get("high")
    if high is None:
        low, high = min(0.0, min(told, default=0.0)), 1.05 * max(told, default=1.0) or 1.0
        high = high if high > low else low + 1
    first, end = days[0], max(days[-1], days[0] + 1)

    def at(day: float, value: float) -> str:
        return (
            f"{LEFT + (WIDE - LEFT - RIGHT) * (day - first) / (end - first):.1f} "
            f"{top + TOP + HIGH * (high - value) / (high - low):.1f}"
        )

    bottom = top + TOP + HIGH
    parts.append(
        f'<text x="24" y="{top + 6:.1f}" font-size="12" fill="{SOFT}">{escape(chart["unit"])}'
        "</text>"
    )
    for v in ticks(low, high):
        x, y = at(first, v).split()
        parts.append(
            f'<path d="M{x} {y}H{WIDE - RIGHT}" stroke="{LINE}"/><text x="{LEFT - 8}" '
            f'y="{float(y) + 4:.1f}" font-size="12" fill="{SOFT}" text-anchor="end">'
            f"{neat(v)}</text>"
        )
    for d in ticks(first, end):
        x = at(d, low).split()[0]
        parts.append(
            f'<text x="{x}" y="{bottom + 18:.1f}" font-size="12" fill="{SOFT}" '
            f'text-anchor="middle">{neat(d)}</text>'
        )
    parts.append(
        f'<text x="{WIDE - RIGHT}" y="{bottom + 34:.1f}" font-size="12" fill="{SOFT}" '
        f'text-anchor="end">{escape(chart["x_label"])}</text>'
    )
    band = [(d, a, b) for d, a, b in zip(days, last["low"], last["high"], strict=True)]
    band = [(d, a, b) for d, a, b in band if a is not None and b is not None]
    if band:
        around = [at(d, b) for d, _, b in band] + [at(d, a) for d, a, _ in reversed(band)]
        parts.append(f'<path d="M{"L".join(around)}Z" fill="{SIDES[last["side"]]}" opacity=".2"/>')
    for run in runs:
        parts.append(_path(days, run["y"], at, f'stroke="{SOFT}" stroke-width=".7" opacity=".45"'))
    for line in lines:
        dash = ' stroke-dasharray="8 4"' if line["side"] == "base" else ""
        wide = 1.8 if line["side"] == "base" else 2.6
        colour = f'stroke="{SIDES[line["side"]]}" stroke-width="{wide}"{dash}'
        parts.append(_path(days, line["y"], at, colour))
    for p in seen:
        x, y = at(p["day"], p["value"]).split()
        a, b = (at(p["day"], p[k]).split()[1] for k in ("low", "high"))
        parts.append(
            f'<path d="M{x} {a}V{b}" stroke="{INK}" stroke-width="1.5"/>'
            f'<circle cx="{x}" cy="{y}" r="4" fill="{INK}"/>'
        )
    names = [(SIDES[x["side"]], "8 4" if x["side"] == "base" else "", x["name"]) for x in lines]
    below = _legend(parts, bottom + 38, names)
    return _text(parts, WORDS["runs" if runs else "interval"], 24, below, 12, SOFT) + 4


def _path(days: Sequence[float], ys: Sequence[float | None], at: Any, look: str) -> str:
    """A line, broken where there is nothing."""
    d, pen = "", "M"
    for day, y in zip(days, ys, strict=True):
        if y is None:
            pen = "M"
            continue
        d += pen + at(day, y)
        pen = "L"
    return f'<path d="{d}" fill="none" stroke-linejoin="round" {look}/>'


def _rows(parts: list[str], chart: Mapping[str, Any], top: float) -> float:
    parts.append(
        f'<text x="24" y="{top + 6:.1f}" font-size="12" fill="{SOFT}">{escape(chart["unit"])}'
        "</text>"
    )
    y = top + 22
    if chart.get("dots"):
        y = _dots(parts, chart["dots"], y)
    name, bars = 190, 270
    for row in chart["rows"]:
        most = chart.get("high") or max([v["high"] for v in row["values"]] + [1e-12])
        below = _text(parts, row["label"], 24, y + 13, 13, INK, wide=name)
        for k, v in enumerate(row["values"]):
            at = y + 20 * k
            wide, low, high = (bars * min(1.0, v[k2] / most) for k2 in ("value", "low", "high"))
            x = 24 + name
            parts.append(
                f'<rect x="{x}" y="{at + 2:.1f}" width="{max(wide, 1):.1f}" height="13" rx="2" '
                f'fill="{SIDES[v["side"]]}" opacity=".85"/>'
                f'<path d="M{x + low:.1f} {at + 8.5:.1f}H{x + high:.1f}" stroke="{INK}" '
                f'stroke-width="2"/><text x="{x + bars + 14}" y="{at + 13:.1f}" font-size="12" '
                f'fill="{SOFT}">{escape(v["told"])}</text>'
            )
        y = max(y + 20 * len(row["values"]), below - 13) + 8
    first = chart["rows"][0]["values"] if chart["rows"] else []
    return _legend(parts, y + 14, [(SIDES[v["side"]], "", v["name"]) for v in first])


def _dots(parts: list[str], dots: Sequence[Mapping[str, Any]], y: float) -> float:
    """A hundred dots by ending, of the last side; and which colour and letter is which."""
    given = apportioned({d["key"]: d["value"] for d in dots}, 100)
    each = [key for key, n in given.items() for _ in range(n)][:100]
    for k, ending in enumerate(each):
        x, at = 32 + 15 * (k % 25), y + 6 + 15 * (k // 25)
        letter = look(ending)["letter"]
        parts.append(
            f'<circle cx="{x}" cy="{at:.1f}" r="6" fill="{colour_of(ending)}"/>'
            f'<text x="{x}" y="{at + 3:.1f}" font-size="8.5" text-anchor="middle" '
            f'fill="#000">{letter}</text>'
        )
    at = y + 10
    for key in dict.fromkeys(each):
        letter = f" ({look(key)['letter']})" if look(key)["letter"] else ""
        parts.append(
            f'<circle cx="434" cy="{at - 4:.1f}" r="6" fill="{colour_of(key)}"/>'
            f'<text x="448" y="{at:.1f}" font-size="12" fill="{INK}">'
            f"{each.count(key)} {escape(key)}{letter}</text>"
        )
        at += 17
    return max(y + 74, at + 8)


def notes(
    found: Mapping[str, Any],
    told: Mapping[str, Any],
    sources: Sequence[str],
    changed: Sequence[str],
) -> list[str]:
    """The small print: what the numbers are of, what was changed, version, sources.

    found: the refined answer.  told: title, country, start, days, agents, version, address.
    """
    n = found["answer"]["futures"]
    lines = [
        f"{told['title']} ({told['country']}): {words.count(n, 'future')} of {told['agents']:,} "
        f"agents over {told['days']:,} days from {told['start']}, seed {found['seed']}, "
        f"fingerprint {found['hashes']['chosen']}. Thermidor {told['version']}."
    ]
    lines += [*changed]
    if sources:
        lines.append(f"Sources of what it rests on most: {' '.join(sources)}")
    lines.append(f"The same numbers: {told['address']}")
    lines.append(WORDS["standing"])
    return lines
