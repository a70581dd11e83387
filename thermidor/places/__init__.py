"""Where it happens: provinces, their people, and how many agents stand for them."""

from .axes import GROUPS
from .people import People, populate
from .place import Place

__all__ = ["GROUPS", "People", "Place", "populate"]
