"""The folders of the package by floor as a small SVG; called by layout.py.

A line leads down from a folder to one that it imports from. Lines that follow from others are left
out; a line that passes floors between keeps a place of its own there, so that it crosses no box.
"""

from __future__ import annotations

from collections import defaultdict
from html import escape
from statistics import fmean

import networkx as nx

from docs.make.layout import Layout, short

TITLE = "Folders of the package by floor"
KEY = (
    "A box: a folder, with the numbers of its modules; dashed: a module of the root.",
    "A line leads down to what is imported; lines that follow from others are left out.",
)
INK, PALE, LINE, FAINT, WRONG = "#222222", "#555555", "#0b5fa5", "#e4e4e4", "#c4451c"
BOX, ROW, TOP, LEFT, GAP, LANE = 42, 92, 100, 56, 22, 14
LETTER, SMALL = 9.0, 6.2  # width of a letter of a box's first and second line

Node = str | tuple[str, str, int]  # a box, or where a line passes a floor


def draw(layout: Layout) -> str:
    floors = layout.floors
    drawn = essential(layout)
    rows, paths = ranked(drawn, floors)
    words = {f: described(layout, f) for f in floors}
    widths = {f: max(LETTER * len(short(f)), SMALL * len(w)) + 24 for f, w in words.items()}
    x, width = placed(rows, paths, widths)
    key = [*KEY, *(["Red: an import that leads back up."] if layout.back_up else [])]
    width = max(width + 24, LEFT + SMALL * max(map(len, key)) + 24)
    top = max(floors.values())

    def y(floor: int) -> float:
        return TOP + (top - floor) * ROW

    height = y(1) + BOX + 26
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" '
        'font-family="system-ui, Segoe UI, Helvetica, Arial, sans-serif">',
        f"<title>{TITLE}</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        text(LEFT, 26, TITLE, 16, INK, ' font-weight="600"'),
        *(text(LEFT, 46 + 16 * k, line, 12, PALE) for k, line in enumerate(key)),
    ]
    for floor in range(1, top + 1):
        line = y(floor) + BOX / 2
        out.append(f'<path d="M{LEFT - 10} {line:.1f}H{width - 14:.0f}" stroke="{FAINT}"/>')
        out.append(text(26, line + 5, str(floor), 14, PALE, ' text-anchor="middle"'))
    for path in paths:
        out.append(curve([(x[n], y(k)) for n, k in path]))
    for a, b in layout.back_up:
        out.append(wrong((x[a], y(floors[a])), (x[b], y(floors[b]))))
    for folder, floor in floors.items():
        out.append(box(short(folder), words[folder], x[folder], y(floor), widths[folder]))
    return "\n".join([*out, "</svg>", ""])


def essential(layout: Layout) -> nx.DiGraph:
    """The arrows that lead down, without those that follow from others."""
    down = nx.DiGraph()
    down.add_nodes_from(layout.folders)
    down.add_edges_from(e for e in layout.folders.edges if e not in set(layout.back_up))
    return nx.transitive_reduction(down)


def described(layout: Layout, folder: str) -> str:
    """How many modules a folder has, and the folders inside it; nothing for a module."""
    inside = {f: n for f, n in layout.sizes.items() if f.startswith(f"{folder}.")}
    own = layout.sizes.get(folder, 0)
    if not own:
        return ""
    parts = [f"{f.rpartition('.')[2]} {n}" for f, n in inside.items()]
    return ", ".join([f"{own} module{'s' * (own > 1)}", *parts])


Path = list[tuple[Node, int]]


def ranked(graph: nx.DiGraph, floors: dict[str, int]) -> tuple[dict[int, list[Node]], list[Path]]:
    """Boxes and passing lines on each floor, ordered such that few lines cross; each line's way."""
    paths: list[Path] = []
    for a, b in sorted(graph.edges):
        passing: Path = [((a, b, k), k) for k in range(floors[a] - 1, floors[b], -1)]
        paths.append([(a, floors[a]), *passing, (b, floors[b])])
    rows: dict[int, list[Node]] = defaultdict(list)
    for folder in sorted(floors):
        rows[floors[folder]].append(folder)
    near: dict[Node, list[Node]] = defaultdict(list)
    for path in paths:
        for node, k in path[1:-1]:
            rows[k].append(node)
        for (one, _), (other, _) in zip(path, path[1:], strict=False):
            near[one].append(other)
            near[other].append(one)
    best = dict(rows)
    for sweep in range(24):
        order = sorted(rows, reverse=sweep % 2 == 0)
        place = {n: (k + 0.5) / len(row) for row in rows.values() for k, n in enumerate(row)}
        for floor in order:
            beside = {
                n: fmean(place[m] for m in near[n]) if near[n] else place[n] for n in rows[floor]
            }
            rows[floor] = sorted(rows[floor], key=beside.__getitem__)
            place |= {n: (k + 0.5) / len(rows[floor]) for k, n in enumerate(rows[floor])}
        if crossings(rows, paths) < crossings(best, paths):
            best = dict(rows)
    return best, paths


