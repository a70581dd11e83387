"""The page of `thermidor serve`: drag, and see the answer move. Nothing leaves the machine."""
