"""The layout of the package: its folders by floor, and which of them imports which.

    python docs/make/layout.py [--svg docs/layout.svg]

A folder stands one floor above the highest folder that it imports from; modules of the root stand
for themselves. Imports inside functions and for type checkers count as well. Prints a table, and
ends with 1 if a circle is found.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import defaultdict
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[2]
MOST_MODULES, MOST_AT_ROOT, MOST_FLOORS = 16, 8, 10


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
    out = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            out |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            up = (
                package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            )
            base = ".".join([*up, *([node.module] if node.module else [])])
            for a in node.names:
                out.add(f"{base}.{a.name}" if f"{base}.{a.name}" in known else base)
    return {o for o in out if o in known and o != name}


def folder(name: str, known: dict[str, Path]) -> str:
    """The folder in which a module stands; a module of the root stands for itself."""
    top = name.split(".")[0]
    inside = name if known[name].name == "__init__.py" else name.rpartition(".")[0]
    return name if inside == top and name != top else inside


class Layout:
    """Modules, folders, and the arrows between them."""

    def __init__(self, package: Path):
        self.known = modules(package)
        self.arrows = nx.DiGraph()
        self.arrows.add_nodes_from(self.known)
        for name, path in self.known.items():
            self.arrows.add_edges_from((name, other) for other in imports(name, path, self.known))
        self.of = {m: folder(m, self.known) for m in self.known}
        self.folders = nx.DiGraph()
        self.folders.add_nodes_from(set(self.of.values()))
        for a, b in self.arrows.edges:
            if self.of[a] != self.of[b]:
                self.folders.add_edge(self.of[a], self.of[b])

    @property
    def module_circles(self) -> list[list[str]]:
        return [sorted(c) for c in nx.strongly_connected_components(self.arrows) if len(c) > 1]

    @property
    def folder_circles(self) -> list[list[str]]:
        return [sorted(c) for c in nx.strongly_connected_components(self.folders) if len(c) > 1]

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
    def sizes(self) -> dict[str, int]:
        """Modules in each folder, the root included."""
        top = min(self.known, key=len)
        out: dict[str, int] = defaultdict(int)
        for m, path in self.known.items():
            inside = m if path.name == "__init__.py" else m.rpartition(".")[0]
            out[inside] += 1
        return {top: out.pop(top), **out}

    def table(self) -> str:
        floors, rows = self.floors, []
        for floor in range(max(floors.values()), 0, -1):
            there = sorted(f.partition(".")[2] or f for f, n in floors.items() if n == floor)
            rows.append(f"{floor:>2}  {', '.join(there)}")
        top, *others = self.sizes.items()
        most = max(others, key=lambda x: x[1])
        return "\n".join(
            [
                *rows,
                "",
                f"{len(self.known)} modules, {self.arrows.number_of_edges()} imports, "
                f"{self.folders.number_of_edges()} arrows between folders",
                f"floors {max(floors.values())}, circles of modules {len(self.module_circles)}, "
                f"of folders {len(self.folder_circles)}, arrows back up {len(self.back_up)}",
                f"modules at the root {top[1]}, most in a folder {most[1]} ({most[0]})",
                *(f"circle: {', '.join(c)}" for c in self.module_circles),
                *(f"back up: {a} -> {b}" for a, b in self.back_up),
            ]
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", nargs="?", type=Path, default=ROOT / "thermidor")
    layout = Layout(parser.parse_args().package)
    print(layout.table())
    return 1 if layout.module_circles or layout.back_up else 0


if __name__ == "__main__":
    sys.exit(main())
