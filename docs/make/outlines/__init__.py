"""Outlines, populations and neighbours of provinces: makes thermidor/library/outlines."""
