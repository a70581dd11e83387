"""Where it happens: provinces, their people, and how many agents stand for them."""

from .people import People, populate
from .place import GROUPS, Place

__all__ = ["GROUPS", "People", "Place", "populate"]
