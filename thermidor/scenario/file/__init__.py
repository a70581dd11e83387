"""A scenario file as it is written: where it lies, its lines, its schema, its faults."""
