"""The page of the scenario file's fields, from the schema that `thermidor check` holds files to."""

from __future__ import annotations

from typing import Any

from thermidor.scenario.file.schema import json_schema

from .text import cell, code, number, table

HEAD = """# Fields of a scenario file

Every field with its type and bounds, from the schema that `thermidor check` holds files to
(`thermidor check --schema` prints it for your editor). What they are for, with examples:
[scenario files](../scenario-files.md). A field that is not named here is a fault. Texts and lists
have upper bounds too, which the schema tells.
"""
BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
}
TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "nothing"}


def pages() -> dict[str, str]:
    """The page by its path in docs/reference."""
    return {"scenario-schema.md": page()}


def page() -> str:
    """The file, then each of its parts."""
    schema = json_schema()
    parts = schema["$defs"]
    lines = [HEAD, "## The file", "", *_fields(schema)]
    for name, part in sorted(parts.items()):
        if "properties" in part:
            lines += [f"## {name}", "", *_fields(part)]
    return "\n".join(lines)


def _fields(part: dict[str, Any]) -> list[str]:
    required = part.get("required", [])
    rows = (
        [
            code(name),
            kind(field),
            "required" if name in required else _default(field),
            cell(field.get("description")),
        ]
        for name, field in part["properties"].items()
    )
    says = [cell(part["description"]), ""] if "description" in part else []
    return says + table(["field", "type", "default", "meaning"], rows)


def _default(field: dict[str, Any]) -> str:
    found = field.get("default")
    if isinstance(found, dict) and found:
        return ", ".join(f"{k}: {number(x)}" for k, x in found.items())
    if found in (None, [], {}):
        return ""
    return code(str(found).lower() if isinstance(found, bool) else found)


def kind(field: dict[str, Any]) -> str:
    """The type of a field in words, with links to parts of the file."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in field:
        return code(field["const"])
    if "enum" in field:
        return ", ".join(code(x) for x in field["enum"])
    several = field.get("anyOf") or field.get("oneOf")
    if several:
        # A field that may be left out is told so by its default.
        told = [s for s in several if s.get("type") != "null"]
        if any(s.get("type") == "number" for s in told):
            told = [s for s in told if s.get("type") != "integer"]
        return " or ".join(dict.fromkeys(kind(s) for s in told))
    bounds = [says.format(number(field[k])) for k, says in BOUNDS.items() if k in field]
    if "pattern" in field:
        bounds.append(code(field["pattern"]))
    return ", ".join([_plain(field), *bounds])


def _plain(field: dict[str, Any]) -> str:
    if field.get("type") == "array":
        return f"list of {kind(field.get('items', {}))}"
    if field.get("type") == "object":
        values = field.get("additionalProperties")
        return f"map from names to {kind(values)}" if isinstance(values, dict) else "map"
    if field.get("format") == "date":
        return "date"
    return TYPES.get(field.get("type", ""), field.get("type", "anything"))
