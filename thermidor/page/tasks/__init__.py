"""Work that a view asks of the pool, told as server-sent events."""
