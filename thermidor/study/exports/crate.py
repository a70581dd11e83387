"""What is in a bundle, for machines: the metadata file of an RO-Crate 1.1 (JSON-LD).

Specification: https://w3id.org/ro/crate/1.1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ...support.writing import to_json

FILE = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.1"
TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}  # beside those of RO-Crate
FORMATS = {
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".py": "text/x-python",
    ".lock": "text/plain",
    ".bib": "application/x-bibtex",
    ".whl": "application/zip",
}
NOT_STATED = (
    "Not stated",
    "The authors of this study have stated no licence for its results. Thermidor itself is under "
    "the Apache License 2.0.",
)


class Held(NamedTuple):
    """A file of the bundle: path in it, bytes, SHA-256, what it is."""

    path: str
    size: int
    sha256: str
    says: str


def metadata(
    manifest: Mapping[str, Any],
    answer: str,
    held: Sequence[Held],
    day: dt.date,
    licence: str | None,
    authors: Sequence[str] = (),
) -> str:
    """The metadata file as text.

    day: of publication.  licence: of the results, an SPDX identifier or a URL.  authors: of the
    study, by name.
    """
    m = manifest
    results = [h.path for h in held if h.path.startswith("results/")]
    objects = [h.path for h in held if h.path.split("/")[0] in ("study", "files", "mechanisms")]
    people = [
        {"@id": f"#author-{k}", "@type": "Person", "name": n} for k, n in enumerate(authors, 1)
    ]
    entities = [
        {
            "@id": FILE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": VERSION},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": f"{m['title']}: a study with Thermidor",
            "description": f"{answer} {m['runs']} futures, scenario {m['scenario']} with the "
            f"fingerprint {m['hash']}, seed {m['seed']}. reproduce.py repeats the tables in "
            "results/ to the byte.",
            "datePublished": day.isoformat(),
            "license": {"@id": _licence(licence)["@id"]},
            "hasPart": _refer(h.path for h in held),
            "mainEntity": {"@id": "reproduce.py"},
            "mentions": {"@id": "#run"},
        }
        | ({"author": _refer(p["@id"] for p in people)} if people else {}),
        _licence(licence),
        *people,
        *(_file(h) for h in held),
        {
            "@id": "#thermidor",
            "@type": "SoftwareApplication",
            "name": "Thermidor",
            "version": str(m["version"]),
            "softwareRequirements": {"@id": "requirements.lock"},
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": f"The computation of {m['runs']} futures",
            "instrument": {"@id": "#thermidor"},
            "object": _refer(objects),
            "result": _refer(results),
        },
    ]
    context = [f"{VERSION}/context", TERMS]
    return to_json({"@context": context, "@graph": entities}) + "\n"


def _refer(paths: Iterable[str]) -> Any:
    """References to entities; one alone is no list."""
    found = [{"@id": p} for p in paths]
    return found[0] if len(found) == 1 else found


def _file(held: Held) -> dict[str, Any]:
    ending = "." + held.path.rsplit(".", 1)[-1]
    script = held.path == "reproduce.py"
    return {
        "@id": held.path,
        "@type": ["File", "SoftwareSourceCode"] if script else "File",
        "name": held.path.rsplit("/", 1)[-1],
        "description": held.says,
        "contentSize": str(held.size),
        "sha256": held.sha256,
        "encodingFormat": FORMATS.get(ending, "application/octet-stream"),
    }


def _licence(text: str | None) -> dict[str, Any]:
    """A licence as an entity with name and description."""
    if text is None:
        name, says = NOT_STATED
        return {"@id": "#licence", "@type": "CreativeWork", "name": name, "description": says}
    url = text if text.startswith("https://") else f"https://spdx.org/licenses/{text}"
    says = f"The results of this study are under {text}."
    return {"@id": url, "@type": "CreativeWork", "name": text, "description": says}
