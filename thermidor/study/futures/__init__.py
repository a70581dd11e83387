"""Futures computed: side by side, or one that takes long by itself."""
