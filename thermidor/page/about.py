"""What every page has, whichever country it shows: its words, its views, what is served."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .. import __version__
from .address import SHOWN
from .charts import SIDES
from .exports.words import KEYS
from .futures import PREVIEW, REFINED
from .guide import lesson as guide
from .views import VIEWS
from .words import WORDS


def about(
    countries: Mapping[str, str], studies: Iterable[str] = (), beliefs: Iterable[str] = ()
) -> dict[str, Any]:
    """countries: titles by name.  studies, beliefs: names of those that are served."""
    return {
        "version": __version__,
        "words": WORDS
        | guide.WORDS
        | {k: v for view in VIEWS.values() for k, v in view.WORDS.items()},
        "views": [{"key": k, "title": view.TITLE} for k, view in VIEWS.items()],
        "sides": SIDES,
        "shown": list(SHOWN),
        "keys": KEYS,
        "futures": {"preview": PREVIEW, "refined": REFINED},
        "countries": [{"name": n, "title": t} for n, t in countries.items()],
        "lesson": guide.lesson() if guide.COUNTRY in countries else None,
        "studies": list(studies),
        "beliefs": list(beliefs),
    }
