"""The layout of the package: its folders by floor, and which of them imports which.

    python -m docs.make.layout [PACKAGE] [--svg docs/layout.svg] [--markdown docs/layout.md]

A folder of the package, with all folders inside it, stands one floor above the highest folder that
it imports from; a module of the root stands for itself. Imports inside functions and for type
checkers count as well. Prints a table, and ends with 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import Counter
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[2]
MOST_MODULES, MOST_AT_ROOT, MOST_FLOORS = 16, 8, 10
# counted in the same way before the folders were made
BEFORE = {
    "modules": 183,
    "imports between modules": 647,
    "arrows between folders": 203,
    "floors": 15,
    "circles of modules": 2,
    "circles of folders": 1,
    "arrows back up": 8,
    "modules at the root": 41,
    "most modules in a folder": 26,
}


def modules(package: Path) -> dict[str, Path]:
    """Every module by its dotted name."""
    out = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        out[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return out


def imports(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Modules of the package that a module imports."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    parts = package.split(".")
    out = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            out |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            up = parts[: len(parts) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            for a in node.names:
                whole = f"{base}.{a.name}"
                out.add(whole if whole in known else base)
    return {o for o in out if o in known and o != name}


def between(arrows: nx.DiGraph, of: dict[str, str]) -> nx.DiGraph:
    """The arrows between groups of modules: `of` gives each module's group."""
    groups = nx.DiGraph()
    groups.add_nodes_from(set(of.values()))
    groups.add_edges_from((of[a], of[b]) for a, b in arrows.edges if of[a] != of[b])
    return groups


def circles(graph: nx.DiGraph) -> list[list[str]]:
    """Groups of nodes each of which is reached from each other one."""
    return sorted(sorted(c) for c in nx.strongly_connected_components(graph) if len(c) > 1)


class Layout:
    """Modules, folders, and the arrows between them."""

    def __init__(self, package: Path):
        self.known = modules(package)
        self.root = min(self.known, key=len)
        self.arrows = nx.DiGraph()
        self.arrows.add_nodes_from(self.known)
        for name, path in self.known.items():
            self.arrows.add_edges_from((name, other) for other in imports(name, path, self.known))
        self.inside = {m: self._inside(m) for m in self.known}
        self.of = {m: self._top(m) for m in self.known}
        self.folders = between(self.arrows, self.of)

    def _inside(self, module: str) -> str:
        """The folder that holds a module's file."""
        own = self.known[module].name == "__init__.py"
        return module if own else module.rpartition(".")[0]

    def _top(self, module: str) -> str:
        """The folder of the package in which a module stands; one of the root for itself."""
        return ".".join(module.split(".")[:2])

    @property
    def module_circles(self) -> list[list[str]]:
        return circles(self.arrows)

    @property
    def folder_circles(self) -> list[list[str]]:
        """Circles of folders, those inside others too. A folder and one inside it are no circle:
        they stand on one floor.
        """
        inner = {m: f if f != self.root else m for m, f in self.inside.items()}
        graph = between(self.arrows, inner)
        nested = [
            (a, b)
            for a, b in graph.edges
            if a.startswith(f"{b}.") or b.startswith(f"{a}.") and self.root not in (a, b)
        ]
        graph.remove_edges_from(nested)
        found = circles(self.folders)
        return found + [c for c in circles(graph) if c not in found]

    @property
    def floors(self) -> dict[str, int]:
        """The floor of each folder; those of one circle share a floor."""
        condensed = nx.condensation(self.folders)
        height: dict[int, int] = {}
        for node in reversed(list(nx.topological_sort(condensed))):
            height[node] = 1 + max((height[n] for n in condensed.successors(node)), default=0)
        return {m: height[n] for n, data in condensed.nodes(data=True) for m in data["members"]}

    @property
    def back_up(self) -> list[tuple[str, str]]:
        """Arrows between folders that do not lead down."""
        floors = self.floors
        return sorted((a, b) for a, b in self.folders.edges if floors[a] <= floors[b])

    @property
    def at_root(self) -> int:
        return sum(f == self.root for f in self.inside.values())

    @property
    def sizes(self) -> dict[str, int]:
        """Modules in each folder but the root; those of folders inside it are not counted."""
        return dict(Counter(f for f in sorted(self.inside.values()) if f != self.root))

    def numbers(self) -> dict[str, int]:
        """What is counted, as the table of before and after shows it."""
        return {
            "modules": len(self.known),
            "imports between modules": self.arrows.number_of_edges(),
            "arrows between folders": self.folders.number_of_edges(),
            "floors": max(self.floors.values()),
            "circles of modules": len(self.module_circles),
            "circles of folders": len(self.folder_circles),
            "arrows back up": len(self.back_up),
            "modules at the root": self.at_root,
            "most modules in a folder": max(self.sizes.values()),
        }

    def faults(self) -> list[str]:
        """What is wrong with the layout; empty if nothing is."""
        found = [f"a circle of modules: {', '.join(c)}" for c in self.module_circles]
        found += [f"a circle of folders: {', '.join(c)}" for c in self.folder_circles]
        found += [f"{a} imports {b}, which is no floor below" for a, b in self.back_up]
        floors = max(self.floors.values())
        if floors > MOST_FLOORS:
            found.append(f"{floors} floors, {MOST_FLOORS} at most")
        if self.at_root > MOST_AT_ROOT:
            found.append(f"{self.at_root} modules at the root, {MOST_AT_ROOT} at most")
        for folder, n in self.sizes.items():
            if n > MOST_MODULES:
                found.append(f"{folder} has {n} modules, {MOST_MODULES} at most")
        return found

    def rows(self) -> list[tuple[int, list[str]]]:
        """Each floor from the top with its folders, as they are called inside the package."""
        floors = self.floors
        return [
            (n, sorted(short(f) for f in floors if floors[f] == n))
            for n in range(max(floors.values()), 0, -1)
        ]


