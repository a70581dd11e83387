"""The pictures of the score board as SVG: each says in words and shapes what it says in colour."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from thermidor.fitted.scoreboard import QUANTITIES, happened, named, observed

from .svg import COLOURS, FAINT, HALO, INK, WIDTH, _scale, _text, number, ticks

BLUE, ORANGE, SOFT = COLOURS[0], COLOURS[1], "#444444"
ROW, TOP, LEFT, RIGHT, BOTTOM = (
    19,
    66,
    232,
    106,
    52,
)  # of pictures with a row for each case or parameter


def _sheet(title: str, key: str, height: float, parts: list[str]) -> str:
    """A white sheet with a title and, below it, what its marks mean."""
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" role="img" '
        'font-family="system-ui, Segoe UI, Helvetica, Arial, '
        f'sans-serif"><title>{escape(title)}</title><desc>{escape(key)}</desc>',
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>',
        _text(16, 24, title, size=16, more=' font-weight="600"'),
        _text(16, 44, key, colour=SOFT, size=12),
    ]
    return "\n".join([*head, *parts, "</svg>", ""])


def _line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    colour: str = INK,
    width: float = 1.5,
    more: str = "",
) -> str:
    return (
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{more}/>'
    )


def _dot(x: float, y: float, filled: bool, colour: str = BLUE, r: float = 5) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{colour if filled else "#ffffff"}" '
        f'stroke="{colour}" stroke-width="1.8"/>'
    )


def _axis(x: Any, marks: list[float], label: str, bottom: float) -> list[str]:
    out = []
    for t in marks:
        out += [
            _line(x(t), TOP - 4, x(t), bottom, FAINT, 1),
            _text(x(t), bottom + 17, number(t), "middle", SOFT, 12),
        ]
    return [*out, _text((LEFT + WIDTH - RIGHT) / 2, bottom + 37, label, "middle")]


def falls(cases: list[dict[str, Any]]) -> str:
    """A row for each case: the predicted chance of a fall, the base rate, and what happened."""
    rows = sorted(cases, key=lambda c: (-c["fall"], c["id"]))
    bottom = TOP + ROW * len(rows)
    x = _scale(0.0, 100.0, LEFT, WIDTH - RIGHT, False)
    out = _axis(
        x, [0, 20, 40, 60, 80, 100], "predicted chance that the regime falls, of 100", bottom
    )
    for k, c in enumerate(rows):
        y = TOP + ROW * (k + 0.5)
        out += [
            _text(LEFT - 10, y + 4, f"{named(c)} ({c['id']})", "end", size=12),
            _text(WIDTH - RIGHT + 12, y + 4, happened(c), size=12),
        ]
        if c.get("base_rate") is not None:
            out.append(
                _line(x(100 * c["base_rate"]), y - 6, x(100 * c["base_rate"]), y + 6, SOFT, 1.2)
            )
        out.append(
            _dot(x(100 * c["fall"]), y, c["fell"] is True)
            if c["fell"] is not None
            else _text(x(100 * c["fall"]), y + 4, "?", "middle")
        )
    return _sheet(
        "Predicted chance of a fall, and what happened",
        "Filled: the regime fell. Open: it stood. Upright line: base rate of the other cases.",
        bottom + BOTTOM,
        out,
    )


def intervals(cases: list[dict[str, Any]], what: str = "peak") -> str:
    """A row for each case: predicted intervals of the largest day beside the observed one."""
    rows = [c for c in cases if (c.get("predicted") or {}).get(what)]
    seen = lambda c: (c.get("observed") or {}).get(what)  # noqa: E731
    rows.sort(key=lambda c: (seen(c) is None, -(seen(c) or 0.0), c["id"]))
    bottom = TOP + ROW * len(rows)
    values = [
        100 * 10**v
        for c in rows
        for v in (c["predicted"][what]["q10"], c["predicted"][what]["q90"], seen(c))
        if v is not None
    ] or [0.1, 10.0]
    low, high = min(values) / 1.3, max(values) * 1.3
    x = _scale(low, high, LEFT, WIDTH - RIGHT, True)
    out = _axis(x, ticks(low, high, True), "largest day, % of residents (logarithmic)", bottom)
    for k, c in enumerate(rows):
        y, q = TOP + ROW * (k + 0.5), {n: x(100 * 10**v) for n, v in c["predicted"][what].items()}
        out += [
            _text(LEFT - 10, y + 4, f"{named(c)} ({c['id']})", "end", size=12),
            _line(q["q10"], y, q["q90"], y, BLUE, 2),
            _line(q["q25"], y, q["q75"], y, BLUE, 7, ' stroke-opacity="0.55"'),
            _line(q["q50"], y - 5, q["q50"], y + 5, BLUE, 2),
        ]
        if seen(c) is not None:
            at = x(100 * 10 ** seen(c))
            out.append(
                f'<path d="M{at:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6Z" fill="{ORANGE}" '
                'stroke="#ffffff" stroke-width="1.2"/>'
            )
        out.append(_text(WIDTH - RIGHT + 12, y + 4, observed(what, c), size=12))
    return _sheet(
        "Largest day: predicted and observed",
        "Thin bar: 80 of 100 futures. Thick bar: 50 of 100. Upright line: median. "
        "Diamond and number: observed.",
        bottom + BOTTOM,
        out,
    )


def reliability(bins: list[dict[str, Any]]) -> str:
    """Predicted against observed shares of falls."""
    left, right, top, bottom = 72, 472, TOP, TOP + 400
    x, y = _scale(0.0, 100.0, left, right, False), _scale(0.0, 100.0, bottom, top, False)
    out = []
    for t in range(0, 101, 20):
        out += [
            _line(x(t), top, x(t), bottom, FAINT, 1),
            _line(left, y(t), right, y(t), FAINT, 1),
            _text(x(t), bottom + 18, str(t), "middle", SOFT, 12),
            _text(left - 8, y(t) + 4, str(t), "end", SOFT, 12),
        ]
    out += [
        _line(x(0), y(0), x(100), y(100), SOFT, 1.2, ' stroke-dasharray="5 4"'),
        _text((left + right) / 2, bottom + 38, "predicted chance of a fall, of 100", "middle"),
        _text(
            0,
            0,
            "observed falls, of 100",
            "middle",
            more=f' transform="translate(28 {(top + bottom) / 2:.0f}) rotate(-90)"',
        ),
    ]
    out.append(_text(right + 34, top + 22, "predicted of 100: what happened", size=13, colour=SOFT))
    drawn = [b for b in bins if b["n"]]
    for k, b in enumerate(drawn):
        a, o = x(100 * b["predicted"]), y(100 * b["observed"])
        if b.get("low") is not None and b.get("high") is not None:
            out.append(_line(a, y(100 * b["low"]), a, y(100 * b["high"]), BLUE, 2))
        out += [
            _dot(a, o, True),
            _text(a + 9, o - 7, f"{b['n']}", size=12, more=HALO),
            _text(
                right + 34,
                top + 45 + 21 * k,
                f"{100 * b['from']:.0f} to {100 * b['to']:.0f}: {b['observed'] * b['n']:.0f} "
                f"of {b['n']} fell",
                size=13,
            ),
        ]
    return _sheet(
        "Does a predicted 30 of 100 happen 30 times in 100?",
        "Dot: cases by predicted chance, with their number. Line: 95 % interval. "
        "Dashed: what a perfect prediction would give.",
        bottom + BOTTOM,
        out,
    )


def pit(counts: dict[str, list[int]]) -> str:
    """Where observations fall within their predictions, a histogram for each quantity."""
    known = [w for w in QUANTITIES if sum(counts.get(w) or [])]
    width, bottom, out = (WIDTH - 32) / max(1, len(known)), TOP + 170, []
    top = max((max(counts[w]) / sum(counts[w]) for w in known), default=1.0)
    for k, what in enumerate(known):
        left, total, bins = 16 + k * width, sum(counts[what]), counts[what]
        step = (width - 24) / len(bins)
        for j, n in enumerate(bins):
            tall, wide = 120 * n / total / top, step - 1.5
            out.append(
                f'<rect x="{left + j * step:.1f}" y="{bottom - tall:.1f}" width="{wide:.1f}" '
                f'height="{tall:.1f}" fill="{BLUE}" fill-opacity="0.7"/>'
            )
        level = bottom - 120 / len(bins) / top
        out += [
            _line(left, level, left + width - 26, level, INK, 1.2, ' stroke-dasharray="5 4"'),
            _line(left, bottom, left + width - 26, bottom, "#888888", 1),
            _text(left, bottom + 17, "lowest", size=11, colour=SOFT),
            _text(left + width - 26, bottom + 17, "highest", "end", SOFT, 11),
            _text(left, TOP + 8, f"{QUANTITIES[what]} ({total} cases)", size=13),
        ]
        out += [
            _text(
                left + (j + 0.5) * step,
                bottom - 120 * n / total / top - 4,
                str(n),
                "middle",
                size=11,
                more=HALO,
            )
            for j, n in enumerate(bins)
        ]
    return _sheet(
        "Where the observed values lie among the predicted ones",
        "Ten equal parts of each prediction, lowest to highest; the number of cases in "
        "each. Dashed: even.",
        bottom + 34,
        out,
    )


def parameters(rows: list[dict[str, Any]]) -> str:
    """Prior and posterior of each parameter on its own range."""
    bottom, left, right = TOP + 25 * len(rows), 226, WIDTH - 222
    out = []
    for k, p in enumerate(rows):
        y = TOP + 25 * (k + 0.5)
        x = _scale(p["low"], p["high"], left, right, bool(p.get("log")))
        says = (
            f"{abs(100 * p['narrowed']):.0f} % "
            f"{'narrower' if p['narrowed'] >= 0 else 'wider'}{', moved' if p['moved'] else ''}"
        )
        out += [
            _text(16, y + 4, p["key"], size=12),
            _text(left - 8, y + 4, f"{p['low']:.3g}", "end", SOFT, 11),
            f'<rect x="{left}" y="{y - 8:.1f}" width="{right - left}" height="16" fill="#eeeeee"/>',
            *_before(p, x, left, right, y),
            _line(x(p["q10"]), y, x(p["q90"]), y, BLUE, 6),
            _line(x(p["q50"]), y - 8, x(p["q50"]), y + 8, INK, 2),
            _text(right + 8, y + 4, f"{p['high']:.3g}", colour=SOFT, size=11),
            _text(right + 62, y + 4, says, size=12),
        ]
    return _sheet(
        "What the cases say of the parameters",
        "Pale: the range. Grey: 80 of 100 draws before. Thin bar: 80 of 100 after. "
        "Upright line: median after.",
        bottom + 20,
        out,
    )


def _before(p: dict[str, Any], x: Any, left: float, right: float, y: float) -> list[str]:
    """The central 80 of 100 of the triangular prior, if its mode is known."""
    if p.get("default") is None:
        return []
    mode = (x(p["default"]) - left) / (right - left)
    low, high = (
        left
        + (right - left)
        * (math.sqrt(q * mode) if q < mode else 1 - math.sqrt((1 - q) * (1 - mode)))
        for q in (0.1, 0.9)
    )
    return [_line(low, y, high, y, "#b5b5b5", 16)]
