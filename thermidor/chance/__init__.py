"""Chance: keyed draws, in plain and in compiled code."""
