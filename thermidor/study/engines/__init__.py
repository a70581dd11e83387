"""A study laid out for engines other than this machine's processes."""
