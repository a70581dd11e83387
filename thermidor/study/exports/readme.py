"""The README of a bundle: what is in it, and how to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def readme(
    m: Mapping[str, Any], answer: str, says: Mapping[str, str], wheel: bool, root: str
) -> str:
    """Markdown. says: what each file is, by its path in the bundle."""
    python = (m.get("versions") or {}).get("python", "?")
    kept = [n for n in says if n.startswith("results/") and n.endswith(".parquet")]
    rows = [f"| `{n}` | {says[n]} |" for n in sorted(says) if not n.startswith("results/parts/")]
    inside = (
        "Thermidor itself is in `wheels/`; the other packages come from the index that pip uses."
        if wheel
        else "Thermidor and the other packages come from the index that pip uses."
    )
    return f"""# {_line(m["title"])}

A study made with Thermidor {_line(m["version"])}. {_line(answer)}

| | |
|---|---|
| scenario | {_line(m["scenario"])}, fingerprint {_line(m["hash"])} |
| first day, days | {_line(m["start"])}, {m["days"]} |
| futures, agents | {m["runs"]:,}, {m["citizens"]:,} |
| seed | {m["seed"]} |
| Python | {_line(python)} |
| seconds that it took | {round(m.get("seconds") or 0)} |

## To repeat it

```
unzip {root}.zip && cd {root}
python3 reproduce.py --install
```

This makes an environment in `environment/` with the versions in `requirements.lock`, computes the
futures anew into `repeated/`, compares {len(kept)} table{"s" * (len(kept) != 1)} byte for byte with
those in `results/`, and says in one line whether they are the same (exit code 0) or not (1).
{inside} Without `--install` it uses the packages that are there. It takes about as
long as the study did, and a minute for the packages. The bytes are those of one kind of processor
and system; elsewhere last digits may differ.

## What is here

| file | what |
|---|---|
{chr(10).join(rows)}

Any program that reads Parquet reads the tables; `thermidor export results --to runs.csv` (or
`.dta`, `.xlsx`) writes them in other formats, and `thermidor report results` a page to read.
`codebook.csv` says what each column means.
"""


def _line(text: object) -> str:
    """A text in one line of a table."""
    line = " ".join(str(text).split())[:300]
    return "".join(c for c in line if c.isprintable()).replace("|", "/").replace("`", "'")
