"""The page of the command line: every verb with its arguments, options and examples."""

from __future__ import annotations

import inspect

import typer

from thermidor.cli.app import app

from .text import cell, code, table

HEAD = """# Command line

Every verb also has `--help`. Progress goes to standard error, results to standard output, so that
`--json` can be piped. Exit codes: 0; 2 for what the user gave, 1 for the machine or when no future
could be finished, 130 when stopped.
"""


def pages() -> dict[str, str]:
    """The page by its path in docs/reference."""
    return {"command-line.md": page()}


def page() -> str:
    """The whole command line."""
    whole = typer.main.get_command(app)
    lines = [HEAD, "## thermidor", "", *_text(whole.help), *_options(whole)]
    for name, verb in whole.commands.items():
        lines += [f"## thermidor {name}", "", *_text(verb.help), *_options(verb)]
    return "\n".join(lines)


def _text(says: str | None) -> list[str]:
    """The help of a verb; what is indented in it, its examples, as commands."""
    lines, commands = [], []
    for block in inspect.cleandoc(says or "").split("\n\n"):
        if block.startswith("    "):
            commands += [line.strip() for line in block.splitlines()]
        elif block.strip() != "Examples:":
            lines += [block, ""]
    return [*lines, "```bash", *commands, "```", ""] if commands else lines


def _options(verb) -> list[str]:
    """Arguments first, then options."""
    arguments = [p for p in verb.params if p.param_type_name == "argument"]
    options = [p for p in verb.params if p.param_type_name == "option"]
    lines = []
    for p in arguments:
        optional = "" if p.required else ", may be left out"
        lines += [f"{code(p.metavar or p.name.upper())}{optional}: {_help(p)}", ""]
    rows = ([_spelled(p), cell(_help(p)), _default(p)] for p in options)
    return lines + table(["option", "meaning", "default"], rows)


def _help(p) -> str:
    return (getattr(p, "help", None) or "").strip()


def _spelled(p) -> str:
    takes = "" if p.is_flag else f" {p.metavar or p.name.upper()}"
    return ", ".join(code(o + takes) for o in p.opts)


def _default(p) -> str:
    if p.required:
        return "required"
    if p.is_flag or p.default in (None, (), []):
        return ""
    return code(p.default)
