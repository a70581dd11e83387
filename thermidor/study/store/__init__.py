"""A study on disk: its folder, its manifest, its tables in parts."""
