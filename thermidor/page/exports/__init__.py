"""What a reader takes away, and what a reader brings: figures, recipe, offline report, files."""
