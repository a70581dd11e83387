"""What writes the documentation: `python -m docs.make` builds the site."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