def short(name: str) -> str:
    """A name without that of the package."""
    return name.partition(".")[2] or name


def table(layout: Layout) -> str:
    lines = [f"{n:>2}  {', '.join(there)}" for n, there in layout.rows()]
    lines += ["", *(f"{name} {n}" for name, n in layout.numbers().items())]
    return "\n".join([*lines, *layout.faults()])


def markdown(layout: Layout) -> str:
    now = layout.numbers()
    rows = [f"| {name} | {n} | {now[name]} |" for name, n in BEFORE.items()]
    floors = [f"| {n} | {', '.join(f'`{f}`' for f in there)} |" for n, there in layout.rows()]
    return "\n".join(
        [
            "# The layout of the package",
            "",
            "Made by `python -m docs.make.layout --svg docs/layout.svg --markdown docs/layout.md`.",
            "A folder of the package, with all folders inside it, stands one floor above the",
            "highest folder that it imports from; a module of the root stands for itself. Imports",
            "inside functions and for type checkers count as well.",
            "",
            "`tests/test_layout.py` holds what is allowed: no circle, no import that leads back",
            f"up, at most {MOST_FLOORS} floors, {MOST_MODULES} modules in a folder and",
            f"{MOST_AT_ROOT} at the root.",
            "",
            "![Folders of the package by floor](layout.svg)",
            "",
            "| floor | folders and modules of the root |",
            "|---|---|",
            *floors,
            "",
            "Before the folders were made, and now:",
            "",
            "| | before | now |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", nargs="?", type=Path, default=ROOT / "thermidor")
    parser.add_argument("--svg", type=Path, help="write a picture to this file")
    parser.add_argument("--markdown", type=Path, help="write the tables of docs to this file")
    o = parser.parse_args()
    layout = Layout(o.package)
    print(table(layout))
    if o.svg:
        from docs.make.layout_picture import draw

        o.svg.write_text(draw(layout), encoding="utf-8")
    if o.markdown:
        o.markdown.write_text(markdown(layout), encoding="utf-8")
    return 1 if layout.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