def crossings(rows: dict[int, list[Node]], paths: list[Path]) -> int:
    """How often lines cross between neighbouring floors."""
    place = {n: k for row in rows.values() for k, n in enumerate(row)}
    steps: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for path in paths:
        for (a, k), (b, _) in zip(path, path[1:], strict=False):
            steps[k].append((place[a], place[b]))
    return sum(
        (a - c) * (b - d) < 0
        for pairs in steps.values()
        for k, (a, b) in enumerate(pairs)
        for c, d in pairs[:k]
    )


def placed(
    rows: dict[int, list[Node]], paths: list[Path], widths: dict[str, float]
) -> tuple[dict[Node, float], float]:
    """The middle of each box and passing line, in its row's order and near to what it is joined to;
    and how far to the right they reach.
    """
    near: dict[Node, list[Node]] = defaultdict(list)
    for path in paths:
        for (a, _), (b, _) in zip(path, path[1:], strict=False):
            near[a].append(b)
            near[b].append(a)

    def half(n: Node) -> float:
        return (widths[n] if isinstance(n, str) else LANE) / 2

    x: dict[Node, float] = {}
    for row in rows.values():
        left = float(LEFT)
        for n in row:
            x[n] = left + half(n)
            left += 2 * half(n) + GAP
    for _ in range(100):
        for row in rows.values():
            wanted = [fmean(x[m] for m in near[n]) if near[n] else x[n] for n in row]
            x |= zip(row, apart(wanted, [half(n) for n in row]), strict=True)
    shift = LEFT - min(x[n] - half(n) for n in x)
    return {n: x[n] + shift for n in x}, max(x[n] + shift + half(n) for n in x)


def apart(wanted: list[float], halves: list[float]) -> list[float]:
    """Middles as near as can be to those wanted (least squares), in their order and apart: by
    pooling neighbours that would stand too close.
    """
    offsets = [0.0]
    for one, other in zip(halves, halves[1:], strict=False):
        offsets.append(offsets[-1] + one + GAP + other)
    pools: list[tuple[float, int]] = []  # mean and size
    for want, offset in zip(wanted, offsets, strict=True):
        mean, n = want - offset, 1
        while pools and pools[-1][0] > mean:
            before, m = pools.pop()
            mean, n = (before * m + mean * n) / (m + n), m + n
        pools.append((mean, n))
    middles = [mean for mean, n in pools for _ in range(n)]
    return [m + o for m, o in zip(middles, offsets, strict=True)]


def text(x: float, y: float, words: str, size: int, colour: str, more: str = "") -> str:
    start = f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{more}>'
    return f"{start}{escape(words)}</text>"


def curve(points: list[tuple[float, float]]) -> str:
    """A line from below one box, through the floors that it passes, to the top of another."""
    (x, y), *rest = points
    y += BOX
    d = f"M{x:.1f} {y:.1f}"
    for k, (to, below) in enumerate(rest, 1):
        middle = (y + below) / 2
        d += f"C{x:.1f} {middle:.1f} {to:.1f} {middle:.1f} {to:.1f} {below:.1f}"
        x, y = to, below
        if k < len(rest):
            y += BOX
            d += f"V{y:.1f}"
    return f'<path d="{d}" fill="none" stroke="{LINE}" stroke-width="1.2" opacity="0.75"/>'


def wrong(one: tuple[float, float], other: tuple[float, float]) -> str:
    """An import that leads back up, or along the floor."""
    (a, b), (c, d) = one, other
    middle = min(b, d) - 20
    way = f"M{a:.1f} {b:.1f}C{a:.1f} {middle:.1f} {c:.1f} {middle:.1f} {c:.1f} {d:.1f}"
    return f'<path d="{way}" fill="none" stroke="{WRONG}" stroke-width="2"/>'


def box(name: str, words: str, x: float, y: float, width: float) -> str:
    edge = f' stroke="{INK}"' if words else f' stroke="{PALE}" stroke-dasharray="3 3"'
    left, middle = x - width / 2, ' text-anchor="middle"'
    out = [
        f'<rect x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" height="{BOX}" rx="5" '
        f'fill="#ffffff"{edge}/>',
        text(x, y + (18 if words else 26), name, 14, INK, f'{middle} font-weight="600"'),
    ]
    if words:
        out.append(text(x, y + 34, words, 11, PALE, middle))
    return "\n".join(out)
