"""Repeats the study in this folder and says in one line whether its tables are the same bytes.

    python reproduce.py --install    in an environment made for it, as requirements.lock says
    python reproduce.py              with the packages that this Python has

Exit codes: 0 the same, 1 not the same, 2 it could not be repeated. Nothing of this folder is
changed but `environment/` and `repeated/`, which it makes. (Needs nothing but Python itself.)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS, REPEATED, VENV = HERE / "results", HERE / "repeated", HERE / "environment"


def main() -> int:
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--install", action="store_true", help="make an environment first")
    asked = words.parse_args()
    plan = json.loads((HERE / "plan.json").read_text(encoding="utf-8"))
    environment = dict(os.environ)
    python = sys.executable
    if asked.install:
        for name in ("PYTHONPATH", "PYTHONHOME"):
            environment.pop(name, None)
        python = installed(environment)
    differs = versions(python, environment)
    for line in differs:
        print(f"note: {line}", file=sys.stderr)
    began = time.monotonic()
    command = [python, "-m", "thermidor", *plan["arguments"], "--out", str(REPEATED)]
    print("running: thermidor " + " ".join(command[3:]), file=sys.stderr)
    done = subprocess.run(command, cwd=HERE, env=environment, stdout=sys.stderr)
    if done.returncode:
        print(f"could not be repeated: thermidor ended with exit code {done.returncode}.")
        return 2
    return compared(time.monotonic() - began, differs)


def installed(environment: dict[str, str]) -> str:
    """Make the environment; the path of its Python."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True, env=environment)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    lock = ["--no-deps", "-r", str(HERE / "requirements.lock")]
    wheels = [str(w) for w in sorted((HERE / "wheels").glob("*.whl"))]
    if subprocess.run([*pip, *lock, *wheels], env=environment, stdout=sys.stderr).returncode:
        print("could not be repeated: pip could not install what requirements.lock lists.")
        raise SystemExit(2)
    return str(python)


def versions(python: str, environment: dict[str, str]) -> list[str]:
    """What this environment has in another version than the study had."""
    look = [python, str(Path(__file__).resolve())]
    told = subprocess.run(
        look, env=environment | {"THERMIDOR_VERSIONS": "1"}, capture_output=True, text=True
    )
    return told.stdout.splitlines()


def say_versions() -> None:
    """In the environment itself: print what differs, a line each."""
    plan = json.loads((HERE / "plan.json").read_text(encoding="utf-8"))
    if platform.python_version() != plan["python"]:
        print(f"Python is {platform.python_version()} here and was {plan['python']}")
    for name, was in plan["versions"].items():
        try:
            here = version(name)
        except PackageNotFoundError:
            here = "missing"
        if here != was:
            print(f"{name} is {here} here and was {was}")


def compared(seconds: float, differs: list[str]) -> int:
    """Say whether each table is the same."""
    names = sorted(
        p.relative_to(RESULTS).as_posix() for p in RESULTS.rglob("*.parquet") if not p.is_symlink()
    )
    other = [n for n in names if sha256(RESULTS / n) != sha256(REPEATED / n)]
    if not names:
        print("could not be repeated: there are no tables in results/.")
        return 2
    if other:
        hint = f" ({'; '.join(differs)})" if differs else " (another processor or system?)"
        print(f"NOT the same to the byte: {', '.join(other)}{hint}.")
        return 1
    print(
        f"The same to the byte: {', '.join(names)} (runs SHA-256 "
        f"{sha256(RESULTS / names[names.index(_runs(names))])[:16]}...; {seconds:.0f} s)."
    )
    return 0


def _runs(names: list[str]) -> str:
    return next((n for n in names if n.endswith("runs.parquet")), names[0])


def sha256(path: Path) -> str:
    if not path.is_file():
        return ""
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


if __name__ == "__main__":
    if os.environ.get("THERMIDOR_VERSIONS"):
        say_versions()
    else:
        raise SystemExit(main())
