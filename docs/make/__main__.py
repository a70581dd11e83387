"""Build the documentation as a site that opens from disk.

    python -m docs.make [--reference]

Writes the pages of the reference into docs/reference/, then the site into site/; a warning is an
error. --reference: only the pages.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from . import DOCS, ROOT
from .reference import pages


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m docs.make", description=__doc__)
    parser.add_argument("--reference", action="store_true", help="only the pages of the reference")
    parser.add_argument("--site", default=str(ROOT / "site"), help="folder of the site")
    chosen = parser.parse_args()
    write_reference()
    if chosen.reference:
        return 0
    build = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run([*build, "--site-dir", chosen.site], cwd=ROOT, env=env).returncode


def write_reference() -> None:
    """Write every generated page; what was there before goes."""
    folder = DOCS / "reference"
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
