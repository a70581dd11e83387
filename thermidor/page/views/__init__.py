"""The views of the page by their address, in the order of its tabs.

Each is a module with TITLE, WORDS (what its part in JavaScript says, by key) and
`routes(shared)`; its part on the page stands in static/views, under the same name.
"""

from __future__ import annotations

from . import claims, compare, explore, future, model, study

VIEWS = {
    "explore": explore,
    "compare": compare,
    "claims": claims,
    "future": future,
    "study": study,
    "model": model,
}
